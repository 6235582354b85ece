//go:build linux

package load

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// A Holder has connections that have sent half a request and sit.
type Holder struct {
	fds []int
}

// half is a request without its end.
const half = "GET /held HTTP/1.0\r\nHost: localhost\r\nX-Slow: "

// settle is how long Hold waits for a connection to be taken.
const settle = 10 * time.Second

// Hold opens n connections to address, from source if that is not "", and sends half a request on
// each.
func Hold(address, source string, n int) (*Holder, error) {
	server, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	var from *unix.SockaddrInet4
	if source != "" {
		a, err := parseAddress(source)
		if err != nil {
			return nil, err
		}
		from = &a
	}
	h := &Holder{}
	for range n {
		fd, err := dial(&server, from)
		if err == nil {
			h.fds = append(h.fds, fd)
			err = sendHalf(fd)
		}
		if err != nil {
			h.Close()
			return nil, os.NewSyscallError("hold", err)
		}
	}
	return h, nil
}

// sendHalf waits for the connection to stand, and sends half a request.
func sendHalf(fd int) error {
	for wait := settle; ; wait -= time.Millisecond {
		n, e := send(fd, []byte(half))
		if e == 0 && n == len(half) {
			return nil
		}
		if e != unix.EAGAIN {
			return e
		}
		if wait <= 0 {
			return unix.ETIMEDOUT
		}
		_, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, 1) // send tells what came of it
	}
}

// Standing is how many of the connections the server has not ended.
func (h *Holder) Standing() (n int) {
	var b [1]byte
	for _, fd := range h.fds {
		if _, e := receive(fd, b[:]); e == unix.EAGAIN {
			n++
		}
	}
	return n
}

// Close ends all connections.
func (h *Holder) Close() {
	for _, fd := range h.fds {
		_ = unix.Close(fd)
	}
	h.fds = nil
}
