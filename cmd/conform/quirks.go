package main

import (
	"fmt"
	"strings"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

func init() {
	commands = append(commands,
		command{"quirks", "[QUIRK...]", "ask the real interpreters whether they have each quirk, and compare with the table", quirks})
}

// probed is what one release answers.
type probed struct {
	version  cpython.Version
	verdicts map[cpython.Quirk]conformance.Verdict
}

// quirks asks what shows the quirks, and gives the table back.
func quirks(s *settings, names []string) error {
	asked, err := pickQuirks(names)
	if err != nil {
		return err
	}
	themes, err := conformance.LoadThemes(s.testdata)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	trees := &conformance.Trees{Testdata: s.testdata}
	probes := conformance.NewProbes(conformance.Source{Pyenv: s.pyenv, Modules: s.modules}, trees, themes)
	var found []probed
	err = eachRelease(ctx, s, func(v cpython.Version, o conformance.Oracle, _ *conformance.Trees) {
		progress := newProgress(s.errs, len(asked))
		p := probed{v, map[cpython.Quirk]conformance.Verdict{}}
		for _, q := range asked {
			if ctx.Err() != nil {
				return
			}
			progress.step(v.String() + " " + q.String())
			p.verdicts[q] = probes.Ask(q, v, o)
		}
		progress.clear()
		found = append(found, p)
	})
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	return s.printProbed(asked, found)
}

// pickQuirks are those that are named, or all.
func pickQuirks(names []string) (picked []cpython.Quirk, err error) {
	byName := map[string]cpython.Quirk{}
	for _, q := range cpython.Quirks() {
		byName[q.String()] = q
	}
	if len(names) == 0 {
		return cpython.Quirks(), nil
	}
	for _, name := range names {
		q, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("no quirk %q", name)
		}
		picked = append(picked, q)
	}
	return picked, nil
}

// printProbed prints the table as the interpreters give it: x has the quirk, - has it not, ? shows nothing of it.
func (s *settings) printProbed(asked []cpython.Quirk, found []probed) error {
	fmt.Fprintf(s.out, "%-36s", "")
	for _, p := range found {
		fmt.Fprintf(s.out, "%-5s", p.version.Series())
	}
	fmt.Fprintln(s.out)
	wrong, unknown := 0, 0
	var reasons []string
	releases := map[string][]string{} // of each reason
	for _, q := range asked {
		fmt.Fprintf(s.out, "%-36s", q)
		for _, p := range found {
			verdict := p.verdicts[q]
			mark := verdict.Mark()
			switch {
			case verdict.Reason != "":
				unknown++
				reason := q.String() + ": " + verdict.Reason
				if releases[reason] == nil {
					reasons = append(reasons, reason)
				}
				releases[reason] = append(releases[reason], p.version.Series())
			case verdict.Has != p.version.Has(q):
				wrong++
				mark += "!"
			}
			fmt.Fprintf(s.out, "%-5s", mark)
		}
		fmt.Fprintln(s.out)
	}
	fmt.Fprintf(s.out, "%d answers; %d are not those of the table\n", len(asked)*len(found)-unknown, wrong)
	if unknown > 0 {
		fmt.Fprintf(s.out, "\n%d could not be had:\n", unknown)
	}
	for _, reason := range reasons {
		fmt.Fprintf(s.out, "%s (%s)\n", reason, strings.Join(releases[reason], " "))
	}
	if wrong > 0 {
		return differ("%d answers are not those of the table", wrong)
	}
	return nil
}
