//go:build !linux || portable

package server

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	"simplehttp/handler"
)

// The bounds of drain, as in close_linux.go.
const (
	drainTime = 5 * time.Second
	drainMax  = 64 << 20
)

// bufferSize is how much is read from a socket or a file at once.
const bufferSize = 16 << 10

// A portableConn is one connection with its goroutine.
type portableConn struct {
	engine *engine
	socket *net.TCPConn
	h      exchange
	buffer []byte // of bufferSize
	ended  bool   // the end of input has been read

	idle bool // between requests, waiting for input; under engine.mu
}

// serve moves the connection from its first byte to its close.
func (c *portableConn) serve() {
	c.buffer = make([]byte, bufferSize)
	var pending []byte // input that h has not taken
	whole := true
	for whole && c.h.State() != handler.Closed {
		switch c.h.State() {
		case handler.Reading:
			pending, whole = c.feed(pending)
		case handler.Working:
			c.h.Work()
		case handler.Writing:
			if whole = c.write(c.h.Output()); whole {
				c.h.Wrote()
				c.setIdle(c.h.State() == handler.Reading && len(pending) == 0)
			}
		}
	}
	c.h.Abort()
	if whole {
		c.finish()
	}
	_ = c.socket.Close()
	c.engine.forget(c)
}

// feed gives h what is pending, or what the client sends next. It returns what h has not taken.
func (c *portableConn) feed(pending []byte) (rest []byte, ok bool) {
	if len(pending) == 0 {
		n, err := c.socket.Read(c.buffer)
		switch {
		case n > 0:
			c.setIdle(false)
			pending = append(pending, c.buffer[:n]...)
		case err == io.EOF:
			c.ended = true
			c.h.End()
			return nil, true
		case errors.Is(err, syscall.ECONNRESET):
			c.ended = true
			c.h.Broken()
			return nil, true
		default:
			return nil, false
		}
	}
	pending = pending[c.h.Feed(pending):]
	return pending, true
}

// setIdle says whether the connection is between requests. Then it ends when the engine stops.
func (c *portableConn) setIdle(idle bool) {
	c.engine.mu.Lock()
	defer c.engine.mu.Unlock()
	c.idle = idle
	if idle && c.engine.stopped {
		_ = c.socket.SetReadDeadline(time.Now())
	}
}

// write writes an output whole, its log lines first.
func (c *portableConn) write(o *handler.Output) bool {
	if len(o.Log) > 0 {
		c.engine.o.log.write(o.Log)
	}
	if len(o.Bytes) > 0 {
		if _, err := c.socket.Write(o.Bytes); err != nil {
			return false
		}
	}
	for o.File != nil {
		n, err := o.File.Read(c.buffer)
		if n > 0 {
			if _, err := c.socket.Write(c.buffer[:n]); err != nil {
				return false
			}
		}
		if n == 0 || err != nil {
			return true
		}
	}
	return true
}

// finish ends the output, and reads on until the client closes: a socket that is closed while
// input is unread sends a reset, which can destroy the answer on its way.
func (c *portableConn) finish() {
	if c.socket.CloseWrite() != nil || c.ended {
		return
	}
	_ = c.socket.SetReadDeadline(time.Now().Add(drainTime))
	_, _ = io.CopyN(io.Discard, c.socket, drainMax)
}

// peerOf is the client's address.
func peerOf(socket *net.TCPConn) handler.Peer {
	a, ok := socket.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return handler.Peer{}
	}
	peer := addressOf(a.IP)
	return handler.Peer{Host: peer.String(), Port: a.Port, ScopeID: interfaceIndex(a.Zone), IPv6: peer.v6}
}
