package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

func init() {
	commands = append(commands,
		command{"fuzz", "", "compare ours with the real interpreters on generated requests; --for or --count end it", fuzz},
		command{"shrink", "FILE", "find the smallest request for each case of a file that ours answers otherwise", shrink},
	)
}

// fuzz asks every release that is here its share.
func fuzz(s *settings, _ []string) error {
	if s.count == 0 && s.duration == 0 {
		return errors.New("fuzz needs --for or --count")
	}
	themes, _, err := load(s, nil)
	if err != nil {
		return err
	}
	var cases []*conformance.Case
	for _, t := range themes {
		cases = append(cases, t.Cases...)
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	var findings []conformance.Finding
	asked := 0
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		if ctx.Err() != nil {
			break
		}
		found, err := fuzzRelease(ctx, s, v, cases, trees, s.duration/time.Duration(len(vs)))
		if err != nil && len(s.pythons) > 0 {
			return err
		}
		if err != nil {
			fmt.Fprintf(s.errs, "%s: not asked: %v\n", v, err)
		} else {
			asked++
		}
		findings = append(findings, found...)
	}
	if asked == 0 && ctx.Err() == nil {
		return errNobody
	}
	return s.writeFindings(findings)
}

// errNobody is the reason of who found none to ask.
var errNobody = errors.New("no interpreter is here; conform list tells where they are looked for")

func fuzzRelease(ctx context.Context, s *settings, v cpython.Version, cases []*conformance.Case, trees *conformance.Trees, share time.Duration) ([]conformance.Finding, error) {
	setups, err := conformance.FuzzSetups(v, cases, trees, s.encoding)
	if err != nil {
		return nil, err
	}
	f, closing, err := newFuzzer(s, v, setups)
	if err != nil {
		return nil, err
	}
	defer closing()
	if share > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, share)
		defer cancel()
	}
	f.Wanted = s.findings
	progress := newProgress(s.errs, s.count)
	f.Tell = func() { progress.at(f.Asked, fmt.Sprintf("%s, %d differ", v, len(f.Findings))) }
	began := time.Now()
	err = f.Run(ctx, conformance.NewGenerator(s.seed, setups, cases), s.count)
	progress.clear()
	fmt.Fprintf(s.out, "%s: seed %d, asked %d requests in %d ways in %v, %d differences", v, s.seed, f.Asked, len(setups), time.Since(began).Round(time.Second), len(f.Findings))
	for name, n := range f.Masked {
		fmt.Fprintf(s.out, ", %d hidden: %s", n, name)
	}
	fmt.Fprintln(s.out)
	return f.Findings, err
}

// newFuzzer starts an interpreter.
func newFuzzer(s *settings, v cpython.Version, setups []conformance.Setup) (f *conformance.Fuzzer, closing func(), err error) {
	w, err := conformance.NewWorker(v, conformance.Source{Pyenv: s.pyenv, Modules: s.modules}, s.testdata, setups)
	if err != nil {
		return nil, nil, err
	}
	ours, err := conformance.NewOurs(v, s.testdata, setups)
	if err != nil {
		w.Close()
		return nil, nil, err
	}
	return &conformance.Fuzzer{Version: v, Setups: setups, Ours: ours, Theirs: w, Roots: w.Roots, Masks: conformance.Masks}, w.Close, nil
}

// writeFindings prints what was found and writes it into a file; it is an error that there is any.
func (s *settings) writeFindings(findings []conformance.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	var text strings.Builder
	for i, f := range findings {
		text.WriteString(f.Text(fmt.Sprintf("found %d by %s", i+1, f.Version.Series())) + "\n")
	}
	fmt.Fprint(s.out, text.String())
	if err := os.MkdirAll(filepath.Dir(s.found), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(s.found, []byte(text.String()), 0o644); err != nil {
		return err
	}
	return differ("%d differences, written to %s", len(findings), s.found)
}

// shrink takes cases of a file that need not be one of testdata.
func shrink(s *settings, args []string) error {
	if len(args) != 1 {
		return errors.New("shrink needs a case file")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	theme, err := conformance.ParseTheme(strings.TrimSuffix(filepath.Base(args[0]), ".txt"), string(text))
	if err != nil {
		return fmt.Errorf("%s:%w", args[0], err)
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	var findings []conformance.Finding
	asked := 0
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		found, err := shrinkFor(s, v, theme.Cases, trees)
		if err != nil && len(s.pythons) > 0 {
			return err
		}
		if err != nil {
			fmt.Fprintf(s.errs, "%s: not asked: %v\n", v, err)
		} else {
			asked++
		}
		findings = append(findings, found...)
	}
	if asked == 0 {
		return errNobody
	}
	if len(findings) == 0 {
		fmt.Fprintf(s.out, "%s: %d cases, and ours answers none of them otherwise\n", args[0], len(theme.Cases))
	}
	return s.writeFindings(findings)
}

func shrinkFor(s *settings, v cpython.Version, cases []*conformance.Case, trees *conformance.Trees) ([]conformance.Finding, error) {
	var setups []conformance.Setup
	var jobs []conformance.Job
	for _, c := range cases {
		if !c.Asked(v) {
			continue
		}
		t, err := trees.Load(c.Tree)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, conformance.Job{Setup: len(setups), Bytes: c.Request.Bytes, EOF: c.Request.EOF})
		setups = append(setups, conformance.Setup{Tree: t, Options: c.Options})
	}
	if len(jobs) == 0 {
		return nil, nil
	}
	f, closing, err := newFuzzer(s, v, setups)
	if err != nil {
		return nil, err
	}
	defer closing()
	err = f.Compare(jobs)
	return f.Findings, err
}
