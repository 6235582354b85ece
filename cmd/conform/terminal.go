package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// isTerminal reports whether w is one: only a terminal has a size.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// A palette is the sequences that colour a report; all are empty where it has no colours.
type palette struct{ title, got, want, off string }

// colours are those for w: none but on a terminal, and none if NO_COLOR is set to anything.
func colours(w io.Writer) palette {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || !isTerminal(w) {
		return palette{}
	}
	return palette{title: "\x1b[1m", got: "\x1b[31m", want: "\x1b[32m", off: "\x1b[0m"}
}

// A progress is one line on a terminal that tells how far a long work is.
type progress struct {
	w           io.Writer // nil: nowhere
	total, done int
	next        time.Time // not shown again before
	shown       bool
}

const (
	progressDelay = 500 * time.Millisecond // work that is done by then has no progress
	progressPause = 100 * time.Millisecond
)

func newProgress(w io.Writer, total int) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w, total: total, next: time.Now().Add(progressDelay)}
}

// step counts one piece of work.
func (p *progress) step(name string) {
	p.done++
	if now := time.Now(); p.w != nil && now.After(p.next) {
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d: %.50s", p.done, p.total, name)
		p.next, p.shown = now.Add(progressPause), true
	}
}

// clear takes the line away, before something else is printed.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
