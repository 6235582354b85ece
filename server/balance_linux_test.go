//go:build linux && !portable

package server

import (
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestLoad(t *testing.T) {
	var l load
	for _, row := range []struct {
		from, to time.Duration
		over     bool
		busy     int32
	}{
		{10 * time.Millisecond, 20 * time.Millisecond, false, 0},
		{30 * time.Millisecond, 60 * time.Millisecond, true, 334}, // waited 40 of 60
		{100 * time.Millisecond, 100 * time.Millisecond, false, 334},
		{110 * time.Millisecond, 120 * time.Millisecond, true, 834}, // 10 of 60
		{120 * time.Millisecond, time.Hour, true, 0},
	} {
		if over := l.add(row.from, row.to); over != row.over || l.busy.Load() != row.busy {
			t.Errorf("add(%v, %v) = %v and %d busy, want %v and %d", row.from, row.to, over, l.busy.Load(), row.over, row.busy)
		}
	}
}

// running returns the loops.
func (e *engine) running() []*loop {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.loops
}

// A loop that is at work all the time gets help, and another one that is not, none.
func TestHelp(t *testing.T) {
	for _, row := range []struct {
		busy int32
		want bool
	}{{500, false}, {849, false}, {900, true}} {
		r := newRig(t, 2, nil)
		r.dial().send("GET bye x\n").expect("x\n").expectEnd()
		loops := r.engine.running()
		first, second := loops[0], loops[1]
		if second.helps.Load() {
			t.Fatal("the second loop helps from the start")
		}
		r.engine.stop(patience)
		r.checkServed()
		first.accepting = true // it has ended, and the test may touch it
		first.load.busy.Store(row.busy)
		first.balance()
		if got := second.helps.Load(); got != row.want {
			t.Errorf("with a loop that is busy by %d, the second helps: %v, want %v", row.busy, got, row.want)
		}
	}
}

// An idle system has a clock that stands still but in poll, so that all time goes by in waiting.
type idle struct {
	kernel
	clock atomic.Int64
}

func (s *idle) now() time.Duration { return time.Duration(s.clock.Load()) }

func (s *idle) poll(epoll int, events []unix.EpollEvent, milliseconds int) (int, unix.Errno) {
	s.clock.Add(int64(loadWindow))
	return s.kernel.poll(epoll, events, milliseconds)
}

// While it helps, the second loop accepts, and it leaves off when it is not needed.
func TestHelperAccepts(t *testing.T) {
	r := newRig(t, 2, func(e *engine) { e.sys = new(idle) })
	r.dial().send("GET bye x\n").expect("x\n").expectEnd()
	second := r.engine.running()[1]
	second.helps.Store(true)
	second.nudge()
	for range 100 {
		r.dial().send("GET bye x\n").expect("x\n").expectEnd()
	}
	eventually(t, "the second loop leaves off", func() bool {
		second.nudge()
		return !second.helps.Load()
	})
	r.dial().send("GET bye x\n").expect("x\n").expectEnd()
}
