//go:build linux && !portable

package server

import (
	"time"

	"golang.org/x/sys/unix"
)

// A socket that is closed while input is unread, or to which more is sent then, sends a reset, which
// can destroy the answer on its way: the kernel drops what it has not sent, and the client's kernel
// may drop what the client has not read. CPython shuts down and closes at once, and lives with
// that. Here the close waits until the client has closed, if input is unread or to be expected. To
// wait for every client would cost a fifth more for an answer of 100 KB.
const (
	// drainTime and drainMax bound the wait, so that a client cannot hold a descriptor for ever by
	// sending on; nginx's lingering_timeout is 5 seconds as well. A larger upload than drainMax is
	// reset.
	drainTime = 5 * time.Second
	drainMax  = 64 << 20
	drainStep = 1 << 20 // at once, so that other connections come in between
)

// firstWindow is what a connection sends without waiting for an acknowledgement: ten segments
// (RFC 6928), somewhat less than 1,460 bytes each.
const firstWindow = 10 * 1400

// finish ends a connection whose answers are written: the client sees the end of file at once.
func (l *loop) finish(c *conn) {
	follows := c.follows && c.begun || len(c.pending) > 0
	l.release(c)
	if c.ended || !follows && c.answered <= firstWindow {
		// Nothing is unread, unless the client has sent on after a request that has no content.
		// Then a reset follows the answer, which is on its way as a whole.
		l.drop(c)
		return
	}
	n, e := l.sys.discard(c.fd, drainStep)
	if (n > 0 || e == unix.EINTR || e == unix.EAGAIN && follows) && !l.stopping {
		l.linger(c, n)
		return
	}
	l.drop(c)
}

// linger sends the end of file, and waits for that of the client.
func (l *loop) linger(c *conn, drained int) {
	l.sys.finish(c.fd)
	c.phase = draining
	c.drained = drained
	l.deadlines.set(c, l.time()+drainTime)
	l.watch(c, unix.EPOLLIN)
}

// drain throws away what a draining client has sent.
func (l *loop) drain(c *conn) {
	n, e := l.sys.discard(c.fd, drainStep)
	c.drained += n
	if e == unix.EAGAIN || e == unix.EINTR || n > 0 && c.drained < drainMax {
		return
	}
	l.drop(c)
}
