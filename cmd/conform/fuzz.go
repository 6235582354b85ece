package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// fuzzing are the options of fuzz and shrink.
var fuzzing struct {
	count    int
	duration time.Duration
	seed     uint64
	findings int
	encoding string
	out      string
}

// diffing are the options of diff.
var diffing struct {
	protocol string
	open     bool
}

func init() {
	commands = append(commands,
		command{"fuzz", "", "compare ours with the real interpreters on generated requests; --for or --count end it", fuzz},
		command{"shrink", "FILE", "find the smallest request for each case of a file that ours answers otherwise", shrink},
		command{"diff", "A B [FILE]", "show the answers of two releases to the request in a file side by side", diff},
	)
}

// fuzzFlags adds the options of fuzz, shrink and diff.
func fuzzFlags(flags *pflag.FlagSet) {
	flags.IntVar(&fuzzing.count, "count", 0, "fuzz: so many requests for each release")
	flags.DurationVar(&fuzzing.duration, "for", 0, "fuzz: so long in all, such as 10m")
	flags.Uint64Var(&fuzzing.seed, "seed", 1, "fuzz: equal seeds make equal requests")
	flags.IntVar(&fuzzing.findings, "findings", 20, "fuzz: go on to the next release after so many differences")
	flags.StringVar(&fuzzing.encoding, "encoding", "", "fuzz: ascii, the C locale; UTF-8 without")
	flags.StringVar(&fuzzing.out, "out", "bin/found.txt", "fuzz, shrink: the file for what is found, in the form of a case file")
	flags.StringVar(&diffing.protocol, "protocol", "HTTP/1.0", "diff: protocol_version of the server")
	flags.BoolVar(&diffing.open, "open", false, "diff: the client does not end its stream")
}

// fuzz asks every release that is here its share.
func fuzz(s *settings, _ []string) error {
	if fuzzing.count == 0 && fuzzing.duration == 0 {
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
	// Whoever interrupts it still gets to know what was found.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var findings []conformance.Finding
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		if ctx.Err() != nil {
			break
		}
		found, err := fuzzRelease(ctx, s, v, cases, trees, fuzzing.duration/time.Duration(len(vs)))
		if err != nil && len(s.pythons) > 0 {
			return err
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: not asked: %v\n", v, err)
		}
		findings = append(findings, found...)
	}
	return writeFindings(findings)
}

func fuzzRelease(ctx context.Context, s *settings, v cpython.Version, cases []*conformance.Case, trees *conformance.Trees, share time.Duration) ([]conformance.Finding, error) {
	setups, err := conformance.FuzzSetups(v, cases, trees, fuzzing.encoding)
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
	f.Wanted = fuzzing.findings
	began := time.Now()
	err = f.Run(ctx, conformance.NewGenerator(fuzzing.seed, setups, cases), fuzzing.count)
	fmt.Printf("%s: seed %d, asked %d requests in %d ways in %v, %d differences", v, fuzzing.seed, f.Asked, len(setups), time.Since(began).Round(time.Second), len(f.Findings))
	for name, n := range f.Masked {
		fmt.Printf(", %d hidden: %s", n, name)
	}
	fmt.Println()
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
func writeFindings(findings []conformance.Finding) error {
	if len(findings) == 0 {
		return nil
	}
	var text strings.Builder
	for i, f := range findings {
		text.WriteString(f.Text(fmt.Sprintf("found %d by %s", i+1, f.Version.Series())) + "\n")
	}
	fmt.Print(text.String())
	if err := os.MkdirAll(filepath.Dir(fuzzing.out), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(fuzzing.out, []byte(text.String()), 0o644); err != nil {
		return err
	}
	return fmt.Errorf("%d differences, written to %s", len(findings), fuzzing.out)
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
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		found, err := shrinkFor(s, v, theme.Cases, trees)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: not asked: %v\n", v, err)
		}
		findings = append(findings, found...)
	}
	return writeFindings(findings)
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
