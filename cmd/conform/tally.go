package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// interruptible is done when the user interrupts: what was found till then is still told, and nothing is left behind.
// A second interrupt ends the process at once.
func interruptible() (ctx context.Context, stop context.CancelFunc) {
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// A tally counts what comes of cases, and prints those that differ as they come.
type tally struct {
	*settings
	ctx      context.Context
	report   report
	progress *progress
	colours  palette
	last     time.Time // when the case before was counted
}

// newTally begins to count.
func newTally(ctx context.Context, s *settings, server string, total int) *tally {
	return &tally{
		settings: s, ctx: ctx, progress: newProgress(s.errs, total), colours: colours(s.out), last: time.Now(),
		report: report{Server: server, Level: string(conformance.Bytes), Cases: []*result{}},
	}
}

// count counts a case; v is told where several releases are asked.
func (t *tally) count(k *conformance.Case, v cpython.Version, r *result) {
	r.Case, r.theme, r.name = k.FullName(), k.Theme, k.Name
	if t.report.Python == "" {
		r.Python = v.String()
	}
	now := time.Now()
	r.took, t.last = now.Sub(t.last), now
	t.progress.step(r.Python + " " + r.Case)
	t.report.add(r)
	if r.Outcome == different && !t.json {
		t.progress.clear()
		r.print(t.out, t.colours)
	}
}

// finish prints what came of all.
func (t *tally) finish() error {
	t.progress.clear()
	if t.junit != "" {
		if err := t.report.writeJUnit(t.junit); err != nil {
			return err
		}
	}
	if t.json {
		if err := t.report.writeJSON(t.out); err != nil {
			return err
		}
	} else {
		t.report.summary(t.out)
	}
	switch {
	case t.ctx.Err() != nil:
		return errInterrupted
	case t.report.Asked == 0:
		return errors.New("no case could be asked")
	case t.report.Different > 0:
		return differ("%d of %d answers differ from the record", t.report.Different, t.report.Asked)
	}
	return nil
}
