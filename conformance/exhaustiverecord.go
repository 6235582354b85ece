package conformance

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// Digests are the recorded digests of a release, testdata/exhaustive/RELEASE.txt: lines
//
//	family NAME INPUTS
//
// each followed by the digests of the family's blocks, a line each. They are written by the command alone.
type Digests struct {
	Version  cpython.Version
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
	d := &Digests{v, map[string]*RecordedFamily{}}
	text, err := os.ReadFile(digestsFile(testdata, v))
	if errors.Is(err, os.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	var family *RecordedFamily
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "family" {
			family = &RecordedFamily{}
			family.Inputs, err = strconv.Atoi(words[2])
			d.Families[words[1]] = family
		} else if family != nil && len(line) == 2*len(Digest{}) {
			var digest Digest
			_, err = hex.Decode(digest[:], []byte(line))
			family.Digests = append(family.Digests, digest)
		} else {
			err = errors.New("neither a family nor a digest")
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
	blocks, inputs := 0, 0
	for number, block := range f.Blocks() {
		blocks, inputs = number+1, inputs+len(block)
		if number%share != 0 {
			continue
		}
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
	for _, release := range releases {
		if r := release.Families[f.Name]; r == nil || r.Inputs != inputs || len(r.Digests) != blocks {
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
