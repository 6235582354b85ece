package handler

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

// frozen is when all requests of the tests are made.
var frozen = Time{Sec: 1600000000}

const date = "Sun, 13 Sep 2020 12:26:40 GMT"

// testEnv is a small tree and a clock that stands still.
func testEnv() Env {
	fs := &fsmap.MapFS{}
	fs.Add("/hello.txt", fsmap.Node{Content: []byte("hello\n"), Sec: frozen.Sec})
	fs.Add("/dir/a", fsmap.Node{})
	fs.Add("/fifo", fsmap.Node{Kind: fsmap.FIFO, Content: []byte("from a pipe")})
	return Env{FS: fs, Now: func() Time { return frozen }, UTCOffset: func(int64) int { return 0 }}
}

func bind(t testing.TB, h *Handler) *Service {
	t.Helper()
	s, err := h.Bind(testEnv())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A played is what a connection said.
type played struct {
	out, log string
	worked   int // how often Work was called
	closed   bool
}

// play moves a connection through chunks of input and, with end, the end of input.
func play(t testing.TB, s *Service, end bool, chunks ...string) (p played) {
	t.Helper()
	var c Conn
	c.Reset(s, Peer{Host: "192.0.2.1", Port: 4711})
	rest := []byte(nil)
	for {
		switch c.State() {
		case Closed:
			p.closed = true
			return p
		case Working:
			p.worked++
			c.Work()
		case Writing:
			o := c.Output()
			p.log += string(o.Log)
			p.out += string(o.Bytes)
			if o.File != nil {
				body, err := io.ReadAll(o.File)
				if err != nil {
					t.Fatal(err)
				}
				p.out += string(body)
			}
			c.Wrote()
		case Reading:
			switch {
			case len(rest) > 0:
				n := c.Feed(rest)
				if n == 0 && c.State() == Reading {
					t.Fatalf("Feed(%q) = 0, and reads on", rest)
				}
				rest = rest[n:]
			case len(chunks) > 0:
				rest, chunks = []byte(chunks[0]), chunks[1:]
			case end:
				end = false
				c.End()
			default:
				return p
			}
		}
	}
}

// head returns what every answer of the release begins with.
func head(v cpython.Version, status string) string {
	return "HTTP/1.0 " + status + "\r\nServer: " + serverVersion(v) + " Python/" + v.String() + "\r\nDate: " + date + "\r\n"
}

func TestFile(t *testing.T) {
	for _, v := range cpython.Versions() {
		p := play(t, bind(t, New(v)), false, "GET /hello.txt HTTP/1.0\r\n\r\n")
		want := head(v, "200 OK") + "Content-type: text/plain\r\nContent-Length: 6\r\nLast-Modified: " + date + "\r\n\r\nhello\n"
		log := "192.0.2.1 - - [13/Sep/2020 12:26:40] \"GET /hello.txt HTTP/1.0\" 200 -\n"
		if diff := cmp.Diff(played{out: want, log: log, closed: true}, p, cmp.AllowUnexported(played{})); diff != "" {
			t.Errorf("%v: -want +got:\n%s", v, diff)
		}
	}
}

// What may block is left to Work: opening a FIFO, and reading a directory.
func TestWork(t *testing.T) {
	s := bind(t, New(cpython.V3_13))
	for _, test := range []struct {
		target, want string
		worked       int
	}{
		{"/hello.txt", "hello\n", 0},
		{"/fifo", "from a pipe", 1},
		{"/dir/", `<li><a href="a">a</a></li>`, 1},
	} {
		p := play(t, s, false, "GET "+test.target+" HTTP/1.0\r\n\r\n")
		if !strings.Contains(p.out, test.want) || p.worked != test.worked {
			t.Errorf("GET %s: %q, worked %d times, want %q, %d", test.target, p.out, p.worked, test.want, test.worked)
		}
	}
}

// An exception leaves the client what was written before it: nothing, or with 2.7 a part of the head.
func TestCrash(t *testing.T) {
	env := testEnv()
	env.FS.(*fsmap.MapFS).Add("/late", fsmap.Node{Sec: 1 << 62})
	for v, want := range map[cpython.Version]string{
		cpython.V2_7:  head(cpython.V2_7, "200 OK") + "Content-type: application/octet-stream\r\nContent-Length: 0\r\n",
		cpython.V3_13: "",
	} {
		s, err := New(v).Bind(env)
		if err != nil {
			t.Fatal(err)
		}
		p := play(t, s, false, "GET /late HTTP/1.0\r\n\r\n")
		if p.out != want || !p.closed {
			t.Errorf("%v: %q, closed %v, want %q", v, p.out, p.closed, want)
		}
		if !strings.Contains(p.log, `"GET /late HTTP/1.0" 200 -`) || !strings.Contains(p.log, CrashPrefix+"('192.0.2.1', 4711): ") {
			t.Errorf("%v: log %q", v, p.log)
		}
	}
}

func TestPersistence(t *testing.T) {
	h := New(cpython.V3_13)
	h.ProtocolVersion = "HTTP/1.1"
	s := bind(t, h)
	one := "GET /hello.txt HTTP/1.1\r\n\r\n"
	p := play(t, s, true, one+one+one)
	if n := strings.Count(p.out, "HTTP/1.1 200 OK\r\n"); n != 3 || !p.closed {
		t.Errorf("three requests, %d answers, closed %v", n, p.closed)
	}
	if p := play(t, s, false, one); p.closed {
		t.Error("closed after one request")
	}
	p = play(t, s, false, "GET /hello.txt HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"+one)
	if !strings.HasPrefix(p.out, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n") || strings.Count(p.out, " 200 ") != 1 || !p.closed {
		t.Errorf("with Expect and Connection: close: %q", p.out)
	}
	// What blocks is run twice, and must say 100 Continue once.
	p = play(t, s, false, "GET /fifo HTTP/1.1\r\nExpect: 100-continue\r\n\r\n")
	if strings.Count(p.out, "100 Continue") != 1 || !strings.HasSuffix(p.out, "from a pipe") {
		t.Errorf("with Expect and a FIFO: %q", p.out)
	}
}

// raceDetector says that the test runs under it.
var raceDetector bool

// No memory is asked for while ordinary requests are answered, one connection after the other.
func TestNoAllocation(t *testing.T) {
	if raceDetector {
		t.Skip("under the race detector, sync.Pool forgets at random what it is given")
	}
	env := testEnv()
	open := &countingFile{}
	env.FS = &oneFile{file: open}
	for _, request := range []string{
		"GET /hello.txt HTTP/1.1\r\nHost: localhost:8000\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n",
		"HEAD /hello.txt HTTP/1.0\r\n\r\n",
	} {
		for _, v := range []cpython.Version{cpython.V3_8, cpython.V3_13} {
			s, err := New(v).Bind(env)
			if err != nil {
				t.Fatal(err)
			}
			in := []byte(request)
			var c Conn
			once := func() {
				c.Reset(s, Peer{Host: "192.0.2.1", Port: 4711})
				c.Feed(in)
				if c.State() != Writing || len(c.Output().Bytes) == 0 {
					t.Fatalf("%v: no answer to %q", v, request)
				}
				c.Wrote()
			}
			if n := testing.AllocsPerRun(100, once); n != 0 {
				t.Errorf("%v: %v allocations for %q", v, n, request)
			}
		}
	}
	if open.closed == 0 {
		t.Error("no file was closed")
	}
}

// oneFile is a file system in which every path is one file.
type oneFile struct {
	fsmap.FS
	file *countingFile
}

func (o *oneFile) Getwd() ([]byte, error) { return []byte("/"), nil }

func (o *oneFile) Stat([]byte) (fsmap.Info, error) {
	return fsmap.Info{Kind: fsmap.Regular, Size: 6}, nil
}

func (o *oneFile) Open([]byte, bool) (fsmap.File, fsmap.Info, error) {
	return o.file, fsmap.Info{Kind: fsmap.Regular, Size: 6}, nil
}

type countingFile struct{ closed int }

func (f *countingFile) Read([]byte) (int, error) { return 0, io.EOF }
func (f *countingFile) Close() error             { f.closed++; return nil }

func TestBindErrors(t *testing.T) {
	h := New(cpython.V3_13)
	h.ErrorMessageFormat = "%(nothing)s"
	if _, err := h.Bind(testEnv()); err == nil {
		t.Error("a bad ErrorMessageFormat is bound")
	}
	env := testEnv()
	env.FS = &noDirectory{}
	if _, err := New(cpython.V3_13).Bind(env); err == nil {
		t.Error("a missing current directory is bound")
	}
	s, err := New(cpython.V2_7).Bind(env)
	if err != nil {
		t.Fatalf("2.7 looks for its directory later, and not in Bind: %v", err)
	}
	p := play(t, s, false, "GET / HTTP/1.0\r\n\r\n")
	if p.out != "" || !strings.HasSuffix(p.log, "): OSError: [Errno 2] No such file or directory\n") {
		t.Errorf("in a directory that is gone: %q, log %q", p.out, p.log)
	}
}

type noDirectory struct{ fsmap.FS }

func (noDirectory) Getwd() ([]byte, error) { return nil, errors.New("gone") }

// A client that resets its connection while its request is awaited ends the exception's way, with each release
// and wherever it stands.
func TestBroken(t *testing.T) {
	for _, v := range cpython.Versions() {
		h := New(v)
		h.ProtocolVersion = "HTTP/1.1"
		want := "ConnectionResetError: [Errno 104] Connection reset by peer\n"
		if v == cpython.V2_7 {
			want = "error: [Errno 104] Connection reset by peer\n"
		}
		for _, input := range []string{"", "GET", "GET / HTTP/1.1\r\nHost", "HEAD /hello.txt HTTP/1.1\r\n\r\n", "HEAD /hello.txt HTTP/1.1\r\n\r\nGE"} {
			var c Conn
			c.Reset(bind(t, h), Peer{Host: "192.0.2.1", Port: 4711})
			for rest := []byte(input); len(rest) > 0; {
				rest = rest[c.Feed(rest):]
				if c.State() == Writing {
					c.Wrote()
				}
			}
			c.Broken()
			if c.State() != Writing {
				t.Fatalf("%v: after %q and a reset: state %d, want Writing", v, input, c.State())
			}
			if o := c.Output(); string(o.Log) != CrashPrefix+"('192.0.2.1', 4711): "+want || len(o.Bytes) > 0 {
				t.Errorf("%v: after %q and a reset: log %q, %q sent", v, input, o.Log, o.Bytes)
			}
			if c.Wrote(); c.State() != Closed {
				t.Errorf("%v: after %q and a reset: state %d, want Closed", v, input, c.State())
			}
		}
	}
}
