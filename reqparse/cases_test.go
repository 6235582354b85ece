package reqparse

import (
	"strings"

	"simplehttp/cpython"
)

// A testCase is one input and what each release makes of it, as outcome.String spells it. The
// number in front is the byte at which the answer is there. TestConfirm gives every input to the
// real interpreters, too.
type testCase struct {
	http    string // protocol_version, HTTP/1.0 if empty
	in      string
	answers []answer
}

type answer struct {
	releases cpython.Set
	want     string
}

func (c testCase) protocol() string {
	if c.http == "" {
		return "HTTP/1.0"
	}
	return c.http
}

// want returns the first answer that is for v.
func (c testCase) want(v cpython.Version) string {
	for _, a := range c.answers {
		if a.releases.Contains(v) {
			return a.want
		}
	}
	return ""
}

// everyone is an answer of all releases, or of all that have none yet.
func everyone(want string) answer { return answer{cpython.From(cpython.V2_7), want} }

func until(v cpython.Version, want string) answer { return answer{cpython.Until(v), want} }

func from(v cpython.Version, want string) answer { return answer{cpython.From(v), want} }

// same makes one case.
func same(in string, answers ...answer) testCase { return testCase{in: in, answers: answers} }

// kept is a case of a server that was started with -p HTTP/1.1.
func kept(in string, answers ...answer) testCase {
	return testCase{http: "HTTP/1.1", in: in, answers: answers}
}

// fields puts a request-line before in and a blank line behind it.
func fields(in string) string { return "GET / HTTP/1.0\r\n" + in + "\r\n" }

const (
	V2_7  = cpython.V2_7
	V3_6  = cpython.V3_6
	V3_7  = cpython.V3_7
	V3_10 = cpython.V3_10
	V3_13 = cpython.V3_13
	V3_14 = cpython.V3_14
	V3_15 = cpython.V3_15
)

var cases = concat(requestLineCases, versionCases, persistenceCases, fieldCases, limitCases)

func concat(tables ...[]testCase) (all []testCase) {
	for _, table := range tables {
		all = append(all, table...)
	}
	return all
}

