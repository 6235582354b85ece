package reqparse

import (
	"testing"

	"simplehttp/cpython"
)

// FuzzParser gives any input to every release, whole and in three other ways. The outcomes must be
// the same.
func FuzzParser(f *testing.F) {
	for _, c := range cases {
		if len(c.in) < 4096 {
			f.Add(c.protocol(), c.in, uint8(3))
		}
	}
	for _, c := range bodyCases {
		f.Add("HTTP/1.1", fields(c.fields), uint8(20))
	}
	for _, c := range quirkPairs {
		f.Add(c.http, c.in, uint8(1))
	}
	f.Add("HTTP/1.1", chrome, uint8(100))
	f.Fuzz(func(t *testing.T, protocol, in string, split uint8) {
		for _, v := range cpython.Versions() {
			opts := options(v, protocol)
			whole := parse(opts, in)
			want := whole.String()
			for _, sizes := range [][]int{{1}, {int(split), 0}, {int(split), 7}} {
				if got := parse(opts, in, sizes...).String(); got != want {
					t.Errorf("%s: Feed(%q) in chunks of %v = %s, want %s", v, in, sizes, got, want)
				}
			}
			opts.AllFields = true
			if got := parse(opts, in, int(split)).String(); got != want {
				t.Errorf("%s: Feed(%q) with all fields = %s, want %s", v, in, got, want)
			}
			if whole.state == NeedMore || whole.took > len(in) {
				t.Errorf("%s: Feed(%q) = %s", v, in, want)
			}
		}
	})
}

// FuzzScan checks what looks at eight characters at a time against loops over single ones.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"", "Host: a", "X-Forwarded-For: 1", "a\x80 b:\x7f\x1f", "0123456789abcdef\t0123456789abcdef\xa00123456789"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		for i := range min(len(s)+1, 9) { // at each offset from a word of the memory
			rest := s[i:]
			count := func(goesOn func(c byte) bool) int {
				n := 0
				for n < len(rest) && goesOn(rest[n]) {
					n++
				}
				return n
			}
			if got, want := nameLength(rest), count(func(c byte) bool { return c > ' ' && c < 0x7F && c != ':' }); got != want {
				t.Errorf("nameLength(%q) = %d, want %d", rest, got, want)
			}
			if got, want := nextControl(rest), count(func(c byte) bool { return c >= ' ' }); got != want {
				t.Errorf("nextControl(%q) = %d, want %d", rest, got, want)
			}
			if got, most := plainLength(rest), count(func(c byte) bool { return c > ' ' && c < 0x80 }); got > most || most-got >= 64 {
				t.Errorf("plainLength(%q) = %d, want up to 63 less than %d", rest, got, most)
			}
		}
	})
}
