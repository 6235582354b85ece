//go:build linux && !portable

package server

import "time"

// askToStop has the loop stop accepting, finish what is under way, and end, at the latest when
// grace is over. Any goroutine may call it.
func (l *loop) askToStop(grace time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.dead {
		l.stopAsked, l.stopGrace = true, grace
		l.wake()
	}
}

// wokenUp looks at what other goroutines want.
func (l *loop) wokenUp() {
	var count [8]byte
	l.sys.readWait(l.wakeup, count[:], -1) // it does not wait: the descriptor is non-blocking
	l.takeBack()
	l.mu.Lock()
	asked, grace := l.stopAsked, l.stopGrace
	l.stopAsked = false
	l.mu.Unlock()
	switch {
	case asked:
		l.stop(grace)
	case l.helps.Load() && !l.accepting && l.acceptAt == 0 && !l.stopping:
		l.startAccepting()
	}
}

// stop begins to stop.
func (l *loop) stop(grace time.Duration) {
	l.stopAt = l.sys.now() + grace
	if l.stopping {
		return
	}
	if l.accepting && grace > 0 {
		l.accept() // those who are connected already, as far as one batch goes
	}
	l.stopAccepting()
	l.listener.release()
	l.stopping = true
	for _, c := range l.conns {
		switch {
		case c == nil:
		case c.phase == receiving && !c.begun: // between requests
			l.finish(c)
		case c.phase == draining: // the answer is with the kernel
			l.drop(c)
		}
	}
}

// end closes what is still open. Goroutines that have a connection clear it away themselves.
func (l *loop) end() {
	l.mu.Lock()
	l.dead = true
	given := l.given
	l.mu.Unlock()
	for _, c := range given {
		c.phase = sending
	}
	l.acceptAt = 0
	for _, c := range l.conns {
		if c != nil && c.phase != working {
			l.drop(c)
		}
	}
	l.dropFiles()
	l.tearDown()
}
