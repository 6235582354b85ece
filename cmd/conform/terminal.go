package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// columns is how wide the terminal is that w is, or 0: only a terminal has a size.
func columns(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return max(1, int(size.Col))
}

// isTerminal reports whether w is one.
func isTerminal(w io.Writer) bool { return columns(w) > 0 }

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
	total, done int       // total may be 0, if nobody knows
	next        time.Time // not shown again before
	shown       bool
}

const (
	progressDelay = 500 * time.Millisecond // work that is done by then has no progress
	progressPause = 100 * time.Millisecond
)

func newProgress(w io.Writer, total int) *progress {
	if !isTerminal(w) || os.Getenv("TERM") == "dumb" {
		w = nil
	}
	return &progress{w: w, total: total, next: time.Now().Add(progressDelay)}
}

// step counts one piece of work.
func (p *progress) step(name string) { p.at(p.done+1, name) }

// at tells how many pieces of work are done.
func (p *progress) at(done int, name string) {
	p.done = done
	now := time.Now()
	if p.w == nil || now.Before(p.next) {
		return
	}
	line := fmt.Sprintf("%d: %s", p.done, name)
	if p.total > 0 {
		line = fmt.Sprintf("%d of %d: %s", p.done, p.total, name)
	}
	// One column less: a full line would wrap, and stay.
	fmt.Fprintf(p.w, "\r\x1b[K%.*s", columns(p.w)-1, line)
	p.next, p.shown = now.Add(progressPause), true
}

// clear takes the line away, before something else is printed.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
