package reqparse

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// TestConfirm asks the real interpreters what they make of generated requests. It runs when
// SIMPLEHTTP_CONFIRM is set to the number of requests (1 is 2000), and needs python2.7 and
// python3.6 to python3.13 in PATH. Releases that run under Node are named by
// SIMPLEHTTP_PYODIDE_3_14 and SIMPLEHTTP_PYODIDE_3_15: the paths of pyodide.mjs. An interpreter
// that is absent is left out; one of another patch release is refused.
func TestConfirm(t *testing.T) {
	count, _ := strconv.Atoi(os.Getenv("SIMPLEHTTP_CONFIRM"))
	if count == 0 {
		t.Skip("SIMPLEHTTP_CONFIRM is not set: needs the real interpreters")
	}
	if count == 1 {
		count = 2000
	}
	seed, _ := strconv.ParseInt(os.Getenv("SIMPLEHTTP_SEED"), 10, 64)
	for _, v := range cpython.Versions() {
		t.Run(v.Series(), func(t *testing.T) {
			cmd := interpreter(v)
			if cmd == nil {
				t.Skipf("no interpreter for %s", v)
			}
			confirm(t, v, cmd, count, seed)
		})
	}
}

// interpreter returns the command that answers requests as v does, nil if there is none.
func interpreter(v cpython.Version) *exec.Cmd {
	pyodide := os.Getenv("SIMPLEHTTP_PYODIDE_" + strings.ReplaceAll(v.Series(), ".", "_"))
	if pyodide != "" {
		return exec.Command("node", "testdata/parse_request.mjs", pyodide)
	}
	python, err := exec.LookPath("python" + v.Series())
	if err != nil {
		return nil
	}
	return exec.Command(python, "testdata/parse_request.py")
}

func confirm(t *testing.T, v cpython.Version, cmd *exec.Cmd, count int, seed int64) {
	g := generator{rand.New(rand.NewSource(seed)), v}
	type request struct{ protocol, data string }
	var requests []request
	for _, c := range cases {
		requests = append(requests, request{c.protocol(), c.in})
	}
	for _, c := range bodyCases {
		requests = append(requests, request{"HTTP/1.0", fields(c.fields)})
	}
	for range count {
		requests = append(requests, request{g.protocol(), g.request()})
	}
	var input bytes.Buffer
	for i := range requests {
		fmt.Fprintf(&input, "%x %x\n", requests[i].protocol, requests[i].data)
	}
	cmd.Stdin, cmd.Stderr = &input, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("%s: %v", cmd, err)
	}
	answers := bufio.NewScanner(out)
	answers.Buffer(nil, 1<<28)
	if !answers.Scan() {
		t.Skipf("%s does not run", cmd)
	}
	if answers.Text() != v.String() {
		t.Fatalf("%s is %s, want %s", cmd, answers.Text(), v)
	}
	states := map[string]int{}
	for i, r := range requests {
		if !answers.Scan() {
			t.Fatalf("%s ended after %d answers", cmd, i)
		}
		o := parse(options(v, r.protocol), r.data, g.Intn(4))
		if got, want := spellOutcome(o), answers.Text(); got != want {
			t.Errorf("request %d of seed %d, protocol %s: Feed(%s)\n got %s\nwant %s",
				i, seed, r.protocol, shorten(strconv.Quote(r.data)), unspell(got), unspell(want))
			if states["wrong"]++; states["wrong"] > 10 {
				cmd.Process.Kill()
				t.FailNow()
			}
		}
		state, _, _ := strings.Cut(answers.Text(), " ")
		states[state]++
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	t.Logf("%s: %d requests: %v", v, len(requests), states)
}

