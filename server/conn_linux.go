//go:build linux && !portable

package server

import (
	"time"

	"golang.org/x/sys/unix"

	"simplehttp/handler"
)

// phase says what a connection is doing for the loop. It follows handler.State, which knows
// nothing of sockets.
type phase uint8

const (
	receiving phase = iota // input is wanted; parked if little has come
	working                // a goroutine has it, and the loop may not touch it
	sending                // an output is being written
	draining               // all is written; waiting for the client to close
)

// A conn is one connection. It is small while the client is silent: 15,000 of them may be.
type conn struct {
	// For the whole connection.
	fd     int
	serial uint32 // tells this connection from earlier ones with the same descriptor
	peer   handler.Peer

	phase    phase
	queued   bool   // in loop.outgoing
	watched  uint32 // events that epoll reports; 0 for none
	ended    bool   // the end of input has been read
	begun    bool   // a part of a request has been read
	stays    bool   // an output has been written that was not the last
	follows  bool   // input may be on its way that nobody will read
	answered int64  // bytes of answers since the last request began
	fresh    bool   // first request, no output yet: the input so far is all its state

	h       exchange // nil while parked
	parked  []byte   // input so far of a connection without h
	pending []byte   // input that h has not taken

	out sendState
	job job

	deadline   time.Duration // 0 for none
	slot       int64         // of loop.deadlines; 0 for none
	prev, next *conn         // there
	since      time.Duration // when the request, or its answer, began to take time; 0 if it has not
	unsent     int           // what the kernel had not sent at the last deadline
	drained    int

	// What counts for the limits.
	client     [16]byte
	entered    bool
	unfinished int // bytes of a request that has not come whole
}

// parkedMax is how much input is kept of a connection whose handler.Conn is put to other use: a
// request-line and a few fields. More is read anew for each chunk of a slow client, so that the
// work grows as its square; 512 bytes one by one are 128 KiB to parse in all.
const parkedMax = 512

// receive reads what the client has sent, once, and goes on from it.
func (l *loop) receive(c *conn) {
	n, e := l.sys.recv(c.fd, l.in)
	switch {
	case e == unix.EAGAIN || e == unix.EINTR:
		l.await(c)
	case e == unix.ECONNRESET:
		c.ended = true
		l.unpark(c)
		c.h.Broken()
		l.advance(c)
	case e != 0:
		l.drop(c) // ETIMEDOUT and so on: nobody is there
	case n == 0:
		c.ended = true
		l.unpark(c)
		c.h.End()
		l.advance(c)
	default:
		l.feed(c, l.in[:n])
	}
}

// feed gives in to c's handler.Conn, and keeps what that does not take.
func (l *loop) feed(c *conn, in []byte) {
	l.unpark(c)
	if !c.begun {
		c.begin(in)
	}
	n := c.h.Feed(in)
	if !l.isWithin(c, n) {
		return
	}
	if c.fresh {
		l.park(c, in)
		return
	}
	if n < len(in) {
		c.pending = append(l.getBuffer()[:0], in[n:]...)
	}
	l.advance(c)
}

// isWithin reports whether c may go on after n bytes of input. If not, it is closed.
func (l *loop) isWithin(c *conn, n int) bool {
	if c.h.State() != handler.Reading {
		c.fresh = false
		l.finished(c)
		return true
	}
	if l.countUnfinished(c, n) {
		l.finish(c)
		return false
	}
	return true
}

// begin notes that a request begins so.
func (c *conn) begin(in []byte) {
	c.begun = true
	c.since = 0
	c.answered = 0
	c.follows = mayHaveContent(in)
}

// mayHaveContent reports whether a request that begins so may have content that the client is
// still sending when the answer is complete. It decides how the connection is closed, nothing else.
func mayHaveContent(in []byte) bool {
	return !hasPrefix(in, "GET ") && !hasPrefix(in, "HEAD ")
}

func hasPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

// park takes the handler.Conn from a connection that waits for more of its first request, and
// keeps the input instead: a Conn promises the same outputs in any chunking.
func (l *loop) park(c *conn, in []byte) {
	if len(c.parked)+len(in) > parkedMax {
		c.fresh = false
		c.parked = nil
		l.await(c)
		return
	}
	c.parked = append(c.parked, in...)
	l.putExchange(c.h)
	c.h = nil
	l.await(c)
}

// unpark gives a parked connection a handler.Conn, as far as it was.
func (l *loop) unpark(c *conn) {
	if c.h != nil {
		return
	}
	c.h = l.getExchange()
	c.h.Reset(l.service, c.peer)
	if len(c.parked) > 0 {
		c.h.Feed(c.parked)
	}
}

// advance does what c's handler.Conn waits for.
func (l *loop) advance(c *conn) {
	for {
		switch c.h.State() {
		case handler.Reading:
			if len(c.pending) == 0 {
				l.await(c)
				return
			}
			if !l.feedPending(c) {
				return
			}
		case handler.Working:
			l.hand(c, runHandler)
			return
		case handler.Writing:
			l.queueOutput(c)
			return
		case handler.Closed:
			l.finish(c)
			return
		}
	}
}

// feedPending gives c's handler.Conn the input that it did not take before. It returns false if c is closed
// for that.
func (l *loop) feedPending(c *conn) (ok bool) {
	if !c.begun {
		c.begin(c.pending)
	}
	n := c.h.Feed(c.pending)
	if !l.isWithin(c, n) {
		return false
	}
	rest := copy(c.pending, c.pending[n:])
	c.pending = c.pending[:rest]
	if rest == 0 {
		l.putBuffer(c.pending)
		c.pending = nil
	}
	return true
}

// await waits for input.
func (l *loop) await(c *conn) {
	c.phase = receiving
	if l.stopping && !c.begun {
		l.finish(c)
		return
	}
	l.expectInput(c)
	l.watch(c, unix.EPOLLIN)
}

// written goes on when the output of c is written whole.
func (l *loop) written(c *conn) {
	c.answered += int64(len(c.out.output.Bytes)) + c.out.fileSent
	c.out.reset(l)
	c.h.Wrote()
	if s := c.h.State(); s != handler.Closed {
		l.stay(c)
		c.begun = s != handler.Reading
	}
	l.advance(c)
}

// stay sends what is held back of an output that was not the last, and has later ones sent at
// once: Nagle's algorithm would hold back answers to pipelined requests until the client
// acknowledges earlier ones.
func (l *loop) stay(c *conn) {
	if !c.stays {
		c.stays = true
		l.sys.noDelay(c.fd)
	}
}

// drop closes c, and forgets it.
func (l *loop) drop(c *conn) {
	l.release(c)
	l.sys.close(c.fd)
	l.conns[c.fd] = nil
	l.open--
	l.deadlines.remove(c)
	l.leave(c)
	l.putConn(c)
	l.resumeAccepting() // a descriptor is free
}

// release gives back all but the socket.
func (l *loop) release(c *conn) {
	c.out.reset(l)
	l.finished(c)
	if c.h != nil {
		l.putExchange(c.h)
		c.h = nil
	}
	if c.pending != nil {
		l.putBuffer(c.pending)
		c.pending = nil
	}
	c.parked = nil
}
