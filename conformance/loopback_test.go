package conformance

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
	"simplehttp/server"
)

// loopbackPatience bounds every wait of these tests. None of them needs it to pass.
const loopbackPatience = 30 * time.Second

// TestLoopback asks our whole server every case over loopback, as every release that was asked, and
// compares bytes, log and ending. Trees that a plain file system can hold, whoever runs the test,
// lie on disk; the others lie in memory.
func TestLoopback(t *testing.T) {
	themes := loadThemes(t)
	trees := &Trees{Testdata: testdata}
	parent, err := MakeRoot()
	if err != nil {
		t.Fatal(err)
	}
	defer RemoveRoot(parent)
	disk := map[string]string{}
	for _, v := range cpython.Versions() {
		t.Run(v.String(), func(t *testing.T) {
			replayer := &Replayer{Version: v, Trees: trees}
			servers := map[string]*loopback{}
			for _, theme := range themes {
				for _, c := range theme.Cases {
					lines, ok := c.Recorded(v)
					if !ok {
						continue
					}
					key := c.Tree + c.Options.Key()
					if servers[key] == nil {
						servers[key] = newLoopback(t, v, c, trees, parent, disk)
					}
					servers[key].check(t, replayer, c, lines)
				}
			}
			for _, l := range servers {
				l.server.Shutdown(0)
			}
		})
	}
}

// suits reports whether any disk can hold the tree: nothing but files, directories and links of the usual modes
// and times, which give the same listing whatever the order of their directory is.
func (t *Tree) suits() bool {
	return t.Name != "ties" && !slices.ContainsFunc(t.Entries, func(e TreeEntry) bool {
		usual := e.Kind == "link" || e.Kind == "file" && e.Mode == 0o644 || e.Kind == "dir" && e.Mode == 0o755
		return !usual || e.Sec != defaultTime || e.Nsec != 0
	})
}

// A wdFS is the real file system with another working directory, for absolute paths.
type wdFS struct {
	fsmap.RealFS
	wd string
}

func (fs *wdFS) Getwd() ([]byte, error) { return []byte(fs.wd), nil }

// A loopback is our server, of one release, for one tree and set of options.
type loopback struct {
	server  *server.TCPServer
	address string
	words   Words
	log     logBuffer
}

// A logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	b  []byte
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b = append(l.b, p...)
	return len(p), nil
}

// take waits until the log has so many lines, and empties it.
func (l *logBuffer) take(lines int) []byte {
	for limit := time.Now().Add(loopbackPatience); ; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		if bytes.Count(l.b, []byte("\n")) >= lines || time.Now().After(limit) {
			defer l.mu.Unlock()
			text := l.b
			l.b = nil
			return text
		}
		l.mu.Unlock()
	}
}

func newLoopback(t *testing.T, v cpython.Version, c *Case, trees *Trees, parent string, disk map[string]string) *loopback {
	t.Helper()
	tree, err := trees.Load(c.Tree)
	if err != nil {
		t.Fatal(err)
	}
	env, err := c.Options.env(testdata)
	if err != nil {
		t.Fatal(err)
	}
	memory := tree.InMemory()
	l := &loopback{words: Words{Server: ServerField(v), Root: memory.Wd}}
	env.FS, env.ASCII = memory, c.Options.ascii(v)
	if c.Options.Cwd == "removed" {
		memory.Wd += "/removed"
	}
	if tree.suits() && !c.Options.HasDirectory && c.Options.Cwd == "" {
		if disk[tree.Name] == "" {
			if disk[tree.Name], err = tree.Materialize(parent, nil); err != nil {
				t.Fatal(err)
			}
		}
		l.words.Root = disk[tree.Name]
		env.FS = &wdFS{wd: l.words.Root}
	}
	l.start(t, c.Options.handler(v), env)
	if c.Options.Cwd == "removed" {
		l.exchange(t, &Request{Bytes: []byte("GET\r\n")}, 2) // it answers, so it has started
		memory.removed.Store(true)
	}
	return l
}

func (l *loopback) start(t *testing.T, h *handler.Handler, env handler.Env) {
	t.Helper()
	address := "127.0.0.1"
	l.server = &server.TCPServer{Handler: h, Env: &env, Addr: server.Addr(&address, 0), Log: &l.log, Loops: 1}
	if err := l.server.Listen(); err != nil {
		t.Fatal(err)
	}
	_, port := l.server.Sockname()
	l.address = net.JoinHostPort(address, strconv.Itoa(port))
	ended := make(chan error, 1)
	go func() { ended <- l.server.ServeForever() }()
	t.Cleanup(func() {
		l.server.Shutdown(0)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// check sends a case whole. Where the server waits in the end, the client ends its stream, and what
// comes then is compared with the answer in memory.
func (l *loopback) check(t *testing.T, r *Replayer, c *Case, lines []string) {
	t.Helper()
	end := c.Request.end()
	request := c.Request
	request.EOF = request.EOF || lines[len(lines)-1] == string(Open)
	memory := *c
	memory.Request = request
	want, words, err := r.Ask(&memory, []int{end})
	if err != nil {
		t.Error(err)
		return
	}
	logLines := 0
	for _, s := range want.Stretches {
		logLines += len(s.Log)
	}
	got, err := l.exchange(t, &request, logLines)
	diff := Diff(got.Whole(end).Lines(&request, l.words), want.Whole(end).Lines(&request, words))
	if err != nil || diff != "" {
		t.Errorf("%s, %s, over loopback: %v %s", c.FullName(), r.Version, err, diff)
	}
}

// exchange is one connection: all is sent at once, and read to the end. The answer has so many log lines.
func (l *loopback) exchange(t *testing.T, r *Request, logLines int) (*Answer, error) {
	t.Helper()
	conn, err := net.Dial("tcp4", l.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(loopbackPatience))
	go func() {
		conn.Write(r.Bytes) // may fail: the server need not read all
		if r.EOF {
			conn.(*net.TCPConn).CloseWrite()
		}
	}()
	wire, err := io.ReadAll(conn)
	port := conn.LocalAddr().(*net.TCPAddr).Port
	prefix := fmt.Appendf(nil, "%s('127.0.0.1', %d): ", handler.CrashPrefix, port)
	log := bytes.ReplaceAll(l.log.take(logLines), prefix, crashPrefix)
	answer := &Answer{End: Closed, EndAt: r.end()}
	answer.Add(r.end(), ourLog(log), wire)
	return answer, err
}