// spellOutcome writes an outcome as testdata/parse_request.py does.
func spellOutcome(o outcome) string {
	spell := func(b []byte) string {
		if b == nil {
			return "-"
		}
		return "=" + hex.EncodeToString(b)
	}
	orNone := func(b []byte) []byte {
		if len(b) == 0 {
			return nil
		}
		return b
	}
	states := [...]string{Complete: "complete", Refused: "refused", Empty: "empty", Crashed: "crashed"}
	flag := map[bool]string{true: "1", false: "0"}
	r := o.request
	words := []string{
		states[o.state], strconv.Itoa(o.took), spell(r.RequestLine), spell(r.Method), spell(r.Target),
		spell(r.HTTPVersion), flag[r.CloseConnection], flag[r.ExpectContinue],
		strconv.Itoa(o.refusal.Status), spell(orNone(o.refusal.Message)), spell(orNone(o.refusal.Explain)),
		spell(orNone([]byte(o.crash))),
	}
	for _, name := range knownNames {
		value, ok := r.Fields.Get(name)
		if !ok || o.state != Complete {
			value = nil
		}
		words = append(words, spell(value))
	}
	return strings.Join(words, " ")
}

// unspell makes the words readable.
func unspell(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		if b, err := hex.DecodeString(strings.TrimPrefix(w, "=")); err == nil && strings.HasPrefix(w, "=") {
			words[i] = shorten(strconv.Quote(string(b)))
		}
	}
	return strings.Join(words, " ")
}

func shorten(s string) string {
	if len(s) > 1000 {
		return s[:500] + "..." + s[len(s)-500:]
	}
	return s
}

// A generator makes requests that are near the places where releases differ.
type generator struct {
	*rand.Rand
	v cpython.Version
}

func (g generator) intn(n int) int { return g.Intn(n) }

func (g generator) pick(s ...string) string { return s[g.Intn(len(s))] }

// some returns 0 to n picks, joined.
func (g generator) some(n int, s ...string) string {
	var b strings.Builder
	for range g.Intn(n + 1) {
		b.WriteString(g.pick(s...))
	}
	return b.String()
}

func (g generator) protocol() string {
	return g.pick("HTTP/1.0", "HTTP/1.1", "HTTP/1.1", "HTTP/2", "FOO", "http/1.1")
}

func (g generator) request() string {
	if g.Intn(2) == 0 {
		return "GET / HTTP/1.0\r\n" + g.mimeBlock() + g.pick("\r\n", "\n", "", "\r\n\r\n", "\r\n \r\n\r\n")
	}
	line := g.requestLine()
	if g.Intn(200) == 0 {
		line += strings.Repeat("x", 65536-len(line)+g.Intn(3))
	}
	if g.Intn(30) == 0 {
		return line
	}
	s := line + g.pick("\r\n", "\n", "\r\r\n", "\r\n", "\r\n")
	if g.Intn(10) == 0 {
		s += g.mimeBlock()
	} else {
		s += g.block()
	}
	if g.Intn(8) != 0 {
		s += g.pick("\r\n", "\n", "\r\n", " \r\n\r\n")
	}
	return s + g.pick("", "", "GET /next HTTP/1.0\r\n\r\n", "body", "\r\n")
}

