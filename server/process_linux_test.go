//go:build linux && !portable

package server

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"simplehttp/cpython"
	"simplehttp/handler"
)

// What a server needs can only be measured in a process that does nothing else. TestMain makes
// this program one half of such a pair when the environment asks for it.
const roleVariable = "SERVER_TEST_ROLE"

func TestMain(m *testing.M) {
	role, argument, _ := strings.Cut(os.Getenv(roleVariable), " ")
	switch role {
	case "client":
		beClient(argument)
	case "server":
		beServer(argument, io.Discard)
	case "logger":
		beServer(argument, nil)
	case "holder":
		beHolder(argument)
	case "tracer":
		beTracer(argument)
	default:
		os.Exit(m.Run())
	}
}

// start runs this program in a role until the end of the test.
func start(t *testing.T, role string) (in io.Writer, out *bufio.Reader, process *exec.Cmd) {
	t.Helper()
	return startLogging(t, role, os.Stderr)
}

// startLogging gives it that standard error.
func startLogging(t *testing.T, role string, log *os.File) (in io.Writer, out *bufio.Reader, process *exec.Cmd) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), roleVariable+"="+role)
	c.Stderr = log
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // ends it
		_ = c.Wait()
	})
	return stdin, bufio.NewReader(stdout), c
}

// beClient makes, for each line with a number, as many connections to a port, one after the
// other, and reads the answer to its end. It says how many bytes came. The target is / unless one
// follows the port.
func beClient(argument string) {
	port, target, _ := strings.Cut(argument, "/")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		n, _ := strconv.Atoi(lines.Text())
		total := int64(0)
		for range n {
			c, err := net.Dial("tcp4", "127.0.0.1:"+port)
			if err != nil {
				panic(err)
			}
			_, _ = c.Write([]byte("GET /" + target + " HTTP/1.0\r\n\r\n"))
			m, _ := io.Copy(io.Discard, c)
			total += m
			_ = c.Close()
		}
		_, _ = os.Stdout.WriteString(strconv.FormatInt(total, 10) + "\n")
	}
}

// beServer serves a directory, and prints the port.
func beServer(directory string, log io.Writer) {
	h := handler.New(cpython.V3_13)
	h.Directory = directory
	s := &TCPServer{Addr: "127.0.0.1:0", Handler: h, Log: log, Loops: 4}
	if err := s.Listen(); err != nil {
		panic(err)
	}
	go func() { panic(s.ServeForever()) }()
	_, port := s.Sockname()
	_, _ = os.Stdout.WriteString(strconv.Itoa(port) + "\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// fixed answers every chunk of input with a head and a file, and allocates nothing.
type fixed struct {
	state  handler.State
	output handler.Output
}

func (f *fixed) Reset(*handler.Service, handler.Peer) { f.state = handler.Reading }
func (f *fixed) State() handler.State                 { return f.state }
func (f *fixed) Feed(in []byte) int                   { f.state = handler.Writing; return len(in) }
func (f *fixed) End()                                 { f.state = handler.Closed }
func (f *fixed) Broken()                              { f.state = handler.Closed }
func (f *fixed) Work()                                {}
func (f *fixed) Output() *handler.Output              { return &f.output }
func (f *fixed) Wrote()                               { f.state = handler.Closed }
func (f *fixed) Abort()                               { f.state = handler.Closed }

// openForever is a file that every connection sends, and none closes.
type openForever struct{ *os.File }

func (f openForever) Fd() int      { return int(f.File.Fd()) }
func (f openForever) Close() error { return nil }

// In the steady state, a connection with a request and an answer allocates nothing.
func TestAllocations(t *testing.T) {
	for _, size := range []int{1024, 1 << 20} {
		file, err := os.Open(writeFile(t, pattern(size)))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		output := handler.Output{Log: []byte("a line\n"), Bytes: []byte("head\n"), File: openForever{file}, Size: int64(size)}
		e, err := listen(cpython.V3_13, ipv4([4]byte{127, 0, 0, 1}), 0)
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan error)
		go func() {
			served <- e.serve(options{
				newConn: func() exchange { return &fixed{output: output} },
				log:     &logWriter{w: io.Discard},
				loops:   1,
			})
		}()
		_, port := e.sockname()
		in, out, _ := start(t, "client "+strconv.Itoa(port))
		ask := func(n int) {
			_, _ = io.WriteString(in, strconv.Itoa(n)+"\n")
			if line, err := out.ReadString('\n'); err != nil || line != strconv.Itoa(n*(size+5))+"\n" {
				t.Fatalf("%d clients read %q bytes, %v, want %d", n, line, err, n*(size+5))
			}
		}
		ask(100)
		requests := 10000
		if size > 1024 {
			requests = 500
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ask(requests)
		runtime.ReadMemStats(&after)
		// The test itself, and the runtime, allocate a little.
		if n := after.Mallocs - before.Mallocs; n > 50 {
			t.Errorf("%d requests for %d bytes: %d allocations, want none", requests, size, n)
		}
		e.stop(0)
		<-served
	}
}

// Connections that are silent, or have sent half a request, cost next to nothing.
func TestMemoryOfHalfSentRequests(t *testing.T) {
	const perConnection = 700 * raceFactor // bytes: 10.5 MB for 15,000
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	n := min(15000, int(limit.Cur)-200)
	_, out, process := start(t, "server "+t.TempDir())
	line, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(strings.TrimSpace(line))
	r := &rig{t: t, port: port}
	r.dial().send("GET / HTTP/1.0\r\n\r\n").readAll()
	before := residentSize(t, process.Process.Pid)
	fds := make([]int, n)
	for i := range fds {
		if fds[i], err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = unix.Close(fds[i]) }()
		if err := unix.Connect(fds[i], &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: port}); err != nil {
			t.Fatal(err)
		}
		if _, err := unix.Write(fds[i], []byte("GET /file HTTP/1.0\r\nHost: exam")); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "all are accepted", func() bool { return descriptors(t, process.Process.Pid) >= n })
	r.dial().send("GET / HTTP/1.0\r\n\r\n").readAll()
	if grown := residentSize(t, process.Process.Pid) - before; grown > n*perConnection {
		t.Errorf("%d half-sent requests need %d bytes, %d each, want at most %d", n, grown, grown/n, perConnection)
	}
}

