package reqparse

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"simplehttp/cpython"
)

// An outcome is all that a caller can see of a request.
type outcome struct {
	state   State
	took    int  // bytes taken when the answer was there
	ended   bool // the answer needed the end of input
	request *Request
	refusal Refusal
	crash   string
}

func options(v cpython.Version, protocol string) Options {
	return Options{Version: v, Protocol: protocol, DefaultVersion: "HTTP/0.9"}
}

// parse gives data to a new Parser in chunks of the given sizes, the last one again and again,
// and ends it.
func parse(opts Options, data string, sizes ...int) outcome {
	var p Parser
	p.Reset(opts)
	return feed(&p, data, sizes...)
}

// feed takes care that no byte behind a chunk can be read, and that the parser does not rely on a
// chunk after Feed.
func feed(p *Parser, data string, sizes ...int) (o outcome) {
	s := NeedMore
	for i := 0; s == NeedMore && o.took < len(data); i++ {
		end := len(data)
		if len(sizes) > 0 {
			if size := sizes[min(i, len(sizes)-1)]; size > 0 {
				end = min(end, o.took+size)
			}
		}
		chunk := []byte(data[o.took:end])
		var n int
		n, s = p.Feed(chunk[:len(chunk):len(chunk)])
		for i := range chunk {
			chunk[i] = '#'
		}
		o.took += n
	}
	if s == NeedMore {
		o.ended = true
		s = p.End()
	}
	o.state, o.request, o.refusal, o.crash = s, p.Request(), p.Refusal(), p.Crash()
	return o
}

// String writes an outcome in one line. The number is that of the input byte at which the answer
// is there; + says that it took the end of input, too.
func (o outcome) String() string {
	var b strings.Builder
	states := [...]string{NeedMore: "need more", Complete: "run", Refused: "refuse", Empty: "close", Crashed: "crash"}
	fmt.Fprintf(&b, "%d", o.took)
	if o.ended {
		b.WriteByte('+')
	}
	fmt.Fprintf(&b, " %s", states[o.state])
	r := o.request
	switch o.state {
	case Empty:
		return b.String()
	case Crashed:
		return b.String() + " " + o.crash
	case Refused:
		fmt.Fprintf(&b, " %d %q", o.refusal.Status, o.refusal.Message)
		if len(o.refusal.Explain) > 0 {
			fmt.Fprintf(&b, " (%s)", o.refusal.Explain)
		}
		fmt.Fprintf(&b, " to %q", r.HTTPVersion)
		if r.Method != nil {
			fmt.Fprintf(&b, " method %q", r.Method)
		}
		return b.String()
	}
	fmt.Fprintf(&b, " %q %q %q", r.Method, r.Target, r.HTTPVersion)
	if !r.CloseConnection {
		b.WriteString(" keep")
	}
	if r.ExpectContinue {
		b.WriteString(" continue")
	}
	for _, name := range knownNames {
		if value, ok := r.Fields.Get(name); ok {
			fmt.Fprintf(&b, " %s=%q", name, value)
		}
	}
	return b.String()
}

// TestCases runs each case whole, in every split, byte by byte, and with bytes behind it, for
// every release. The answer must be the same, at the same byte.
func TestCases(t *testing.T) {
	for _, c := range cases {
		for _, v := range cpython.Versions() {
			want := c.want(v)
			opts := options(v, c.protocol())
			check := func(o outcome, how string) {
				t.Helper()
				if got := o.String(); got != want {
					t.Errorf("%s: Feed(%s) %s:\n got %s\nwant %s", v, shorten(fmt.Sprintf("%q", c.in)), how, got, want)
				}
			}
			whole := parse(opts, c.in)
			check(whole, "whole")
			if whole.String() != want {
				continue // wrong in every split, too
			}
			check(parse(opts, c.in, 1), "byte by byte")
			step := 1 + len(c.in)/1000*100 // every split of all but long ones
			for split := 1; split < len(c.in); split += step {
				check(parse(opts, c.in, split, 0), fmt.Sprintf("split at %d", split))
			}
			if !whole.ended {
				check(parse(opts, c.in+"GET /trailing HTTP/1.0\r\n\r\n"), "with trailing bytes")
			}
		}
	}
}

