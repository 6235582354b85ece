package cpython_test

import (
	"bytes"
	"testing"

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

// FuzzParseDate checks that a date is in the years that datetime has, and that only the
// releases with the quirk crash.
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
			if kind == cpython.DateCrash && !v.Has(cpython.CrashesOnDottedTime) {
				t.Errorf("%v: ParseDateToDatetime(%q) crashes", v, s)
			}
		}
	})
}

// FuzzUnquote checks that the result is text: what os.fsdecode made of bytes, or could have.
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
			if v == cpython.V2_7 {
				continue
			}
			again, _ := cpython.AppendUnquote(nil, v, cpython.AppendQuote(nil, v, out))
			if !bytes.Equal(again, out) {
				t.Errorf("%v: AppendUnquote(%q) = %q, and quoted and unquoted %q", v, s, out, again)
			}
		}
	})
}
