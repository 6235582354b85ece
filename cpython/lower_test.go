package cpython

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppendLower(t *testing.T) {
	tests := []struct {
		v        Version
		in, want string
	}{
		{V2_7, "ABC.É\xc9", "abc.É\xc9"},
		{V3_6, "", ""},
		{V3_6, "ABC.É", "abc.é"},
		{V3_6, "İx", "i\u0307x"},
		{V3_6, "ΑΣ", "ας"},
		{V3_6, "Σ", "σ"},
		{V3_6, "ΑΣΑ", "ασα"},
		{V3_6, "ΑΣ.ΤΑΡ", "ασ.ταρ"}, // a period is looked through
		{V3_6, "ΑΣ-ΤΑΡ", "ας-ταρ"},
		{V3_6, "Α\u0301Σ\u00ad", "α\u0301ς\u00ad"},
		{V3_6, "1Σ", "1σ"},
		{V3_6, "\xed\xa0\x80Α\xed\xb3\xbf", "\xed\xa0\x80α\xed\xb3\xbf"},
		{V3_6, "Α\xed\xb3\xbfΣ", "α\xed\xb3\xbfσ"},
		{V3_6, "Ა", "Ა"}, // Georgian capitals came with Unicode 11
		{V3_7, "Ა", "ა"},
		{V3_13, "\xffA\xe2\x82", "\xffa\xe2\x82"}, // no text, and left alone
	}
	for _, tt := range tests {
		in := []byte(tt.in)
		if got := string(AppendLower([]byte("x"), tt.v, in[:len(in):len(in)])); got != "x"+tt.want {
			t.Errorf("AppendLower(%s, %q) = %q, want %q", tt.v, tt.in, got, "x"+tt.want)
		}
	}
}

// TestTablesInOrder checks what the searches rely on.
func TestTablesInOrder(t *testing.T) {
	for name, table := range map[string][]charRange{
		"caseIgnorable": caseIgnorable, "cased": cased, "decimalZeros": decimalZeros, "spaces": spaces,
	} {
		last := none
		for _, row := range table {
			if row.lo <= last || row.hi < row.lo || row.releases == 0 || row.releases.Contains(V2_7) {
				t.Errorf("%s: bad row %v after %#x", name, row, last)
			}
			last = row.hi
		}
	}
	last := none
	for _, row := range lowerShifts {
		if row.lo <= last || row.hi < row.lo || row.step == 0 || (row.hi-row.lo)%rune(row.step) != 0 {
			t.Errorf("lowerShifts: bad row %v after %#x", row, last)
		}
		last = row.hi
	}
}

// TestAppendLowerLinear would take minutes if each sigma looked at all of the text.
func TestAppendLowerLinear(t *testing.T) {
	const n = 200_000
	for _, unit := range []string{"Σ", "Σ.", ".", "\u0301Σ", "\xff"} {
		in := []byte("A" + strings.Repeat(unit, n))
		if got := AppendLower(nil, V3_13, in); len(got) != len(in) {
			t.Errorf("AppendLower of %d times %q has %d bytes, want %d", n, unit, len(got), len(in))
		}
	}
}

// FuzzAppendLower checks that lower case has no other lower case, and that Go agrees where every version of
// Unicode does: on letters of the Latin and the Cyrillic script.
func FuzzAppendLower(f *testing.F) {
	for _, s := range []string{"ΑΣ.", "İ", "A\xed\xb3\xbfΣ", "\xff\xe2", "ÀÞẞŸǅЖЀ", "a\u0301Σ\u0301"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		agreed := utf8.Valid(s) && !bytes.ContainsFunc(s, func(r rune) bool {
			return r == 'İ' || r > 'ʯ' && !('Ѐ' <= r && r <= 'я')
		})
		for _, v := range Versions() {
			low := AppendLower(nil, v, s)
			if again := AppendLower(nil, v, low); string(again) != string(low) {
				t.Errorf("AppendLower(%s, %q) = %q, of which lower case is %q", v, s, low, again)
			}
			if want := bytes.ToLower(s); agreed && !v.Has(ReadsPathAsBytes) && string(low) != string(want) {
				t.Errorf("AppendLower(%s, %q) = %q, want %q", v, s, low, want)
			}
		}
	})
}

func BenchmarkAppendLower(b *testing.B) {
	for name, s := range map[string]string{"ascii": "README-for-the-first-minute.TXT", "greek": "ΚΑΤΆΛΟΓΟΣ-ΑΡΧΕΊΩΝ.ΤΧΤ"} {
		b.Run(name, func(b *testing.B) {
			var dst []byte
			for b.Loop() {
				dst = AppendLower(dst[:0], V3_14, []byte(s))
			}
		})
	}
}
