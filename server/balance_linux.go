//go:build linux && !portable

package server

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// All loops share the listener, but not all accept from it all the time. A client that comes
// while the first loop is at work would wake the second, and then find both awake for half of the
// clients each: on two CPUs, that costs a fifth more time per request than one loop does. So a
// loop begins to accept when those before it are busy, and leaves off when they can do without.
const (
	loadWindow = 50 * time.Millisecond
	helpAbove  = 850 // thousandths of their time that the loops are busy
	helpBelow  = 600 // the same, once there is one loop fewer
)

// A load is how busy a loop is. Waiting for the processor counts as being busy, and so does a
// slow disk: another loop helps with both.
type load struct {
	since  time.Duration // beginning of the window
	waited time.Duration // for events, in this window
	busy   atomic.Int32  // thousandths, in the last window
}

// add counts a wait, and reports whether the window is over.
func (l *load) add(from, to time.Duration) (over bool) {
	l.waited += to - from
	length := to - l.since
	if length < loadWindow {
		return false
	}
	l.busy.Store(1000 - int32(1000*min(l.waited, length)/length))
	l.since, l.waited = to, 0
	return true
}

// balance has one loop more accept, or one fewer, if l is the last that does.
func (l *loop) balance() {
	next := l.index + 1
	if !l.accepting || next < len(l.all) && l.all[next].helps.Load() {
		return
	}
	busy := 0
	for _, other := range l.all[:next] {
		busy += int(other.load.busy.Load())
	}
	switch {
	case busy > helpAbove*next && next < len(l.all):
		l.all[next].helps.Store(true)
		l.all[next].nudge()
	case l.index > 0 && busy < helpBelow*l.index:
		l.helps.Store(false)
		l.stopAccepting()
	}
}

// nudge wakes the loop. Any goroutine may call it.
func (l *loop) nudge() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.dead {
		l.wake()
	}
}

// wait waits for events, or until the next deadline, and measures the load.
func (l *loop) wait() (n int) {
	if len(l.all) == 1 {
		return l.waitForEvents()
	}
	from := l.sys.now()
	n = l.waitForEvents()
	if l.load.add(from, l.sys.now()) {
		l.balance()
	}
	return n
}

// waitForEvents waits without giving up the processor for a short time, and then, giving it up,
// for as long as it takes.
func (l *loop) waitForEvents() (n int) {
	limit := l.timeout()
	short := int(pollTime / time.Millisecond)
	if limit >= 0 && limit < short {
		short = limit
	}
	n, e := l.sys.poll(l.epoll, l.events[:], short)
	if n == 0 && e == 0 && short != limit {
		n, _ = l.sys.pollWait(l.epoll, l.events[:], limit)
	}
	if e != 0 && e != unix.EINTR {
		panic("server: epoll_pwait: " + e.Error())
	}
	return n // 0 after EINTR: a signal of the Go runtime, which wants the thread for a moment
}
