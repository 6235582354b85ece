//go:build linux && !portable

package server

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"simplehttp/fsmap"
	"simplehttp/handler"
)

const (
	// acceptBatch is how many clients are accepted before the answers of the turn are sent.
	acceptBatch = 64
	// aloneTurns is how many turns in a row accept one client without looking for another.
	aloneTurns = 31
	// acceptPause is how long accepting pauses when descriptors or memory are used up, unless a
	// connection of this loop closes before. Without it the loop would spin.
	acceptPause = 100 * time.Millisecond
	// pollTime is how long the loop waits on the scheduler's processor before it gives it up. A
	// wait that gives it up costs 6 to 8 µs; while clients come in at some rate, few waits do.
	pollTime = 8 * time.Millisecond
	// roundsMax bounds the answers to pipelined requests of one connection in one turn.
	roundsMax = 16

	bufferSize  = 16 << 10 // a read from a socket, and a part of a file that a goroutine reads
	sparesMax   = 64       // of connections, handler.Conns and buffers that a loop keeps for the next
	eventsMax   = 128
	hostsCached = 64
)

// A loop moves its connections on one thread. What goroutines share with it stands under mu.
//
// A turn is: wait for events; for each, read, and let handler.Conns answer; then write the log
// lines of the turn, and then send the answers. No call of a turn waits for anything but wait
// itself and the log.
type loop struct {
	// Fixed.
	sys      system
	service  *handler.Service
	newConn  func() exchange
	workers  *workers
	log      *logWriter
	all      []*loop // of the engine; this one is all[index]
	index    int
	epoll    int
	listener *listener
	wakeup   int // eventfd
	limits   Limits
	crowd    *crowd

	// The connections.
	conns      []*conn // by descriptor
	open       int
	serial     uint32
	deadlines  wheel
	unfinished int // bytes of requests that have not come whole

	// What is kept for the next connection.
	spareConns     []*conn
	spareExchanges []exchange
	spareBuffers   [][]byte

	files   fsmap.HeldFS // of the system, if the service asks that
	sweepAt time.Duration

	// This turn.
	turn     time.Duration // when it began; 0 until somebody asks
	events   [eventsMax]unix.EpollEvent
	event    unix.EpollEvent // to watch for
	in       []byte          // what is read from a socket
	room     []byte          // head and file
	from     unix.RawSockaddrAny
	hosts    hostCache
	lines    []byte  // log lines of outgoing
	outgoing []*conn // outputs to be sent
	going    []*conn // those that are being sent
	taken    []*conn

	// Accepting and stopping.
	helps     atomic.Bool // the listener is to be watched; the first loop always helps
	load      load
	accepting bool          // the listener is watched
	acceptAt  time.Duration // if not accepting: when to go on; 0 for never
	alone     int           // turns to come in which one client is accepted
	stopping  bool
	stopAt    time.Duration

	mu        sync.Mutex
	given     []*conn // from goroutines
	stopAsked bool
	stopGrace time.Duration
	dead      bool // nobody takes back what is given
}

// setUp prepares what a loop needs of the kernel.
func (l *loop) setUp() error {
	var err error
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if l.wakeup, err = unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC); err != nil {
		_ = unix.Close(l.epoll)
		return err
	}
	l.in = make([]byte, bufferSize)
	l.room = make([]byte, headMax+sendfileMin)
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(l.wakeup)}
	if e := l.sys.watch(l.epoll, unix.EPOLL_CTL_ADD, l.wakeup, &event); e != 0 {
		l.tearDown()
		return e
	}
	return nil
}

func (l *loop) tearDown() {
	_ = unix.Close(l.epoll) // nothing is written to either
	_ = unix.Close(l.wakeup)
}

// run serves until the loop is asked to stop, and then as long as requests are under way and the
// grace lasts.
func (l *loop) run() {
	// The loop's thread waits in system calls that the Go scheduler does not know of.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l.load.since = l.sys.now()
	if l.helps.Load() {
		l.startAccepting()
	}
	for !l.over() {
		n := l.wait()
		l.turn = 0
		for i := range n {
			l.handle(&l.events[i])
		}
		l.flush()
		l.keepTime()
	}
	l.end()
}

