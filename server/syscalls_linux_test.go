//go:build linux && !portable

package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
)

// A small file over HTTP/1.0 takes these system calls: epoll_pwait, accept4, recvfrom, statx, write (the log),
// preadv2, sendto and close. Under load, epoll_pwait and write are shared by several.
const syscallsPerRequest = 8

// TestSystemCalls counts the system calls of a server whose clients come one after the other.
func TestSystemCalls(t *testing.T) {
	path := writeFile(t, pattern(1024))
	before, after := countCalls(t, path)
	const requests = 400
	total := 0.0
	var table []string
	for number, n := range after {
		n -= before[number]
		if name, ok := housekeeping[number]; ok {
			t.Logf("%s, by the Go runtime: %d", name, n)
			continue
		}
		if number == unix.SYS_EPOLL_PWAIT {
			n = min(n, requests) // a loop that waits long, for a slow client, asks twice
		}
		total += float64(n)
		table = append(table, fmt.Sprintf("call %d: %d", number, n))
	}
	perRequest := total / requests
	t.Logf("%.2f system calls for each of %d requests", perRequest, requests)
	// Now and then the loop looks for a second client: a part of a call. One more for each request is a mistake.
	if perRequest >= syscallsPerRequest+0.5 {
		t.Errorf("%.2f system calls for each of %d requests, want at most %d: %s", perRequest, requests, syscallsPerRequest, strings.Join(table, ", "))
	}
}

// housekeeping are the calls of the Go runtime for itself, whose number depends on time: its monitor sleeps,
// and wakes and preempts threads.
var housekeeping = map[uint64]string{
	unix.SYS_NANOSLEEP: "nanosleep", unix.SYS_FUTEX: "futex", unix.SYS_GETPID: "getpid", unix.SYS_TGKILL: "tgkill",
	unix.SYS_RT_SIGRETURN: "rt_sigreturn", unix.SYS_SCHED_YIELD: "sched_yield", unix.SYS_RESTART_SYSCALL: "restart_syscall",
	unix.SYS_MADVISE: "madvise",
}

// countCalls has a server traced while 400 clients ask for the file, and returns the numbers of its system
// calls before and after.
func countCalls(t *testing.T, path string) (before, after map[uint64]int) {
	t.Helper()
	in, out, _ := start(t, "tracer "+path)
	line := func() string {
		text, err := out.ReadString('\n')
		if err != nil {
			t.Fatalf("tracer: %v", err)
		}
		return strings.TrimSpace(text)
	}
	port := line()
	if reason, refused := strings.CutPrefix(port, "refused: "); refused {
		t.Skipf("this system does not let a process be traced (%s), and system calls cannot be counted", reason)
	}
	count := func() map[uint64]int {
		_, _ = io.WriteString(in, "count\n")
		calls := map[uint64]int{}
		for _, field := range strings.Fields(line()) {
			number, n, _ := strings.Cut(field, "=")
			key, _ := strconv.ParseUint(number, 10, 64)
			calls[key], _ = strconv.Atoi(n)
		}
		return calls
	}
	clientIn, clientOut, _ := start(t, "client "+port+"/"+filepath.Base(path))
	ask := func(n int) {
		_, _ = io.WriteString(clientIn, strconv.Itoa(n)+"\n")
		if got, err := clientOut.ReadString('\n'); err != nil || !strings.HasPrefix(got, strconv.Itoa(n)[:1]) {
			t.Fatalf("%d clients read %q bytes, %v", n, got, err)
		}
	}
	ask(20)
	before = count()
	ask(400)
	return before, count()
}

// beHolder serves the directory of a file, and holds files at once. It prints the port.
func beHolder(path string) {
	h := handler.New(cpython.V3_13)
	h.Directory = filepath.Dir(path)
	env := SystemEnv(cpython.V3_13)
	service, err := h.Bind(env)
	if err != nil {
		panic(err)
	}
	e, err := listen(cpython.V3_13, ipv4([4]byte{127, 0, 0, 1}), 0)
	if err != nil {
		panic(err)
	}
	_, port := e.sockname()
	_, _ = os.Stdout.WriteString(strconv.Itoa(port) + "\n")
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	panic(e.serve(options{
		newConn: func() exchange { return new(handler.Conn) },
		service: service,
		files:   env.FS.(*fsmap.RealFS),
		wall:    func() int64 { return now().Sec + 3600 }, // whatever is there has been left alone for long
		log:     &logWriter{w: null},
		loops:   1,
	}))
}

// beTracer starts a holder and traces it. It prints the port, and for each line that it reads the counts of
// the system calls so far, as number=count.
func beTracer(path string) {
	runtime.LockOSThread() // the kernel knows one thread as the tracer
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), roleVariable+"=holder "+path)
	holder.Stderr = os.Stderr
	stdin, err := holder.StdinPipe()
	if err != nil {
		panic(err)
	}
	stdout, err := holder.StdoutPipe()
	if err != nil {
		panic(err)
	}
	if err := holder.Start(); err != nil {
		panic(err)
	}
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		panic(err)
	}
	tr := tracer{calls: map[uint64]int{}}
	if err := tr.seize(holder.Process.Pid); err != nil {
		_, _ = os.Stdout.WriteString("refused: " + err.Error() + "\n")
		_ = stdin.Close()
		return
	}
	_, _ = os.Stdout.WriteString(port)
	go tr.report(stdin)
	tr.follow()
}

// A tracer counts the system calls of a process.
type tracer struct {
	mu    sync.Mutex
	calls map[uint64]int // by number
}

// report prints the counts for each line of standard input, and ends the holder at its end.
func (tr *tracer) report(holder io.Closer) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var text []string
		tr.mu.Lock()
		for number, n := range tr.calls {
			text = append(text, fmt.Sprintf("%d=%d", number, n))
		}
		tr.mu.Unlock()
		_, _ = os.Stdout.WriteString(strings.Join(text, " ") + "\n")
	}
	_ = holder.Close()
}

// seize begins to trace all threads that there are, and those to come.
func (tr *tracer) seize(pid int) error {
	const traceOptions = unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACESYSGOOD
	threads, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return err
	}
	for _, entry := range threads {
		thread, _ := strconv.Atoi(entry.Name())
		_, _, e := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(thread), 0, traceOptions, 0, 0)
		if e != 0 {
			return e
		}
		if err := unix.PtraceInterrupt(thread); err != nil {
			return err
		}
	}
	return nil
}

// follow counts until the process has ended.
func (tr *tracer) follow() {
	for {
		var status unix.WaitStatus
		thread, err := unix.Wait4(-1, &status, unix.WALL, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return // ECHILD: all have ended
		case !status.Stopped():
			continue
		}
		signal := 0
		switch stop := status.StopSignal(); {
		case stop == unix.SIGTRAP|0x80:
			tr.count(thread)
		case status>>16 == 0: // not an event of ptrace, but a signal on its way
			signal = int(stop)
		}
		_ = unix.PtraceSyscall(thread, signal) // the thread may be gone
	}
}

// count notes a system call where the thread enters one: ptrace(2), PTRACE_GET_SYSCALL_INFO.
func (tr *tracer) count(thread int) {
	var info struct {
		op      uint8
		_       [3]uint8
		arch    uint32
		ip, sp  uint64
		number  uint64
		padding [8]uint64
	}
	_, _, e := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(thread), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0)
	if e != 0 || info.op != unix.PTRACE_SYSCALL_INFO_ENTRY {
		return
	}
	tr.mu.Lock()
	tr.calls[info.number]++
	tr.mu.Unlock()
}