var requestLineCases = []testCase{
	// Reading, and the end of input.
	same("", everyone(`0+ close`)),
	same("\r\n", everyone(`2 close`)),
	same("\n", everyone(`1 close`)),
	same(" \t\r\r\n", everyone(`5 close`)),
	same("GET / HTTP/1.0", everyone(`14+ run "GET" "/" "HTTP/1.0"`)),
	same("GET / HTTP/1.0\r\n", everyone(`16+ run "GET" "/" "HTTP/1.0"`)),
	same("GET / HTTP/1.0\r\n\r\n", everyone(`18 run "GET" "/" "HTTP/1.0"`)),
	same("GET / HTTP/1.0\n\n", everyone(`16 run "GET" "/" "HTTP/1.0"`)),
	same("GET / HTTP/1.0\r\r\n\r\n", everyone(`19 run "GET" "/" "HTTP/1.0"`)),
	same("\r\nGET / HTTP/1.0\r\n\r\n", everyone(`2 close`)),

	// One word, two words, more.
	same("x\r\n",
		until(V3_14, `3 refuse 400 "Bad request syntax ('x')" to "HTTP/0.9"`),
		from(V3_15, `3 refuse 400 "Bad request syntax ('x')" to ""`)),
	same("x",
		until(V3_14, `1+ refuse 400 "Bad request syntax ('x')" to "HTTP/0.9"`),
		from(V3_15, `1+ refuse 400 "Bad request syntax ('x')" to ""`)),
	same("GET /\r\n\r\n",
		until(V3_13, `9 run "GET" "/" "HTTP/0.9"`),
		from(V3_14, `7 run "GET" "/" "HTTP/0.9"`)),
	same("HEAD /\r\n",
		until(V3_14, `8 refuse 400 "Bad HTTP/0.9 request type ('HEAD')" to "HTTP/0.9"`),
		from(V3_15, `8 refuse 400 "Bad HTTP/0.9 request type ('HEAD')" to ""`)),
	same("GET / x HTTP/1.0\r\n",
		until(V3_6, `18 refuse 400 "Bad request syntax ('GET / x HTTP/1.0')" to "HTTP/0.9"`),
		until(V3_14, `18 refuse 400 "Bad request syntax ('GET / x HTTP/1.0')" to "HTTP/1.0"`),
		from(V3_15, `18 refuse 400 "Bad request syntax ('GET / x HTTP/1.0')" to ""`)),
	same("GET / x HTTP/0.9\r\n",
		until(V3_14, `18 refuse 400 "Bad request syntax ('GET / x HTTP/0.9')" to "HTTP/0.9"`),
		from(V3_15, `18 refuse 400 "Bad request syntax ('GET / x HTTP/0.9')" to ""`)),
	same("GET / HTTP/1.0 x\r\n",
		until(V3_6, `18 refuse 400 "Bad request syntax ('GET / HTTP/1.0 x')" to "HTTP/0.9"`),
		until(V3_14, `18 refuse 400 "Bad request version ('x')" to "HTTP/0.9"`),
		from(V3_15, `18 refuse 400 "Bad request version ('x')" to ""`)),
	same("a b c d HTTP/2.0\r\n",
		until(V3_6, `18 refuse 400 "Bad request syntax ('a b c d HTTP/2.0')" to "HTTP/0.9"`),
		until(V3_14, `18 refuse 505 "Invalid HTTP version (2.0)" to "HTTP/0.9"`),
		from(V3_15, `18 refuse 505 "Invalid HTTP version (2.0)" to "HTTP/2.0"`)),
	same("get / HTTP/1.0\r\n\r\n", everyone(`18 run "get" "/" "HTTP/1.0"`)),

	// What parts the words.
	same(" GET\t\v/\f\r \r  HTTP/1.0 \r\n\r\n", everyone(`26 run "GET" "/" "HTTP/1.0"`)),
	same("GET\x1c/\x85HTTP/1.0\xa0\r\n\r\n",
		until(V2_7, `17 refuse 400 "Bad request syntax ('GET\\x1c/\\x85HTTP/1.0\\xa0')" to "HTTP/0.9"`),
		from(V3_6, `19 run "GET" "/" "HTTP/1.0"`)),
	same("G\x00T \x1b\x7f/\xe9 HTTP/1.0\r\n\r\n", everyone(`21 run "G\x00T" "\x1b\x7f/\xe9" "HTTP/1.0"`)),
	same("'\"\t\xe9\xad\x80\\\n",
		until(V2_7, `8 refuse 400 "Bad HTTP/0.9 request type ('\\'\"')" to "HTTP/0.9"`),
		until(V3_14, `8 refuse 400 "Bad HTTP/0.9 request type ('\\'\"')" to "HTTP/0.9"`),
		from(V3_15, `8 refuse 400 "Bad HTTP/0.9 request type ('\\'\"')" to ""`)),
	same("'\xe9\xad\x80\\\n",
		until(V2_7, `6 refuse 400 "Bad request syntax (\"'\\xe9\\xad\\x80\\\\\")" to "HTTP/0.9"`),
		until(V3_14, `6 refuse 400 "Bad request syntax (\"'`+"\\xe9"+`\\xad\\x80\\\\\")" to "HTTP/0.9"`),
		from(V3_15, `6 refuse 400 "Bad request syntax (\"'`+"\\xe9"+`\\xad\\x80\\\\\")" to ""`)),

	// Slashes in front of the target.
	same("GET // HTTP/1.0\r\n\r\n",
		until(V3_6, `19 run "GET" "//" "HTTP/1.0"`),
		from(V3_7, `19 run "GET" "/" "HTTP/1.0"`)),
	same("GET ///a//b HTTP/1.0\r\n\r\n",
		until(V3_6, `24 run "GET" "///a//b" "HTTP/1.0"`),
		from(V3_7, `24 run "GET" "/a//b" "HTTP/1.0"`)),
	same("GET a//b HTTP/1.0\r\n\r\n", everyone(`21 run "GET" "a//b" "HTTP/1.0"`)),
}

// version is the request of a version word, and where its line and the whole end.
func version(word string, answers ...answer) testCase {
	return same("GET / "+word+"\n\n", answers...)
}

