package conformance

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"simplehttp/cpython"
)

// Digests are the recorded digests of a release, testdata/exhaustive/RELEASE.txt: lines
//
//	cuts CASES PAIRS
//	family NAME INPUTS
//
// each family followed by the digests of its blocks, a line each. They are written by the command alone.
type Digests struct {
	Version  cpython.Version
	Cuts     Cuts
	Families map[string]*RecordedFamily
}

// A RecordedFamily is what a release answered to a family.
type RecordedFamily struct {
	Inputs  int
	Digests []Digest
}

func digestsFile(testdata string, v cpython.Version) string {
	return filepath.Join(testdata, "exhaustive", v.String()+".txt")
}

// LoadDigests reads the digests of a release. Where none are recorded, there are no families.
func LoadDigests(testdata string, v cpython.Version) (*Digests, error) {
	d := &Digests{Version: v, Families: map[string]*RecordedFamily{}}
	text, err := os.ReadFile(digestsFile(testdata, v))
	if errors.Is(err, os.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	var family *RecordedFamily
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var name string
		switch words := strings.Fields(line); {
		case len(words) == 3 && words[0] == "cuts":
			_, err = fmt.Sscanf(line, "cuts %d %d", &d.Cuts.Cases, &d.Cuts.Pairs)
		case len(words) == 3 && words[0] == "family":
			family = &RecordedFamily{}
			_, err = fmt.Sscanf(line, "family %s %d", &name, &family.Inputs)
			d.Families[name] = family
		case family != nil && len(line) == 2*len(Digest{}):
			var digest Digest
			_, err = hex.Decode(digest[:], []byte(line))
			family.Digests = append(family.Digests, digest)
		default:
			err = errors.New("neither cuts, nor a family, nor a digest")
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", digestsFile(testdata, v), i+1, err)
		}
	}
	return d, nil
}

// Save writes the digests, in the order of the families. Families that are no more are left out.
func (d *Digests) Save(testdata string) error {
	var b strings.Builder
	if d.Cuts.Pairs > 0 {
		fmt.Fprintf(&b, "cuts %d %d\n", d.Cuts.Cases, d.Cuts.Pairs)
	}
	for _, f := range Families() {
		if r := d.Families[f.Name]; r != nil {
			fmt.Fprintf(&b, "family %s %d\n", f.Name, r.Inputs)
			for _, digest := range r.Digests {
				fmt.Fprintf(&b, "%x\n", digest)
			}
		}
	}
	return os.WriteFile(digestsFile(testdata, d.Version), []byte(b.String()), 0o644)
}

// A BlockDifference is a block for which ours has not the recorded digest.
type BlockDifference struct {
	Version cpython.Version
	Family  string
	Block   int
}

// String says how to see the inputs of the block.
func (d BlockDifference) String() string {
	return fmt.Sprintf("%s, block %d of family %s differs\n\trerun: go run ./cmd/conform exhaustive --python %s %s",
		d.Version, d.Block, d.Family, d.Version.Series(), d.Family)
}

// Replay compares ours, as each of the releases, with their recorded digests of a family: every share-th block. It
// returns how many inputs it asked each, and the blocks that differ.
func Replay(f *Family, share int, releases []*Digests, ours []Answerer) (asked int, differ []BlockDifference, err error) {
	for number := 0; number < f.Blocks(); number += share {
		block := f.Block(number)
		asked += len(block)
		for i, release := range releases {
			digest, err := ours[i].Digest(f, block)
			if err != nil {
				return asked, differ, err
			}
			if want, ok := release.digest(f, number); ok && digest != want {
				differ = append(differ, BlockDifference{release.Version, f.Name, number})
			}
		}
	}
	inputs := f.Inputs.Len()
	for _, release := range releases {
		if r := release.Families[f.Name]; r == nil || r.Inputs != inputs || len(r.Digests) != f.Blocks() {
			err = errors.Join(err, fmt.Errorf("%s: the %d inputs of family %s are not recorded, or others are", release.Version, inputs, f.Name))
		}
	}
	return asked, differ, err
}

// digest is the recorded one of a block.
func (d *Digests) digest(f *Family, block int) (digest Digest, ok bool) {
	r := d.Families[f.Name]
	if r == nil || block >= len(r.Digests) {
		return digest, false
	}
	return r.Digests[block], true
}
