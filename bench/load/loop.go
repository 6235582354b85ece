//go:build linux

package load

import (
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Result is what a run comes to.
type Result struct {
	Requests int64 `json:"requests"` // answered, rightly or not
	Bytes    int64 `json:"bytes"`    // received

	Seconds float64 `json:"seconds"` // from the first request to the last answer
	Rate    float64 `json:"rate"`    // requests a second

	Latency   Latency `json:"latency"`    // to the last byte, from when the request was due
	FirstByte Latency `json:"first_byte"` // to the first byte

	Faults Faults `json:"faults"`
}

// Run asks as the options say, and returns when all that was asked is answered or late.
func Run(options Options) (Result, error) {
	o, err := options.prepared()
	if err != nil {
		return Result{}, err
	}
	l := &loop{options: o, in: make([]byte, receiveSize)}
	if l.server, err = parseAddress(o.Address); err != nil {
		return Result{}, err
	}
	if o.Source != "" {
		source, err := parseAddress(o.Source)
		if err != nil {
			return Result{}, err
		}
		l.source = &source
	}
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return Result{}, os.NewSyscallError("epoll_create1", err)
	}
	defer unix.Close(l.epoll)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l.run()
	return l.result(), nil
}

const (
	receiveSize = 256 << 10
	eventsMax   = 128
	// pause bounds a wait for events, so that what is late is seen.
	pause = 20 * time.Millisecond
)

// A loop moves all clients.
type loop struct {
	// Fixed.
	options Options
	server  unix.SockaddrInet4
	source  *unix.SockaddrInet4
	epoll   int

	// The clients.
	clients []client
	idle    []*client
	busy    int

	// Room for one call.
	in     []byte
	events [eventsMax]unix.EpollEvent

	// What was asked.
	base  time.Time
	now   time.Duration // since base
	asked int64
	last  time.Duration // when the last answer came

	// The result.
	requests  int64
	bytes     int64
	latency   histogram
	firstByte histogram
	faults    Faults
}

// A client asks one thing at a time, or Depth of them.
type client struct {
	number  int
	fd      int    // -1 without a connection
	watched uint32 // what epoll reports of it

	target *Target
	unsent []byte
	due    time.Duration
	left   int  // answers to come
	begun  bool // the first byte of the next answer has come
	answer answer
	waits  bool // busy
}

// run asks until it is time to stop, and takes the answers.
func (l *loop) run() {
	l.clients = make([]client, l.options.Clients)
	for i := range l.clients {
		c := &l.clients[i]
		*c = client{number: i, fd: -1, answer: answer{keep: l.options.Keep, faults: &l.faults}}
		l.idle = append(l.idle, c)
	}
	l.base = time.Now()
	for {
		l.now = time.Since(l.base)
		next := l.ask()
		if l.busy == 0 && next < 0 {
			break
		}
		n := l.wait(next)
		l.now = time.Since(l.base)
		for i := range n {
			l.handle(&l.events[i])
		}
		l.giveUpLate()
	}
	l.countNotAsked()
	for i := range l.clients {
		l.disconnect(&l.clients[i])
	}
}

// over reports whether no more is to be asked.
func (l *loop) over() bool {
	o := &l.options
	return o.Count > 0 && l.asked >= o.Count || o.For > 0 && l.now >= o.For
}

// ask has idle clients ask what is due, and returns when the next is; -1 if nothing is to come.
func (l *loop) ask() time.Duration {
	for !l.over() {
		due := l.now
		if l.options.Rate > 0 {
			due = l.dueAt(l.asked)
		}
		if due > l.now {
			return due
		}
		if len(l.idle) == 0 {
			return l.now + pause
		}
		c := l.idle[len(l.idle)-1]
		l.idle = l.idle[:len(l.idle)-1]
		l.start(c, due)
	}
	return -1
}

// dueAt is when the request of this number is due at the rate.
func (l *loop) dueAt(number int64) time.Duration {
	return time.Duration(float64(number) / l.options.Rate * float64(time.Second))
}

// countNotAsked counts the requests of the rate that came to nothing because all clients waited.
func (l *loop) countNotAsked() {
	if l.options.Rate <= 0 || l.options.For <= 0 {
		return
	}
	due := int64(l.options.For.Seconds() * l.options.Rate)
	if l.options.Count > 0 {
		due = min(due, l.options.Count)
	}
	l.faults.NotAsked += max(due-int64(l.options.Depth)-l.asked, 0)
}

// start has c ask.
func (l *loop) start(c *client, due time.Duration) {
	o := &l.options
	c.target = &o.Targets[(l.asked/int64(o.Depth))%int64(len(o.Targets))]
	c.unsent, c.due, c.left, c.begun, c.waits = c.target.request, due, o.Depth, false, true
	l.asked += int64(o.Depth)
	l.busy++
	c.answer.expect(c.target)
	if c.fd < 0 && !l.connect(c) {
		return
	}
	l.send(c)
}

// finish has c ready for the next request.
func (l *loop) finish(c *client) {
	if !c.waits {
		return
	}
	c.waits = false
	l.busy--
	l.last = l.now
	l.idle = append(l.idle, c)
}

// fail ends what c asked, as a fault.
func (l *loop) fail(c *client, fault *int64) {
	*fault += int64(c.left)
	l.disconnect(c)
	l.finish(c)
}

