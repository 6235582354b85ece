package server

import (
	"bytes"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simplehttp/cpython"
	"simplehttp/handler"
)

// A script stands in for handler.Conn. Its requests are lines; a "GET " in front makes the loop
// believe that no content follows.
//
//	echo TEXT    answers TEXT, and reads on
//	bye TEXT     answers TEXT, and closes
//	bytes N      N bytes of pattern, and closes
//	file PATH    "head\n" and the file, which has a descriptor, and closes
//	keep PATH    the same, and reads on
//	stale PATH   the same, for a file that was a megabyte longer when it was opened
//	stream PATH  the same as file, from something that has no descriptor
//	twice PATH   two outputs with the file each, and closes
//	work NAME    does "work", which ends when the test opens the gate, answers NAME, and reads on
//	close        closes without a word
//
// A line that the end of input cuts short is answered "cut LINE".
type script struct {
	stage *stage

	state, next handler.State
	line        []byte
	work        string
	output      handler.Output
	more        []handler.Output
	ended       bool
	open        bool // Reset, and neither Closed nor aborted
}

// A stage is what the scripts of a test share with it.
type stage struct {
	started atomic.Int64 // Resets
	ended   atomic.Int64 // Aborts, one for each Reset at the end
	files   atomic.Int64 // open

	mu     sync.Mutex
	gates  map[string]chan struct{}
	inside chan string // names whose work has begun
}

func newStage() *stage {
	return &stage{gates: make(map[string]chan struct{}), inside: make(chan string, 1000)}
}

// gate returns the gate of a name; closing it lets work through.
func (s *stage) gate(name string) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gates[name] == nil {
		s.gates[name] = make(chan struct{})
	}
	return s.gates[name]
}

func (s *script) Reset(*handler.Service, handler.Peer) {
	if s.open {
		panic("Reset of a script that is open")
	}
	*s = script{stage: s.stage, open: true}
	s.stage.started.Add(1)
}

func (s *script) State() handler.State { return s.state }

func (s *script) must(state handler.State) {
	if s.state != state || !s.open {
		panic("script called in state " + strconv.Itoa(int(s.state)) + ", want " + strconv.Itoa(int(state)))
	}
}

func (s *script) Feed(in []byte) int {
	s.must(handler.Reading)
	if len(in) == 0 || s.ended {
		panic("Feed of nothing, or after End")
	}
	i := bytes.IndexByte(in, '\n')
	if i < 0 {
		s.line = append(s.line, in...)
		return len(in)
	}
	line := string(append(s.line, in[:i]...))
	s.line = nil
	s.do(strings.TrimPrefix(line, "GET "))
	return i + 1
}

func (s *script) End() {
	s.must(handler.Reading)
	if s.ended {
		panic("End twice")
	}
	s.ended = true
	s.atEnd()
}

func (s *script) Broken() {
	s.must(handler.Reading)
	s.ended = true
	s.line = nil
	s.state, s.next = handler.Writing, handler.Closed
	s.output = handler.Output{Log: []byte("broken\n")}
}

func (s *script) atEnd() {
	if len(s.line) == 0 {
		s.state = handler.Closed
		return
	}
	line := string(s.line)
	s.line = nil
	s.answer(handler.Closed, "cut "+line+"\n")
}

func (s *script) do(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "echo":
		s.answer(handler.Reading, rest+"\n")
	case "bye":
		s.answer(handler.Closed, rest+"\n")
	case "bytes":
		n, _ := strconv.Atoi(rest)
		s.answer(handler.Closed, string(pattern(n)))
	case "file", "keep", "stale", "stream":
		s.answer(handler.Closed, "head\n")
		s.output.File, s.output.Size = s.stage.openFile(rest, verb != "stream")
		if verb == "keep" || verb == "stale" {
			s.next = handler.Reading
		}
		if verb == "stale" {
			s.output.Size += 1 << 20
		}
	case "twice":
		s.answer(handler.Closed, "head\n")
		s.output.File, s.output.Size = s.stage.openFile(rest, true)
		again := handler.Output{Log: []byte("again\n"), Bytes: []byte("again\n")}
		again.File, again.Size = s.stage.openFile(rest, true)
		s.more = append(s.more, again)
	case "work":
		s.work = rest
		s.state = handler.Working
	default:
		s.state = handler.Closed
	}
}

func (s *script) answer(next handler.State, text string) {
	s.output = handler.Output{Log: []byte("answered " + strconv.Itoa(len(text)) + "\n"), Bytes: []byte(text)}
	s.state, s.next = handler.Writing, next
}

func (s *script) Work() {
	s.must(handler.Working)
	gate := s.stage.gate(s.work)
	s.stage.inside <- s.work
	<-gate
	s.answer(handler.Reading, s.work+"\n")
}

func (s *script) Output() *handler.Output {
	s.must(handler.Writing)
	return &s.output
}

