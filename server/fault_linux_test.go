//go:build linux && !portable

package server

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A faulty system is the kernel on a bad day: calls are interrupted, would block where they need
// not, and transfer less than they could. All of that a real kernel may do at any time.
type faulty struct {
	kernel
	mu  sync.Mutex
	rng *rand.Rand
}

// one reports whether this is the one time in n.
func (f *faulty) one(n int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rng.IntN(n) == 0
}

// part is a length between 1 and n, mostly small.
func (f *faulty) part(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return 1 + f.rng.IntN(min(n, 1<<f.rng.IntN(17)))
}

// fault returns an error that says: try again, now or later.
func (f *faulty) fault() unix.Errno {
	switch {
	case f.one(8):
		return unix.EINTR
	case f.one(8):
		return unix.EAGAIN
	}
	return 0
}

func (f *faulty) accept(listener int, from *unix.RawSockaddrAny) (int, unix.Errno) {
	switch e := f.fault(); {
	case e != 0:
		return 0, e
	case f.one(8):
		return 0, unix.ECONNABORTED
	case f.one(16):
		return 0, unix.EMFILE
	}
	return f.kernel.accept(listener, from)
}

func (f *faulty) recv(fd int, p []byte) (int, unix.Errno) {
	if e := f.fault(); e != 0 {
		return 0, e
	}
	return f.kernel.recv(fd, p[:f.part(len(p))])
}

func (f *faulty) discard(fd, limit int) (int, unix.Errno) {
	if e := f.fault(); e != 0 {
		return 0, e
	}
	return f.kernel.discard(fd, f.part(limit))
}

func (f *faulty) send(fd int, p []byte, flags int) (int, unix.Errno) {
	if e := f.fault(); e != 0 {
		return 0, e
	}
	return f.kernel.send(fd, p[:f.part(len(p))], flags)
}

func (f *faulty) readNow(file int, p []byte, offset int64) (int, unix.Errno) {
	if e := f.fault(); e != 0 {
		return 0, e // EAGAIN: not in memory
	}
	if f.one(8) {
		return 0, unix.EOPNOTSUPP
	}
	return f.kernel.readNow(file, p[:f.part(len(p))], offset)
}

func (f *faulty) readWait(file int, p []byte, offset int64) (int, unix.Errno) {
	if f.one(8) {
		return 0, unix.EINTR
	}
	return f.kernel.readWait(file, p, offset)
}

func (f *faulty) inMemory(int) bool { return f.one(2) }

func (f *faulty) resident(file int, offset int64) unix.Errno {
	if f.one(8) {
		return unix.EOPNOTSUPP
	}
	return f.fault()
}

func (f *faulty) sendfile(fd, file int, offset int64, limit int) (int, unix.Errno) {
	if e := f.fault(); e != 0 {
		return 0, e
	}
	if f.one(64) {
		return 0, unix.EINVAL
	}
	return f.kernel.sendfile(fd, file, offset, f.part(limit))
}

func (f *faulty) sendfileWait(fd, file int, offset int64, limit int) (int, unix.Errno) {
	return f.sendfile(fd, file, offset, limit)
}

func (f *faulty) poll(epoll int, events []unix.EpollEvent, milliseconds int) (int, unix.Errno) {
	if f.one(8) {
		return 0, unix.EINTR
	}
	return f.kernel.poll(epoll, events[:f.part(len(events))], milliseconds)
}

func (f *faulty) pollWait(epoll int, events []unix.EpollEvent, milliseconds int) (int, unix.Errno) {
	if f.one(8) {
		return 0, unix.EINTR
	}
	return f.kernel.pollWait(epoll, events, milliseconds)
}

// Whatever the kernel does, the answers are the same.
func TestFaults(t *testing.T) {
	small, large := writeFile(t, pattern(3000)), writeFile(t, pattern(300000))
	requests := []struct{ send, want string }{
		{"GET bye hello\n", "hello\n"},
		{"bye hello\nunread", "hello\n"},
		{"GET echo a\nGET echo b\nGET bye c\n", "a\nb\nc\n"},
		{"GET bytes 100000\n", string(pattern(100000))},
		{"GET file " + small + "\n", "head\n" + string(pattern(3000))},
		{"GET file " + large + "\n", "head\n" + string(pattern(300000))},
		{"GET stream " + large + "\n", "head\n" + string(pattern(300000))},
		{"GET keep " + large + "\nGET keep " + small + "\nGET work it\nGET bye\n",
			"head\n" + string(pattern(300000)) + "head\n" + string(pattern(3000)) + "it\n\n"},
		{"GET twice " + large + "\n", "head\n" + string(pattern(300000)) + "again\n" + string(pattern(300000))},
		{"GET file /proc/cpuinfo\n", ""},
	}
	for seed := range uint64(20) {
		r := newRig(t, 2, func(e *engine) { e.sys = &faulty{rng: rand.New(rand.NewPCG(seed, 0))} })
		close(r.gate("it"))
		var all sync.WaitGroup
		for _, row := range requests {
			all.Go(func() {
				c := r.dial().send(row.send)
				got := c.readAll()
				_ = c.Close() // or the server waits for it
				if row.want != "" && string(got) != row.want {
					t.Errorf("seed %d, %.40q: answer has %d bytes %.60q, want %d bytes %.60q", seed, row.send, len(got), got, len(row.want), row.want)
				}
			})
		}
		all.Wait()
		r.close()
	}
}

