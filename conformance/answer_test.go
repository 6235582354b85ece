package conformance

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

var testWords = Words{Server: "SimpleHTTP/0.6 Python/3.9.18", Root: "/srv/tree"}

func TestQuoted(t *testing.T) {
	for _, row := range []struct{ bytes, line string }{
		{"", `""`},
		{"HTTP/1.0 200 OK\r\n", `"HTTP/1.0 200 OK\r\n"`},
		{"a\t\"b\"\\\x00\x1b\x7f\x80\xff", `"a\t\"b\"\\\x00\x1b\x7f\x80\xff"`},
		{"Server: SimpleHTTP/0.6 Python/3.9.18\r\n", `"Server: " server "\r\n"`},
		{"SimpleHTTP/0.6 Python/3.9.1\r\n", `"SimpleHTTP/0.6 Python/3.9.1\r\n"`},
		{"in /srv/tree/x /srv/tree", `"in " root "/x " root`},
		{strings.Repeat("b", 39), `"` + strings.Repeat("b", 39) + `"`},
		{"A: " + strings.Repeat("b", 40) + "\r\n", `"A: " 40*"b" "\r\n"`},
		{strings.Repeat("\xff", 50) + strings.Repeat("\n", 60), `50*"\xff" 60*"\n"`},
	} {
		if got := string(AppendQuoted(nil, []byte(row.bytes), testWords)); got != row.line {
			t.Errorf("AppendQuoted(%q) = %s, want %s", row.bytes, got, row.line)
		}
		if got, err := ParseQuoted(row.line, testWords); string(got) != row.bytes || err != nil {
			t.Errorf("ParseQuoted(%s) = %q, %v, want %q", row.line, got, err, row.bytes)
		}
	}
}

func TestParseQuotedRefuses(t *testing.T) {
	for _, line := range []string{`x`, `"a`, `"a" b`, `-1*"a"`, `3*`, `3*server`, `'a'`, `"ä"`, `serverx`} {
		if got, err := ParseQuoted(line, testWords); err == nil {
			t.Errorf("ParseQuoted(%s) = %q, want an error", line, got)
		}
	}
}

func TestQuoteLog(t *testing.T) {
	for _, row := range []struct{ line, want string }{
		{`"GET / HTTP/1.0" 200 -`, "`\"GET / HTTP/1.0\" 200 -`"},
		{`"GET /\x1b" 200 -`, "`\"GET /\\x1b\" 200 -`"},
		{"a`b", "\"a`b\""},
		{"caf\xc3\xa9", `"caf\xc3\xa9"`},
		{"", "``"},
	} {
		if got := quoteLog([]byte(row.line), testWords); got != row.want {
			t.Errorf("quoteLog(%q) = %s, want %s", row.line, got, row.want)
		}
	}
}

func TestAnswerLines(t *testing.T) {
	var r Request
	for _, line := range []string{`"one\n"`, `"two\n"`} {
		if err := r.parseLine(line); err != nil {
			t.Fatal(err)
		}
	}
	a := &Answer{End: Closed, EndAt: r.eofPlace()}
	a.Add(4, nil, nil)
	a.Add(4, nil, []byte("first"))
	a.Add(4, []LogLine{{[]byte("said"), false}}, []byte(" answer\nx"))
	a.Add(8, []LogLine{{[]byte("ValueError: x"), true}}, nil)
	want := []string{"at line 1", "log `said`", `< "first answer\n"`, `< "x"`, "at end", "crash `ValueError: x`", "at eof", "closed"}
	if got := a.Lines(&r, testWords); !slices.Equal(got, want) {
		t.Errorf("Lines = %q, want %q", got, want)
	}
	want = []string{"log `said`", "crash `ValueError: x`", `< "first answer\n"`, `< "x"`, "closed"}
	if got := a.Whole(r.end()).Lines(&r, testWords); !slices.Equal(got, want) {
		t.Errorf("Whole.Lines = %q, want %q", got, want)
	}
}

