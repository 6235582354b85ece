//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests run the test binary itself as the command.
func TestMain(m *testing.M) {
	if os.Getenv("SIMPLEHTTP_RUN_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// command returns the command under the name of the program.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{name}, args...)
	cmd.Env = append(os.Environ(), "SIMPLEHTTP_RUN_MAIN=1", "TZ=JST-9", "LC_ALL=C.UTF-8", "NO_COLOR=")
	return cmd
}

// A running is a server started by a test.
type running struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer
	banner string
	port   string
}

var portPattern = regexp.MustCompile(` port (\d+) `)

// start starts a server at a free port of loopback, and reads its banner.
func start(t *testing.T, name string, args ...string) *running {
	t.Helper()
	r := &running{cmd: command(t, name, append(args, "-b", "127.0.0.1", "0")...)}
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.Stderr = &r.stderr
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.cmd.Process.Kill() })
	r.stdout = bufio.NewReader(stdout)
	if r.banner, err = r.stdout.ReadString('\n'); err != nil {
		t.Fatalf("no banner: %v, standard error %q", err, r.stderr.String())
	}
	m := portPattern.FindStringSubmatch(r.banner)
	if m == nil {
		t.Fatalf("no port in the banner %q", r.banner)
	}
	r.port = m[1]
	return r
}

// ask sends a request, and returns all that comes back.
func (r *running) ask(t *testing.T, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+r.port)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// stop sends a signal, and returns the exit status and the rest of standard output.
func (r *running) stop(t *testing.T, sig os.Signal) (status int, rest string) {
	t.Helper()
	if err := r.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r.stdout)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.cmd.Wait() // its status is what is asked for
	return r.cmd.ProcessState.ExitCode(), string(out)
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, python string
		server       string
		banner       string
		signal       os.Signal
		status       int
		goodbye      string
	}{
		{"simplehttp", "3.13", "SimpleHTTP/0.6 Python/3.13.0", "URL", os.Interrupt, 0, "\nKeyboard interrupt received, exiting.\n"},
		{"simplehttp", "2.7", "SimpleHTTP/0.6 Python/2.7.18", "", os.Interrupt, 1, ""},
		{"/some/where/SimpleHTTPServer", "", "SimpleHTTP/0.6 Python/2.7.18", "", syscall.SIGTERM, 0, ""},
		{"http.server", "", "SimpleHTTP/0.6 Python/3.14.2", "URL", syscall.SIGTERM, 0, ""},
	} {
		args := []string{"-d", dir}
		if test.python != "" {
			args = append(args, "--python", test.python)
		}
		r := start(t, test.name, args...)
		url := ""
		if test.banner != "" {
			url = " (http://127.0.0.1:" + r.port + "/)"
		}
		if want := "Serving HTTP on 127.0.0.1 port " + r.port + url + " ...\n"; r.banner != want {
			t.Errorf("%s: banner %q, want %q", test.name, r.banner, want)
		}
		answer := r.ask(t, "GET /a.txt HTTP/1.0\r\n\r\n")
		if !strings.Contains(answer, "\r\nServer: "+test.server+"\r\n") || !strings.HasSuffix(answer, "\r\n\r\ntext") {
			t.Errorf("%s: answer %q", test.name, answer)
		}
		status, goodbye := r.stop(t, test.signal)
		if status != test.status || goodbye != test.goodbye {
			t.Errorf("%s after %v: status %d, output %q, want %d, %q", test.name, test.signal, status, goodbye, test.status, test.goodbye)
		}
		checkLogTime(t, r.stderr.String())
	}
}

var logPattern = regexp.MustCompile(`^127\.0\.0\.1 - - \[(.*?)\] "GET /a.txt HTTP/1.0" 200 -\n`)

// checkLogTime holds that the log's time is that of the zone in TZ.
func checkLogTime(t *testing.T, log string) {
	t.Helper()
	m := logPattern.FindStringSubmatch(log)
	if m == nil {
		t.Errorf("log %q", log)
		return
	}
	when, err := time.ParseInLocation("02/Jan/2006 15:04:05", m[1], time.FixedZone("JST", 9*60*60))
	if err != nil || time.Since(when).Abs() > time.Hour {
		t.Errorf("log has the time %s, %v", m[1], err)
	}
}

