package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simplehttp/cpython"
	"simplehttp/mime"
	"simplehttp/response"
)

const root = "../.."

// TestGenerated holds the z files to the recorded facts.
func TestGenerated(t *testing.T) {
	files, err := generated(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what %s/*.json say: run go run ./%s (%v)", name, dir, dir, err)
		}
	}
}

func TestSetName(t *testing.T) {
	tests := []struct {
		set  cpython.Set
		want string
	}{
		{cpython.Until(cpython.V3_15), "always"},
		{cpython.Only(cpython.V2_7), "in2_7"},
		{cpython.Only(cpython.V3_15), "in3_15"},
		{cpython.From(cpython.V3_9), "from3_9"},
		{cpython.Until(cpython.V3_8), "until3_8"},
		{cpython.Between(cpython.V3_6, cpython.V3_8), "in3_6to3_8"},
		{cpython.Only(cpython.V3_8) | cpython.From(cpython.V3_10), "in3_8andfrom3_10"},
	}
	for _, tt := range tests {
		if got := setName(tt.set); got != tt.want {
			t.Errorf("setName(%#x) = %q, want %q", tt.set, got, tt.want)
		}
	}
}

// eachRelease runs f on the facts of every release.
func eachRelease(t *testing.T, f func(t *testing.T, v cpython.Version, f *Facts)) {
	facts, err := load(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range cpython.Versions() {
		t.Run(v.String(), func(t *testing.T) { f(t, v, facts[v]) })
	}
}

// same reports a fact that our code states differently.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %q, want %q", what, got, want)
	}
}

// TestClassValues compares what our packages hold by hand with the facts.
func TestClassValues(t *testing.T) {
	eachRelease(t, func(t *testing.T, v cpython.Version, f *Facts) {
		same(t, "sys_version", "Python/"+v.String(), f.Base.SysVersion)
		same(t, "ErrorMessageFormat", response.ErrorMessageFormat(v), f.Base.ErrorMessageFormat)
		same(t, "ErrorContentType", response.ErrorContentType(v), f.Base.ErrorContentType)
		same(t, "_MAXLINE", 65536, f.Client.MaxLine)
		same(t, "_MAXHEADERS", 100, f.Client.MaxHeaders)
		same(t, "LimitsDigitsOfInt", v.Has(cpython.LimitsDigitsOfInt), f.IntMaxStrDigits == 4300)
		same(t, "KnownFiles", strings.Join(mime.KnownFiles, " "), strings.Join(f.MIMETypes.KnownFiles, " "))
		if f.Simple.DefaultContentType != "" {
			same(t, "DefaultContentType", mime.DefaultContentType, f.Simple.DefaultContentType)
		}
	})
}

func TestReasons(t *testing.T) {
	eachRelease(t, func(t *testing.T, v cpython.Version, f *Facts) {
		known := map[int]bool{}
		for _, row := range f.Responses {
			status := int(row[0].(float64))
			known[status] = true
			phrase, explain, ok := response.Reason(v, status)
			if phrase != row[2] || explain != row[3] || !ok {
				t.Errorf("Reason(%d) = %q, %q, %v, want %q, %q", status, phrase, explain, ok, row[2], row[3])
			}
		}
		for status := range 1000 {
			if _, _, ok := response.Reason(v, status); ok != known[status] {
				t.Errorf("Reason(%d) = %v, want %v", status, ok, known[status])
			}
		}
	})
}

func TestExtensions(t *testing.T) {
	eachRelease(t, func(t *testing.T, v cpython.Version, f *Facts) {
		if got := mime.ExtensionsMap(v); !maps.Equal(got, f.Simple.ExtensionsMap) {
			t.Errorf("ExtensionsMap = %v, want %v", got, f.Simple.ExtensionsMap)
		}
		table, err := mime.New(v, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !v.Has(cpython.GuessesByMimetypes) {
			return
		}
		empty := map[string]string{}
		for ext, want := range f.MIMETypes.TypesMap {
			if _, ok := f.MIMETypes.EncodingsMap[ext]; ok {
				continue // 3.14 has .gz in both maps, and the encoding comes first
			}
			if got, _ := table.Guess([]byte("/a"+ext), empty); got != want {
				t.Errorf("Guess(a%s) = %q, want %q", ext, got, want)
			}
		}
		for ext := range f.MIMETypes.EncodingsMap {
			if got, _ := table.Guess([]byte("/a.html"+ext), empty); got != "text/html" {
				t.Errorf("Guess(a.html%s) = %q, want text/html", ext, got)
			}
		}
		for alias, ext := range f.MIMETypes.SuffixMap {
			got, _ := table.Guess([]byte("/a"+alias), empty)
			if want, _ := table.Guess([]byte("/a"+ext), empty); got != want || got == mime.DefaultContentType {
				t.Errorf("Guess(a%s) = %q, want %q as for %s", alias, got, want, ext)
			}
		}
	})
}

// expand returns the code points of ranges.
func expand(t *testing.T, ranges []string) map[rune]bool {
	points := map[rune]bool{}
	for _, text := range ranges {
		s, err := parseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		for r := s.lo; r <= s.hi; r += s.step {
			points[r] = true
		}
	}
	return points
}

// appendText appends a code point, surrogates too, in generalized UTF-8.
func appendText(dst []byte, r rune) []byte {
	if 0xD800 <= r && r <= 0xDFFF {
		return append(dst, 0xED, 0x80|byte(r>>6&0x3F), 0x80|byte(r&0x3F))
	}
	return append(dst, string(r)...)
}

// TestCharacters asks our functions about every code point at which a release knows
// anything, and about those around it.
func TestCharacters(t *testing.T) {
	eachRelease(t, func(t *testing.T, v cpython.Version, f *Facts) {
		if v == cpython.V2_7 {
			return // bytes; TestRecordedAnswers has them
		}
		c := f.Characters
		ignorable, cased := expand(t, c.CaseIgnorable), expand(t, c.CasedNotIgnorable)
		spaces, zeros := expand(t, c.Whitespace), expand(t, c.DecimalZeros)
		shifts := map[rune]shift{}
		for _, text := range c.Lower {
			if err := addShift(shifts, v, text); err != nil {
				t.Fatal(err)
			}
		}
		digits := map[rune]int64{}
		for zero := range zeros {
			for d := range rune(10) {
				digits[zero+d] = int64(d)
			}
		}
		for r := rune(0); r <= 0x10FFFF; r++ {
			if r == 0x20000 {
				r = 0xE0000 // ideographs without a property
			} else if r == 0xE0200 {
				r = 0x10FFF0 // nothing is assigned between the tags and private use
			}
			text := appendText(nil, r)
			want := string(appendText(nil, r+shifts[r].delta))
			if r == 'İ' {
				want = "i\u0307"
			}
			if got := cpython.AppendLower(nil, v, text); string(got) != want && r != 'Σ' {
				t.Errorf("AppendLower(%+q) = %+q, want %+q", text, got, want)
			}
			checkSigma(t, v, "1"+string(text)+"Σ", cased[r])
			checkSigma(t, v, "A"+string(text)+"Σ", cased[r] || ignorable[r])
			checkSigma(t, v, "AΣ"+string(text), !cased[r])
			if got := cpython.IsSpaceRune(v, r); got != spaces[r] {
				t.Errorf("IsSpaceRune(%#x) = %v, want %v", r, got, spaces[r])
			}
			want64, isDigit := digits[r]
			if n, ok := cpython.ParseIntText(v, string(text)); n != want64 || ok != isDigit {
				t.Errorf("ParseIntText(%+q) = %d, %v, want %d, %v", text, n, ok, want64, isDigit)
			}
		}
	})
}

// checkSigma reports whether lower case of s has a final sigma, as it should.
func checkSigma(t *testing.T, v cpython.Version, s string, final bool) {
	t.Helper()
	got := strings.Contains(string(cpython.AppendLower(nil, v, []byte(s))), "ς")
	// The character between may itself be a sigma.
	if got != final && !strings.Contains(strings.Replace(s, "Σ", "", 1), "Σ") && !strings.Contains(s, "ς") {
		t.Errorf("AppendLower(%+q) has a final sigma: %v, want %v", s, got, final)
	}
}

// TestParseSpan has the forms that dump.py prints.
func TestParseSpan(t *testing.T) {
	tests := []struct {
		in   string
		want span
		ok   bool
	}{
		{"0041", span{0x41, 0x41, 1}, true},
		{"0041-005A", span{0x41, 0x5A, 1}, true},
		{"0100-012E/2", span{0x100, 0x12E, 2}, true},
		{"", span{}, false},
		{"0041-", span{}, false},
		{"0041/0", span{}, false},
	}
	for _, tt := range tests {
		if got, err := parseSpan(tt.in); got != tt.want || (err == nil) != tt.ok {
			t.Errorf("parseSpan(%q) = %v, %v, want %v", tt.in, got, err, tt.want)
		}
	}
}

// TestUnicodeGrows checks the facts themselves: a later release never forgets a lower case.
func TestUnicodeGrows(t *testing.T) {
	before := 0
	eachRelease(t, func(t *testing.T, v cpython.Version, f *Facts) {
		shifts := map[rune]shift{}
		for _, text := range f.Characters.Lower {
			if err := addShift(shifts, v, text); err != nil {
				t.Fatal(err)
			}
		}
		if len(shifts) < before {
			t.Errorf("Unicode %s has %d lower cases, fewer than the %d before", f.Unicode, len(shifts), before)
		}
		before = len(shifts)
	})
	if before < 1400 {
		t.Errorf("the last release has %d lower cases, want 1400 and more", before)
	}
}
