//go:build linux

package main

import (
	"bytes"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	eventsMax   = 128
	acceptBatch = 64
	receiveSize = 16 << 10
	pollTime    = 2 // milliseconds
	sendfileMax = 1 << 30
)

// An epollLoop serves over epoll.
type epollLoop struct {
	*floor
	epoll  int
	in     [receiveSize]byte
	events [eventsMax]unix.EpollEvent
	rest   map[int]int64 // descriptor -> how much of the file has been sent
}

func (f *floor) serveEpoll() error {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("epoll_create1", err)
	}
	l := &epollLoop{floor: f, epoll: epoll, rest: map[int]int64{}}
	l.watch(f.listener, unix.EPOLLIN)
	for {
		for i := range l.wait() {
			event := &l.events[i]
			if int(event.Fd) == f.listener {
				l.accept()
			} else {
				l.ready(int(event.Fd))
			}
		}
	}
}

// wait waits on the scheduler's processor for a moment, and only then gives it up.
func (l *epollLoop) wait() int {
	at := uintptr(unsafe.Pointer(&l.events))
	n, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(l.epoll), at, eventsMax, pollTime, 0, 0)
	if e == 0 && n == 0 {
		forever := -1
		n, _, e = unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(l.epoll), at, eventsMax, uintptr(forever), 0, 0)
	}
	if e != 0 {
		return 0
	}
	return int(n)
}

func (l *epollLoop) watch(fd int, events uint32) {
	event := unix.EpollEvent{Events: events, Fd: int32(fd)}
	unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(l.epoll), unix.EPOLL_CTL_ADD, uintptr(fd), uintptr(unsafe.Pointer(&event)), 0, 0)
}

func (l *epollLoop) accept() {
	for range acceptBatch {
		fd, _, e := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(l.listener), 0, 0, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
		if e != 0 {
			return
		}
		if !l.receive(int(fd)) {
			l.watch(int(fd), unix.EPOLLIN)
		}
	}
}

// ready goes on with a connection that epoll reports.
func (l *epollLoop) ready(fd int) {
	if sent, ok := l.rest[fd]; ok {
		l.sendfile(fd, sent)
		return
	}
	l.receive(fd)
}

// receive reads once and answers, and reports whether there was anything. A connection that is
// kept stays watched.
func (l *epollLoop) receive(fd int) bool {
	n, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&l.in)), receiveSize, 0, 0, 0)
	switch {
	case e == unix.EAGAIN:
		return false
	case e != 0 || n == 0:
		l.close(fd)
	case l.size > 0:
		l.send(fd, unix.MSG_MORE)
		l.sendfile(fd, 0)
	case l.keep:
		for range bytes.Count(l.in[:n], []byte("\r\n\r\n")) {
			l.send(fd, 0)
		}
		return false
	default:
		l.send(fd, 0)
		l.close(fd)
	}
	return true
}

// send sends the answer, which has to fit into the socket's buffer.
func (l *epollLoop) send(fd, flags int) {
	unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(l.answer))), uintptr(len(l.answer)),
		uintptr(flags|unix.MSG_NOSIGNAL), 0, 0)
}

// sendfile sends the file from where it stopped.
func (l *epollLoop) sendfile(fd int, sent int64) {
	_, watched := l.rest[fd]
	for sent < l.size {
		n, _, e := unix.RawSyscall6(unix.SYS_SENDFILE, uintptr(fd), uintptr(l.file), uintptr(unsafe.Pointer(&sent)), sendfileMax, 0, 0)
		if e == unix.EAGAIN {
			if !watched {
				l.watch(fd, unix.EPOLLOUT)
			}
			l.rest[fd] = sent
			return
		}
		if e != 0 || n == 0 {
			break
		}
	}
	delete(l.rest, fd)
	l.close(fd)
}

func (l *epollLoop) close(fd int) {
	unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)
}