// over reports whether the loop is to end.
func (l *loop) over() bool {
	return l.stopping && (l.open == 0 || l.sys.now() >= l.stopAt)
}

// timeout is how many milliseconds wait may wait; -1 for any time.
func (l *loop) timeout() int {
	if len(l.outgoing) > 0 {
		return 0
	}
	first := time.Duration(-1)
	earlier := func(t time.Duration) {
		if first < 0 || t < first {
			first = t
		}
	}
	if l.acceptAt > 0 {
		earlier(l.acceptAt)
	}
	if t, ok := l.deadlines.first(); ok {
		earlier(t)
	}
	if l.stopping {
		earlier(l.stopAt)
	}
	if l.sweepAt > 0 {
		earlier(l.sweepAt)
	}
	if first < 0 {
		return -1
	}
	left := max(first-l.sys.now(), 0)
	return int((left + time.Millisecond - 1) / time.Millisecond)
}

// keepTime does what is due.
func (l *loop) keepTime() {
	if l.acceptAt == 0 && l.deadlines.count == 0 && l.sweepAt == 0 && !l.files.Holds() {
		return
	}
	now := l.sys.now()
	if l.acceptAt > 0 && now >= l.acceptAt {
		l.resumeAccepting()
	}
	l.expire(now)
	l.sweepFiles(now)
}

// handle does what an event calls for.
func (l *loop) handle(event *unix.EpollEvent) {
	fd := int(event.Fd)
	if fd == l.wakeup {
		l.wokenUp()
		return
	}
	if fd == l.listener.fd && l.accepting {
		l.accept()
		return
	}
	if fd >= len(l.conns) || l.conns[fd] == nil || l.conns[fd].serial != uint32(event.Pad) {
		return // it was closed earlier in this turn
	}
	l.ready(l.conns[fd])
}

// ready goes on with a connection that epoll has reported.
func (l *loop) ready(c *conn) {
	switch c.phase {
	case receiving:
		l.receive(c)
	case draining:
		l.drain(c)
	case sending:
		if c.watched == unix.EPOLLOUT {
			l.enqueue(c)
			return
		}
		l.unwatch(c)
	case working:
		l.unwatch(c) // input, or a reset, has to wait until it is asked for
	}
}

// enqueue has c sent to at the end of the turn.
func (l *loop) enqueue(c *conn) {
	if !c.queued {
		c.queued = true
		l.outgoing = append(l.outgoing, c)
	}
}

// flush writes the log lines of the turn and sends its answers, and those that pipelined requests
// lead to.
func (l *loop) flush() {
	for range roundsMax {
		if len(l.lines) > 0 {
			l.log.write(l.lines)
			l.lines = l.lines[:0]
		}
		if len(l.outgoing) == 0 {
			return
		}
		l.outgoing, l.going = l.going[:0], l.outgoing
		for i, c := range l.going {
			l.going[i] = nil
			c.queued = false
			l.send(c)
		}
	}
}

// watch has epoll report these events of c.
func (l *loop) watch(c *conn, events uint32) {
	if c.watched == events {
		return
	}
	op := unix.EPOLL_CTL_MOD
	if c.watched == 0 {
		op = unix.EPOLL_CTL_ADD
	}
	l.event = unix.EpollEvent{Events: events, Fd: int32(c.fd), Pad: int32(c.serial)}
	if l.sys.watch(l.epoll, op, c.fd, &l.event) != 0 {
		l.drop(c) // ENOMEM or ENOSPC: it would never be heard of again
		return
	}
	c.watched = events
}

func (l *loop) unwatch(c *conn) {
	l.sys.watch(l.epoll, unix.EPOLL_CTL_DEL, c.fd, nil)
	c.watched = 0
}
