package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

const testdata = "../../conformance/testdata"

// A fake is a server that gives one answer to everybody, after the first blank line or the end of the input.
func fake(t *testing.T, answer string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveFake(conn, answer)
		}
	}()
	return l.Addr().String()
}

func serveFake(conn net.Conn, answer string) {
	defer conn.Close()
	var request []byte
	for buf := make([]byte, 1<<10); !strings.Contains(string(request), "\r\n\r\n"); {
		n, err := conn.Read(buf)
		request = append(request, buf[:n]...)
		if err != nil {
			break
		}
	}
	conn.Write([]byte(answer))
}

// runConform runs the command, and returns its status and what it prints.
func runConform(args ...string) (status int, out, errs string) {
	var o, e strings.Builder
	status = run(append([]string{"--testdata", testdata}, args...), &o, &e)
	return status, o.String(), e.String()
}

// asRecorded is the answer to oneCase, with a date that is good and not the recorded one.
const (
	oneCase    = "conditional/if none match"
	asRecorded = "HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6 Python/3.13.0\r\nDate: Mon, 05 Jan 2026 07:08:09 GMT\r\n" +
		"Content-type: text/plain\r\nContent-Length: 13\r\nLast-Modified: Sun, 13 Sep 2020 12:26:40 GMT\r\n\r\nhello, world\n"
)

func TestCheckRunning(t *testing.T) {
	for _, row := range []struct {
		name, answer, level string
		status              int
		prints              []string
	}{
		{"equal", asRecorded, "bytes", 0, []string{"all                 1      1          0            0"}},
		{"another server", strings.Replace(asRecorded, "SimpleHTTP/0.6", "Other/1", 1), "bytes", 1, []string{
			oneCase + "\n  why    ",
			"\n  >      \"GET /hello.txt HTTP/1.0\\r\\n\"\n",
			"line 2 of the answer differs, from byte 12 on\n" +
				"  got    < \"Server: Other/1 Python/3.13.0\\r\\n\"\n" +
				"  want   < \"Server: SimpleHTTP/0.6 Python/3.13.0\\r\\n\"\n" +
				"                    ^\n" +
				"  rerun  go run ./cmd/conform check --python 3.13 --case '" + oneCase + "' --testdata " + testdata + " 127.0.0.1:",
		}},
		{"another server, same content", strings.Replace(asRecorded, "SimpleHTTP/0.6", "Other/1", 1), "content", 0, nil},
		{"a bad date", strings.Replace(asRecorded, "Mon, 05", "Mon, 5", 1), "bytes", 1, []string{"Mon, 5 Jan"}},
		{"other content", strings.Replace(asRecorded, "hello", "hullo", 1), "content", 1, []string{`< "hullo`}},
		{"other content, same status", strings.Replace(asRecorded, "hello", "hullo", 1), "status", 0, nil},
		{"another status", "HTTP/1.1 404 Not Found\r\n\r\n", "status", 1, []string{"got    status 404\n  want   status 200"}},
		{"nothing", "", "bytes", 1, []string{"got    closed\n"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, out, errs := runConform("check", "--python", "3.13", "--case", oneCase, "--level", row.level, fake(t, row.answer))
			if status != row.status {
				t.Errorf("status %d, want %d; it prints %s%s", status, row.status, out, errs)
			}
			for _, want := range row.prints {
				if !strings.Contains(out, want) {
					t.Errorf("prints %s, want %s", out, want)
				}
			}
			if strings.Contains(out+errs, "\x1b") {
				t.Errorf("prints colours, though not to a terminal: %q", out+errs)
			}
		})
	}
}

