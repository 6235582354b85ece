package main

import (
	"errors"
	"fmt"
	"os"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

func init() {
	commands = append(commands,
		command{"oracle-coverage", "", "list what of CPython's handler classes no case reaches", oracleCoverage},
		command{"coverage", "PROFILE", "list what of ours the cases do not reach, by the profile of go test -run TestReplay -coverpkg", coverage},
		command{"oracle-mutants", "", "list the mutants of CPython's handler classes that no case tells apart (2.7, 3.8, 3.13, or --python)", oracleMutants},
	)
}

// eachPlan runs f with the plans of every release that is asked for and can be.
func eachPlan(s *settings, vs []cpython.Version, f func([]*conformance.Plan) error) error {
	themes, _, err := load(s, nil)
	if err != nil {
		return err
	}
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		python, err := conformance.FindPython(v, s.pyenv)
		if err != nil && len(s.pythons) == 0 {
			fmt.Fprintf(os.Stderr, "%s: not measured: %v\n", v, err)
			continue
		}
		if err != nil {
			return err
		}
		plans, err := conformance.NewPlans(v, python, trees, themes)
		if err != nil {
			return err
		}
		err = f(plans)
		conformance.ClosePlans(plans)
		if err != nil {
			return err
		}
	}
	return nil
}

// withSockets are the releases that are asked for and are there as an ordinary interpreter.
func (s *settings) withSockets() (vs []cpython.Version, err error) {
	all, err := s.versions()
	for _, v := range all {
		if conformance.HasSockets(v) {
			vs = append(vs, v)
		}
	}
	return vs, err
}

func oracleCoverage(s *settings, _ []string) error {
	vs, err := s.withSockets()
	if err != nil {
		return err
	}
	found, wrong := conformance.Found{}, 0
	err = eachPlan(s, vs, func(plans []*conformance.Plan) error {
		r, err := conformance.MeasureReach(plans)
		if err != nil {
			return err
		}
		found[r.Version] = r.Unreached
		wrong += len(r.Differences)
		for _, d := range r.Differences {
			fmt.Println(d)
		}
		fmt.Printf("%s: %d cases reach %d of %d statements, %d of %d outcomes; %d places are not reached\n",
			r.Version, r.Cases, r.Reached, r.Statements, r.Seen, r.Outcomes, len(r.Unreached))
		return nil
	})
	if err != nil {
		return err
	}
	if wrong > 0 {
		err = differ("%d answers under measurement differ from the record", wrong)
	}
	return errors.Join(err, judge(s, found, "unreached.txt", "point"))
}

// mutated are the releases whose mutants are tried where none is asked for: the first, one from the middle, the last.
var mutated = []cpython.Version{cpython.V2_7, cpython.V3_8, cpython.V3_13}

func oracleMutants(s *settings, _ []string) error {
	vs := mutated
	if len(s.pythons) > 0 {
		var err error
		if vs, err = s.withSockets(); err != nil {
			return err
		}
	}
	found := conformance.Found{}
	err := eachPlan(s, vs, func(plans []*conformance.Plan) error {
		t, err := conformance.TryMutants(plans)
		if err != nil {
			return err
		}
		found[t.Version] = t.Survivors
		fmt.Printf("%s: %d of %d mutants told apart, %.1f %%, by %d cases; %d are the same; %d more in what no case reaches\n",
			t.Version, t.Told, t.Tried, 100*float64(t.Told)/float64(t.Tried), len(t.Cases), len(t.Survivors), t.Unreached)
		return nil
	})
	if err != nil {
		return err
	}
	return judge(s, found, "mutants.txt", "mutant")
}

// coverage reads a profile of our packages.
func coverage(s *settings, args []string) error {
	if len(args) != 1 {
		return errors.New("coverage needs a profile")
	}
	profile, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	c, err := conformance.ReadCoverage(string(profile), ".")
	if err != nil {
		return err
	}
	for _, p := range c.Packages {
		fmt.Printf("%s: %d of %d statements\n", p.Name, p.Covered, p.Statements)
	}
	found := conformance.Found{}
	for _, v := range cpython.Versions() {
		found[v] = c.Uncovered
	}
	return judge(s, found, "uncovered.txt", "block")
}

// judge compares what was found with what the file says of it.
func judge(s *settings, found conformance.Found, file, word string) error {
	judgements, err := conformance.LoadJudgements(s.testdata, file, word)
	if err != nil {
		return err
	}
	unjudged, stale := found.Unjudged(judgements, word), found.Stale(judgements)
	for _, line := range unjudged {
		fmt.Println(line)
	}
	for _, line := range stale {
		fmt.Println(line)
	}
	if len(unjudged)+len(stale) > 0 {
		return differ("%s: %d have no reason there, %d reasons are stale", file, len(unjudged), len(stale))
	}
	return nil
}