var versionCases = []testCase{
	version("HTTP/1", until(V3_14, `13 refuse 400 "Bad request version ('HTTP/1')" to "HTTP/0.9"`), from(V3_15, `13 refuse 400 "Bad request version ('HTTP/1')" to ""`)),
	version("http/1.0", until(V3_14, `15 refuse 400 "Bad request version ('http/1.0')" to "HTTP/0.9"`), from(V3_15, `15 refuse 400 "Bad request version ('http/1.0')" to ""`)),
	version("HTTP/1.1.1", until(V3_14, `17 refuse 400 "Bad request version ('HTTP/1.1.1')" to "HTTP/0.9"`), from(V3_15, `17 refuse 400 "Bad request version ('HTTP/1.1.1')" to ""`)),
	version("HTTP/.1", until(V3_14, `14 refuse 400 "Bad request version ('HTTP/.1')" to "HTTP/0.9"`), from(V3_15, `14 refuse 400 "Bad request version ('HTTP/.1')" to ""`)),
	version("HTTP/1.1/2", until(V3_14, `17 refuse 400 "Bad request version ('HTTP/1.1/2')" to "HTTP/0.9"`), from(V3_15, `17 refuse 400 "Bad request version ('HTTP/1.1/2')" to ""`)),
	version("HTTP/1.\xb2",
		until(V2_7, `15 refuse 400 "Bad request version ('HTTP/1.\\xb2')" to "HTTP/0.9"`),
		until(V3_14, `15 refuse 400 "Bad request version ('HTTP/1.`+"\\xb2"+`')" to "HTTP/0.9"`),
		from(V3_15, `15 refuse 400 "Bad request version ('HTTP/1.`+"\\xb2"+`')" to ""`)),
	version("HTTP/00.9", everyone(`17 run "GET" "/" "HTTP/00.9"`)),
	version("HTTP/-1.+1",
		until(V3_10, `18 run "GET" "/" "HTTP/-1.+1"`),
		until(V3_14, `17 refuse 400 "Bad request version ('HTTP/-1.+1')" to "HTTP/0.9"`),
		from(V3_15, `17 refuse 400 "Bad request version ('HTTP/-1.+1')" to ""`)),
	version("HTTP/1.1_0",
		until(V2_7, `17 refuse 400 "Bad request version ('HTTP/1.1_0')" to "HTTP/0.9"`),
		until(V3_10, `18 run "GET" "/" "HTTP/1.1_0"`),
		until(V3_14, `17 refuse 400 "Bad request version ('HTTP/1.1_0')" to "HTTP/0.9"`),
		from(V3_15, `17 refuse 400 "Bad request version ('HTTP/1.1_0')" to ""`)),
	version("HTTP/1.0000000001", everyone(`25 run "GET" "/" "HTTP/1.0000000001"`)),
	version("HTTP/1.00000000001",
		until(V3_10, `26 run "GET" "/" "HTTP/1.00000000001"`),
		until(V3_14, `25 refuse 400 "Bad request version ('HTTP/1.00000000001')" to "HTTP/0.9"`),
		from(V3_15, `25 refuse 400 "Bad request version ('HTTP/1.00000000001')" to ""`)),
	version("HTTP/2.0",
		until(V2_7, `15 refuse 505 "Invalid HTTP Version (2.0)" to "HTTP/0.9"`),
		until(V3_14, `15 refuse 505 "Invalid HTTP version (2.0)" to "HTTP/0.9"`),
		from(V3_15, `15 refuse 505 "Invalid HTTP version (2.0)" to "HTTP/2.0"`)),
	version("HTTP/2.-1", // (2, -1) < (2, 0)
		until(V3_10, `17 run "GET" "/" "HTTP/2.-1"`),
		until(V3_14, `16 refuse 400 "Bad request version ('HTTP/2.-1')" to "HTTP/0.9"`),
		from(V3_15, `16 refuse 400 "Bad request version ('HTTP/2.-1')" to ""`)),
	version("HTTP/9999999999.1",
		until(V2_7, `24 refuse 505 "Invalid HTTP Version (9999999999.1)" to "HTTP/0.9"`),
		until(V3_14, `24 refuse 505 "Invalid HTTP version (9999999999.1)" to "HTTP/0.9"`),
		from(V3_15, `24 refuse 505 "Invalid HTTP version (9999999999.1)" to "HTTP/9999999999.1"`)),
}

