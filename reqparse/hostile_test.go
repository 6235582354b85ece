package reqparse

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// hostile are inputs of the greatest size that 3.x reads, each made for one place in the code where
// a careless loop would look at the same bytes again and again. There is no clock here: with work
// that grows as the square of the size, 6.5 MB would take hours, and the test time out.
var hostile = []struct {
	name string
	in   string
}{
	{"names", fields(block("Content-Type: text/plain\r", "A:\r"))},
	{"one value over all lines", fields(block("Connection: a\r", " a\r"))},
	{"blank continuation lines", fields(block("Connection:\r", " \r"))},
	{"mailbox lines", fields(block("Content-Type: message/x\r", "From x\r"))},
	{"parameters", fields(block("Content-Type: multipart/x", ";")[:95*maxLine])},
	{"quotes", fields(block("Content-Type: multipart/x", ";\"\\\""))},
	{"open quote", fields(block("Content-Type: multipart/x;\"", ";"))},
	{"sections", fields(block("Content-Type: multipart/x", ";boundary*1=a"))},
	{"names of sections", fields(block("Content-Type: multipart/x", ";a*;b*"))},
	{"percent", fields(block("Content-Type: multipart/x;boundary*=", "%41"))},
	{"lines of a preamble", fields(block("Content-Type: multipart/x;boundary=b\r\r", "-\r"))},
	{"lines of LF alone", "GET / HTTP/1.0\r\nContent-Type: multipart/x\r\rx\r\n" + strings.Repeat("x\n", 90) + "\n"},
	{"boundaries", fields(block("Content-Type: multipart/x;boundary=\"\"\r\r", "--\r"))},
	{"parts", fields(block("Content-Type: multipart/x;boundary=\"\"\r\r", "--\rA: b\r\rc\r"))},
	{"parts of a message", fields(block("Content-Type: multipart/digest;boundary=\"\"\r\r", "--\r\r\r\r"))},
	{"blank lines of a report", fields(block("Content-Type: message/delivery-status\r\r", "\r"))},
	{"blocks of a report", fields(block("Content-Type: message/delivery-status\r\r", "A: b\r\r"))},
	{"lines below nested multiparts", fields(block(nest(900), "--c\r"))},
	{"ends of nested multiparts", fields(block("Content-Type: multipart/x;boundary=b\r\r", "--b\r"+nest(40)))},
}

// block repeats s behind first, in 99 lines of the greatest length.
func block(first, s string) string {
	var b strings.Builder
	for i := range maxHeaders - 1 {
		line := first
		if i > 0 {
			line = " "
			if strings.HasSuffix(first, "\r") {
				line = ""
			}
		}
		n := (maxLine - 2 - len(line)) / len(s)
		b.WriteString(line + strings.Repeat(s, n) + "\r\n")
	}
	return b.String()
}

// nest begins n multiparts, one in the other.
func nest(n int) string {
	var b strings.Builder
	for i := range n {
		name := strconv.FormatInt(int64(1296-1-i), 36) // two characters, never the same
		b.WriteString("Content-Type: multipart/x;boundary=" + name + "\r\r--" + name + "\r")
	}
	return b.String()
}

func TestHostileSizes(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			for _, v := range []cpython.Version{cpython.V3_6, cpython.V3_15} {
				o := parse(options(v, "HTTP/1.0"), c.in, 100000)
				if o.state == NeedMore || o.state == Empty {
					t.Errorf("%s: Feed of %d bytes = %s", v, len(c.in), o)
				}
			}
		})
	}
}

// TestEndlessLine sends 2.7, which has no limit, a line of many megabytes, and a value, and as
// many fields. What is held stays small, and the answer is what a full memory would give.
func TestEndlessLine(t *testing.T) {
	const size = 1 << 16
	pieces := map[string][]byte{"x": bytes.Repeat([]byte("x"), size), " ": bytes.Repeat([]byte(" "), size),
		"\t x": bytes.Repeat([]byte("\t x"), size/3), " \n": bytes.Repeat([]byte(" y\n"), size/3),
		"a": bytes.Repeat([]byte("Connection: close\n"), size/18), "c": bytes.Repeat([]byte("a: b\n c\n"), size/8),
		"From": bytes.Repeat([]byte("From x\n"), size/7)}
	for _, c := range []struct{ head, middle, tail, want string }{
		{"", "x", "\r\n", "run"},
		{"", "x", ": close\r\nConnection: a\r\n\r\n", `connection="a"`},
		{"Connection:", " ", "close\r\n\r\n", `connection="close"`},
		{"Connection:close", " ", "\r\n\r\n", `connection="close"`},
		{"Connection:cl", " ", "ose\r\n\r\n", `connection="cl `},
		{"Connection:\r\n", " ", "close\r\n\r\n", `connection="close"`},
		{"Connection:close\r\n", " ", "\r\n\r\n", `connection="close"`},
		{"Connection:close", "\t x", "\r\n\r\n", `connection="close\t x`},
		{"Connection:close\r\n", " \n", "\r\n", `connection="close\n y`},
		{"Connection", "x", ":close\r\n\r\n", `"HTTP/1.0"`},
		{"", "a", "\r\n", `connection="close"`},
		{"", "c", "Connection: a\r\n\r\n", `connection="a"`},
		{"", "From", "Connection: a\r\n\r\n", `connection="a"`},
		{"From ", "x", "\r\nConnection: a\r\n\r\n", `connection="a"`},
		{"x:\r\n ", "x", "\r\nConnection: a\r\n\r\n", `connection="a"`},
	} {
		for _, all := range []bool{false, true} {
			var p Parser
			opts := options(cpython.V2_7, "HTTP/1.0")
			opts.AllFields = all
			p.Reset(opts)
			p.Feed([]byte("GET / HTTP/1.0\r\n" + c.head))
			for range 100 {
				if n, s := p.Feed(pieces[c.middle]); s != NeedMore || n != len(pieces[c.middle]) {
					t.Fatalf("Feed(%q, then many %q) = %d, %d, want more", c.head, c.middle, n, s)
				}
			}
			limit := 4 * maxLine
			if all {
				limit += 2 * maxText27
			}
			if held := cap(p.partial) + cap(p.block.text) + cap(p.rare.values()); held > limit {
				t.Errorf("Feed(%q, then many %q) holds %d bytes", c.head, c.middle, held)
			}
			p.Feed([]byte(c.tail))
			got := outcome{state: p.state, request: p.Request()}.String()
			if p.state != Complete || !strings.Contains(got, c.want) {
				t.Errorf("Feed(%q, many %q, %q) = %s, want %s", c.head, c.middle, c.tail, shorten(got), c.want)
			}
		}
	}
}

// values returns the longest value of 2.7.
func (r *rare) values() (longest []byte) {
	if r == nil {
		return nil
	}
	for _, value := range r.dict.values {
		if cap(value) > cap(longest) {
			longest = value
		}
	}
	return longest
}
