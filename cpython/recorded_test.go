package cpython_test

import (
	"bufio"
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// A recorded input of one function, with the answers of the releases that have the function.
// An answer is a list of strings; nil is an exception without a text.
type recorded struct {
	function, input string
	answers         map[cpython.Version][]string
}

// readRecorded reads what testdata/record.py wrote: an input, and below it the answers, each
// after the releases that give it; "all" are all that were asked.
func readRecorded(t testing.TB, file, function string) []recorded {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []recorded
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '\t':
			releases, answer, _ := strings.Cut(line[1:], " ")
			row := &rows[len(rows)-1]
			for _, v := range versionsNamed(t, releases) {
				row.answers[v] = unquoteAll(t, answer)
			}
		default:
			name, input, _ := strings.Cut(line, " ")
			rows = append(rows, recorded{name, unquoteAll(t, input)[0], map[cpython.Version][]string{}})
		}
	}
	rows = slices.DeleteFunc(rows, func(r recorded) bool { return r.function != function })
	if len(rows) == 0 {
		t.Fatalf("%s has nothing about %s", file, function)
	}
	return rows
}

func versionsNamed(t testing.TB, names string) []cpython.Version {
	if names == "all" {
		return cpython.Versions()
	}
	var vs []cpython.Version
	for name := range strings.SplitSeq(names, ",") {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			t.Fatalf("there is no release %q", name)
		}
		vs = append(vs, v)
	}
	return vs
}

// unquoteAll reads Go strings with blanks between. A single "-" is nil.
func unquoteAll(t testing.TB, s string) []string {
	if s == "-" {
		return nil
	}
	list := []string{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		text, _ := strconv.Unquote(quoted)
		list = append(list, text)
		s = s[len(quoted):]
	}
	return list
}

// unasked are the functions that a release does not have, or never calls: its answers to them
// were not recorded.
var unasked = map[string]cpython.Set{
	"date":     cpython.Until(cpython.V3_6),
	"fsdecode": cpython.Only(cpython.V2_7),
	"fsencode": cpython.Only(cpython.V2_7),
}

// checkRecorded compares a function with all that was recorded about it. The input is given
// without spare capacity, and must not be written to.
func checkRecorded(t *testing.T, function string, call func(v cpython.Version, s []byte) []string) {
	for _, row := range readRecorded(t, "testdata/functions.txt", function) {
		for _, v := range cpython.Versions() {
			if unasked[function].Contains(v) {
				continue
			}
			want, ok := row.answers[v]
			if !ok {
				t.Errorf("%s(%q) has no answer of %v", function, row.input, v)
				continue
			}
			in := slices.Clip([]byte(row.input))
			if got := call(v, in); !slices.Equal(got, want) || (got == nil) != (want == nil) {
				t.Errorf("%v: %s(%q) = %q, want %q", v, function, row.input, got, want)
			}
			if !bytes.Equal(in, []byte(row.input)) {
				t.Errorf("%v: %s(%q) wrote to its input: %q", v, function, row.input, in)
			}
		}
	}
}

// prefix is put in front of what is appended to, and must be there afterwards.
var prefix = []byte("../")

func cutPrefix(t *testing.T, out []byte) string {
	t.Helper()
	rest, ok := bytes.CutPrefix(out, prefix)
	if !ok {
		t.Fatalf("what was appended to is gone: %q", out)
	}
	return string(rest)
}

func TestUnquote(t *testing.T) {
	checkRecorded(t, "unquote", func(v cpython.Version, s []byte) []string {
		out, strict := cpython.AppendUnquote(slices.Clone(prefix), v, s)
		if strict {
			return []string{cutPrefix(t, out), "strict"}
		}
		return []string{cutPrefix(t, out), "replaced"}
	})
}

func TestQuote(t *testing.T) {
	checkRecorded(t, "quote", func(v cpython.Version, s []byte) []string {
		return []string{cutPrefix(t, cpython.AppendQuote(slices.Clone(prefix), v, s))}
	})
}

func TestUrlsplit(t *testing.T) {
	checkRecorded(t, "urlsplit", func(v cpython.Version, s []byte) []string {
		u, err := cpython.Urlsplit(v, s)
		if err != "" {
			return []string{err}
		}
		whole := cpython.AppendUrlunsplit(slices.Clone(prefix), v, u)
		return []string{string(u.Scheme), string(u.Netloc), string(u.Path), string(u.Query),
			string(u.Fragment), cutPrefix(t, whole)}
	})
}

func TestNormpath(t *testing.T) {
	checkRecorded(t, "normpath", func(_ cpython.Version, s []byte) []string {
		return []string{cutPrefix(t, cpython.AppendNormpath(slices.Clone(prefix), s))}
	})
}

func TestSplitext(t *testing.T) {
	checkRecorded(t, "splitext", func(_ cpython.Version, s []byte) []string {
		root, ext := cpython.Splitext(s)
		return []string{string(root), string(ext)}
	})
}