var persistenceCases = []testCase{
	kept("GET / HTTP/1.1\r\n\r\n", everyone(`18 run "GET" "/" "HTTP/1.1" keep`)),
	kept("GET / HTTP/1.0\r\n\r\n", everyone(`18 run "GET" "/" "HTTP/1.0"`)),
	kept("GET / HTTP/01.01\r\n\r\n", everyone(`20 run "GET" "/" "HTTP/01.01" keep`)),
	kept("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", everyone(`37 run "GET" "/" "HTTP/1.1" connection="Close"`)),
	kept("GET / HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n", everyone(`42 run "GET" "/" "HTTP/1.0" keep connection="Keep-Alive"`)),
	kept("GET / HTTP/1.1\r\nConnection: close, te\r\n\r\n", everyone(`41 run "GET" "/" "HTTP/1.1" keep connection="close, te"`)),
	kept("GET / HTTP/0.9\r\nConnection: keep-alive\r\n\r\n", everyone(`42 run "GET" "/" "HTTP/0.9" keep connection="keep-alive"`)),
	kept("GET /\r\nConnection: keep-alive\r\n\r\n",
		until(V3_13, `33 run "GET" "/" "HTTP/0.9" keep connection="keep-alive"`),
		from(V3_14, `7 run "GET" "/" "HTTP/0.9"`)),
	{http: "FOO", in: "GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n", answers: []answer{everyone(`42 run "GET" "/" "HTTP/1.1" connection="keep-alive"`)}},
	{http: "http/1.0", in: "GET / HTTP/1.1\r\n\r\n", answers: []answer{everyone(`18 run "GET" "/" "HTTP/1.1" keep`)}},

	kept("GET / HTTP/1.1\r\nExpect: 100-Continue\r\n\r\n",
		until(V2_7, `40 run "GET" "/" "HTTP/1.1" keep expect="100-Continue"`),
		from(V3_6, `40 run "GET" "/" "HTTP/1.1" keep continue expect="100-Continue"`)),
	kept("GET / HTTP/1.10\r\nExpect:100-continue\r\n\r\n",
		until(V2_7, `40 run "GET" "/" "HTTP/1.10" keep expect="100-continue"`),
		from(V3_6, `40 run "GET" "/" "HTTP/1.10" keep continue expect="100-continue"`)),
	kept("GET / HTTP/01.1\r\nExpect: 100-continue\r\n\r\n", everyone(`41 run "GET" "/" "HTTP/01.1" keep expect="100-continue"`)),
	kept("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n", everyone(`40 run "GET" "/" "HTTP/1.0" expect="100-continue"`)),
	same("GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n", everyone(`40 run "GET" "/" "HTTP/1.1" expect="100-continue"`)),
	kept("GET / HTTP/1.1\r\nExpect: 100-continue \r\n\r\n",
		until(V2_7, `41 run "GET" "/" "HTTP/1.1" keep expect="100-continue"`),
		from(V3_6, `41 run "GET" "/" "HTTP/1.1" keep expect="100-continue "`)),
}

