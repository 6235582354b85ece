package handler

import (
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

// echo is a do_POST that answers with what it was sent.
func echo(r *Request) {
	length, _ := strconv.Atoi(r.Headers.Get("Content-Length", "0"))
	r.Rfile.Read(length, func(body []byte) {
		r.SendResponse(201, "")
		r.SendHeader("Content-Length", strconv.Itoa(len(body)))
		r.EndHeaders()
		_, _ = r.Wfile.Write(body)
	})
}

const post = "POST /x HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\nhello"

func TestPost(t *testing.T) {
	h := New(cpython.V3_13)
	h.ProtocolVersion = "HTTP/1.1"
	h.Do = map[string]func(*Request){"POST": echo}
	s := bind(t, h)
	want := strings.Replace(head(cpython.V3_13, "201 Created"), "HTTP/1.0", "HTTP/1.1", 1) + "Content-Length: 5\r\n\r\nhello"
	for i := 1; i < len(post); i++ {
		if p := play(t, s, false, post[:i], post[i:]); p.out != want || p.closed {
			t.Fatalf("cut at %d: %q, closed %v, want %q", i, p.out, p.closed, want)
		}
	}
	if p := play(t, s, false, post+post+"GET"); p.out != want+want || p.closed {
		t.Errorf("two in a row: %q", p.out)
	}
	short := strings.Replace(want, "Content-Length: 5", "Content-Length: 3", 1)
	if p := play(t, s, true, post[:len(post)-2]); p.out != strings.TrimSuffix(short, "lo") || !p.closed {
		t.Errorf("with an end in the body: %q, closed %v", p.out, p.closed)
	}
}

func TestReadLine(t *testing.T) {
	h := New(cpython.V3_13)
	var got []string
	var readLine func(r *Request)
	readLine = func(r *Request) {
		r.Rfile.ReadLine(6, func(line []byte) {
			got = append(got, string(line))
			if len(line) > 0 {
				readLine(r)
				return
			}
			r.SendResponse(204, "")
			r.EndHeaders()
		})
	}
	h.Do = map[string]func(*Request){"LINES": readLine}
	p := play(t, bind(t, h), true, "LINES / HTTP/1.0\r\n\r\n", "one\nt", "wo", "\n", "seven letters\n\n", "end")
	if want := "one\n|two\n|seven |letter|s\n|\n|end|"; strings.Join(got, "|") != want {
		t.Errorf("lines %q, want %q", got, want)
	}
	if !strings.Contains(p.out, "204 No Content") {
		t.Errorf("answer %q", p.out)
	}
}

// A subclass replaces methods, goes on with those that it replaced, and changes the path in between.
func TestOverrides(t *testing.T) {
	h := New(cpython.V3_13)
	h.ServerVersion = "Notes/1.0"
	h.ExtensionsMap[".txt"] = "text/x-note"
	h.DoGET = func(r *Request) {
		r.Path = strings.Replace(r.Path, "/notes/", "/", 1)
		r.Super().DoGET()
	}
	h.GuessType = func(r *Request, path string) string {
		return r.Super().GuessType(path) + "; charset=utf-8"
	}
	h.VersionString = func(r *Request) string { return "<" + r.Super().VersionString() + ">" }
	h.DateTimeString = func(r *Request, t Time) string { return "at " + strconv.FormatInt(t.Sec, 10) }
	h.AddressString = func(r *Request) string { return "client " + r.Super().AddressString() }
	h.LogMessage = func(r *Request, message string) { r.Super().LogMessage("[" + message + "]") }
	p := play(t, bind(t, h), false, "GET /notes/hello.txt HTTP/1.0\r\n\r\n")
	want := "HTTP/1.0 200 OK\r\nServer: <Notes/1.0 Python/3.13.0>\r\nDate: at 1600000000\r\n" +
		"Content-type: text/x-note; charset=utf-8\r\nContent-Length: 6\r\nLast-Modified: at 1600000000\r\n\r\nhello\n"
	if p.out != want {
		t.Errorf("%q, want %q", p.out, want)
	}
	if want := "client 192.0.2.1 - - [13/Sep/2020 12:26:40] [\"GET /notes/hello.txt HTTP/1.0\" 200 -]\n"; p.log != want {
		t.Errorf("log %q, want %q", p.log, want)
	}
}

func TestOverriddenFiles(t *testing.T) {
	h := New(cpython.V3_13)
	h.TranslatePath = func(r *Request, path string) string { return "/hello.txt" }
	h.SendError = func(r *Request, code int, message, explain string) {
		r.Super().SendError(code, "<"+message+">", "because")
	}
	s := bind(t, h)
	if p := play(t, s, false, "GET /anything HTTP/1.0\r\n\r\n"); !strings.HasSuffix(p.out, "\r\n\r\nhello\n") {
		t.Errorf("with TranslatePath: %q", p.out)
	}
	p := play(t, s, false, "BREW / HTTP/1.0\r\n\r\n")
	if !strings.HasPrefix(p.out, "HTTP/1.0 501 <Unsupported method ('BREW')>\r\n") || !strings.Contains(p.out, "501 - because.") {
		t.Errorf("with SendError: %q", p.out)
	}
	h = New(cpython.V3_13)
	h.ListDirectory = func(r *Request, path string) fsmap.File {
		r.SendResponse(200, "Listed")
		r.EndHeaders()
		return NewPage([]byte("page of " + path))
	}
	p = play(t, bind(t, h), false, "GET /dir/ HTTP/1.0\r\n\r\n")
	if want := head(cpython.V3_13, "200 Listed") + "\r\npage of /dir/"; p.out != want {
		t.Errorf("with ListDirectory: %q, want %q", p.out, want)
	}
}

// What is written before the head is ended goes out before the head, as with CPython.
func TestWriteBeforeHead(t *testing.T) {
	for v, want := range map[cpython.Version]string{
		cpython.V2_7:  head(cpython.V2_7, "200 OK") + "early\r\n",
		cpython.V3_13: "early" + head(cpython.V3_13, "200 OK") + "\r\n",
	} {
		h := New(v)
		h.DoGET = func(r *Request) {
			r.SendResponse(200, "")
			_, _ = r.Wfile.WriteString("early")
			r.EndHeaders()
		}
		if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.out != want {
			t.Errorf("%v: %q, want %q", v, p.out, want)
		}
	}
}

// Several files, and what is written between them, come in order.
func TestCopyFiles(t *testing.T) {
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) {
		for range 2 {
			_, _ = r.Wfile.WriteString("<")
			f, _, err := testEnv().FS.Open([]byte("/hello.txt"), true)
			if err != nil {
				t.Fatal(err)
			}
			r.CopyFile(f)
			_, _ = r.Wfile.WriteString(">")
		}
	}
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.out != "<hello\n><hello\n>" {
		t.Errorf("%q", p.out)
	}
}

