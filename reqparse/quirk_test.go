package reqparse

import (
	"strings"
	"testing"

	"simplehttp/cpython"
)

// quirkPairs has a pair for each quirk that this package asks for: what comes of the request with
// it, and without it.
var quirkPairs = []struct {
	quirk         cpython.Quirk
	http          string
	in            string
	with, without string // the beginning of the outcome
}{
	{cpython.SplitsOnUnicodeSpace, "HTTP/1.0", "GET\xa0/ HTTP/1.0\r\n\r\n",
		`18 run "GET" "/"`, `16 refuse 400 "Bad HTTP/0.9 request type`},
	{cpython.ReadsFieldsWithRFC822, "HTTP/1.0", "GET / HTTP/1.0\r\nx\r\nA: b\r\n\r\n",
		`19 run`, `27 run`},
	{cpython.ChecksVersionOfLongRequestLine, "HTTP/1.0", "GET / x y\r\n",
		`11 refuse 400 "Bad request version ('y')"`, `11 refuse 400 "Bad request syntax ('GET / x y')"`},
	{cpython.ReadsVersionWithInt, "HTTP/1.0", "GET / HTTP/+1.0\r\n\r\n",
		`19 run`, `17 refuse 400`},
	{cpython.AnswersBadRequestLineInFull, "HTTP/1.0", "x\r\n",
		`3 refuse 400 "Bad request syntax ('x')" to ""`, `3 refuse 400 "Bad request syntax ('x')" to "HTTP/0.9"`},
	{cpython.SkipsFieldsOfSimpleRequest, "HTTP/1.0", "GET /\r\n\r\n",
		`7 run`, `9 run`},
	{cpython.CollapsesLeadingSlashes, "HTTP/1.0", "GET //host/ HTTP/1.0\r\n\r\n",
		`24 run "GET" "/host/"`, `24 run "GET" "//host/"`},
	{cpython.CountsBlankLineAsField, "HTTP/1.0", fields(strings.Repeat("A:\r\n", 100)),
		`418 refuse 431`, `418 run`},
	{cpython.StripsUnfoldedValue, "HTTP/1.0", fields("Expect:\r\n \x85\r\n"),
		`31 run "GET" "/" "HTTP/1.0" expect="\x85"`, `31 run "GET" "/" "HTTP/1.0" expect="\r\n \x85"`},
	{cpython.ExpectsContinue, "HTTP/1.1", "GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n",
		`40 run "GET" "/" "HTTP/1.1" keep continue`, `40 run "GET" "/" "HTTP/1.1" keep expect`},
	{cpython.CrashesOnMixedBoundaryParts, "HTTP/1.0", fields("Content-Type: multipart/x; a*=b; a*1*=c\r\n"),
		`59 crash TypeError`, `59 run`},
}

func TestQuirkPairs(t *testing.T) {
	for _, c := range quirkPairs {
		for _, v := range cpython.Versions() {
			want := c.without
			if v.Has(c.quirk) {
				want = c.with
			}
			got := parse(options(v, c.http), c.in).String()
			if c.quirk == cpython.StripsUnfoldedValue && v.Has(cpython.ReadsFieldsWithRFC822) {
				continue // reads values in its own way
			}
			if !strings.HasPrefix(got, want) {
				t.Errorf("%s, %s %v: Feed(%q) = %s, want %s", v, c.quirk, v.Has(c.quirk), c.in, got, want)
			}
		}
	}
}