var fieldCases = []testCase{
	// Names and values.
	same(fields("CONNECTION:close\r\n"), everyone(`36 run "GET" "/" "HTTP/1.0" connection="close"`)),
	same(fields("Connection : close\r\n"), everyone(`38 run "GET" "/" "HTTP/1.0"`)),
	same(fields("Connection: \t close\n"), everyone(`38 run "GET" "/" "HTTP/1.0" connection="close"`)),
	same(fields("Connection:\v close\t\r\n"),
		until(V2_7, `39 run "GET" "/" "HTTP/1.0" connection="close"`),
		from(V3_6, `39 run "GET" "/" "HTTP/1.0" connection="\v close\t"`)),
	same(fields("Connection:\r\n"), everyone(`31 run "GET" "/" "HTTP/1.0" connection=""`)),
	same(fields("Connection: a\r\nConnection: b\r\n"),
		until(V2_7, `48 run "GET" "/" "HTTP/1.0" connection="b"`),
		from(V3_6, `48 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Expect: a\r\nIf-None-Match: b\r\nIf-Modified-Since: c\r\nContent-Type: d\r\nIf-Match: e\r\n"),
		everyone(`99 run "GET" "/" "HTTP/1.0" expect="a" if-modified-since="c" if-none-match="b" content-type="d"`)),
	same(fields("Connection: \xe9\x00\r\n"), everyone(`34 run "GET" "/" "HTTP/1.0" connection="\xe9\x00"`)),
	same(fields(": x\r\nConnection: a\r\n"), everyone(`38 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields(": x\r\n y\r\nConnection: a\r\n"),
		until(V2_7, `25 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `42 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Connection: a\r\n:\r\n b\r\n"),
		until(V2_7, `38 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `40 run "GET" "/" "HTTP/1.0" connection="a"`)),

	// Continuation lines.
	same(fields("Connection: a\r\n b \r\n"),
		until(V2_7, `38 run "GET" "/" "HTTP/1.0" connection="a\n b"`),
		from(V3_6, `38 run "GET" "/" "HTTP/1.0" connection="a\r\n b "`)),
	same(fields("Connection:\r\n\tclose\r\n"),
		until(V2_7, `39 run "GET" "/" "HTTP/1.0" connection="close"`),
		until(V3_13, `39 run "GET" "/" "HTTP/1.0" connection="\r\n\tclose"`),
		from(V3_14, `39 run "GET" "/" "HTTP/1.0" connection="close"`)),
	same(fields("Connection: a\r\n \r\n \r\n"),
		until(V2_7, `39 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `39 run "GET" "/" "HTTP/1.0" connection="a\r\n \r\n "`)),
	same(fields("Connection:\r\n \r\n"),
		until(V2_7, `34 run "GET" "/" "HTTP/1.0" connection=""`),
		until(V3_13, `34 run "GET" "/" "HTTP/1.0" connection="\r\n "`),
		from(V3_14, `34 run "GET" "/" "HTTP/1.0" connection=""`)),
	same(fields(" x\r\nConnection: a\r\n"),
		until(V2_7, `20 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `37 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Connection: a\r\nHost: b\r\n c\r\n"), everyone(`46 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Connection: a\r\nConnection: b\r\n c\r\n"),
		until(V2_7, `52 run "GET" "/" "HTTP/1.0" connection="b\n c"`),
		from(V3_6, `52 run "GET" "/" "HTTP/1.0" connection="a"`)),

	// What is no field.
	same(fields("x\r\nConnection: a\r\n"),
		until(V2_7, `19 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `36 run "GET" "/" "HTTP/1.0"`)),
	same(fields("a b: x\r\nConnection: a\r\n"),
		until(V2_7, `41 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `41 run "GET" "/" "HTTP/1.0"`)),
	same(fields("\xe9: x\r\nConnection: a\r\n"),
		until(V2_7, `39 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `39 run "GET" "/" "HTTP/1.0"`)),
	same(fields("\x7f:\r\nConnection: a\r\n"),
		until(V2_7, `37 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `37 run "GET" "/" "HTTP/1.0"`)),
	same(fields("!9;~/\": x\r\nConnection: a\r\n"), everyone(`44 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same("GET / HTTP/1.0\r\nConnection: a\r\n \r\n\x00\r\n", // neither of the two ends the reading in 3.x
		until(V2_7, `37 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `37+ run "GET" "/" "HTTP/1.0" connection="a\r\n "`)),

	// Bare CR.
	same(fields("A: b\rConnection: a\r\n"),
		until(V2_7, `38 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `38 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Connection: a\r b\r\n"),
		until(V2_7, `36 run "GET" "/" "HTTP/1.0" connection="a\r b"`),
		from(V3_6, `36 run "GET" "/" "HTTP/1.0" connection="a\r b"`)),
	same(fields("Connection: a\r\r\nExpect: b\r\n"),
		until(V2_7, `45 run "GET" "/" "HTTP/1.0" connection="a" expect="b"`),
		from(V3_6, `45 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Connection: a\v\f\x1c\x85\r\n"),
		until(V2_7, `37 run "GET" "/" "HTTP/1.0" connection="a\v\f\x1c\x85"`),
		from(V3_6, `37 run "GET" "/" "HTTP/1.0" connection="a\v\f\x1c\x85"`)),
	same("GET / HTTP/1.0\r\nConnection: a\r", everyone(`30+ run "GET" "/" "HTTP/1.0" connection="a"`)),

	// The line that mailbox files begin with.
	same(fields("From x\r\nFrom y\r\nConnection: a\r\n"), everyone(`49 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("From x\r\n y\r\nConnection: a\r\n"),
		until(V2_7, `28 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `45 run "GET" "/" "HTTP/1.0" connection="a"`)),
	same(fields("Connection: a\r\nFrom x\r\n b\r\nExpect: c\r\n"),
		until(V2_7, `39 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `56 run "GET" "/" "HTTP/1.0" connection="a" expect="c"`)),
	same(fields("Connection: a\r\nFrom x: y\r\nExpect: c\r\n"), everyone(`55 run "GET" "/" "HTTP/1.0" connection="a" expect="c"`)),
	same(fields("Connection: a\r\nFrom x\r\n"),
		until(V2_7, `39 run "GET" "/" "HTTP/1.0" connection="a"`),
		from(V3_6, `41 run "GET" "/" "HTTP/1.0" connection="a"`)),
}

var limitCases = []testCase{
	// The request-line: 65536 bytes with its LF, or without at end of input.
	same("GET /"+x(65536-5-11)+" HTTP/1.0\r\n\r\n", everyone(`65538 run "GET" "/`+x(65536-5-11)+`" "HTTP/1.0"`)),
	same("GET /"+x(65536-5-10)+" HTTP/1.0\r\n\r\n", everyone(`65537 refuse 414 "" to "" method ""`)),
	same("GET /"+x(65536-5-9)+" HTTP/1.0", everyone(`65536+ run "GET" "/`+x(65536-5-9)+`" "HTTP/1.0"`)),
	same(x(70000), everyone(`65537 refuse 414 "" to "" method ""`)),

	// A field line: 65536 bytes with its LF.
	same(fields("A: "+x(65536-5)+"\r\n"), everyone(`65554 run "GET" "/" "HTTP/1.0"`)),
	same(fields("A: "+x(65536-4)+"\r\n"),
		until(V2_7, `65555 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `65553 refuse 431 "Line too long" (got more than 65536 bytes when reading header line) to "HTTP/1.0" method "GET"`)),
	same("GET / HTTP/1.0\r\n"+x(65536),
		everyone(`65552+ run "GET" "/" "HTTP/1.0"`)),
	same("HEAD / HTTP/0.9\r\n"+x(70000),
		until(V2_7, `70017+ run "HEAD" "/" "HTTP/0.9"`),
		from(V3_6, `65554 refuse 431 "Line too long" (got more than 65536 bytes when reading header line) to "HTTP/0.9" method "HEAD"`)),

	// 99 field lines and the blank one, or 100 of them.
	same(fields(strings.Repeat("A:\r\n", 99)), everyone(`414 run "GET" "/" "HTTP/1.0"`)),
	same(fields(strings.Repeat("A:\r\n", 100)),
		until(V2_7, `418 run "GET" "/" "HTTP/1.0"`),
		until(V3_14, `418 refuse 431 "Too many headers" (got more than 100 headers) to "HTTP/1.0" method "GET"`),
		from(V3_15, `418 run "GET" "/" "HTTP/1.0"`)),
	same(fields(strings.Repeat("A:\n", 101)),
		until(V2_7, `321 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `319 refuse 431 "Too many headers" (got more than 100 headers) to "HTTP/1.0" method "GET"`)),
	same("GET / HTTP/1.0\r\n"+strings.Repeat("A:\n", 100), // the end of input counts like the blank line
		until(V2_7, `316+ run "GET" "/" "HTTP/1.0"`),
		until(V3_14, `316+ refuse 431 "Too many headers" (got more than 100 headers) to "HTTP/1.0" method "GET"`),
		from(V3_15, `316+ run "GET" "/" "HTTP/1.0"`)),
	same("GET / HTTP/1.0\r\n"+strings.Repeat("A:\n", 98)+"A:", everyone(`312+ run "GET" "/" "HTTP/1.0"`)),
	same(fields("x\r\n"+strings.Repeat("x\n", 100)), // lines that are no fields count too
		until(V2_7, `19 run "GET" "/" "HTTP/1.0"`),
		from(V3_6, `219 refuse 431 "Too many headers" (got more than 100 headers) to "HTTP/1.0" method "GET"`)),
}

func x(n int) string { return strings.Repeat("x", n) }