// TestCheckReports reads the documents that are written for programs.
func TestCheckReports(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junit.xml")
	status, out, _ := runConform("check", "--python", "3.13", "--theme", "conditional", "--theme", "index", "--json", "--junit", file, fake(t, asRecorded))
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	outcomes := map[string]int{}
	for _, c := range r.Cases {
		outcomes[c.Outcome]++
		if c.Outcome == different && (c.Why == "" || c.Line == 0 || c.Got == c.Want || c.Rerun == "" || len(c.Request) == 0) {
			t.Errorf("a result lacks something: %+v", c)
		}
		if c.Outcome == passedOver && c.Reason == "" {
			t.Errorf("%s is passed over without a reason", c.Case)
		}
	}
	if outcomes[equal] != r.Equal || outcomes[different] != r.Different || outcomes[passedOver] != r.PassedOver ||
		r.Equal == 0 || r.Different == 0 || r.PassedOver == 0 || r.Asked != r.Equal+r.Different || r.Python != "3.13.0" {
		t.Errorf("counted %d, %d, %d of %d for %s, want %v", r.Equal, r.Different, r.PassedOver, r.Asked, r.Python, outcomes)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var j junitSuites
	if err := xml.Unmarshal(text, &j); err != nil {
		t.Fatal(err)
	}
	if len(j.Suites) != 2 || j.Tests != len(r.Cases) || j.Failures != r.Different || len(j.Suites[0].Cases)+len(j.Suites[1].Cases) != j.Tests {
		t.Errorf("JUnit counts %d, %d, want %d, %d", j.Tests, j.Failures, len(r.Cases), r.Different)
	}
}

// TestCheckPassesOver holds that a server which runs is asked about its own tree and options alone.
func TestCheckPassesOver(t *testing.T) {
	for _, row := range []struct{ args, reason string }{
		{"--tree index", "needs the tree plain"},
		{"--protocol HTTP/1.1", "needs a server that is started with the defaults"},
	} {
		args := append([]string{"check", "--python", "3.13", "--case", oneCase, "--json"}, strings.Fields(row.args)...)
		status, out, errs := runConform(append(args, fake(t, ""))...)
		if want := fmt.Sprintf("%q", row.reason); status != 2 || !strings.Contains(out, want) {
			t.Errorf("%s: status %d, prints %s%s, want %s", row.args, status, out, errs, want)
		}
	}
}

// TestCheckStarted starts this test as the server.
func TestCheckStarted(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		mode   string
		status int
		prints string
	}{
		{"right", 0, "all                 1      1"},
		{"wrong", 1, "line 1 of the answer differs"},
		{"ends", 2, "it says \"goodbye"},
	} {
		t.Setenv("CONFORM_FAKE", row.mode)
		status, out, errs := runConform("check", "--python", "3.13", "--case", oneCase, "--", self, "{port}", "{dir}")
		if status != row.status || !strings.Contains(out+errs, row.prints) {
			t.Errorf("%s: status %d, prints %s%s, want %d, %s", row.mode, status, out, errs, row.status, row.prints)
		}
	}
	left, _ := filepath.Glob(fmt.Sprintf("/dev/shm/conform*%d", os.Getpid()))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestMain is also the server that TestCheckStarted starts.
func TestMain(m *testing.M) {
	mode := os.Getenv("CONFORM_FAKE")
	if mode == "" {
		os.Exit(m.Run())
	}
	if mode == "ends" {
		fmt.Fprintln(os.Stderr, "goodbye")
		os.Exit(3)
	}
	port, dir := os.Args[1], os.Args[2]
	l, err := net.Listen("tcp4", "127.0.0.1:"+port)
	hello, noTree := os.ReadFile(filepath.Join(dir, "hello.txt"))
	if err != nil || noTree != nil {
		fmt.Fprintln(os.Stderr, err, noTree)
		os.Exit(4)
	}
	head, _, _ := strings.Cut(asRecorded, "\r\n\r\n")
	if mode == "wrong" {
		head = "HTTP/1.1 500 No\r\n"
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			os.Exit(0)
		}
		go serveFake(conn, head+"\r\n\r\n"+string(hello))
	}
}

func TestMisuse(t *testing.T) {
	for _, row := range []struct{ args, says string }{
		{"", "no command is given"},
		{"--no-such-option", "no-such-option"},
		{"nothing", `no command "nothing"`},
		{"check 127.0.0.1:1", "one --python"},
		{"check --python 3.12,3.13 127.0.0.1:1", "one --python"},
		{"check --python 4.0 127.0.0.1:1", `no release "4.0"`},
		{"check --python 3.13", "HOST:PORT"},
		{"check --python 3.13 localhost", `"localhost" is no HOST:PORT`},
		{"check --python 3.13 -- server", "{port}"},
		{"check --python 3.13 --level most 127.0.0.1:1", `no level "most"`},
		{"check --python 3.13 --theme nothing 127.0.0.1:1", "no such theme or case"},
		{"check --python 3.13 --tree nothing 127.0.0.1:1", `no tree "nothing"`},
		{"list nothing", "no such theme or case"},
		{"check --python 3.13 localhost:", `"localhost:" is no HOST:PORT`},
		{"check --python 3.13 --tree /no/such/plain 127.0.0.1:1", "/no/such/plain"},
		{"check --python 3.13 --missing 127.0.0.1:1", "check takes no --missing"},
		{"list --level bytes", "list takes no --level"},
		{"replay --python 4.0", `no release "4.0"`},
		{"help nothing", `no command "nothing"`},
		{"export", "directory"},
		{"seeds", "directory"},
		{"tree plain", "directory"},
		{"tree nothing x", `no tree "nothing"`},
		{"diff 3.8", "two releases"},
		{"diff 3.8 4.0", `no release "4.0"`},
		{"diff 3.8 3.9 /no/such/file", "/no/such/file"},
		{"fuzz", "--for or --count"},
		{"between", "--for or --count"},
		{"between 3.8 --count 1", "two releases"},
		{"shrink", "case file"},
		{"record nothing", "no such theme or case"},
		{"quirks nothing", `no quirk "nothing"`},
		{"exhaustive nothing", "no such family"},
	} {
		status, out, errs := runConform(strings.Fields(row.args)...)
		if status != 2 || !strings.Contains(errs, row.says) {
			t.Errorf("conform %s: status %d, prints %q and %q, want 2 and %q", row.args, status, out, errs, row.says)
		}
	}
	closed := fakeThatIsGone(t)
	if status, _, errs := runConform("check", "--python", "3.13", "--case", oneCase, closed); status != 2 || !strings.Contains(errs, "refused") {
		t.Errorf("without a server: status %d, prints %q", status, errs)
	}
}

