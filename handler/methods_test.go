package handler

import (
	"io"
	"strings"
	"testing"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

// The Server field of every release, spelled out.
func TestServerField(t *testing.T) {
	for v, want := range map[cpython.Version]string{
		cpython.V2_7:  "SimpleHTTP/0.6 Python/2.7.18",
		cpython.V3_6:  "SimpleHTTP/0.6 Python/3.6.15",
		cpython.V3_7:  "SimpleHTTP/0.6 Python/3.7.16",
		cpython.V3_8:  "SimpleHTTP/0.6 Python/3.8.18",
		cpython.V3_9:  "SimpleHTTP/0.6 Python/3.9.18",
		cpython.V3_10: "SimpleHTTP/0.6 Python/3.10.13",
		cpython.V3_11: "SimpleHTTP/0.6 Python/3.11.7",
		cpython.V3_12: "SimpleHTTP/0.6 Python/3.12.1",
		cpython.V3_13: "SimpleHTTP/0.6 Python/3.13.0",
		cpython.V3_14: "SimpleHTTP/0.6 Python/3.14.2",
		cpython.V3_15: "SimpleHTTP Python/3.15.0rc1",
	} {
		if p := play(t, bind(t, New(v)), false, "GET /hello.txt HTTP/1.0\r\n\r\n"); !strings.Contains(p.out, "\r\nServer: "+want+"\r\n") {
			t.Errorf("%v: %q, want Server: %s", v, p.out, want)
		}
	}
}

// An address_string of one's own is in the log of every release but 2.7, which logs client_address.
func TestAddressStringInLog(t *testing.T) {
	for _, v := range cpython.Versions() {
		h := New(v)
		h.AddressString = func(*Request) string { return "somebody" }
		want := "somebody - - ["
		if v == cpython.V2_7 {
			want = "192.0.2.1 - - ["
		}
		if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(p.log, want) {
			t.Errorf("%v: log %q, want %q", v, p.log, want)
		}
	}
}

// Fields of one's own in the answer to an HTTP/0.9 request end 3.15 with an exception.
func TestExtraFieldsOfSimpleRequest(t *testing.T) {
	for _, v := range cpython.Versions() {
		h := New(v)
		h.ExtraResponseHeaders = []Header{{"X-Own", "1"}}
		want := "hello\n"
		if v == cpython.V3_15 {
			want = ""
		}
		if p := play(t, bind(t, h), true, "GET /hello.txt\r\n", "\r\n"); p.out != want {
			t.Errorf("%v: %q, want %q", v, p.out, want)
		}
	}
}

// whole is the text of a body, or "none".
func whole(t *testing.T, f fsmap.File) string {
	t.Helper()
	if f == nil {
		return "none"
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// asked is what a method sees of its request, and what the other methods of the instance return.
func asked(t *testing.T, r *Request) []string {
	peer := r.ClientAddress
	return []string{
		peer.Host, r.RequestLine, r.Command, r.Path, r.RequestVersion,
		r.Headers.Get("x-one", "none"), r.Headers.Get("x-two", "none"),
		r.TranslatePath("/dir/%41?q"), r.TranslatePath("/к\u00e9/"), r.GuessType("/a.txt"), r.GuessType("/a.?"),
		r.VersionString(), r.DateTimeString(frozen), r.AddressString(), r.LogDateTimeString(),
		strings.Join(strings.Fields(whole(t, r.ListDirectory("/dir"))), " "),
	}
}

const asking = "ASK /x HTTP/1.0\r\nX-One: 1\r\n\r\n"

// Without replacements the methods of an instance are those of the release.
func TestMethods(t *testing.T) {
	h := New(cpython.V3_13)
	var got []string
	h.Do = map[string]func(*Request){"ASK": func(r *Request) { got = asked(t, r) }}
	p := play(t, bind(t, h), false, asking)
	page := `<!DOCTYPE HTML> <html lang="en"> <head> <meta charset="utf-8"> <title>Directory listing for /x</title> </head> <body> ` +
		`<h1>Directory listing for /x</h1> <hr> <ul> <li><a href="a">a</a></li> </ul> <hr> </body> </html>`
	checkAll(t, got, []string{
		"192.0.2.1", "ASK /x HTTP/1.0", "ASK", "/x", "HTTP/1.0", "1", "none",
		"/dir/A", "/к\u00e9/", "text/plain", "application/octet-stream",
		"SimpleHTTP/0.6 Python/3.13.0", date, "192.0.2.1", "13/Sep/2020 12:26:40", page,
	})
	if want := head(cpython.V3_13, "200 OK") + "Content-type: text/html; charset=utf-8\r\nContent-Length: "; !strings.HasPrefix(p.out, want) {
		t.Errorf("list_directory sends %q, want %q", p.out, want)
	}
}

// With replacements they are the replacements, and get what they were called with.
func TestMethodsReplaced(t *testing.T) {
	h := New(cpython.V3_13)
	h.TranslatePath = func(r *Request, path string) string { return "translated " + path }
	h.GuessType = func(r *Request, path string) string { return "type of " + path }
	h.VersionString = func(*Request) string { return "the version" }
	h.DateTimeString = func(*Request, Time) string { return "the date" }
	h.AddressString = func(*Request) string { return "the address" }
	h.ListDirectory = func(r *Request, path string) fsmap.File { return NewPage([]byte("list of " + path)) }
	var got []string
	h.Do = map[string]func(*Request){"ASK": func(r *Request) { got = asked(t, r) }}
	play(t, bind(t, h), false, asking)
	checkAll(t, got, []string{
		"192.0.2.1", "ASK /x HTTP/1.0", "ASK", "/x", "HTTP/1.0", "1", "none",
		"translated /dir/%41?q", "translated /к\u00e9/", "type of /a.txt", "type of /a.?",
		"the version", "the date", "the address", "13/Sep/2020 12:26:40", "list of /dir",
	})
}

func checkAll(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d results, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("result %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// A replacement stands for the method, which is then not run as well.
func TestReplacedAlone(t *testing.T) {
	h := New(cpython.V3_13)
	var calls []string
	called := func(name string) { calls = append(calls, name) }
	h.DoHEAD = func(r *Request) { called("do_HEAD"); r.SendError(404, "m", "e") }
	h.DoGET = func(r *Request) {
		called("do_GET")
		r.LogRequest("7", "8")
		r.LogError("bad")
		r.CopyFile(r.SendHead())
	}
	h.SendHead = func(r *Request) fsmap.File { called("send_head"); return NewPage([]byte("body")) }
	h.SendError = func(r *Request, code int, message, explain string) { called("send_error " + message + explain) }
	h.LogRequest = func(r *Request, code, size string) { called("log_request " + code + size) }
	h.LogError = func(r *Request, message string) { called("log_error " + message) }
	s := bind(t, h)
	if p := play(t, s, false, "HEAD / HTTP/1.0\r\n\r\n"); p.out+p.log != "" {
		t.Errorf("HEAD: %q, log %q, want nothing", p.out, p.log)
	}
	if p := play(t, s, false, "GET / HTTP/1.0\r\n\r\n"); p.out != "body" || p.log != "" {
		t.Errorf("GET: %q, log %q, want the body alone", p.out, p.log)
	}
	if want := "do_HEAD|send_error me|do_GET|log_request 78|log_error bad|send_head"; strings.Join(calls, "|") != want {
		t.Errorf("calls %q, want %q", strings.Join(calls, "|"), want)
	}
}

// A handle_expect_100 of one's own decides whether the method runs.
func TestHandleExpect100(t *testing.T) {
	for _, goOn := range []bool{true, false} {
		h := New(cpython.V3_13)
		h.ProtocolVersion = "HTTP/1.1"
		h.HandleExpect100 = func(r *Request) bool {
			_, _ = r.Wfile.WriteString("asked\n")
			return goOn
		}
		h.DoGET = func(r *Request) { _, _ = r.Wfile.WriteString("ran\n") }
		want := "asked\n"
		if goOn {
			want += "ran\n"
		}
		if p := play(t, bind(t, h), false, "GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n"); p.out != want {
			t.Errorf("where it returns %v: %q, want %q", goOn, p.out, want)
		}
	}
}

// A log_message of one's own gets errors, too.
func TestLogErrorByLogMessage(t *testing.T) {
	h := New(cpython.V3_13)
	h.LogMessage = func(r *Request, message string) { r.Super().LogMessage("<" + message + ">") }
	h.DoGET = func(r *Request) { r.LogError("one"); r.LogMessage("two") }
	const prefix = "192.0.2.1 - - [13/Sep/2020 12:26:40] "
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.log != prefix+"<one>\n"+prefix+"<two>\n" {
		t.Errorf("log %q", p.log)
	}
	h = New(cpython.V3_13)
	h.DoGET = func(r *Request) { r.LogError("one"); r.LogMessage("two") }
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.log != prefix+"one\n"+prefix+"two\n" {
		t.Errorf("log %q", p.log)
	}
}

// A read of nothing, or of less, goes on at once.
func TestReadNothing(t *testing.T) {
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) {
		r.Rfile.Read(0, func(a []byte) {
			r.Rfile.Read(-1, func(b []byte) {
				r.Rfile.ReadLine(0, func(c []byte) {
					r.Rfile.ReadLine(-1, func(d []byte) {
						r.Rfile.ReadLine(1, func(e []byte) {
							_, _ = r.Wfile.WriteString("read " + string(a) + string(b) + string(c) + string(d) + string(e))
						})
					})
				})
			})
		})
	}
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n", "xyz"); p.out != "read x" || !p.closed {
		t.Errorf("%q, closed %v, want %q", p.out, p.closed, "read x")
	}
}

// Which error answers have content, and what stands for a status that nobody knows.
func TestErrorBodies(t *testing.T) {
	for code, want := range map[int]bool{199: false, 200: true, 203: true, 204: false, 205: false, 206: true, 303: true, 304: false, 305: true} {
		h := New(cpython.V3_13)
		h.DoGET = func(r *Request) { r.SendError(code, "", "") }
		p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n")
		_, body, _ := strings.Cut(p.out, "\r\n\r\n")
		if (body != "") != want {
			t.Errorf("send_error(%d) has content is %v, want %v: %q", code, body != "", want, p.out)
		}
	}
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) { r.SendError(499, "", "") }
	p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n")
	if !strings.HasPrefix(p.out, "HTTP/1.0 499 ???\r\n") || !strings.Contains(p.out, "<p>Message: ???.</p>") || !strings.Contains(p.out, "499 - ???.") {
		t.Errorf("send_error(499): %q", p.out)
	}
}

// The line that a crash leaves in the log, with an address of four parts.
func TestCrashLine(t *testing.T) {
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) { r.SendError(404, "\u0100", "") }
	s := bind(t, h)
	var c Conn
	c.Reset(s, Peer{Host: "fe80::1", Port: 4711, IPv6: true, FlowInfo: 10, ScopeID: 20})
	c.Feed([]byte("GET / HTTP/1.0\r\n\r\n"))
	for c.State() == Working {
		c.Work()
	}
	if c.State() != Writing {
		t.Fatalf("state %d, want Writing", c.State())
	}
	const want = "Exception occurred during processing of request from ('fe80::1', 4711, 10, 20): " +
		"UnicodeEncodeError: 'latin-1' codec can't encode character '\\u0100' in position 13: ordinal not in range(256)\n"
	if got := string(c.Output().Log); got != want {
		t.Errorf("log %q, want %q", got, want)
	}
}

// 00ff is the last character that Latin-1 has.
func TestLatin1Message(t *testing.T) {
	h := New(cpython.V3_13)
	h.DoGET = func(r *Request) { r.SendResponse(200, "\u00ff"); r.EndHeaders() }
	if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(p.out, "HTTP/1.0 200 \xff\r\n") {
		t.Errorf("%q", p.out)
	}
}

// What a panic leaves in the log, by the kind of its value.
func TestPanicValues(t *testing.T) {
	for _, row := range []struct {
		value any
		want  string
	}{
		{"out of cheese", "panic: out of cheese"},
		{io.ErrUnexpectedEOF, "panic: unexpected EOF"},
		{3, "panic: a value that is neither an error nor a string"},
	} {
		h := New(cpython.V3_13)
		h.DoGET = func(*Request) { panic(row.value) }
		if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); !strings.HasSuffix(p.log, "): "+row.want+"\n") {
			t.Errorf("log %q, want %q at its end", p.log, row.want)
		}
	}
}

// What user code takes out of extensions_map is gone, where the module mimetypes is not asked behind it, and nothing else is.
func TestExtensionsMapTakenOut(t *testing.T) {
	for v, want := range map[cpython.Version]string{
		cpython.V2_7:  "text/x-own text/html application/octet-stream",
		cpython.V3_8:  "text/x-own text/html application/octet-stream",
		cpython.V3_13: "text/x-own text/html text/plain",
	} {
		h := New(v)
		h.ExtensionsMap[".own"] = "text/x-own"
		delete(h.ExtensionsMap, ".txt")
		h.DoGET = func(r *Request) {
			_, _ = r.Wfile.WriteString(r.GuessType("/a.own") + " " + r.GuessType("/a.html") + " " + r.GuessType("/a.txt"))
		}
		if p := play(t, bind(t, h), false, "GET / HTTP/1.0\r\n\r\n"); p.out != want {
			t.Errorf("%v: %q, want %q", v, p.out, want)
		}
	}
}