// failing is a system of which single calls can be replaced.
type failing struct {
	kernel
	acceptErrno atomic.Uint32 // for accept, if not 0
	accepts     atomic.Int64
	polls       atomic.Int64
	cold        atomic.Bool // no file is in memory
	reads       atomic.Int64
	readErrno   atomic.Uint32
	later       atomic.Int64 // what the clock is ahead
}

func (f *failing) accept(listener int, from *unix.RawSockaddrAny) (int, unix.Errno) {
	f.accepts.Add(1)
	if e := f.acceptErrno.Load(); e != 0 {
		return 0, unix.Errno(e)
	}
	return f.kernel.accept(listener, from)
}

func (f *failing) poll(epoll int, events []unix.EpollEvent, milliseconds int) (int, unix.Errno) {
	f.polls.Add(1)
	return f.kernel.poll(epoll, events, milliseconds)
}

func (f *failing) readNow(file int, p []byte, offset int64) (int, unix.Errno) {
	if f.cold.Load() {
		return 0, unix.EAGAIN
	}
	return f.kernel.readNow(file, p, offset)
}

func (f *failing) resident(file int, offset int64) unix.Errno {
	if f.cold.Load() {
		return unix.EAGAIN
	}
	return f.kernel.resident(file, offset)
}

func (f *failing) readWait(file int, p []byte, offset int64) (int, unix.Errno) {
	if e := f.readErrno.Load(); e != 0 && len(p) > 8 {
		return 0, unix.Errno(e)
	}
	f.reads.Add(1)
	return f.kernel.readWait(file, p, offset)
}

func (f *failing) sendfileWait(fd, file int, offset int64, limit int) (int, unix.Errno) {
	f.reads.Add(1)
	return f.kernel.sendfileWait(fd, file, offset, limit)
}

func (f *failing) now() time.Duration { return f.kernel.now() + time.Duration(f.later.Load()) }

// With no descriptors left, the loop waits, does not spin, and serves later.
func TestDescriptorsUsedUp(t *testing.T) {
	f := new(failing)
	f.acceptErrno.Store(uint32(unix.EMFILE))
	r := newRig(t, 1, func(e *engine) { e.sys = f })
	c := r.dial().send("GET bye late\n")
	began := time.Now()
	eventually(t, "accepting is tried again", func() bool { return f.accepts.Load() >= 4 })
	attempts, most := f.accepts.Load(), int64(time.Since(began)/acceptPause)+3
	if attempts > most || f.polls.Load() > 20*most {
		t.Errorf("%d attempts to accept and %d turns, want at most %d attempts: the loop spins", attempts, f.polls.Load(), most)
	}
	f.acceptErrno.Store(0)
	c.expect("late\n").expectEnd()
}

// Input that nobody wants yet does not keep the loop awake.
func TestInputWhileWorking(t *testing.T) {
	f := new(failing)
	r := newRig(t, 1, func(e *engine) { e.sys = f })
	c := r.dial().send("GET echo a\n").expect("a\n").send("GET work it\n")
	<-r.inside
	c.send("GET bye b\n")
	time.Sleep(20 * time.Millisecond) // for the loop to spin in
	if polls := f.polls.Load(); polls > 100 {
		t.Errorf("%d turns while nothing happens: the loop spins", polls)
	}
	close(r.gate("it"))
	c.expect("it\nb\n").expectEnd()
}

// While accepting pauses, a connection that closes ends the pause.
func TestPauseEndsWithAConnection(t *testing.T) {
	f := new(failing)
	r := newRig(t, 1, func(e *engine) { e.sys = f })
	first := r.dial().send("GET echo a\n").expect("a\n")
	f.acceptErrno.Store(uint32(unix.EMFILE))
	second := r.dial().send("GET bye b\n")
	eventually(t, "accepting fails", func() bool { return f.accepts.Load() > 2 })
	f.acceptErrno.Store(0)
	first.send("GET bye\n").expect("\n").expectEnd()
	second.expect("b\n").expectEnd()
}