func (g generator) requestLine() string {
	space := func() string {
		return g.pick(" ", " ", " ", " ", " ", "  ", "\t", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0", " \x1d\x1e", "\r", "\x00", "")
	}
	switch g.Intn(24) {
	case 0:
		return g.some(6, "GET", " ", "\r", "\t", "\xa0", "\x85", "/", "HTTP/1.0", "\x00", "'", "\"", "\xe9", "\xad")
	case 1:
		return "GET " + g.target()
	case 2:
		return "GET " + g.target() + " " + g.target() + space() + g.version()
	case 3:
		return "GET " + g.target() + space() + g.version() + space()
	case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13:
		return "GET / HTTP/1." + g.pick("0", "1")
	}
	return g.some(1, " ", "\t") + g.method() + space() + g.target() + space() + g.version() + g.some(1, space(), " x", "\r\r")
}

func (g generator) method() string {
	return g.pick("GET", "GET", "GET", "HEAD", "POST", "get", "G'T", "G\"'T", "\\", "\xa1", "G\x1b")
}

func (g generator) target() string {
	return g.pick("/", "/", "//", "///a//b", "/a?b", "//evil/..", "x", "/\xe9", "/%2f", "/'", "HTTP/1.0", "/\x00", "*")
}

func (g generator) version() string {
	if g.Intn(3) != 0 {
		return g.pick("HTTP/1.0", "HTTP/1.1", "HTTP/1.1", "HTTP/0.9", "HTTP/2.0", "HTTP/1.10", "HTTP/01.1")
	}
	number := func() string {
		return g.pick("0", "1", "2", "9", "10", "00", "01", "+1", "-1", "-0", "1_0", "1__0", "_1", "1_", "", "1L", "0x1", "\xb2", "1\xb2",
			"0000000001", "00000000001", "9999999999", "99999999999", " 1", "\x1f1", "\x851", strings.Repeat("0", 4299)+"1",
			strings.Repeat("0", 4300)+"1", strings.Repeat("9", 30), "1.1", "a", "\xa01", "+", "+_1", "1-1")
	}
	return g.pick("HTTP/", "HTTP/", "HTTP/", "HTTP/", "HTTP/", "http/", "HTTP", "HTTPS/", "XHTTP/", "") + number() + g.pick(".", ".", ".", ".", "", "/", "..") + number()
}

func (g generator) block() string {
	var b strings.Builder
	n := g.Intn(6)
	if g.Intn(25) == 0 {
		n = 96 + g.Intn(7)
	}
	for range n {
		b.WriteString(g.field())
	}
	if g.Intn(150) == 0 {
		b.WriteString("Connection: " + g.pick(" ", "x", "\r", "\t") + strings.Repeat(g.pick(" ", "x", "close"), 70000)[:65536-15+g.Intn(5)] + "\r\n")
	}
	return b.String()
}

func (g generator) field() string {
	end := g.pick("\r\n", "\r\n", "\r\n", "\n", "\r\r\n", "\r")
	switch g.Intn(16) {
	case 0:
		return g.pick(" ", "\t", " \t", "  x: y", "\x0b", "\x1c", " ") + g.value() + end
	case 1:
		return g.pick("From ", "From x", "From x: y", "From:", "From", "from ", "FROM :a") + end
	case 2:
		return g.pick(":", ": x", " :x", "a b: c", "\xe9: x", "\x7f:x", "a\x00: b", "\x0b:", "x", "\x00", "!~:", "\"(),/:;<=>?@[]{}: x") + end
	case 3:
		return end
	case 4:
		return "If-None-Match" + g.pick(":", ": ") + g.value() + end
	case 5:
		return "If-Modified-Since: " + g.value() + end
	case 6, 7, 8:
		return g.pick("Expect", "expect", "EXPECT", "Expect ") + ":" + g.some(2, " ", "\t", "\r\n ", "\n\t") +
			g.pick("100-continue", "100-Continue", "100-continue ", "100-continue, x", "") + end + g.some(1, " \r\n", "\t\r\n", " x\r\n")
	case 9:
		return "Host: x" + end
	}
	return g.pick("Connection", "connection", "CONNECTION", "Connection ", "\xa0Connection", "Connectio\xee") + ":" +
		g.some(2, " ", "\t", "\r\n ", "\x0b", "\x1f", "\x85", "\n\t", "\xa0") + g.pick("close", "Close", "keep-alive", "Keep-Alive", "KEEP-ALIVE", "close ", "close, x", "", "\x0bclose", "keep-alive\x1c") +
		end + g.some(1, " \r\n", "\t\r\n", " x\r\n", "\r ")
}

func (g generator) value() string {
	return g.some(3, "a", "b", " ", "\t", "\r", ":", "\xe9", "close", ",", "\x00", "\r\n ", "\x1c")
}

// mimeBlock makes field lines that CPython's e-mail parser looks into. Its lines end mostly in a
// bare CR, so that one line read is a whole message.
func (g generator) mimeBlock() string {
	var b strings.Builder
	b.WriteString(g.some(2, "A: b\r\n", "From x\r\n", "Connection: close\r\n", "B: c\r"))
	b.WriteString(g.contentType())
	for range g.Intn(14) {
		switch g.Intn(8) {
		case 0:
			b.WriteString(g.contentType())
			continue
		case 1: // raises an exception, if it is taken for a field of a part
			b.WriteString("Content-Type: multipart/x; boundary*=" + g.pick("idna''b", "idna''", "a; boundary*1=b", "a; boundary*0=b", "a\x00''") + g.pick("\r", "\r\r", "\r\n"))
			continue
		}
		b.WriteString(g.pick("--b", "--b--", "--c", "--c--", "--", "----", "--b ", "--b\t--", "--b-- ", "x", "A: b", "", "", " f", "From x", ":", "--\xe9", "--B", "--b\r\n-", "zz", "A", "--b\r--b"))
		b.WriteString(g.pick("\r", "\r", "\r", "\r\r", "\r\n", "\n"))
	}
	return b.String()
}

func (g generator) contentType() string {
	value := g.pick("multipart/x", "multipart/x", "multipart/digest", "message/x", "message/rfc822", "message/delivery-status",
		"text/plain", "Multipart/Mixed", "multipart", "multipart/x/y", "multipart /x", " \x1cMULTIPART/x", "multipart/x=1", "multipart/\"x", "message/ x")
	for range g.Intn(4) {
		value += g.some(1, " ", "\t", "\r ", "\x85") + ";" + g.some(1, " ", "\t", "\r\n ") + g.param()
	}
	if g.Intn(2) == 0 {
		value = g.pick("multipart/x;boundary=b", "multipart/digest; boundary=b", "multipart/x;boundary=c", "multipart/x;boundary=\"\"",
			"message/x", "message/delivery-status", "multipart/x;boundary*=nocodec''b;"+g.param())
	}
	return g.pick("Content-Type", "content-type", "CONTENT-TYPE", "Content-Type") + ":" + g.some(1, " ", "\r ", "\n\t") + value + g.pick("\r", "\r\r", "\r\n", "\r\r--b\r")
}

func (g generator) param() string {
	name := g.pick("boundary", "boundary", "boundary", "boundary", "Boundary", "BOUNDARY ", "a", "A", "b_1", "\xe9", "", "bound", "boundary\xe9", "c d")
	number := g.pick("0", "0", "1", "1", "2", "00", "01", "10", strings.Repeat("0", 4300), strings.Repeat("0", 4301), "99999999999999999999", "x", "-1", "_", "\xb2")
	name += g.pick("", "", "", "*", "*", "*"+number, "*"+number+"*", "**", "*"+number+"**", " *")
	charset := g.pick("us-ascii", "utf-8", "UTF-8", "latin-1", "iso-8859-1", "", "", "nocodec", "idna", "Idna", " idna ", "undefined", "un defined", "-undefined-",
		"punycode", "punycode", "Punycode", "utf-16", "EBCDIC-CP-US", "a\x00", "a%00b", "idna.", "idna\xe9", "\xb2idna", "\xd7idna", "idna\x80", "koi8-r", "hex", "%69dna", "rot13", "i\xe9dna")
	value := g.pick("b", "b", "c", "\"b\"", "<b>", "b ", "\"b \"", "\"", "\"\"", "\"b;c\"", "\"b\\\";\"", "%62", "%C3%A9", "\xe9", "%E9", "b%20", "b-\xe9", "\xe9-b", "b-", "a", "b-a", "-c", "b-kva", "%", "%4", "%zz",
		"\\", "\"\\\\b\"", "\"<b>\"", "b%0A", "%0Ab", "b'c", "", "=", "b=c", "'", "--b", "\x1cb", "b%85")
	if g.Intn(3) != 0 && strings.Contains(name, "*") {
		value = charset + "'" + g.pick("", "", "en", "\x00") + "'" + value
	}
	if g.Intn(6) == 0 {
		value = "\"" + value + "\""
	}
	if g.Intn(10) == 0 {
		return name
	}
	return name + g.pick("=", "=", "=", " = ", "==") + value
}