// A panic of user code is an exception: it ends the connection, and nothing else.
func TestPanic(t *testing.T) {
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) {
		r.SendResponse(200, "")
		panic("out of cheese")
	}
	p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n")
	if p.out != "" || !p.closed || !strings.HasSuffix(p.log, "): panic: out of cheese\n") {
		t.Errorf("%q, log %q", p.out, p.log)
	}
}

// What Latin-1 cannot hold is an exception, as it is in CPython.
func TestUnencodable(t *testing.T) {
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) { r.SendError(404, "кот", "") }
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.out != "" || !strings.Contains(p.log, "UnicodeEncodeError") {
		t.Errorf("%q, log %q", p.out, p.log)
	}
	h = New(cpython.V3_13)
	h.ProtocolVersion = "HTTP/кот"
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.out != "" || !strings.Contains(p.log, "UnicodeEncodeError") {
		t.Errorf("%q, log %q", p.out, p.log)
	}
}

// A changed extensions_map keeps what the system's files say of other extensions: up to 3.8 they are in
// it, later they are asked behind it.
func TestExtensionsMapAndSystemFiles(t *testing.T) {
	for _, v := range []cpython.Version{cpython.V2_7, cpython.V3_8, cpython.V3_13} {
		h := New(v)
		h.ExtensionsMap[".txt"] = "text/x-note"
		env := testEnv()
		env.MimeFiles = [][]byte{[]byte("text/x-system sys\n")}
		env.FS.(*fsmap.MapFS).Add("/a.sys", fsmap.Node{})
		s, err := h.Bind(env)
		if err != nil {
			t.Fatal(err)
		}
		for target, want := range map[string]string{"/hello.txt": "text/x-note", "/a.sys": "text/x-system"} {
			p := play(t, s, false, "GET "+target+" HTTP/1.0\r\n\r\n")
			if !strings.Contains(p.out, "\r\nContent-type: "+want+"\r\n") {
				t.Errorf("%v: GET %s: %q, want the type %s", v, target, p.out, want)
			}
		}
	}
}