func fakeThatIsGone(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestHelp(t *testing.T) {
	for _, row := range []struct{ args, says string }{
		{"--help", "usage: conform COMMAND [options]"},
		{"help", "usage: conform COMMAND [options]"},
		{"help check", "The JSON document is an object"},
		{"check --help", "The JSON document is an object"},
		{"check --help", "      --json               print one JSON document instead of text\n"},
		{"export --help", "A string of *bytes*"},
	} {
		if status, out, _ := runConform(strings.Fields(row.args)...); status != 0 || !strings.Contains(out, row.says) {
			t.Errorf("conform %s: status %d, prints %q", row.args, status, out)
		}
	}
}

// TestCommands holds that the help has every command, and every command its options.
func TestCommands(t *testing.T) {
	_, all, _ := runConform("--help")
	used := map[string]bool{"testdata": true, "help": true}
	for _, c := range commands {
		if !strings.Contains(all, "  "+c.name+" ") {
			t.Errorf("conform --help does not name %s", c.name)
		}
		_, out, _ := runConform(c.name, "--help")
		for _, option := range takes[c.name] {
			used[option] = true
			if !strings.Contains(out, "--"+option) {
				t.Errorf("conform %s --help does not name --%s", c.name, option)
			}
		}
		if c.name != "check" && strings.Contains(out, "--level") {
			t.Errorf("conform %s --help tells of an option that it does not take", c.name)
		}
	}
	for name := range takes {
		if find(name) < 0 {
			t.Errorf("there are options of %s, which is no command", name)
		}
	}
	(&settings{}).flags().VisitAll(func(f *pflag.Flag) {
		if !used[f.Name] {
			t.Errorf("no command takes --%s", f.Name)
		}
	})
}

// TestList looks for interpreters in a directory that this test makes.
func TestList(t *testing.T) {
	pyenv := t.TempDir()
	for folder, release := range map[string]string{"3.13.0": "3.13.0", "3.12.1": "3.12.2", "3.11.8": "3.11.8"} {
		bin := filepath.Join(pyenv, "versions", folder, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		script := "#!/bin/sh\nprintf " + release
		if err := os.WriteFile(filepath.Join(bin, "python"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := runConform("list", "--pyenv", pyenv, "--modules", pyenv)
	if status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	for _, want := range []string{
		"3.13  3.13.0     " + pyenv + "/versions/3.13.0/bin/python\n",
		"3.12  3.12.1     cannot be asked: " + pyenv + "/versions/3.12.1/bin/python is release 3.12.2",
		"3.11  3.11.7     cannot be asked: no interpreter of 3.11.7",
		"here is [3.11.8], whose answers may differ\n",
		"3.14  3.14.2     cannot be asked: no interpreter of 3.14.2 (npm install",
		"\nTHEMES\n", "\nconditional ", "\nconform list THEME ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("list does not print %q", want)
		}
	}
	for _, name := range []string{oneCase, "conditional", "conditional/if none*"} {
		if _, out, _ := runConform("list", name); strings.Contains(out, "RELEASES") || !strings.Contains("\n"+out, "\n"+oneCase+"\n\t") {
			t.Errorf("list %s prints %.300s", name, out)
		}
	}
	var l listed
	if _, out, _ := runConform("list", "--json", "--pyenv", pyenv, "--modules", pyenv); json.Unmarshal([]byte(out), &l) != nil ||
		len(l.Releases) != 11 || len(l.Themes) == 0 || len(l.Cases) < 1500 || l.Releases[8].Interpreter == "" || l.Releases[9].Missing == "" {
		t.Errorf("list --json prints %.300s", out)
	}
}