// connect begins a connection. On loopback it stands before connect returns, but the kernel says
// EINPROGRESS all the same.
func (l *loop) connect(c *client) bool {
	fd, err := dial(&l.server, l.source)
	if err != nil {
		l.fail(c, &l.faults.Refused)
		return false
	}
	c.fd, c.watched = fd, 0
	return true
}

// dial begins a connection from source, if that is not nil, to server.
func dial(server, source *unix.SockaddrInet4) (fd int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if source != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1) // without it, ports last less long
		err = unix.Bind(fd, source)
	}
	if err == nil {
		err = unix.Connect(fd, server)
	}
	if err != nil && err != unix.EINPROGRESS {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func (l *loop) disconnect(c *client) {
	if c.fd >= 0 {
		unix.RawSyscall(unix.SYS_CLOSE, uintptr(c.fd), 0, 0)
		c.fd = -1
	}
}

// send sends what is left of the request, and has epoll report the rest.
func (l *loop) send(c *client) {
	for len(c.unsent) > 0 {
		n, e := send(c.fd, c.unsent)
		if e == unix.EAGAIN {
			l.watch(c, unix.EPOLLIN|unix.EPOLLOUT)
			return
		}
		if e != 0 {
			l.fail(c, l.faultOf(e))
			return
		}
		c.unsent = c.unsent[n:]
	}
	l.watch(c, unix.EPOLLIN)
}

func (l *loop) faultOf(e unix.Errno) *int64 {
	if e == unix.ECONNREFUSED {
		return &l.faults.Refused
	}
	return &l.faults.Broken
}

// watch has epoll report these events of c.
func (l *loop) watch(c *client, events uint32) {
	if c.watched == events {
		return
	}
	op := unix.EPOLL_CTL_MOD
	if c.watched == 0 {
		op = unix.EPOLL_CTL_ADD
	}
	c.watched = events
	event := unix.EpollEvent{Events: events, Fd: int32(c.number)}
	unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(l.epoll), uintptr(op), uintptr(c.fd), uintptr(unsafe.Pointer(&event)), 0, 0)
}

// wait waits for events until the next request is due.
func (l *loop) wait(next time.Duration) int {
	timeout := pause
	if next >= 0 {
		timeout = min(max(next-l.now, 0), pause)
	}
	ts := unix.NsecToTimespec(int64(timeout))
	n, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(l.epoll), uintptr(unsafe.Pointer(&l.events)), eventsMax,
		uintptr(unsafe.Pointer(&ts)), 0, 0)
	if e != 0 { // EINTR
		return 0
	}
	return int(n)
}

// handle goes on with the client that an event is about.
func (l *loop) handle(event *unix.EpollEvent) {
	c := &l.clients[event.Fd]
	if len(c.unsent) > 0 && event.Events&unix.EPOLLOUT != 0 {
		l.send(c)
	}
	if event.Events&^unix.EPOLLOUT != 0 && c.fd >= 0 {
		l.receive(c)
	}
}

// receive takes what has come for c, until there is no more.
func (l *loop) receive(c *client) {
	for c.fd >= 0 {
		n, e := receive(c.fd, l.in)
		switch {
		case e == unix.EAGAIN || e == unix.EINTR:
			return
		case e != 0 && c.waits:
			l.fail(c, l.faultOf(e))
			return
		case n == 0 || e != 0:
			l.ended(c)
			return
		}
		l.bytes += int64(n)
		l.take(c, l.in[:n])
		if n < len(l.in) && l.options.Keep {
			return
		}
	}
}

// take hands input to the answers that c waits for.
func (l *loop) take(c *client, p []byte) {
	for len(p) > 0 {
		if c.left == 0 {
			l.faults.Bytes += int64(len(p)) // after the last answer
			return
		}
		if !c.begun {
			c.begun = true
			l.firstByte.add(l.now - c.due)
		}
		n, done := c.answer.feed(p)
		p = p[n:]
		if done {
			l.answered(c)
		}
	}
}

// answered counts an answer.
func (l *loop) answered(c *client) {
	c.answer.end()
	l.requests++
	l.latency.add(l.now - c.due)
	c.left--
	if c.left > 0 {
		c.begun = false
		c.answer.expect(c.target)
		return
	}
	l.finish(c)
}

// ended takes the end of a connection: the end of the answer, if nothing else tells it.
func (l *loop) ended(c *client) {
	if c.waits && (l.options.Keep || !c.begun) {
		l.fail(c, &l.faults.Broken)
		return
	}
	l.disconnect(c)
	if c.waits {
		l.answered(c)
	}
}

// giveUpLate ends what has waited for too long.
func (l *loop) giveUpLate() {
	if l.busy == 0 || l.now < l.options.Patience {
		return
	}
	for i := range l.clients {
		if c := &l.clients[i]; c.waits && l.now-c.due > l.options.Patience {
			l.fail(c, &l.faults.Late)
		}
	}
}

func (l *loop) result() Result {
	r := Result{Requests: l.requests, Bytes: l.bytes, Latency: l.latency.latency(), FirstByte: l.firstByte.latency(), Faults: l.faults}
	if l.last > 0 {
		r.Seconds = l.last.Seconds()
		r.Rate = float64(l.requests) / r.Seconds
	}
	return r
}

// send and receive do not tell the Go scheduler: they cannot wait.
func send(fd int, p []byte) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
		unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	return int(r), e
}

func receive(fd int, p []byte) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
		unix.MSG_DONTWAIT, 0, 0)
	return int(r), e
}
