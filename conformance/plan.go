package conformance

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"simplehttp/cpython"
)

//go:embed oracle/worker.py oracle/inprocess.py oracle/reached.py oracle/mutants.py
var planScripts embed.FS

// A Plan is all cases of a release that have the same encoding, to be asked of the handler class inside one
// interpreter: to see what of its source they reach, and whether they tell it from mutants.
type Plan struct {
	Version cpython.Version
	Cases   []*Case

	dir    string // of the trees, the scripts and the plan
	stop   chan struct{}
	python string
	setups []Setup
	roots  []string
}

// planSetup and planCase are what the scripts read.
type planSetup struct {
	oracleConfig
	Zone string `json:"zone"`
}

type planCase struct {
	Name    string `json:"name"`
	Setup   int    `json:"setup"`
	Request string `json:"request"`
	EOF     bool   `json:"eof"`
	Steps   []int  `json:"steps"`
	Slow    bool   `json:"slow"` // waits for the writer of a fifo
}

// NewPlans makes the plans of a release, one for each encoding: an interpreter cannot change its own. The first
// is that of UTF-8, which nearly all cases have.
func NewPlans(v cpython.Version, python string, trees *Trees, themes []*Theme) ([]*Plan, error) {
	var plans []*Plan
	for _, encoding := range []string{"", "c", "ascii"} {
		p := &Plan{Version: v, python: python, stop: make(chan struct{})}
		for _, t := range themes {
			for _, c := range t.Cases {
				if _, recorded := c.Recorded(v); recorded && c.Options.Encoding == encoding {
					p.Cases = append(p.Cases, c)
				}
			}
		}
		if len(p.Cases) == 0 {
			continue
		}
		plans = append(plans, p)
		if err := p.place(trees); err != nil {
			ClosePlans(plans)
			return nil, err
		}
	}
	return plans, nil
}

// ClosePlans removes what plans have placed.
func ClosePlans(plans []*Plan) {
	for _, p := range plans {
		close(p.stop)
		if p.dir != "" {
			RemoveRoot(p.dir)
		}
	}
}

// place makes the trees, each once, and writes scripts and plan.
func (p *Plan) place(trees *Trees) (err error) {
	if p.dir, err = MakeRoot(); err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(p.dir, "scripts"), planScripts); err != nil {
		return err
	}
	testdata, err := filepath.Abs(trees.Testdata)
	if err != nil {
		return err
	}
	roots, numbers := map[string]string{}, map[string]int{}
	var setups []planSetup
	var cases []planCase
	for _, c := range p.Cases {
		t, err := trees.Load(c.Tree)
		if err != nil {
			return err
		}
		if roots[c.Tree] == "" {
			if roots[c.Tree], err = t.Materialize(p.dir, p.stop); err != nil {
				return err
			}
		}
		key := c.Tree + c.Options.Key()
		if _, ok := numbers[key]; !ok {
			numbers[key] = len(setups)
			config := newConfig(p.Version, c.Options, t, roots[c.Tree], testdata)
			setups = append(setups, planSetup{config, c.Options.Zone})
			p.setups = append(p.setups, Setup{t, c.Options})
			p.roots = append(p.roots, roots[c.Tree])
		}
		cases = append(cases, planCase{
			c.FullName(), numbers[key], latin1(string(c.Request.Bytes)), c.Request.EOF, c.Request.Steps(), c.Sockets,
		})
	}
	text, err := json.Marshal(map[string]any{"release": p.Version.String(), "setups": setups, "cases": cases})
	if err != nil {
		return err
	}
	return os.WriteFile(p.file("plan.json"), asciiJSON(text), 0o644)
}

func (p *Plan) file(name string) string { return filepath.Join(p.dir, name) }

// run runs a script on the plan, and reads the JSON that it leaves.
func (p *Plan) run(script string, result any, args ...string) error {
	out := p.file("out.json")
	args = append([]string{p.file("scripts/oracle/" + script), p.file("plan.json"), out}, args...)
	cmd := exec.Command(p.python, args...)
	cmd.Env, cmd.Stderr = environment(p.setups[0].Options), os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s in %s: %w", script, p.Version, err)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, result)
}

// A planAnswer is an Answer as the scripts write it.
type planAnswer struct {
	memoryAnswer
	Crash string
}

// Confirm compares answers that a script got with the record: they show that the script asks as the recorder does.
func (p *Plan) Confirm(answers []planAnswer) []string {
	numbers := map[string]int{}
	for i, s := range p.setups {
		numbers[s.Tree.Name+s.Options.Key()] = i
	}
	var differences []string
	for i, c := range p.Cases {
		a := answers[i].answer()
		if answers[i].Crash != "" {
			a.Add(a.EndAt, []LogLine{{bytesOfLatin1(answers[i].Crash), true}}, nil)
		}
		words := Words{Server: ServerField(p.Version), Root: p.roots[numbers[c.Tree+c.Options.Key()]]}
		want, _ := c.Recorded(p.Version)
		if diff := Diff(a.Lines(&c.Request, words), want); diff != "" {
			differences = append(differences, fmt.Sprintf("%s, %s: %s", c.FullName(), p.Version, diff))
		}
	}
	return differences
}
