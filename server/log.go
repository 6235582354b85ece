package server

import (
	"io"
	"sync"
)

// A logWriter writes the log lines of all loops, each call whole.
type logWriter struct {
	mu    sync.Mutex
	w     io.Writer
	whole bool // w writes what several write at once one after the other by itself
}

// write writes lines. It may wait, as a terminal that is stopped with Control-S makes it. What
// cannot be written is lost: a full disk is no reason to stop serving.
func (l *logWriter) write(lines []byte) {
	if !l.whole {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	_, _ = l.w.Write(lines)
}