// TestCasesDiffer looks at the table itself: no input twice, every release answered.
func TestCasesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range cases {
		if key := c.http + " " + c.in; seen[key] {
			t.Errorf("%q is there twice", c.in)
		} else {
			seen[key] = true
		}
		for _, v := range cpython.Versions() {
			if c.want(v) == "" {
				t.Errorf("%q: no answer of %s", c.in, v)
			}
		}
	}
}

// TestReusedParser reads all cases with one Parser per release, as keep-alive does. Nothing of a
// request may be left in the next.
func TestReusedParser(t *testing.T) {
	for _, v := range cpython.Versions() {
		var p Parser
		for _, c := range cases {
			p.Reset(options(v, c.protocol()))
			if got, want := feed(&p, c.in, 7).String(), c.want(v); got != want {
				t.Errorf("%s: Feed(%s) after others:\n got %s\nwant %s", v, shorten(fmt.Sprintf("%q", c.in)), got, want)
			}
		}
	}
}

// TestKeepAlive reads requests that lie behind each other.
func TestKeepAlive(t *testing.T) {
	const input = "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\nConnection: close\r\n\r\n\r\nrest"
	for _, v := range cpython.Versions() {
		var p Parser
		rest := input
		for _, want := range []string{
			`19 run "GET" "/1" "HTTP/1.1" keep`,
			`39 run "HEAD" "/2" "HTTP/1.1" connection="close"`,
			`2 close`,
		} {
			p.Reset(options(v, "HTTP/1.1"))
			o := feed(&p, rest)
			if o.String() != want {
				t.Errorf("%s: Feed(%q) = %s, want %s", v, rest, o, want)
			}
			rest = rest[o.took:]
		}
		if n, s := p.Feed([]byte(rest)); n != 0 || s != Empty {
			t.Errorf("%s: Feed(%q) after the answer = %d, %d, want 0, %d", v, rest, n, s, Empty)
		}
	}
}

func TestAllFields(t *testing.T) {
	const input = "GET / HTTP/1.0\r\nHost: a\r\nhOST: b\r\n c\r\nConnection:\r\nX: \xe9\r\nconnection: close\r\n\r\n"
	for _, v := range cpython.Versions() {
		opts := options(v, "HTTP/1.0")
		opts.AllFields = true
		want := "[Host=a hOST=b\r\n c Connection= X=\xe9 connection=close]"
		host, connection := "a", ""
		if v.Has(cpython.ReadsFieldsWithRFC822) {
			want = "[host=a host=b\n c connection= x=\xe9 connection=close]"
			host, connection = "b\n c", "close"
		}
		o := parse(opts, input, 3)
		var got []string
		for f := range o.request.Fields.All() {
			got = append(got, string(f.Name)+"="+string(f.Value))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: All() after Feed(%q) = %q, want %q", v, input, got, want)
		}
		for name, want := range map[string]string{"HOST": host, "Connection": connection, "x": "\xe9"} {
			if value, ok := o.request.Fields.Get(name); string(value) != want || !ok {
				t.Errorf("%s: Get(%q) = %q, %v, want %q, true", v, name, value, ok, want)
			}
		}
		if value, ok := o.request.Fields.Get("y"); ok || value != nil {
			t.Errorf("%s: Get(y) = %q, %v, want none", v, value, ok)
		}
		for range o.request.Fields.All() {
			break // an iteration that is broken off
		}
	}
}

