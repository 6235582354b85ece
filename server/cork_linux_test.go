//go:build linux && !portable

package server

import (
	"io"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// A corked system knows for which sockets the kernel holds bytes back, because MSG_MORE said that
// more would come at once, and complains if the loop waits meanwhile. The kernel would send them
// after 200 ms; that would be the only sign.
type corked struct {
	kernel
	mu    sync.Mutex
	held  map[int]bool
	late  int
	waits int
}

// set notes whether bytes of fd are held back.
func (k *corked) set(fd int, held bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.held[fd] = held
}

func (k *corked) send(fd int, p []byte, flags int) (int, unix.Errno) {
	n, e := k.kernel.send(fd, p, flags)
	k.set(fd, e == 0 && flags&unix.MSG_MORE != 0) // not if it is full: then it is sent as room is made
	return n, e
}

func (k *corked) sendfile(fd, file int, offset int64, limit int) (int, unix.Errno) {
	n, e := k.kernel.sendfile(fd, file, offset, limit)
	if n > 0 || e != 0 {
		k.set(fd, e == 0 && n < limit) // kernels before 6.5
	}
	return n, e
}

func (k *corked) noDelay(fd int) {
	k.set(fd, false)
	k.kernel.noDelay(fd)
}

func (k *corked) finish(fd int) {
	k.set(fd, false)
	k.kernel.finish(fd)
}

func (k *corked) close(fd int) {
	k.set(fd, false)
	k.kernel.close(fd)
}

func (k *corked) poll(epoll int, events []unix.EpollEvent, milliseconds int) (int, unix.Errno) {
	n, e := k.kernel.poll(epoll, events, milliseconds)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waits++
	for _, held := range k.held {
		if held && n == 0 && e == 0 {
			k.late++
		}
	}
	return n, e
}

// An ask is a request, and the length of its answer.
type ask struct {
	send string
	n    int
}

func TestNothingIsHeldBack(t *testing.T) {
	const head, few, many = 5, 3000, 3 << 20
	small, large, empty := writeFile(t, pattern(few)), writeFile(t, pattern(many)), writeFile(t, nil)
	for _, asks := range [][]ask{
		{{"GET echo a\n", 2}, {"GET bye b\n", 2}},
		{{"GET keep " + small + "\n", head + few}, {"GET keep " + large + "\n", head + many}, {"GET keep " + empty + "\n", head}, {"GET bye b\n", 2}},
		{{"GET keep " + large + "\n", head + many}, {"GET bye b\n", 2}},
		{{"GET keep " + empty + "\n", head}, {"GET bye b\n", 2}},
		{{"GET stale " + small + "\n", head + few}, {"GET bye b\n", 2}},
		{{"GET stale " + large + "\n", head + many}, {"GET bye b\n", 2}},
		{{"GET stale " + empty + "\n", head}, {"GET stale " + empty + "\n", head}, {"GET bye b\n", 2}},
		{{"GET stream " + large + "\n", head + many}},
		{{"GET twice " + small + "\n", 2 * (head + few)}},
		{{"GET twice " + large + "\n", 2 * (head + many)}},
		{{"GET work it\n", 3}, {"GET work it\n", 3}, {"GET bye b\n", 2}},
		{{"bye b\n", 2}},
	} {
		k := &corked{held: make(map[int]bool)}
		r := newRig(t, 1, func(e *engine) { e.sys = k })
		close(r.gate("it"))
		c := r.dial()
		for _, ask := range asks {
			c.send(ask.send)
			if _, err := io.CopyN(io.Discard, c, int64(ask.n)); err != nil {
				t.Errorf("%.40q: %v", ask.send, err)
			}
		}
		_ = c.Close()
		r.close()
		k.check(t, asks[0].send)
	}
}

// check reports what came late.
func (k *corked) check(t *testing.T, what string) {
	t.Helper()
	if k.late > 0 || k.waits == 0 {
		t.Errorf("%.40q and so on: the loop waited %d times, and %d times with bytes held back, want 0", what, k.waits, k.late)
	}
}

// The head is sent though the file takes its time.
func TestHeadOfColdFile(t *testing.T) {
	k := &coldDisk{corked: corked{held: make(map[int]bool)}, spins: make(chan struct{})}
	r := newRig(t, 1, func(e *engine) { e.sys = k })
	c := r.dial().send("GET file " + writeFile(t, pattern(1<<20)) + "\n").expect("head\n")
	close(k.spins)
	c.expect(string(pattern(1 << 20))).expectEnd()
	r.close()
	k.check(t, "a cold file")
}

// A coldDisk reads nothing until it spins.
type coldDisk struct {
	corked
	spins chan struct{}
}

func (k *coldDisk) resident(int, int64) unix.Errno { return unix.EAGAIN }

func (k *coldDisk) sendfileWait(fd, file int, offset int64, limit int) (int, unix.Errno) {
	<-k.spins
	return k.corked.sendfile(fd, file, offset, limit)
}

// An event of a connection that was closed in the same turn is not taken for one of the
// connection that has its descriptor now.
func TestEventOfClosedConnection(t *testing.T) {
	c := &conn{fd: 1, serial: 7, phase: working, watched: unix.EPOLLIN}
	l := loop{sys: kernel{}, listener: &listener{fd: -1}, wakeup: -1, epoll: -1, conns: []*conn{nil, c}}
	for _, event := range []unix.EpollEvent{{Fd: 1, Pad: 6}, {Fd: 0, Pad: 7}, {Fd: 2, Pad: 7}} {
		if l.handle(&event); c.watched == 0 {
			t.Errorf("an event of %d, %d is taken for one of %d, %d", event.Fd, event.Pad, c.fd, c.serial)
		}
	}
	if l.handle(&unix.EpollEvent{Fd: 1, Pad: 7}); c.watched != 0 {
		t.Error("an event of the connection itself is lost")
	}
}
