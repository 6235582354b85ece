//go:build linux && !portable

package server

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"simplehttp/handler"
)

// accept accepts clients, and reads what they have sent already: with TCP_DEFER_ACCEPT, that is
// the request, and most connections never meet epoll.
//
// It goes on until there is no other client, unless there was none the last time that it looked: then it
// looks only now and then. If there is one after all, epoll says so in the next turn.
func (l *loop) accept() {
	batch := acceptBatch
	if l.alone > 0 {
		l.alone--
		batch = 1
	}
	for n := range batch {
		if !l.reserve() {
			l.pauseAccepting()
			return
		}
		fd, e := l.sys.accept(l.listener.fd, &l.from)
		if e == 0 {
			l.welcome(l.connect(fd))
			continue
		}
		l.crowd.open.Add(-1)
		switch e {
		case unix.EAGAIN:
			if n == 1 {
				l.alone = aloneTurns
			}
			return
		case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
			l.dropFiles()
			l.pauseAccepting()
			return
		case unix.EBADF, unix.EINVAL, unix.ENOTSOCK:
			l.stopAccepting() // the listener has been closed
			return
		}
		// Anything else is the end of one client, such as ECONNABORTED, and is passed over in
		// silence, as in BaseServer._handle_request_noblock.
	}
}

// welcome reads what a new client has sent, unless there are too many from its address.
func (l *loop) welcome(c *conn) {
	if l.enter(c) {
		l.receive(c)
		return
	}
	l.sys.discard(c.fd, drainStep) // so that what it sees is the end of file
	l.drop(c)
}

// connect makes a connection of an accepted socket.
func (l *loop) connect(fd int) *conn {
	c := l.getConn()
	l.serial++
	ip, port := addressOf(&l.from)
	*c = conn{fd: fd, serial: l.serial, peer: l.peer(ip, port), client: clientOf(ip), fresh: true, parked: c.parked[:0]}
	for fd >= len(l.conns) {
		l.conns = append(l.conns, nil)
	}
	l.conns[fd] = c
	l.open++
	return c
}

// peer is the client's address.
func (l *loop) peer(ip ipAddress, port int) handler.Peer {
	peer := handler.Peer{Host: l.hosts.text(ip), Port: port, IPv6: ip.v6}
	if ip.v6 {
		a := (*unix.RawSockaddrInet6)(unsafe.Pointer(&l.from))
		flow := (*[4]byte)(unsafe.Pointer(&a.Flowinfo))
		peer.FlowInfo = uint32(flow[0])<<24 | uint32(flow[1])<<16 | uint32(flow[2])<<8 | uint32(flow[3])
		peer.ScopeID = a.Scope_id
	}
	return peer
}

// addressOf reads an address of the kernel.
func addressOf(from *unix.RawSockaddrAny) (ip ipAddress, port int) {
	if from.Addr.Family == unix.AF_INET {
		a := (*unix.RawSockaddrInet4)(unsafe.Pointer(from))
		return ipv4(a.Addr), networkOrder(&a.Port)
	}
	a := (*unix.RawSockaddrInet6)(unsafe.Pointer(from))
	return ipAddress{ip: a.Addr, v6: true}, networkOrder(&a.Port)
}

// networkOrder is ntohs.
func networkOrder(port *uint16) int {
	b := (*[2]byte)(unsafe.Pointer(port))
	return int(b[0])<<8 | int(b[1])
}

// startAccepting watches the listener. All loops share it, and EPOLLEXCLUSIVE wakes one of them
// for a client, not all.
func (l *loop) startAccepting() {
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLEXCLUSIVE, Fd: int32(l.listener.fd)}
	e := l.sys.watch(l.epoll, unix.EPOLL_CTL_ADD, l.listener.fd, &event)
	if e == unix.EINVAL { // before Linux 4.5
		event.Events = unix.EPOLLIN
		e = l.sys.watch(l.epoll, unix.EPOLL_CTL_ADD, l.listener.fd, &event)
	}
	l.accepting = e == 0
	l.acceptAt = 0
	if e != 0 {
		l.acceptAt = l.sys.now() + acceptPause
	}
}

// pauseAccepting leaves clients in the kernel's queue until a descriptor is free.
func (l *loop) pauseAccepting() {
	l.stopAccepting()
	l.acceptAt = l.sys.now() + acceptPause
}

// resumeAccepting ends a pause.
func (l *loop) resumeAccepting() {
	if l.acceptAt > 0 {
		l.startAccepting()
	}
}

func (l *loop) stopAccepting() {
	if l.accepting {
		l.sys.watch(l.epoll, unix.EPOLL_CTL_DEL, l.listener.fd, nil)
	}
	l.accepting = false
	l.acceptAt = 0
}

// getConn returns a conn whose fields are anything.
func (l *loop) getConn() *conn {
	n := len(l.spareConns)
	if n == 0 {
		return new(conn)
	}
	c := l.spareConns[n-1]
	l.spareConns = l.spareConns[:n-1]
	return c
}

func (l *loop) putConn(c *conn) {
	if len(l.spareConns) < sparesMax {
		l.spareConns = append(l.spareConns, c)
	}
}

// getExchange returns a handler.Conn to be Reset.
func (l *loop) getExchange() exchange {
	n := len(l.spareExchanges)
	if n == 0 {
		return l.newConn()
	}
	h := l.spareExchanges[n-1]
	l.spareExchanges = l.spareExchanges[:n-1]
	return h
}

func (l *loop) putExchange(h exchange) {
	h.Abort() // of one that is Closed, it releases nothing
	if len(l.spareExchanges) < sparesMax {
		l.spareExchanges = append(l.spareExchanges, h)
	}
}

// getBuffer returns a buffer of bufferSize.
func (l *loop) getBuffer() []byte {
	n := len(l.spareBuffers)
	if n == 0 {
		return make([]byte, bufferSize)
	}
	b := l.spareBuffers[n-1]
	l.spareBuffers = l.spareBuffers[:n-1]
	return b[:bufferSize]
}

func (l *loop) putBuffer(b []byte) {
	if len(l.spareBuffers) < sparesMax {
		l.spareBuffers = append(l.spareBuffers, b)
	}
}