func TestFSDecode(t *testing.T) {
	checkRecorded(t, "fsdecode", func(_ cpython.Version, s []byte) []string {
		return []string{cutPrefix(t, cpython.AppendFSDecode(slices.Clone(prefix), s))}
	})
}

func TestFSEncode(t *testing.T) {
	checkRecorded(t, "fsencode", func(_ cpython.Version, s []byte) []string {
		out, ok := cpython.AppendFSEncode(slices.Clone(prefix), s)
		if !ok {
			return nil
		}
		return []string{cutPrefix(t, out)}
	})
}

func TestParseInt(t *testing.T) {
	checkRecorded(t, "int", func(v cpython.Version, s []byte) []string {
		n, ok := cpython.ParseInt(v, s)
		if !ok {
			return nil
		}
		return []string{strconv.FormatInt(n, 10)}
	})
}

// TestParseIntDigits tries the limit of digits from both sides. Signs, blanks and underscores
// do not count, leading zeros do.
func TestParseIntDigits(t *testing.T) {
	nines := strings.Repeat("9", 4300)
	underscored := strings.Repeat("0_", 4299) + "0"
	for _, test := range []struct {
		name, s string
		want    cpython.Set
	}{
		{"4300 digits", nines, cpython.From(cpython.V2_7)},
		{"4301 digits", nines + "9", cpython.Until(cpython.V3_6)},
		{"sign and 4300 digits", "-" + nines, cpython.From(cpython.V2_7)},
		{"blanks and 4300 digits", "   " + nines + "   ", cpython.From(cpython.V2_7)},
		{"4301 zeros", strings.Repeat("0", 4301), cpython.Until(cpython.V3_6)},
		{"4300 digits, underscores between", underscored, cpython.From(cpython.V3_6)},
		{"4301 digits, underscores between", underscored + "_0", cpython.Only(cpython.V3_6)},
	} {
		for _, v := range cpython.Versions() {
			if _, ok := cpython.ParseInt(v, []byte(test.s)); ok != test.want.Contains(v) {
				t.Errorf("%v: ParseInt(%s) ok = %v, want %v", v, test.name, ok, test.want.Contains(v))
			}
		}
	}
}

func TestParseDateToDatetime(t *testing.T) {
	checkRecorded(t, "date", func(v cpython.Version, s []byte) []string {
		switch unix, kind := cpython.ParseDateToDatetime(v, s); kind {
		case cpython.DateUTC:
			return []string{"utc", strconv.FormatInt(unix, 10)}
		case cpython.DateOtherZone:
			return []string{"other zone"}
		case cpython.DateCrash:
			return []string{"crash", cpython.DottedTimeCrash}
		}
		return []string{"ignored"}
	})
}

// TestHostileSizesAreLinear would not end in time if one of these were quadratic.
func TestHostileSizesAreLinear(t *testing.T) {
	const size = 1 << 17
	for _, unit := range []string{"/", "..", "../", "a/../", "%", "%E2%82", "\xe9%", "%2e%2e/", ":", "[", "]", "[:", ".", ",", "-", "_", " ", "1.", "//", "?", "#"} {
		s := bytes.Repeat([]byte(unit), size/len(unit))
		for _, v := range []cpython.Version{cpython.V2_7, cpython.V3_8, cpython.V3_15} {
			cpython.AppendUnquote(nil, v, s)
			cpython.AppendQuote(nil, v, s)
			cpython.Urlsplit(v, append([]byte("//"), s...))
			cpython.ParseInt(v, s)
			cpython.ParseDateToDatetime(v, s)
		}
		cpython.AppendNormpath(nil, s)
		cpython.Splitext(s)
		cpython.AppendFSDecode(nil, s)
		cpython.AppendFSEncode(nil, s)
	}
}

// TestNothingIsAllocated for what every request needs, with room to append to.
func TestNothingIsAllocated(t *testing.T) {
	dst := make([]byte, 0, 256)
	target, date := []byte("/a%20dir/caf%C3%A9.txt"), []byte("Sun, 06 Nov 1994 08:49:37 GMT")
	for _, v := range cpython.Versions() {
		if n := testing.AllocsPerRun(100, func() {
			out, _ := cpython.AppendUnquote(dst, v, target)
			out = cpython.AppendNormpath(out[len(out):], target)
			out = cpython.AppendQuote(out[len(out):], v, target)
			out = cpython.AppendFSDecode(out[len(out):], target)
			u, _ := cpython.Urlsplit(v, target)
			cpython.AppendUrlunsplit(out[len(out):], v, u)
			cpython.Splitext(target)
			cpython.ParseDateToDatetime(v, date)
		}); n != 0 {
			t.Errorf("%v: %v allocations, want 0", v, n)
		}
	}
}
