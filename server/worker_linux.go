//go:build linux && !portable

package server

import (
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// What may wait (for a disk, a directory of a remote system, the other end of a FIFO) is done by
// goroutines, which take a connection from its loop and give it back.
const (
	// workersMax bounds the goroutines, each of which may hold a thread: the Go runtime ends a
	// program with more than 10,000. Further work waits for one of them.
	workersMax = 1024
	// workersKept is how many wait for work when there is none.
	workersKept = 8
)

// jobKind is what a goroutine does with a connection.
type jobKind uint8

const (
	runHandler jobKind = iota // handler.Conn.Work
	readPart                  // read from the file into the connection's buffer
	sendPart                  // sendfile
)

// A job is work for a goroutine, and its result.
type job struct {
	kind  jobKind
	limit int // of sendPart
	n     int
	e     unix.Errno
}

// A task is a connection with a job, and the loop that wants it back.
type task struct {
	l *loop
	c *conn
}

// workers are the goroutines of all loops.
type workers struct {
	tasks chan task // without buffer: a send succeeds if a goroutine waits

	mu      sync.Mutex
	running int
	waiting int
	queue   []task
}

func newWorkers() *workers { return &workers{tasks: make(chan task)} }

// submit has t done, and does not wait.
func (w *workers) submit(t task) {
	select {
	case w.tasks <- t:
		return
	default:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running >= workersMax {
		w.queue = append(w.queue, t)
		return
	}
	w.running++
	go w.work(t)
}

// workersNice is by how much the threads of the goroutines are nicer than the loops: where they share a
// processor, a loop that has something to do takes it from a long listing at once, and not after some
// milliseconds.
const workersNice = 10

// work does t, and more until there is none and others wait for it already.
func (w *workers) work(t task) {
	runtime.LockOSThread() // for good: the thread ends with the goroutine
	yieldToLoops()
	for ok := true; ok; t, ok = w.next() {
		t.c.run(t.l.sys)
		t.l.giveBack(t.c)
	}
}

// yieldToLoops makes this thread nicer.
func yieldToLoops() {
	const bias = 20 // of the system call, which has no negative results
	if p, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err == nil {
		_ = unix.Setpriority(unix.PRIO_PROCESS, 0, min(bias-p+workersNice, 19)) // without it, loops wait a little
	}
}

// next waits for the next task. It returns false if the goroutine is to end.
func (w *workers) next() (t task, ok bool) {
	w.mu.Lock()
	if len(w.queue) > 0 {
		t = w.queue[0]
		w.queue = w.queue[1:]
		w.mu.Unlock()
		return t, true
	}
	if w.waiting >= workersKept {
		w.running--
		w.mu.Unlock()
		return task{}, false
	}
	w.waiting++
	w.mu.Unlock()
	t, ok = <-w.tasks
	w.mu.Lock()
	w.waiting--
	if !ok {
		w.running--
	}
	w.mu.Unlock()
	return t, ok
}

// stop ends the goroutines that wait. No submit may follow.
func (w *workers) stop() { close(w.tasks) }

// run does the job of c.
func (c *conn) run(sys system) {
	switch c.job.kind {
	case runHandler:
		c.h.Work()
	case readPart:
		for {
			c.job.n, c.job.e = sys.readWait(c.out.file, c.out.buffer, c.out.offset())
			if c.job.e != unix.EINTR {
				return
			}
		}
	case sendPart:
		c.job.limit = c.out.nextPart(sendfileStep)
		c.job.n, c.job.e = sys.sendfileWait(c.fd, c.out.file, c.out.fileSent, c.job.limit)
	}
}

// hand gives c to a goroutine.
func (l *loop) hand(c *conn, kind jobKind) {
	c.phase = working
	c.deadline = 0
	c.job = job{kind: kind}
	l.workers.submit(task{l, c})
}

// giveBack returns c to its loop, or clears it away if the loop has ended. A worker calls it.
func (l *loop) giveBack(c *conn) {
	l.mu.Lock()
	if l.dead {
		l.mu.Unlock()
		c.h.Abort()
		l.sys.close(c.fd)
		return
	}
	l.given = append(l.given, c)
	if len(l.given) == 1 {
		l.wake()
	}
	l.mu.Unlock()
}

// takeBack goes on with the connections that goroutines have returned.
func (l *loop) takeBack() {
	l.mu.Lock()
	l.given, l.taken = l.taken[:0], l.given
	l.mu.Unlock()
	for i, c := range l.taken {
		l.taken[i] = nil
		c.phase = sending
		switch c.job.kind {
		case runHandler:
			l.advance(c)
		case readPart:
			l.tookPart(c)
		case sendPart:
			l.tookFile(c)
		}
	}
}

// wake makes the loop look at what goroutines want. l.mu must be held, and l not be dead: its
// descriptors are closed then.
func (l *loop) wake() {
	one := [8]byte{1}                   // a count in the byte order of the machine: any but 0 will do
	_, _ = unix.Write(l.wakeup, one[:]) // EAGAIN: it is awake already
}
