package conformance

import (
	"fmt"
	"math/big"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// defaultTime is the modification time where none is declared: Sun, 13 Sep 2020 12:26:40 GMT.
const defaultTime = 1600000000

// A Tree is a directory that is served, declared.
type Tree struct {
	Name    string
	Entries []TreeEntry // parents before children, in the order in which a directory gives its names
}

// A TreeEntry is one name in a tree.
type TreeEntry struct {
	Kind    string // file, dir, link, fifo, socket, char
	Path    string // relative to the tree, bytes
	Content string // of a file; what a fifo's writer writes; where a link leads
	Mode    uint32
	Sec     int64
	Nsec    int64
}

// LoadTree reads testdata/trees/NAME.txt.
func LoadTree(testdata, name string) (*Tree, error) {
	file := filepath.Join(testdata, "trees", name+".txt")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t := &Tree{Name: name}
	for i, line := range strings.Split(string(text), "\n") {
		if err := t.parseLine(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	return t, nil
}

func (t *Tree) parseLine(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	kind, rest, _ := strings.Cut(line, " ")
	e := TreeEntry{Kind: kind, Sec: defaultTime, Mode: 0o644}
	switch kind {
	case "dir":
		e.Mode = 0o755
	case "file", "link", "fifo", "socket", "char":
	default:
		return fmt.Errorf("no kind %q", kind)
	}
	name, rest, err := nextElement(strings.TrimSpace(rest), Words{})
	if err != nil {
		return err
	}
	e.Path = string(name)
	if rest, err = e.parseAttributes(rest); err != nil {
		return err
	}
	content, err := ParseQuoted(rest, Words{})
	if err != nil {
		return err
	}
	e.Content = string(content)
	if slices.ContainsFunc(t.Entries, func(o TreeEntry) bool { return o.Path == e.Path }) {
		return fmt.Errorf("%q a second time", e.Path)
	}
	t.addParents(e.Path)
	t.Entries = append(t.Entries, e)
	return nil
}

// parseAttributes takes "time N" and "mode N" from the front of rest.
func (e *TreeEntry) parseAttributes(rest string) (string, error) {
	for {
		rest = strings.TrimSpace(rest)
		word, after, _ := strings.Cut(rest, " ")
		if word != "time" && word != "mode" {
			return rest, nil
		}
		value, after, _ := strings.Cut(strings.TrimSpace(after), " ")
		rest = after
		if word == "mode" {
			mode, err := strconv.ParseUint(value, 8, 32)
			if err != nil {
				return "", err
			}
			e.Mode = uint32(mode)
			continue
		}
		var err error
		if e.Sec, e.Nsec, err = parseTime(value); err != nil {
			return "", err
		}
	}
}

// parseTime reads decimal seconds, rounded down to the nanosecond.
func parseTime(s string) (sec, nsec int64, err error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, 0, fmt.Errorf("%q is not a time", s)
	}
	r.Mul(r, big.NewRat(1e9, 1))
	n := new(big.Int).Div(r.Num(), r.Denom())
	whole, part := new(big.Int).DivMod(n, big.NewInt(1e9), new(big.Int))
	return whole.Int64(), part.Int64(), nil
}

// addParents declares the directories above p that are not declared.
func (t *Tree) addParents(p string) {
	dir := path.Dir(p)
	if dir == "." || slices.ContainsFunc(t.Entries, func(o TreeEntry) bool { return o.Path == dir }) {
		return
	}
	t.addParents(dir)
	t.Entries = append(t.Entries, TreeEntry{Kind: "dir", Path: dir, Mode: 0o755, Sec: defaultTime})
}

// Order lists the last parts of all paths, once each, as declared.
func (t *Tree) Order() []string {
	var names []string
	for _, e := range t.Entries {
		if name := path.Base(e.Path); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