// A cold file is read by goroutines, in either way of sending it.
func TestColdFile(t *testing.T) {
	f := new(failing)
	f.cold.Store(true)
	r := newRig(t, 1, func(e *engine) { e.sys = f })
	for _, size := range []int{0, 1, 3000, 50000, 3 << 20} {
		before := f.reads.Load()
		c := r.dial().send("GET keep " + writeFile(t, pattern(size)) + "\n").expect("head\n")
		c.expect(string(pattern(size)))
		c.send("GET bye\n").expect("\n").expectEnd()
		if f.reads.Load() == before {
			t.Errorf("a cold file of %d bytes was read by the loop", size)
		}
	}
}

// A file that cannot be read to its end closes the connection, as the exception does in CPython.
func TestFileFails(t *testing.T) {
	f := new(failing)
	f.cold.Store(true)
	f.readErrno.Store(uint32(unix.EIO))
	r := newRig(t, 1, func(e *engine) { e.sys = f })
	c := r.dial().send("GET keep " + writeFile(t, pattern(3000)) + "\nGET bye\n")
	c.expect("head\n").expectEnd()
}

// A client that does not close is closed when its time to drain is over.
func TestDrainTime(t *testing.T) {
	f := new(failing)
	r := newRig(t, 1, func(e *engine) { e.sys = f })
	c := r.dial().send("bye a\n").expect("a\n")
	c.expectEnd()
	r.dial().send("GET bye b\n").expect("b\n").expectEnd()
	f.later.Store(int64(drainTime))
	r.dial().send("GET bye b\n").expect("b\n").expectEnd() // a turn, in which the clock is read
	eventually(t, "the connection is reset", func() bool {
		_, err := c.Write([]byte("x"))
		return err != nil
	})
}

// A client that sends on for ever is closed when it has sent enough.
func TestDrainMax(t *testing.T) {
	r := newRig(t, 1, nil)
	c := r.dial().send("bye a\n").expect("a\n")
	n, err := io.Copy(c, endless{})
	const buffered = 64 << 20 // by the kernel, amply
	if err == nil || n < drainMax || n > drainMax+buffered {
		t.Errorf("after %d bytes: %v, want a reset after %d", n, err, drainMax)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// A pipe is sent as it is filled, and holds nobody up meanwhile.
func TestPipe(t *testing.T) {
	path := t.TempDir() + "/fifo"
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, 1, nil)
	c := r.dial().send("GET file " + path + "\n").expect("head\n")
	for _, text := range []string{"some", "more"} {
		r.dial().send("GET bye well\n").expect("well\n").expectEnd()
		if _, err := unix.Write(w, []byte(text)); err != nil {
			t.Fatal(err)
		}
		c.expect(text)
	}
	_ = unix.Close(w)
	c.expectEnd()
}

// Files in /proc say that they are empty.
func TestProcFile(t *testing.T) {
	r := newRig(t, 1, nil)
	got := r.dial().send("GET file /proc/version\n").readAll()
	if !bytes.HasPrefix(got, []byte("head\nLinux version ")) {
		t.Errorf("/proc/version: %q", got)
	}
}

// An endless file does not keep the loop from its other connections.
func TestEndlessFile(t *testing.T) {
	r := newRig(t, 1, nil)
	c := r.dial().send("GET file /dev/zero\n").expect("head\n")
	go func() { _, _ = io.Copy(io.Discard, c) }()
	for range 50 {
		r.dial().send("GET bye well\n").expect("well\n").expectEnd()
	}
	_ = c.Close()
}

func TestPeer(t *testing.T) {
	for _, row := range []struct{ bind, dial, host string }{
		{"127.0.0.1", "127.0.0.1", "127.0.0.1"},
		{"::1", "::1", "::1"},
		{"::", "127.0.0.1", "::ffff:127.0.0.1"},
	} {
		a, _ := parseIPv4(row.bind)
		if strings.Contains(row.bind, ":") {
			a, _ = parseIPv6(row.bind)
		}
		e, err := listen(13, a, 0)
		if err != nil {
			t.Errorf("listen at %s: %v", row.bind, err)
			continue
		}
		_, port := e.sockname()
		s, err := net.Dial("tcp", net.JoinHostPort(row.dial, strconv.Itoa(port)))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = s.Write([]byte("x")) // or the kernel does not let it through
		l := loop{}
		eventually(t, "the client is accepted", func() bool {
			fd, errno := e.sys.accept(e.listener.fd, &l.from)
			if errno == 0 {
				e.sys.close(fd)
			}
			return errno == 0
		})
		_, local, _ := net.SplitHostPort(s.LocalAddr().String())
		p := l.peer(addressOf(&l.from))
		if got, want := fmt.Sprintln(p.Host, p.Port, p.IPv6), fmt.Sprintln(row.host, local, strings.Contains(row.bind, ":")); got != want {
			t.Errorf("peer of a client of %s = %q, want %q", row.bind, got, want)
		}
		_ = s.Close()
		e.close()
	}
}