func TestLongAnswer(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789\n"), 10000)
	lines := appendWire(nil, long, testWords)
	if len(lines) != lineLimit+1 {
		t.Fatalf("%d lines, want %d and the hash", len(lines), lineLimit)
	}
	other := bytes.Clone(long)
	other[len(other)-1]++
	if slices.Equal(lines, appendWire(nil, other, testWords)) {
		t.Error("answers of which the last byte differs are spelled alike")
	}
	if n, err := wireLength(lines, testWords); n != len(long) || err != nil {
		t.Errorf("wireLength = %d, %v, want %d", n, err, len(long))
	}
}

func TestDiff(t *testing.T) {
	for _, row := range []struct {
		got, want []string
		diff      string
	}{
		{[]string{"a", "b"}, []string{"a", "b"}, ""},
		{[]string{"a", "bcd"}, []string{"a", "bxd"}, "line 2 of the answer, byte 2\n\tgot  bcd\n\twant bxd"},
		{[]string{"a"}, []string{"a", "b"}, "line 2 of the answer, byte 1\n\tgot  (nothing)\n\twant b"},
	} {
		if got := Diff(row.got, row.want); got != row.diff {
			t.Errorf("Diff(%q, %q) = %q, want %q", row.got, row.want, got, row.diff)
		}
	}
}

// frame is the line around a traceback of BaseServer.handle_error.
const frame = "----------------------------------------\n"

func TestParseLog(t *testing.T) {
	const banner = "Exception occurred during processing of request from ('127.0.0.1', 50000)\n"
	const trace = "Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n    g()\n    ~^^\n"
	for _, row := range []struct {
		text string
		want []LogLine
	}{
		{"", nil},
		{"one\ntwo\n", []LogLine{{[]byte("one"), false}, {[]byte("two"), false}}},
		{frame + banner + trace + "ValueError: x\n" + frame, []LogLine{{[]byte("ValueError: x"), true}}},
		{"one\n" + frame + banner + trace + "ValueError: x\na note of it\n" + frame + "two\n",
			[]LogLine{{[]byte("one"), false}, {[]byte("ValueError: x"), true}, {[]byte("two"), false}}},
		{frame + banner + trace + "KeyError: a\n\nDuring handling of the above exception, another exception occurred:\n\n" +
			trace + "OSError: b\n" + frame, []LogLine{{[]byte("OSError: b"), true}}},
		{trace + "TypeError: 2.7\n", []LogLine{{[]byte("TypeError: 2.7"), true}}},
	} {
		got := parseLog([]byte(row.text))
		same := func(a, b LogLine) bool { return a.Crash == b.Crash && bytes.Equal(a.Text, b.Text) }
		if !slices.EqualFunc(got, row.want, same) {
			t.Errorf("parseLog(%q) = %v, want %v", row.text, got, row.want)
		}
	}
}

func TestMasked(t *testing.T) {
	const date = `< "Date: Sun, 22 Nov 2026 17:00:00 GMT\r\n"`
	if got := masked([]string{date})[0]; got == date {
		t.Errorf("%s is not masked", date)
	}
	for _, line := range []string{
		`< "Date: Sun, 22 Nov 2026 17:00:00 UTC\r\n"`, `< "Date: Sun, 2 Nov 2026 17:00:00 GMT\r\n"`,
		`< "date: Sun, 22 Nov 2026 17:00:00 GMT\r\n"`, `< "Date: Sun, 22 Nov 2026 17:00:00 GMT\n"`,
		`< "Last-Modified: Sun, 22 Nov 2026 17:00:00 GMT\r\n"`, `log "Date: Sun, 22 Nov 2026 17:00:00 GMT\r\n"`,
	} {
		if got := masked([]string{line})[0]; got != line {
			t.Errorf("%s is masked", line)
		}
	}
}
