package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// replay asks our own handler. A known difference is no failure, but one that is none any more is.
func replay(s *settings, names []string) error {
	_, picked, err := load(s, names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	known, err := conformance.LoadDifferences(s.testdata)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	t := newTally(ctx, s, "our handler", len(picked)*len(vs))
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		r := &conformance.Replayer{Version: v, Trees: trees}
		for _, c := range picked {
			if _, ok := c.Recorded(v); !ok || ctx.Err() != nil {
				continue
			}
			d, err := r.Replay(c)
			if err != nil {
				return err
			}
			t.count(c, v, judged(c, v, d, known))
		}
	}
	return t.finish()
}

// judged is the result of a replay.
func judged(c *conformance.Case, v cpython.Version, d *conformance.Difference, known []conformance.KnownDifference) *result {
	why, listed := conformance.Find(known, c, v)
	switch {
	case d == nil && listed:
		return &result{Outcome: different, Why: c.Why, Request: c.Request.Spelled(),
			Reason: "no longer differs; differences.txt lists it because: " + why.Why}
	case d == nil:
		return &result{Outcome: equal}
	case listed:
		return &result{Outcome: knownToDiffer, Reason: why.Why}
	}
	return differing(d)
}

// differing is the result of a case with such a difference.
func differing(d *conformance.Difference) *result {
	return &result{Outcome: different, Reason: d.Text, Why: d.Case.Why, Tree: d.Case.Tree, Request: d.Case.Request.Spelled(), Rerun: d.Rerun}
}

// tree makes a tree on disk, for a server that is to be checked.
func tree(s *settings, args []string) error {
	if len(args) != 2 {
		return errors.New("tree needs the name of a tree and a directory to make it in")
	}
	t, err := conformance.LoadTree(s.testdata, args[0])
	if err != nil {
		return fmt.Errorf("no tree %q: %w", args[0], err)
	}
	parent, err := filepath.Abs(args[1])
	if err != nil {
		return err
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	done := make(chan struct{})
	close(done) // nobody writes into its fifos
	root, err := t.Materialize(parent, done)
	if err == nil {
		fmt.Fprintln(s.out, root)
	}
	return err
}
