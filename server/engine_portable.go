//go:build !linux || portable

package server

import (
	"context"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"simplehttp/cpython"
)

// acceptPause is how long accepting pauses after an error, such as that descriptors are used up.
const acceptPause = 100 * time.Millisecond

// An engine is what a TCPServer runs: here, a goroutine per connection over package net.
type engine struct {
	listener net.Listener
	o        options

	mu      sync.Mutex
	conns   map[*portableConn]struct{}
	stopped bool
	stopAt  time.Time
	ended   sync.WaitGroup
}

// listen lets package net do what listen_linux.go does by hand. It sets SO_REUSEADDR where that
// means what it means on Linux, and makes the address of all of IPv6 dual stack.
func listen(v cpython.Version, a ipAddress, port int) (*engine, error) {
	network, host := "tcp4", a.String()
	if a.v6 {
		network = "tcp"
		if a.scope != 0 {
			host += "%" + strconv.FormatUint(uint64(a.scope), 10)
		}
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), network, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	return &engine{listener: l, conns: make(map[*portableConn]struct{})}, nil
}

func (e *engine) sockname() (host string, port int) {
	a := e.listener.Addr().(*net.TCPAddr)
	return addressOf(a.IP).String(), a.Port
}

// addressOf tells ::ffff:1.2.3.4 from 1.2.3.4 by the length of ip.
func addressOf(ip net.IP) ipAddress {
	if len(ip) == net.IPv4len {
		return ipv4([4]byte(ip))
	}
	return ipAddress{ip: [16]byte(ip.To16()), v6: true}
}

// close ends an engine that does not serve.
func (e *engine) close() { _ = e.listener.Close() }

// serve accepts until it is stopped, and waits for the connections.
func (e *engine) serve(o options) error {
	e.o = o
	for !e.isStopped() {
		c, err := e.listener.Accept()
		if err != nil {
			// In silence, as in BaseServer._handle_request_noblock.
			e.pause()
			continue
		}
		e.start(c.(*net.TCPConn))
	}
	e.awaitEnd()
	return nil
}

func (e *engine) isStopped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopped
}

func (e *engine) pause() {
	if !e.isStopped() {
		time.Sleep(acceptPause)
	}
}

// start serves a client, unless the engine is stopped.
func (e *engine) start(socket *net.TCPConn) {
	c := &portableConn{engine: e, socket: socket, h: e.o.newConn(), idle: true}
	c.h.Reset(e.o.service, peerOf(socket))
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		_ = socket.Close()
		return
	}
	e.conns[c] = struct{}{}
	e.ended.Go(c.serve)
}

// forget takes c from the connections.
func (e *engine) forget(c *portableConn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.conns, c)
}

// stop stops accepting, ends connections between requests, and the others when grace is over.
func (e *engine) stop(grace time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = true
	_ = e.listener.Close()
	for c := range e.conns {
		if c.idle {
			_ = c.socket.SetReadDeadline(time.Now()) // ends its Read
		}
	}
	e.stopAt = time.Now().Add(grace)
	time.AfterFunc(grace, e.closeAll)
}

// closeAll ends what is still under way.
func (e *engine) closeAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.conns {
		_ = c.socket.Close()
	}
}

// awaitEnd waits for the connections to end, or the grace: a goroutine that opens a FIFO cannot
// be ended.
func (e *engine) awaitEnd() {
	ended := make(chan struct{})
	go func() {
		e.ended.Wait()
		close(ended)
	}()
	for {
		e.mu.Lock()
		left := time.Until(e.stopAt)
		e.mu.Unlock()
		select {
		case <-ended:
			return
		case <-time.After(min(max(left, 0), acceptPause)):
			if left <= 0 {
				return
			}
		}
	}
}

// systemResolver asks package net.
func systemResolver() resolver {
	return resolver{
		lookUp:  lookUpName,
		scope:   interfaceIndex,
		reaches: func(ipAddress) bool { return true }, // bind will tell
	}
}

func lookUpName(name string) []ipAddress {
	if name == "" {
		return nil
	}
	ips, err := net.LookupIP(name)
	if err != nil {
		return nil
	}
	var found []ipAddress
	for _, ip := range ips {
		if short := ip.To4(); short != nil {
			ip = short
		}
		found = append(found, addressOf(ip))
	}
	return found
}

// interfaceIndex is if_nametoindex; 0 if there is none.
func interfaceIndex(name string) uint32 {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return 0
	}
	return uint32(i.Index)
}

// Memory is a guess at how many bytes of memory the machine has.
func Memory() int64 { return 1 << 30 }

// standardErrorIsFile says no: what other systems promise differs.
func standardErrorIsFile() bool { return false }

// standardError is os.Stderr.
type standardError struct{}

func (standardError) Write(p []byte) (n int, err error) { return os.Stderr.Write(p) }
