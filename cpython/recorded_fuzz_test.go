package cpython_test

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"
	"unicode/utf8"

	"simplehttp/cpython"
)

// FuzzUrlsplit checks what holds for every URL: the parts are where they should be, and what
// urlunsplit writes splits into the same parts again, wherever CPython keeps that promise.
func FuzzUrlsplit(f *testing.F) {
	for _, row := range readRecorded(f, "testdata/functions.txt", "urlsplit") {
		f.Add([]byte(row.input))
	}
	f.Fuzz(func(t *testing.T, url []byte) {
		for _, v := range cpython.Versions() {
			u, err := cpython.Urlsplit(v, url)
			if err != "" {
				continue
			}
			if bytes.ContainsAny(u.Netloc, "/?#") || bytes.ContainsAny(u.Path, "?#") || bytes.ContainsAny(u.Query, "#") {
				t.Errorf("%v: Urlsplit(%q) = %q: a delimiter is left in a part", v, url, u)
			}
			parts := len(u.Scheme) + len(u.Netloc) + len(u.Path) + len(u.Query) + len(u.Fragment)
			if parts > len(url) {
				t.Errorf("%v: Urlsplit(%q) = %q: more than there was", v, url, u)
			}
			whole := cpython.AppendUrlunsplit(nil, v, u)
			again, err := cpython.Urlsplit(v, whole)
			if err == "" && v.Has(cpython.GuardsSlashedPath) && len(u.Netloc) > 0 && !bytes.Equal(again.Netloc, u.Netloc) {
				t.Errorf("%v: Urlsplit(%q).Netloc = %q, and again from %q: %q", v, url, u.Netloc, whole, again.Netloc)
			}
		}
	})
}

// http1123 is IMF-fixdate in the words of package time.
const http1123 = "Mon, 02 Jan 2006 15:04:05 GMT"

// FuzzParseDate checks that a date is in the years that datetime has, that package time writes it in such a way
// that it is read again, and that only the releases with the quirk crash.
func FuzzParseDate(f *testing.F) {
	for _, row := range readRecorded(f, "testdata/functions.txt", "date") {
		f.Add([]byte(row.input))
	}
	const first, last = -62135596800, 253402300799 // years 1 to 9999
	f.Fuzz(func(t *testing.T, s []byte) {
		for _, v := range cpython.Versions() {
			unix, kind := cpython.ParseDateToDatetime(v, s)
			if kind == cpython.DateUTC && (unix < first || unix > last) {
				t.Errorf("%v: ParseDateToDatetime(%q) = %d, which is no year of four digits", v, s, unix)
			}
			const year100 = -59011459200 // before, the year of IMF-fixdate has leading zeros, and is taken for another
			written := time.Unix(unix, 0).UTC().Format(http1123)
			if again, kindAgain := cpython.ParseDateToDatetime(v, []byte(written)); kind == cpython.DateUTC && unix >= year100 &&
				(again != unix || kindAgain != kind) {
				t.Errorf("%v: ParseDateToDatetime(%q) = %d, and of %q it is %d, %d", v, s, unix, written, again, kindAgain)
			}
			if kind == cpython.DateCrash && !v.Has(cpython.CrashesOnDottedTime) {
				t.Errorf("%v: ParseDateToDatetime(%q) crashes", v, s)
			}
		}
	})
}

// FuzzUnquote checks that the result is text: what os.fsdecode made of bytes, or could have; that quoting and
// unquoting again changes nothing; and that a simple reader of escapes agrees.
func FuzzUnquote(f *testing.F) {
	for _, row := range readRecorded(f, "testdata/functions.txt", "unquote") {
		f.Add([]byte(row.input))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		for _, v := range cpython.Versions() {
			out, strict := cpython.AppendUnquote(nil, v, s)
			if !strict && !bytes.Contains(out, []byte("\uFFFD")) {
				t.Errorf("%v: AppendUnquote(%q) = %q, which replaces nothing", v, s, out)
			}
			if want := unquoteSimply(v, s); strict && !bytes.Equal(out, want) {
				t.Errorf("%v: AppendUnquote(%q) = %q, want %q", v, s, out, want)
			}
			again, _ := cpython.AppendUnquote(nil, v, cpython.AppendQuote(nil, v, out))
			if !bytes.Equal(again, out) {
				t.Errorf("%v: AppendUnquote(%q) = %q, and quoted and unquoted %q", v, s, out, again)
			}
		}
	})
}

// unquoteSimply replaces escapes one by one, and spells the other Latin-1 characters in UTF-8 (2.7: leaves them).
func unquoteSimply(v cpython.Version, s []byte) (out []byte) {
	for len(s) > 0 {
		c := s[0]
		if len(s) >= 3 && c == '%' {
			if b, err := hex.DecodeString(string(s[1:3])); err == nil {
				out, s = append(out, b...), s[3:]
				continue
			}
		}
		if c < 0x80 || v.Has(cpython.ReadsPathAsBytes) {
			out = append(out, c)
		} else {
			out = utf8.AppendRune(out, rune(c))
		}
		s = s[1:]
	}
	return out
}
