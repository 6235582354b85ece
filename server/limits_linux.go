//go:build linux && !portable

package server

import (
	"sync"
	"sync/atomic"
	"time"
)

// A crowd is the connections of all loops.
type crowd struct {
	open atomic.Int64

	mu       sync.Mutex
	byClient map[[16]byte]int // only where there is a limit
}

// reserve makes room for one more connection, if there is any.
func (l *loop) reserve() bool {
	if l.crowd.open.Add(1) <= int64(l.limits.Connections) || l.limits.Connections == 0 {
		return true
	}
	l.crowd.open.Add(-1)
	return false
}

// enter counts a connection from a client, and reports whether it may stay.
func (l *loop) enter(c *conn) bool {
	if l.limits.PerClient == 0 {
		return true
	}
	l.crowd.mu.Lock()
	defer l.crowd.mu.Unlock()
	if l.crowd.byClient[c.client] >= l.limits.PerClient {
		return false
	}
	l.crowd.byClient[c.client]++
	c.entered = true
	return true
}

// leave takes c from the crowd.
func (l *loop) leave(c *conn) {
	l.crowd.open.Add(-1)
	if !c.entered {
		return
	}
	l.crowd.mu.Lock()
	defer l.crowd.mu.Unlock()
	if l.crowd.byClient[c.client]--; l.crowd.byClient[c.client] == 0 {
		delete(l.crowd.byClient, c.client)
	}
}

// clientOf is what counts as one client: an IPv4 address, or the network of an IPv6 address, of which one
// machine has as many addresses as it likes.
func clientOf(a ipAddress) [16]byte {
	if a.v6 {
		clear(a.ip[8:])
	}
	return a.ip
}

// countUnfinished counts n bytes of a request that has not come whole, and reports whether there are too
// many by now.
func (l *loop) countUnfinished(c *conn, n int) (tooMany bool) {
	c.unfinished += n
	l.unfinished += n
	all := l.limits.AllUnfinished / len(l.all)
	return l.limits.Unfinished > 0 && c.unfinished > l.limits.Unfinished || all > 0 && l.unfinished > all
}

// finished forgets them.
func (l *loop) finished(c *conn) {
	l.unfinished -= c.unfinished
	c.unfinished = 0
}

// time is the time of this turn.
func (l *loop) time() time.Duration {
	if l.turn == 0 {
		l.turn = l.sys.now()
	}
	return l.turn
}

// expectInput sets the deadline of a connection that waits for input.
func (l *loop) expectInput(c *conn) {
	now := l.time()
	c.deadline = 0
	if !c.begun && !c.fresh {
		if l.limits.Idle > 0 {
			l.deadlines.set(c, now+l.limits.Idle)
		}
		return
	}
	if c.since == 0 {
		c.since = now
	}
	deadline := now + l.limits.Head
	if whole := c.since + l.limits.WholeHead; l.limits.Head == 0 || l.limits.WholeHead > 0 && whole < deadline {
		deadline = whole
	}
	if l.limits.Head > 0 || l.limits.WholeHead > 0 {
		l.deadlines.set(c, deadline)
	}
}

// expectRoom sets the deadline of a connection that waits until it can send on.
func (l *loop) expectRoom(c *conn) {
	if l.limits.Send == 0 {
		return
	}
	if c.since == 0 {
		c.since = l.time()
	}
	c.unsent = -1
	l.deadlines.set(c, l.time()+l.limits.Send)
}

// expire ends the connections whose deadline is over.
func (l *loop) expire(now time.Duration) {
	for c := l.deadlines.due(now); c != nil; c = l.deadlines.due(now) {
		switch c.phase {
		case receiving:
			l.expireInput(c)
		case draining:
			l.drop(c)
		case sending:
			l.expireSend(c, now)
		}
	}
}

// expireInput closes a connection whose client has sent nothing for too long. If the loop itself was held up,
// or the whole machine, there may be input.
func (l *loop) expireInput(c *conn) {
	if l.sys.unread(c.fd) > 0 {
		l.receive(c)
		return
	}
	l.finish(c)
}

// expireSend resets a connection whose client takes nothing, or too little: what the kernel holds for it is
// given up. Epoll says nothing of a client that takes its answer by and by until there is room for much.
func (l *loop) expireSend(c *conn, now time.Duration) {
	unsent := l.sys.unsent(c.fd)
	sent := c.answered + int64(c.out.sent) + c.out.fileSent - int64(unsent)
	enough := int64((now-c.since-l.limits.Send)/time.Second) * int64(l.limits.MinRate)
	if unsent == c.unsent || sent < enough {
		l.sys.reset(c.fd)
		l.drop(c)
		return
	}
	c.unsent = unsent
	l.deadlines.set(c, now+l.limits.Send)
}