// residentSize is the resident set of a process in bytes.
func residentSize(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return pages * os.Getpagesize()
}

// descriptors is how many descriptors a process has open.
func descriptors(t *testing.T, pid int) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// The same of the whole server: a file, an index page, a file that is not there, and a redirect.
func TestAllocationsOfRequests(t *testing.T) {
	if raceFactor > 1 {
		t.Skip("the race detector allocates")
	}
	directory := t.TempDir()
	for name, size := range map[string]int{"small": 1024, "large": 200000, "index.html": 100} {
		if err := os.WriteFile(filepath.Join(directory, name), pattern(size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r := newHolder(t, directory)
	for _, row := range []struct {
		target   string
		requests int
	}{{"small", 3000}, {"", 3000}, {"large", 500}, {"missing", 3000}} {
		in, out, _ := start(t, "client "+strconv.Itoa(r.port)+"/"+row.target)
		ask := func(n int) {
			_, _ = io.WriteString(in, strconv.Itoa(n)+"\n")
			if _, err := out.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		ask(100)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ask(row.requests)
		runtime.ReadMemStats(&after)
		if n := after.Mallocs - before.Mallocs; n > 50 { // by the test itself, and the runtime
			t.Errorf("%d requests for /%s: %d allocations, want none", row.requests, row.target, n)
		}
	}
}

// The lines of four loops in one file are whole, and none is lost, without a lock between them.
func TestLogFile(t *testing.T) {
	log, err := os.Create(filepath.Join(t.TempDir(), "log")) // without O_APPEND, as a shell's redirection
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	in, out, server := startLogging(t, "logger "+t.TempDir(), log)
	port, err := out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t}
	r.port, _ = strconv.Atoi(strings.TrimSpace(port))
	var clients sync.WaitGroup
	const each = 100
	for i := range 16 {
		clients.Go(func() {
			for range each {
				r.dial().send("GET /" + strings.Repeat("x", 1+100*i) + " HTTP/1.0\r\n\r\n").readAll()
			}
		})
	}
	clients.Wait()
	_ = in.(io.Closer).Close()
	_ = server.Wait()
	content, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	whole := regexp.MustCompile(`^127\.0\.0\.1 - - \[[^]]*\] (code 404, message File not found|"GET /x* HTTP/1\.0" 404 -)$`)
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	for _, line := range lines {
		if !whole.MatchString(line) {
			t.Fatalf("a line of the log is not whole: %.100q", line)
		}
	}
	if len(lines) != 2*16*each {
		t.Errorf("%d lines in the log, want %d", len(lines), 2*16*each)
	}
}

// The threads that do what may take long give way to the loops.
func TestWorkersAreNice(t *testing.T) {
	r := newRig(t, 1, nil)
	c := r.dial().send("GET work it\n")
	<-r.inside
	threads, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil || len(threads) == 0 {
		t.Fatal("no threads: ", err)
	}
	seen := map[string]int{}
	for _, name := range threads {
		if stat, err := os.ReadFile(name); err == nil {
			_, after, _ := strings.Cut(string(stat), ") ")
			seen[strings.Fields(after)[16]]++ // proc_pid_stat(5): nice
		}
	}
	own, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	if nicer := strconv.Itoa(min(20-own+workersNice, 19)); seen[nicer] == 0 || 20-own < 19 && seen[strconv.Itoa(20-own)] == 0 {
		t.Errorf("threads by nice value: %v, want some at %d and some at %s", seen, 20-own, nicer)
	}
	close(r.gate("it"))
	c.expect("it\n")
}

// No descriptor is left behind, whatever clients do.
func TestDescriptorsAreClosed(t *testing.T) {
	before := descriptors(t, os.Getpid())
	path := writeFile(t, pattern(200000))
	r := newRig(t, 2, nil)
	for range 100 {
		for _, request := range []string{"", "GET ec", "GET echo a\n", "GET bye a\n", "bye a\n", "GET file " + path + "\n", "GET twice " + path + "\n"} {
			c := r.dial().send(request)
			if len(request)%2 == 0 {
				_ = c.SetLinger(0)
			}
			_ = c.Close()
		}
	}
	r.close()
	eventually(t, "all descriptors are closed", func() bool { return descriptors(t, os.Getpid()) <= before })
}
