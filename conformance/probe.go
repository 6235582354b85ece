package conformance

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"simplehttp/cpython"
)

//go:embed oracle/quirks.py
var quirksScript string

//go:embed oracle/memory.mjs
var scriptInNode string

// Probes ask real releases which quirks they have, without a look at what the table or the record says of the release
// that is asked. Ours answers a case twice, as that release with the quirk and without it; where the two part, the
// answer of the release itself tells. What no request shows is asked of the module in the interpreter.
type Probes struct {
	Source Source
	Trees  *Trees

	cases  []*Case
	inside map[cpython.Version]map[string]bool // what the interpreter says of its module
}

// A Verdict is whether a release has a quirk.
type Verdict struct {
	Has    bool
	Case   string // that told it; "" if the module did
	Reason string // why it cannot be told, or ""
}

// Mark is the verdict in a table.
func (v Verdict) Mark() string {
	switch {
	case v.Reason != "":
		return "?"
	case v.Has:
		return "x"
	}
	return "-"
}

// NewProbes takes the cases to ask.
func NewProbes(from Source, trees *Trees, themes []*Theme) *Probes {
	p := &Probes{Source: from, Trees: trees, inside: map[cpython.Version]map[string]bool{}}
	for _, t := range themes {
		p.cases = append(p.cases, t.Cases...)
	}
	return p
}

// Ask asks a release whether it has a quirk: by the cases that show the quirk, and then by all others.
func (p *Probes) Ask(q cpython.Quirk, v cpython.Version, o Oracle) Verdict {
	inside, err := p.module(v)
	if err != nil {
		return Verdict{Reason: err.Error()}
	}
	if has, ok := inside[q.String()]; ok {
		return Verdict{Has: has}
	}
	cases := slices.Clone(p.cases)
	slices.SortStableFunc(cases, func(a, b *Case) int { return shows(b, q) - shows(a, q) })
	neither := ""
	for _, c := range cases {
		with, without, ok := p.bothWays(c, q, v)
		if !ok || neither != "" && shows(c, q) == 0 {
			continue
		}
		lines, err := AskLines(o, c, p.Trees)
		switch {
		case err != nil:
			neither = c.FullName() + ": " + err.Error()
		case slices.Equal(lines, with):
			return Verdict{Has: true, Case: c.FullName()}
		case slices.Equal(lines, without):
			return Verdict{Case: c.FullName()}
		default:
			neither = c.FullName() + " is answered neither as with it nor as without"
		}
	}
	if neither == "" {
		neither = "the other quirks hide it: with it and without, every case is answered alike"
	}
	return Verdict{Reason: neither}
}

// shows is 1 for a case that shows the quirk.
func shows(c *Case, q cpython.Quirk) int {
	if slices.Contains(c.Shows, q.String()) {
		return 1
	}
	return 0
}

// bothWays is our answer to a case as the release with the quirk and without it, if they are two.
func (p *Probes) bothWays(c *Case, q cpython.Quirk, v cpython.Version) (with, without []string, ok bool) {
	if !c.Asked(v) {
		return nil, nil, false
	}
	defer v.Assume(q, v.Has(q))
	v.Assume(q, true)
	with = p.ours(c, v)
	v.Assume(q, false)
	without = p.ours(c, v)
	return with, without, !slices.Equal(with, without)
}

// ours is our answer to a case, or that there is none: a mixture that never was may end in a panic.
func (p *Probes) ours(c *Case, v cpython.Version) (lines []string) {
	defer func() {
		if r := recover(); r != nil {
			lines = []string{fmt.Sprint(r)}
		}
	}()
	r := &Replayer{Version: v, Trees: p.Trees}
	answer, words, err := r.Ask(c, c.Request.Steps())
	if err != nil {
		return []string{err.Error()}
	}
	return answer.Lines(&c.Request, words)
}

// module asks an interpreter about its module, once.
func (p *Probes) module(v cpython.Version) (map[string]bool, error) {
	if p.inside[v] != nil {
		return p.inside[v], nil
	}
	dir, err := os.MkdirTemp("", "conform")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd, err := p.moduleCommand(v, dir)
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("the script quirks.py in %s: %w", v, err)
	}
	said := map[string]bool{}
	if err := json.Unmarshal(out, &said); err != nil {
		return nil, err
	}
	p.inside[v] = said
	return said, nil
}

// moduleCommand runs the script in the interpreter of a release, or in Node.
func (p *Probes) moduleCommand(v cpython.Version, dir string) (*exec.Cmd, error) {
	script, node := filepath.Join(dir, "quirks.py"), filepath.Join(dir, "memory.mjs")
	if err := os.WriteFile(script, []byte(quirksScript), 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(node, []byte(scriptInNode), 0o644); err != nil {
		return nil, err
	}
	if HasSockets(v) {
		python, err := FindPython(v, p.Source.Pyenv)
		return exec.Command(python, script, "print"), err
	}
	folder, err := findPyodide(v, p.Source.Modules)
	cmd := exec.Command("node", node, folder, script)
	cmd.Stdin = strings.NewReader("ask\n")
	return cmd, err
}
