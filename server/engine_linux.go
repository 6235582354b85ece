//go:build linux && !portable

package server

import (
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"simplehttp/cpython"
)

// An engine is what a TCPServer runs: here, loops that share a listener.
type engine struct {
	listener *listener
	sys      system

	mu      sync.Mutex
	loops   []*loop
	stopped bool
	grace   time.Duration
}

func listen(v cpython.Version, a ipAddress, port int) (*engine, error) {
	l, err := openListener(v, a, port)
	if err != nil {
		return nil, err
	}
	return &engine{listener: l, sys: kernel{}}, nil
}

func (e *engine) sockname() (host string, port int) { return e.listener.sockname() }

// close ends an engine that does not serve.
func (e *engine) close() {
	e.listener.refs.Store(1)
	e.listener.release()
}

// serve runs the loops until they are stopped.
func (e *engine) serve(o options) error {
	w := newWorkers()
	defer w.stop()
	if err := e.setUp(o, w); err != nil {
		e.close()
		return err
	}
	defer lendProcessors(len(e.loops))()
	var all sync.WaitGroup
	for _, l := range e.loops {
		all.Go(l.run)
	}
	all.Wait()
	return nil
}

// setUp makes the loops.
func (e *engine) setUp(o options, w *workers) error {
	var loops []*loop
	all := &crowd{byClient: make(map[[16]byte]int)}
	for i := range o.loops {
		l := &loop{sys: e.sys, service: o.service, newConn: o.newConn, workers: w, log: o.log, listener: e.listener, index: i, limits: o.limits, crowd: all}
		l.holdFiles(o.files, o.wall)
		if err := l.setUp(); err != nil {
			for _, l := range loops {
				l.tearDown()
			}
			return osError(err)
		}
		loops = append(loops, l)
	}
	for _, l := range loops {
		l.all = loops
	}
	loops[0].helps.Store(true)
	e.listener.refs.Store(int32(len(loops)))
	e.mu.Lock()
	defer e.mu.Unlock()
	e.loops = loops
	if e.stopped {
		e.stopAll()
	}
	return nil
}

// stop has all loops stop, now or as soon as there are any.
func (e *engine) stop(grace time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped, e.grace = true, grace
	e.stopAll()
}

func (e *engine) stopAll() {
	for _, l := range e.loops {
		l.askToStop(e.grace)
	}
}

// lendProcessors gives the Go scheduler as many processors again as there are loops: a loop holds
// its own while it waits in poll, and goroutines that read files would wait with it. The result
// takes them back.
func lendProcessors(loops int) func() {
	before := runtime.GOMAXPROCS(0)
	if before >= 2*loops {
		return func() {}
	}
	runtime.GOMAXPROCS(2 * loops)
	return func() { runtime.GOMAXPROCS(before) }
}

// Memory is how many bytes of memory the machine has.
func Memory() int64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 1 << 30
	}
	return int64(info.Totalram) * int64(info.Unit)
}

// standardErrorIsFile reports whether standard error is a file on a disk: the kernel writes that under a
// lock of its own, each write whole (POSIX.1-2017, 2.9.7), and the loops need none.
func standardErrorIsFile() bool {
	var st unix.Stat_t
	return unix.Fstat(2, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG
}

// standardError is the descriptor 2. os.Stderr would end the process when the reader of a pipe
// has gone; CPython ignores SIGPIPE, and serves on.
type standardError struct{}

func (standardError) Write(p []byte) (n int, err error) {
	for n < len(p) {
		m, err := unix.Write(2, p[n:])
		if err != nil && err != unix.EINTR {
			return n, err
		}
		n += max(m, 0)
	}
	return n, nil
}