// A mistake is one clear line on standard error, and nothing on standard output.
func TestMistakes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	for _, test := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"--nonsense"}, 2, "simplehttp: unrecognized arguments: --nonsense\n"},
		{[]string{"70000"}, 2, "simplehttp: argument port: '70000' is not from 0 to 65535\n"},
		{[]string{"-b", "127.0.0.1", port}, 1, "simplehttp: cannot listen at 127.0.0.1:" + port + ": [Errno 98] Address already in use\n"},
		{[]string{"-b", "192.0.2.1", "0"}, 1, "simplehttp: cannot listen at 192.0.2.1:0: [Errno 99] Cannot assign requested address\n"},
		{[]string{"-b", "no such host", "0"}, 1, "simplehttp: cannot listen at no such host:0: [Errno -2] Name or service not known\n"},
		{[]string{"--python", "3.6", "-b", "::1", "0"}, 1, "simplehttp: cannot listen at [::1]:0: [Errno -9] Address family for hostname not supported\n"},
	} {
		cmd := command(t, "simplehttp", test.args...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run() // its status is what is asked for
		if got := cmd.ProcessState.ExitCode(); got != test.status || stderr.String() != test.want || stdout.Len() > 0 {
			t.Errorf("%q: status %d, standard error %q, output %q, want %d, %q", test.args, got, stderr.String(), stdout.String(), test.status, test.want)
		}
	}
}

// A directory that is not there is served as CPython serves it, with a word of warning; it may
// appear later.
func TestMissingDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "later")
	r := start(t, "simplehttp", "-d", dir)
	if answer := r.ask(t, "GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.0 404 File not found\r\n") {
		t.Errorf("before: %q", answer)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if answer := r.ask(t, "GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.0 200 OK\r\n") {
		t.Errorf("after: %q", answer)
	}
	r.stop(t, os.Interrupt)
	if !strings.HasPrefix(r.stderr.String(), "simplehttp: warning: directory ") {
		t.Errorf("standard error %q", r.stderr.String())
	}
}

// TestRemovedDirectory starts the command in a directory that is gone. A release that asks for it at
// the start dies before there is a banner; one that asks at every request serves.
func TestRemovedDirectory(t *testing.T) {
	for _, test := range []struct {
		python string
		status int
		banner bool
		stderr string
	}{
		{"3.6", 0, true, ""},
		{"3.7", 1, false, "simplehttp: cannot find the current directory: no such file or directory\n"},
		{"3.13", 1, false, "simplehttp: cannot find the current directory: no such file or directory\n"},
	} {
		cmd := command(t, "simplehttp", "--python", test.python, "-b", "127.0.0.1", "0")
		dir := t.TempDir()
		inner := cmd.Args
		cmd.Args = append([]string{"sh", "-c", `rmdir "$1"; shift; exec "$@"`, "sh", dir, cmd.Path}, inner[1:]...)
		cmd.Path = "/bin/sh"
		cmd.Dir = dir
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		banner, err := bufio.NewReader(stdout).ReadString('\n')
		if err == nil {
			_ = cmd.Process.Signal(os.Interrupt)
		}
		_ = cmd.Wait() // its status is what is asked for
		if (banner != "") != test.banner || cmd.ProcessState.ExitCode() != test.status || stderr.String() != test.stderr {
			t.Errorf("%s in a directory that is gone: banner %q, status %d, standard error %q; want banner %t, status %d, %q",
				test.python, banner, cmd.ProcessState.ExitCode(), stderr.String(), test.banner, test.status, test.stderr)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"--version"}} {
		cmd := command(t, "simplehttp", args...)
		out, err := cmd.Output()
		if err != nil || !strings.Contains(string(out), "3.15") {
			t.Errorf("%q prints %q, %v", args, out, err)
		}
		for line := range strings.Lines(string(out)) {
			if args[0] == "--help" && len(line) > 80 {
				t.Errorf("%q prints a line of %d characters", args, len(line)-1)
			}
		}
	}
}