// TestRequestSoFar asks for a request before it is complete.
func TestRequestSoFar(t *testing.T) {
	var p Parser
	p.Reset(options(cpython.Default, "HTTP/1.1"))
	for _, step := range []struct{ in, line, method string }{
		{"GET /", "", ""},
		{" HTTP/1.1\r\n", "GET / HTTP/1.1", "GET"},
		{"A: b\r\n\r\n", "GET / HTTP/1.1", "GET"},
	} {
		p.Feed([]byte(step.in))
		if r := p.Request(); string(r.RequestLine) != step.line || string(r.Method) != step.method {
			t.Errorf("after %q: RequestLine = %q, Method = %q, want %q, %q", step.in, r.RequestLine, r.Method, step.line, step.method)
		}
	}
	if s := p.End(); s != Complete {
		t.Errorf("End() after the answer = %d, want %d", s, Complete)
	}
}

// TestBadRequestLineAttributes looks at what send_error finds: None and ” are different.
func TestBadRequestLineAttributes(t *testing.T) {
	opts := options(cpython.V3_13, "HTTP/1.1")
	bad := parse(opts, "x\r\n").request
	long := parse(opts, strings.Repeat("x", 65537)).request
	if bad.Method != nil || bad.Target != nil {
		t.Errorf("400: Method = %q, Target = %q, want nil", bad.Method, bad.Target)
	}
	if long.Method == nil || len(long.Method) != 0 || len(long.RequestLine) != 0 || len(long.HTTPVersion) != 0 {
		t.Errorf("414: Method = %q, RequestLine = %q, HTTPVersion = %q, want all empty, not nil", long.Method, long.RequestLine, long.HTTPVersion)
	}
	kept := parse(opts, "GET / HTTP/2.0\r\n").request
	if kept.CloseConnection {
		t.Error("505 with HTTP/1.1: CloseConnection is set before send_error, which sets it")
	}
}

// TestWaitingParserIsSmall: thousands of them wait in a server.
func TestWaitingParserIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(Parser{}); size > 220 {
		t.Errorf("a Parser has %d bytes", size)
	}
	for _, v := range cpython.Versions() {
		var p Parser
		p.Reset(options(v, "HTTP/1.0"))
		p.Feed([]byte("GET / HTT"))
		if p.rare != nil || p.result != nil || p.block.text != nil || cap(p.partial) > 64 {
			t.Errorf("%s: waiting for the request-line, it holds %d bytes and more", v, cap(p.partial))
		}
		p.Feed([]byte("P/1.0\r\nHost: x\r\nUser-Agent"))
		if p.result != nil || cap(p.block.text)+cap(p.partial) > 128 {
			t.Errorf("%s: waiting for a field, it holds %d bytes and more", v, cap(p.block.text)+cap(p.partial))
		}
	}
}

// TestResetGivesBack: what one long request needed is not kept for the next.
func TestResetGivesBack(t *testing.T) {
	for _, v := range cpython.Versions() {
		var p Parser
		p.Reset(options(v, "HTTP/1.0"))
		feed(&p, "GET /"+strings.Repeat("x", 50000)+" HTTP/1.0\r\nExpect: "+strings.Repeat("x", 50000)+"\r\n\r\n", 1000)
		p.Reset(options(v, "HTTP/1.0"))
		if n := cap(p.block.text) + cap(p.partial); n > 2*maxKept {
			t.Errorf("%s: %d bytes are kept", v, n)
		}
		if p.rare != nil && cap(p.rare.dict.values[fieldExpect]) > maxKept {
			t.Errorf("%s: a value of %d bytes is kept", v, cap(p.rare.dict.values[fieldExpect]))
		}
	}
}

// TestZeroState: the zero State is NeedMore, that of a Parser before any input.
func TestZeroState(t *testing.T) {
	var p Parser
	p.Reset(options(cpython.Default, "HTTP/1.0"))
	if n, s := p.Feed(nil); n != 0 || s != NeedMore {
		t.Errorf("Feed(nil) = %d, %d, want 0, %d", n, s, NeedMore)
	}
	if !reflect.DeepEqual(p.Refusal(), Refusal{}) || p.Crash() != "" {
		t.Errorf("Refusal() = %v, Crash() = %q, want none", p.Refusal(), p.Crash())
	}
}
