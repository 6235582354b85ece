package fsmap_test

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

// A translation is one recorded input of translate_path, with the answer of each release.
type translation struct {
	base, target string
	want         map[cpython.Version]string // text, name and what is wrong, quoted
}

// readTranslations reads testdata/translate.txt, which cpython/testdata/record.py wrote.
func readTranslations(t testing.TB) []translation {
	t.Helper()
	f, err := os.Open("testdata/translate.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []translation
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		first, rest, _ := strings.Cut(line, " ")
		if line[0] != '\t' {
			input, err := strconv.Unquote(rest)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			base, target, _ := strings.Cut(input, "\n")
			rows = append(rows, translation{base, target, map[cpython.Version]string{}})
			continue
		}
		for _, v := range versionsNamed(t, first[1:]) {
			rows[len(rows)-1].want[v] = rest
		}
	}
	if len(rows) == 0 {
		t.Fatal("nothing was recorded")
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

var badNames = map[fsmap.BadPath]string{fsmap.Good: "Good", fsmap.HasNUL: "HasNUL", fsmap.HasSurrogate: "HasSurrogate"}

// quoteASCII quotes as the recorder does: every byte that is not printable ASCII is escaped.
func quoteASCII(s []byte) string {
	q := []byte{'"'}
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			q = append(q, '\\', c)
		case ' ' <= c && c < 0x7F:
			q = append(q, c)
		default:
			const digits = "0123456789abcdef"
			q = append(q, '\\', 'x', digits[c>>4], digits[c&15])
		}
	}
	return string(append(q, '"'))
}

func TestTranslatePath(t *testing.T) {
	var b fsmap.Buffers // one for all: what is left from the last path must not matter
	for _, row := range readTranslations(t) {
		for _, v := range cpython.Versions() {
			p := fsmap.TranslatePath(v, []byte(row.base), []byte(row.target), &b)
			got := quoteASCII(p.Text) + " " + quoteASCII(p.Name) + ` "` + badNames[p.Bad] + `"`
			if got != row.want[v] {
				t.Errorf("%v: TranslatePath(%q, %q) = %s, want %s", v, row.base, row.target, got, row.want[v])
			}
		}
	}
}

// TestTranslatePathASCII is about 3.6 in the C locale: names are ASCII, and any other byte is
// a surrogate.
func TestTranslatePathASCII(t *testing.T) {
	b := fsmap.Buffers{Codec: cpython.ASCIICodec}
	for _, test := range []struct {
		base, target, text, name string
		bad                      fsmap.BadPath
	}{
		{"/srv", "/a", "/srv/a", "/srv/a", fsmap.Good},
		{"/caf\xc3\xa9", "/a", "/caf\xed\xb3\x83\xed\xb2\xa9/a", "/caf\xc3\xa9/a", fsmap.Good},
		{"/srv", "/%ED%B3%BF", "/srv/\xed\xb3\xbf", "/srv/\xff", fsmap.Good},
		{"/srv", "/caf%C3%A9", "/srv/caf\u00e9", "", fsmap.HasSurrogate},
		{"/srv", "/caf\xe9", "/srv/caf\u00e9", "", fsmap.HasSurrogate},
		{"/srv", "/%00", "/srv/\x00", "/srv/\x00", fsmap.HasNUL},
	} {
		p := fsmap.TranslatePath(cpython.V3_6, []byte(test.base), []byte(test.target), &b)
		if string(p.Text) != test.text || string(p.Name) != test.name || p.Bad != test.bad {
			t.Errorf("TranslatePath(%q, %q) = %q, %q, %v, want %q, %q, %v", test.base, test.target,
				p.Text, p.Name, p.Bad, test.text, test.name, test.bad)
		}
	}
}

// FuzzTranslatePath checks that no target leads out of the base, in any release, and that a stack of parts, from which
// ".." takes the last, gives the same path.
func FuzzTranslatePath(f *testing.F) {
	for _, row := range readTranslations(f) {
		f.Add(row.base, []byte(row.target))
	}
	f.Fuzz(func(t *testing.T, base string, target []byte) {
		var b fsmap.Buffers
		for _, v := range cpython.Versions() {
			p := fsmap.TranslatePath(v, []byte(base), target, &b)
			if p.Bad == fsmap.HasSurrogate {
				continue
			}
			want := strings.TrimSuffix(base, "/") + "/" + stackOfParts(v, target)
			if isASCII(base) && strings.Trim(string(p.Text), "/") != strings.Trim(want, "/") {
				t.Fatalf("%v: TranslatePath(%q, %q) = %q, want %q", v, base, target, p.Text, want)
			}
			below, ok := bytes.CutPrefix(p.Name, []byte(base))
			if !ok {
				t.Fatalf("%v: TranslatePath(%q, %q) = %q, which is not below the base", v, base, target, p.Name)
			}
			for part := range bytes.SplitSeq(below, []byte("/")) {
				if string(part) == ".." || string(part) == "." {
					t.Fatalf("%v: TranslatePath(%q, %q) = %q, which may lead out of the base", v, base, target, p.Name)
				}
			}
			if len(below) > 0 && below[0] != '/' && base != "" && base[len(base)-1] != '/' {
				t.Fatalf("%v: TranslatePath(%q, %q) = %q, which goes on with the name of the base", v, base, target, p.Name)
			}
		}
	})
}

// stackOfParts is the path below the base that a target means, without slashes around it.
func stackOfParts(v cpython.Version, target []byte) string {
	if i := bytes.IndexAny(target, "?#"); i >= 0 {
		target = target[:i]
	}
	text, _ := cpython.AppendUnquote(nil, v, target)
	var stack []string
	for part := range strings.SplitSeq(string(text), "/") {
		switch {
		case part == "" || part == ".":
		case part != "..":
			stack = append(stack, part)
		case len(stack) > 0:
			stack = stack[:len(stack)-1]
		}
	}
	return strings.Join(stack, "/")
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }

func TestTranslatePathAllocatesNothing(t *testing.T) {
	var b fsmap.Buffers
	base, target := []byte("/srv/www"), []byte("/a%20dir/caf%C3%A9/%ED%B3%BF.txt?x")
	for _, v := range cpython.Versions() {
		if n := testing.AllocsPerRun(100, func() { fsmap.TranslatePath(v, base, target, &b) }); n != 0 {
			t.Errorf("%v: TranslatePath allocates %v times, want 0", v, n)
		}
	}
}
