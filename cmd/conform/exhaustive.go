package main

import (
	"fmt"
	"slices"
	"time"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

func init() {
	commands = append(commands,
		command{"exhaustive", "[FAMILY...]", "compare ours with the real interpreters on enumerations without a gap", exhaustiveLive},
		command{"exhaustive", "record [FAMILY...]", "the same, and write the digests of the interpreters' answers", exhaustiveRecord},
		command{"exhaustive", "replay [FAMILY...]", "compare ours with the recorded digests", exhaustiveReplay},
		command{"exhaustive", "cuts [CASE...]", "send every case in three pieces, cut at every two places", exhaustiveCuts},
		command{"exhaustive", "counts", "write the page of all counts from what is recorded", exhaustiveCounts},
	)
}

// exhaustiveLive also finds the other commands, which have the same first word.
func exhaustiveLive(s *settings, args []string) error {
	if len(args) > 0 {
		switch rest := args[1:]; args[0] {
		case "record":
			return exhaustiveRecord(s, rest)
		case "replay":
			return exhaustiveReplay(s, rest)
		case "cuts":
			return exhaustiveCuts(s, rest)
		case "counts":
			return exhaustiveCounts(s, rest)
		}
	}
	return exhaustive(s, args, false)
}

func exhaustiveRecord(s *settings, names []string) error { return exhaustive(s, names, true) }

// pickFamilies are those that are named, or all.
func pickFamilies(names []string) ([]*conformance.Family, error) {
	var picked []*conformance.Family
	for _, f := range conformance.Families() {
		if len(names) == 0 || slices.Contains(names, f.Name) {
			picked = append(picked, f)
		}
	}
	if len(picked) < len(names) || len(picked) == 0 {
		return nil, fmt.Errorf("no such family among %q", names)
	}
	return picked, nil
}

// exhaustive asks every release that is here. For those that are not, what is recorded is replayed.
func exhaustive(s *settings, names []string, write bool) error {
	families, err := pickFamilies(names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	different := 0
	for _, v := range vs {
		theirs, err := conformance.NewExhaustive(v, conformance.Source{Pyenv: s.pyenv, Modules: s.modules}, s.testdata)
		if err != nil && len(s.pythons) == 0 {
			fmt.Fprintf(s.errs, "%s: not asked: %v\n", v, err)
			n, err := replayRelease(s, v, families)
			if err != nil {
				return err
			}
			different += n
			continue
		}
		if err != nil {
			return err
		}
		n, err := exhaustiveRelease(s, v, families, theirs, write)
		theirs.Close()
		if err != nil {
			return err
		}
		different += n
	}
	if different > 0 {
		return differ("%d answers differ", different)
	}
	return nil
}

func exhaustiveRelease(s *settings, v cpython.Version, families []*conformance.Family, theirs conformance.Answerer, write bool) (different int, err error) {
	recorded, err := conformance.LoadDigests(s.testdata, v)
	if err != nil {
		return 0, err
	}
	ours := &conformance.OursExhaustive{Version: v, Testdata: s.testdata}
	inputs := 0
	for _, f := range families {
		began := time.Now()
		c, err := conformance.Compare(v, f, ours, theirs)
		if err != nil {
			return different, err
		}
		for i := range c.Deviations {
			fmt.Fprintln(s.out, &c.Deviations[i])
		}
		fmt.Fprintf(s.out, "%s %s: %d inputs, %d differ, %v", v, f.Name, c.Inputs, c.Differ, time.Since(began).Round(100*time.Millisecond))
		if r := recorded.Families[f.Name]; r == nil {
			fmt.Fprint(s.out, ", not recorded before")
		} else if !slices.Equal(r.Digests, c.Digests) {
			fmt.Fprint(s.out, ", other answers than recorded")
		}
		fmt.Fprintln(s.out)
		recorded.Families[f.Name] = &conformance.RecordedFamily{Inputs: c.Inputs, Digests: c.Digests}
		inputs, different = inputs+c.Inputs, different+c.Differ
	}
	fmt.Fprintf(s.out, "%s: %d inputs in %d families, %d differ\n", v, inputs, len(families), different)
	if write {
		if err := recorded.Save(s.testdata); err != nil {
			return different, err
		}
		err = exhaustiveCounts(s, nil)
	}
	return different, err
}

// exhaustiveReplay needs no interpreter.
func exhaustiveReplay(s *settings, names []string) error {
	families, err := pickFamilies(names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	different := 0
	for _, v := range vs {
		n, err := replayRelease(s, v, families)
		if err != nil {
			return err
		}
		different += n
	}
	if different > 0 {
		return differ("%d blocks differ from the record", different)
	}
	return nil
}

// replayRelease returns how many blocks differ.
func replayRelease(s *settings, v cpython.Version, families []*conformance.Family) (different int, err error) {
	recorded, err := conformance.LoadDigests(s.testdata, v)
	if err != nil {
		return 0, err
	}
	ours := &conformance.OursExhaustive{Version: v, Testdata: s.testdata}
	inputs := 0
	for _, f := range families {
		asked, differ, err := conformance.Replay(f, 1, []*conformance.Digests{recorded}, []conformance.Answerer{ours})
		if err != nil {
			return different, err
		}
		for _, d := range differ {
			fmt.Fprintln(s.out, d)
		}
		inputs, different = inputs+asked, different+len(differ)
	}
	fmt.Fprintf(s.out, "%s: replayed %d inputs of %d families, %d blocks differ\n", v, inputs, len(families), different)
	return different, nil
}

// exhaustiveCuts asks ours alone.
func exhaustiveCuts(s *settings, names []string) error {
	_, picked, err := load(s, names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	different := 0
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		r := &conformance.Replayer{Version: v, Trees: trees}
		var tried conformance.Cuts
		before := different
		for _, c := range picked {
			if _, ok := c.Recorded(v); !ok {
				continue
			}
			n, d, err := r.ReplayCuts(c, 1)
			if err != nil {
				return err
			}
			tried.Cases, tried.Pairs = tried.Cases+1, tried.Pairs+n
			if d != nil {
				different++
				fmt.Fprintln(s.out, d)
			}
		}
		fmt.Fprintf(s.out, "%s: %d cases in three pieces, cut at %d pairs of places, %d differ\n", v, tried.Cases, tried.Pairs, different-before)
		if len(names) > 0 || different > before {
			continue
		}
		if err := recordCuts(s, v, tried); err != nil {
			return err
		}
	}
	if different > 0 {
		return differ("%d cases depend on how they are cut", different)
	}
	return nil
}

// recordCuts writes down that all cases were tried.
func recordCuts(s *settings, v cpython.Version, tried conformance.Cuts) error {
	recorded, err := conformance.LoadDigests(s.testdata, v)
	if err != nil || recorded.Cuts == tried {
		return err
	}
	recorded.Cuts = tried
	if err := recorded.Save(s.testdata); err != nil {
		return err
	}
	return exhaustiveCounts(s, nil)
}

func exhaustiveCounts(s *settings, _ []string) error {
	var releases []*conformance.Digests
	for _, v := range cpython.Versions() {
		recorded, err := conformance.LoadDigests(s.testdata, v)
		if err != nil {
			return err
		}
		releases = append(releases, recorded)
	}
	return conformance.SaveCounts(s.testdata, releases)
}
