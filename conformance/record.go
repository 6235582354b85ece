package conformance

import (
	"fmt"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// webAssembly is the set of releases that are there as WebAssembly alone, and so without sockets.
var webAssembly = cpython.From(cpython.V3_14)

// HasSockets reports whether a release is asked over sockets.
func HasSockets(v cpython.Version) bool { return !webAssembly.Contains(v) }

// Asked reports whether a release is asked a case.
func (c *Case) Asked(v cpython.Version) bool {
	return slices.Contains(c.Releases, v) && (!c.Sockets || HasSockets(v))
}

// Trees reads trees once.
type Trees struct {
	Testdata string
	loaded   map[string]*Tree
}

// Load returns the tree of that name.
func (ts *Trees) Load(name string) (*Tree, error) {
	if t := ts.loaded[name]; t != nil {
		return t, nil
	}
	t, err := LoadTree(ts.Testdata, name)
	if err != nil {
		return nil, err
	}
	if ts.loaded == nil {
		ts.loaded = map[string]*Tree{}
	}
	ts.loaded[name] = t
	return t, nil
}

// AskLines asks an oracle a case and spells its answer.
func AskLines(o Oracle, c *Case, trees *Trees) ([]string, error) {
	t, err := trees.Load(c.Tree)
	if err != nil {
		return nil, err
	}
	answer, words, err := o.Ask(c, t)
	if err != nil {
		return nil, err
	}
	return answer.Lines(&c.Request, words), nil
}

// A Difference is a case that a server answers otherwise than recorded.
type Difference struct {
	Case    *Case
	Version cpython.Version
	Text    string
	Rerun   string // the command that runs only this
}

func (d Difference) String() string {
	return fmt.Sprintf("%s, %s: %s\n\trerun: %s", d.Case.FullName(), d.Version, d.Text, d.Rerun)
}

// Confirm asks an oracle the case again. A nil Difference says that it answers as recorded.
func Confirm(o Oracle, c *Case, v cpython.Version, trees *Trees) (*Difference, error) {
	rerun := fmt.Sprintf("go run ./cmd/conform confirm --python %s '%s'", v.Series(), c.FullName())
	want, ok := c.Recorded(v)
	if !ok {
		return &Difference{c, v, "no answer is recorded", strings.Replace(rerun, "confirm", "record", 1)}, nil
	}
	got, err := AskLines(o, c, trees)
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", c.FullName(), v, err)
	}
	if diff := Diff(got, want); diff != "" {
		return &Difference{c, v, diff, rerun}, nil
	}
	return nil, nil
}