func (s *script) Wrote() {
	s.must(handler.Writing)
	s.closeFile()
	if len(s.more) > 0 {
		s.output, s.more = s.more[0], s.more[1:]
		return
	}
	s.state = s.next
	if s.state == handler.Reading && s.ended {
		s.atEnd()
	}
}

func (s *script) closeFile() {
	if s.output.File != nil {
		_ = s.output.File.Close()
	}
	s.output = handler.Output{}
}

func (s *script) Abort() {
	if !s.open {
		panic("Abort twice")
	}
	s.open = false
	s.closeFile()
	for _, o := range s.more {
		_ = o.File.Close()
	}
	s.more = nil
	s.state = handler.Closed
	s.stage.ended.Add(1)
}

// openFile opens a file as package fsmap does.
func (s *stage) openFile(path string, descriptor bool) (f interface {
	Read(p []byte) (int, error)
	Close() error
}, size int64) {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	info, err := file.Stat()
	if err != nil {
		panic(err)
	}
	s.files.Add(1)
	if descriptor {
		return &scriptFile{scriptStream{file, s}}, info.Size()
	}
	return &scriptStream{file, s}, info.Size()
}

// A scriptStream is a file without a descriptor, a scriptFile one with.
type scriptStream struct {
	f     *os.File
	stage *stage
}

func (f *scriptStream) Read(p []byte) (int, error) { return f.f.Read(p) }

func (f *scriptStream) Close() error {
	f.stage.files.Add(-1)
	return f.f.Close()
}

type scriptFile struct{ scriptStream }

func (f *scriptFile) Fd() int { return int(f.f.Fd()) }

// pattern returns n bytes of which no two pages are equal.
func pattern(n int) []byte {
	b := make([]byte, n)
	x := uint32(2463534242)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return b
}

// A lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A rig is an engine that serves scripts.
type rig struct {
	*stage
	t      testing.TB
	engine *engine
	port   int
	log    lockedBuffer
	served chan error
}

// newRig serves scripts until the end of the test, and then checks that nothing is left open.
func newRig(t testing.TB, loops int, prepare func(*engine)) *rig {
	t.Helper()
	return newLimitedRig(t, loops, Limits{}, prepare)
}

// newLimitedRig does so within limits.
func newLimitedRig(t testing.TB, loops int, limits Limits, prepare func(*engine)) *rig {
	t.Helper()
	r := &rig{stage: newStage(), t: t, served: make(chan error, 1)}
	var err error
	if r.engine, err = listen(cpython.V3_13, ipv4([4]byte{127, 0, 0, 1}), 0); err != nil {
		t.Fatal(err)
	}
	if prepare != nil {
		prepare(r.engine)
	}
	_, r.port = r.engine.sockname()
	o := options{
		newConn: func() exchange { return &script{stage: r.stage} },
		log:     &logWriter{w: &r.log},
		loops:   loops,
		limits:  limits,
	}
	go func() { r.served <- r.engine.serve(o) }()
	t.Cleanup(r.close)
	return r
}

// close stops the engine, unless the test has done so.
func (r *rig) close() {
	r.engine.stop(patience)
	r.checkServed()
	if n := r.files.Load(); n != 0 {
		r.t.Errorf("%d files are still open", n)
	}
	if started, ended := r.started.Load(), r.ended.Load(); started != ended {
		r.t.Errorf("%d scripts were begun, %d ended", started, ended)
	}
}

func (r *rig) checkServed() {
	r.t.Helper()
	select {
	case err := <-r.served:
		if err != nil {
			r.t.Errorf("serve() = %v", err)
		}
		r.served <- nil
	case <-time.After(2 * patience):
		r.t.Fatal("serve() does not return")
	}
}

// patience is how long a test waits for what must come; it says nothing about how soon.
const patience = 30 * time.Second

// A client is a raw connection.
type client struct {
	t testing.TB
	*net.TCPConn
}

func (r *rig) dial() client {
	r.t.Helper()
	c, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port)))
	if err != nil {
		r.t.Fatal(err)
	}
	_ = c.SetDeadline(time.Now().Add(4 * patience))
	r.t.Cleanup(func() { _ = c.Close() })
	return client{r.t, c.(*net.TCPConn)}
}

func (c client) send(text string) client {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatalf("send(%.40q): %v", text, err)
	}
	return c
}

// expect reads exactly these bytes.
func (c client) expect(want string) client {
	c.t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(c, got)
	if string(got[:n]) != want {
		c.t.Fatalf("read %.80q (%v), want %.80q", got[:n], err, want)
	}
	return c
}

// expectEnd reads the end of file.
func (c client) expectEnd() {
	c.t.Helper()
	var b [1]byte
	if n, err := c.Read(b[:]); n != 0 || err != io.EOF {
		c.t.Fatalf("read %q, %v, want the end of file", b[:n], err)
	}
}

// readAll reads up to the end of file.
func (c client) readAll() []byte {
	c.t.Helper()
	b, err := io.ReadAll(c)
	if err != nil {
		c.t.Fatalf("after %d bytes: %v", len(b), err)
	}
	return b
}

// eventually waits for what another goroutine brings about.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}
