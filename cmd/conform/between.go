package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

const betweenPage = `Asks two real releases the same generated requests: A and B, or without them every release and the next one that
is here. Where the two answer differently, the quirk table has to explain it: ours answers as each of them; and
there is a smallest set of quirks in which they differ that makes of our answer for A the one for B, but for texts
that are kept in tables, such as the pages. Printed is how many differences each quirk explains, and every smallest
request that nothing explains.
`

func init() {
	commands = append(commands,
		command{"between", "[A B]", "find what two releases answer differently and no quirk explains; --for or --count end it", between})
}

// between asks pairs of releases.
func between(s *settings, args []string) error {
	if s.count == 0 && s.duration == 0 {
		return errors.New("between needs --for or --count")
	}
	pairs, err := s.pairs(args)
	if err != nil {
		return err
	}
	themes, err := conformance.LoadThemes(s.testdata)
	if err != nil {
		return err
	}
	var cases []*conformance.Case
	for _, t := range themes {
		cases = append(cases, t.Cases...)
	}
	ctx, stop := interruptible()
	defer stop()
	unexplained := 0
	for _, pair := range pairs {
		if ctx.Err() != nil {
			return errInterrupted
		}
		n, err := s.betweenTwo(ctx, pair[0], pair[1], cases, s.duration/time.Duration(len(pairs)))
		if err != nil {
			return err
		}
		unexplained += n
	}
	if unexplained > 0 {
		return differ("%d differences are not explained", unexplained)
	}
	return nil
}

// pairs are the two that are named, or every release that is here and the next.
func (s *settings) pairs(args []string) (pairs [][2]cpython.Version, err error) {
	var vs []cpython.Version
	switch len(args) {
	case 2:
		for _, name := range args {
			v, ok := cpython.ParseVersion(name)
			if !ok {
				return nil, fmt.Errorf("no release %q", name)
			}
			vs = append(vs, v)
		}
	case 0:
		for _, v := range cpython.Versions() {
			if _, err := conformance.FindOracle(v, s.pyenv, s.modules); err == nil {
				vs = append(vs, v)
			} else {
				fmt.Fprintf(s.errs, "%s: not asked: %v\n", v, err)
			}
		}
	default:
		return nil, errors.New("between needs two releases, or none")
	}
	for i := range len(vs) - 1 {
		pairs = append(pairs, [2]cpython.Version{vs[i], vs[i+1]})
	}
	if len(pairs) == 0 {
		return nil, errors.New("no two interpreters are here")
	}
	return pairs, nil
}

// betweenTwo asks one pair, and returns how much is not explained.
func (s *settings) betweenTwo(ctx context.Context, a, b cpython.Version, cases []*conformance.Case, share time.Duration) (int, error) {
	w, err := conformance.NewBetween(a, b, conformance.Source{Pyenv: s.pyenv, Modules: s.modules}, s.testdata, cases)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	if share > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, share)
		defer cancel()
	}
	progress := newProgress(s.errs, s.count)
	w.Wanted = s.findings
	w.Tell = func() {
		progress.at(w.Asked, fmt.Sprintf("%s and %s, %d differ", a, b, w.Differ))
	}
	began := time.Now()
	err = w.Run(ctx, s.seed, s.count, cases)
	progress.clear()
	printBetween(s.out, w, s.seed, time.Since(began))
	return len(w.Unexplained), err
}

func printBetween(out io.Writer, w *conformance.Between, seed uint64, took time.Duration) {
	fmt.Fprintf(out, "%s and %s: seed %d, asked %d requests in %v, %d differ, %d not explained\n",
		w.A, w.B, seed, w.Asked, took.Round(time.Second), w.Differ, len(w.Unexplained))
	for _, q := range slices.Sorted(maps.Keys(w.Quirks)) {
		fmt.Fprintf(out, "%8d by %s\n", w.Quirks[q], q)
	}
	for _, text := range slices.Sorted(maps.Keys(w.Texts)) {
		fmt.Fprintf(out, "%8d by text: %s\n", w.Texts[text], text)
	}
	for _, mask := range slices.Sorted(maps.Keys(w.Masked)) {
		fmt.Fprintf(out, "%8d hidden: %s\n", w.Masked[mask], mask)
	}
	for i, f := range w.Unexplained {
		fmt.Fprintf(out, "\n%s", f.Text(fmt.Sprintf("between %s and %s %d", w.A.Series(), w.B.Series(), i+1)))
	}
}
