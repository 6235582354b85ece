package conformance

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// fuzzSetup is what the tests of fuzzing work on.
func fuzzSetup(t testing.TB, v cpython.Version) ([]Setup, []*Case) {
	t.Helper()
	themes, err := LoadThemes(testdata)
	if err != nil {
		t.Fatal(err)
	}
	var cases []*Case
	for _, theme := range themes {
		cases = append(cases, theme.Cases...)
	}
	setups, err := FuzzSetups(v, cases, &Trees{Testdata: testdata}, "")
	if err != nil {
		t.Fatal(err)
	}
	return setups, cases
}

func newOurs(t testing.TB, v cpython.Version, setups []Setup) *Ours {
	t.Helper()
	o, err := NewOurs(v, testdata, setups)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// oursAsker is ours in the place of an interpreter. It names itself as another release of the same length.
type oursAsker struct {
	ours *Ours
	name cpython.Version
}

func (a oursAsker) Ask(jobs []Job) ([]Reply, error) {
	replies := make([]Reply, len(jobs))
	for i, j := range jobs {
		replies[i] = a.ours.Ask(j, len(j.Bytes)+1)
		replies[i].Wire = bytes.ReplaceAll(replies[i].Wire, []byte(ServerField(a.ours.Version)), []byte(ServerField(a.name)))
	}
	return replies, nil
}

// newTestFuzzer compares ours as two releases.
func newTestFuzzer(t *testing.T, v, other cpython.Version, setups []Setup) *Fuzzer {
	theirs := newOurs(t, other, setups)
	return &Fuzzer{Version: v, Setups: setups, Ours: newOurs(t, v, setups), Theirs: oursAsker{theirs, v}, Roots: theirs.Roots, Masks: Masks}
}

// TestGeneratorIsSeeded makes requests twice.
func TestGeneratorIsSeeded(t *testing.T) {
	setups, cases := fuzzSetup(t, cpython.V3_13)
	a, b, other := NewGenerator(7, setups, cases), NewGenerator(7, setups, cases), NewGenerator(8, setups, cases)
	differ := 0
	for i := range 1000 {
		j, k, o := a.Next(), b.Next(), other.Next()
		if j.Setup != k.Setup || j.EOF != k.EOF || !bytes.Equal(j.Bytes, k.Bytes) {
			t.Fatalf("request %d of seed 7 is %q, and then %q", i, j.Bytes, k.Bytes)
		}
		if !bytes.Equal(j.Bytes, o.Bytes) {
			differ++
		}
	}
	if differ < 900 {
		t.Errorf("seeds 7 and 8 differ in %d of 1000 requests only", differ)
	}
}

// TestGeneratorReaches asks for every kind of answer that there is.
func TestGeneratorReaches(t *testing.T) {
	setups, cases := fuzzSetup(t, cpython.V3_13)
	ours, g := newOurs(t, cpython.V3_13, setups), NewGenerator(1, setups, cases)
	count := map[string]int{}
	for range 8000 {
		j := g.Next()
		r := ours.Ask(j, len(j.Bytes)+1)
		for line := range bytes.Lines(r.Log) {
			if words := bytes.Fields(line); len(words) > 2 {
				count[string(words[len(words)-2])]++ // the status of an access line
			}
		}
		if exception, _, _ := strings.Cut(string(r.Crash), ":"); exception != "" {
			count[exception]++
		}
		count[string(r.End)]++
	}
	for _, kind := range []string{"200", "301", "304", "400", "404", "414", "431", "501", "505", "ValueError", "UnicodeEncodeError", "UnicodeError", "closed", "open"} {
		if count[kind] == 0 {
			t.Errorf("of 8000 requests, none is answered by %s: %v", kind, count)
		}
	}
}

// TestGeneratedAnyChunks feeds generated requests whole and byte by byte.
func TestGeneratedAnyChunks(t *testing.T) {
	for _, v := range cpython.Versions() {
		setups, cases := fuzzSetup(t, v)
		ours, g := newOurs(t, v, setups), NewGenerator(uint64(v), setups, cases)
		for range 500 {
			j := g.Next()
			whole := ours.Ask(j, len(j.Bytes)+1)
			if bytewise := ours.Ask(j, 1); !bytewise.Equal(&whole) {
				req := NewRequest(j.Bytes, j.EOF)
				t.Fatalf("%s: %.2000q, byte by byte and whole: %s", v, j.Bytes, Diff(bytewise.Lines(&req, Words{}), whole.Lines(&req, Words{})))
			}
			if strings.HasPrefix(string(whole.Crash), "panic: ") {
				t.Fatalf("%s: %.2000q: %s", v, j.Bytes, whole.Crash)
			}
		}
	}
}

// TestFuzzerFinds compares a release with another one, and with itself.
func TestFuzzerFinds(t *testing.T) {
	setups, cases := fuzzSetup(t, cpython.V3_13)
	same := newTestFuzzer(t, cpython.V3_13, cpython.V3_13, setups)
	if err := same.Run(context.Background(), NewGenerator(1, setups, cases), 1000); err != nil {
		t.Fatal(err)
	}
	for _, f := range same.Findings {
		t.Errorf("3.13 differs from itself:\n%s", f.Text("x"))
	}
	other := newTestFuzzer(t, cpython.V3_13, cpython.V3_10, setups)
	other.Wanted = 3
	if err := other.Run(context.Background(), NewGenerator(1, setups, cases), 0); err != nil {
		t.Fatal(err)
	}
	if len(other.Findings) != 3 {
		t.Fatalf("%d findings between 3.13 and 3.10, want 3", len(other.Findings))
	}
	for i, f := range other.Findings {
		text := f.Text("found")
		theme, err := ParseTheme("found", text)
		if err != nil {
			t.Errorf("finding %d is no case: %v\n%s", i, err, text)
			continue
		}
		c := theme.Cases[0]
		if !bytes.Equal(c.Request.Bytes, f.Job.Bytes) || c.Request.EOF != f.Job.EOF || c.Options.Key() != f.Setup.Options.Key() || c.Tree != f.Setup.Tree.Name {
			t.Errorf("finding %d is not what its case says: %q\n%s", i, f.Job.Bytes, text)
		}
	}
}

// TestMasks gives every mask a pair of replies that it hides, and one that it does not.
func TestMasks(t *testing.T) {
	const deep = "RecursionError: maximum recursion depth exceeded"
	for _, test := range []struct {
		ours, theirs, mask string // the crashes
		otherLog           bool
	}{
		{deep, deep + " in comparison", "text of a RecursionError", false},
		{deep, deep + " in comparison", "", true},
		{deep, "", "", false},
		{"UnicodeError: decoding with 'idna' codec failed (x)", "UnicodeError: decoding with ' \n IDNA ' codec failed (x)", "spelling of a codec", false},
		{"UnicodeError: decoding with 'idna' codec failed (x)", "UnicodeError: decoding with 'undefined' codec failed (x)", "", false},
		{"UnicodeError: decoding with 'idna' codec failed (x)", "ValueError: x", "", false},
	} {
		ours, theirs := Reply{Crash: []byte(test.ours)}, Reply{Crash: []byte(test.theirs)}
		if test.otherLog {
			theirs.Log = []byte("x\n")
		}
		hidden := ""
		for _, m := range Masks {
			if m.Hides(&ours, &theirs) {
				hidden += m.Name
			}
		}
		if hidden != test.mask {
			t.Errorf("%q and %q are hidden by %q, want %q", test.ours, test.theirs, hidden, test.mask)
		}
	}
}

// TestShrink shrinks to what a property needs.
func TestShrink(t *testing.T) {
	for _, test := range []struct {
		in, want string
		holds    func(b []byte) bool
	}{
		{"GET /hello HTTP/1.0\r\nX: y\r\n\r\n", "X:", func(b []byte) bool { return bytes.Contains(b, []byte("X:")) }},
		{"one two three", "aaaaa", func(b []byte) bool { return len(b) >= 5 }},
		{strings.Repeat("x", 5000), "aaa", func(b []byte) bool { return len(b) >= 3 }},
		{"b\r\nb", "\n", func(b []byte) bool { return bytes.Contains(b, []byte("\n")) }},
		{"all of it", "", func([]byte) bool { return true }},
		{"%2F", "%2F", func(b []byte) bool { return string(b) == "%2F" }},
	} {
		got := Shrink(Job{Bytes: []byte(test.in)}, func(j Job) bool { return test.holds(j.Bytes) })
		if string(got.Bytes) != test.want {
			t.Errorf("Shrink(%.40q) = %q, want %q", test.in, got.Bytes, test.want)
		}
	}
}

// TestReplyParse cuts a worker's answer off everywhere.
func TestReplyParse(t *testing.T) {
	whole := []byte("\x01\x00\x00\x00\x05\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x03wwlccc")
	var r Reply
	rest, err := r.parse(append(whole, "rest"...))
	if err != nil || string(rest) != "rest" || string(r.Wire) != "ww" || string(r.Log) != "l" || string(r.Crash) != "ccc" || r.End != Closed || r.Took != 5 {
		t.Errorf("parse(%q) = %+v, %q, %v", whole, r, rest, err)
	}
	for n := range whole {
		if _, err := new(Reply).parse(whole[:n:n]); err == nil {
			t.Errorf("parse(%q) takes it", whole[:n])
		}
	}
}

// FuzzConn feeds any bytes to a release, whole and in pieces: nothing panics, and nothing depends on the pieces.
func FuzzConn(f *testing.F) {
	setups, cases := fuzzSetup(f, cpython.V3_14)
	g := NewGenerator(1, setups, cases)
	for i := range 220 {
		if j := g.Next(); len(j.Bytes) < 2000 {
			f.Add(j.Bytes, j.EOF, uint8(i), uint16(j.Setup), uint16(7))
		}
	}
	var all []*Ours
	for _, v := range cpython.Versions() {
		all = append(all, newOurs(f, v, setups))
	}
	f.Fuzz(func(t *testing.T, b []byte, eof bool, release uint8, setup, chunk uint16) {
		j := Job{Setup: int(setup) % len(setups), Bytes: b, EOF: eof}
		ours := all[int(release)%len(all)]
		whole := ours.Ask(j, len(b)+1)
		pieces := ours.Ask(j, 1+int(chunk))
		if strings.HasPrefix(string(whole.Crash), "panic: ") || !whole.Equal(&pieces) {
			t.Errorf("%s: %q: whole %+v, in pieces of %d %+v", ours.Version, b, whole, 1+int(chunk), pieces)
		}
	})
}
