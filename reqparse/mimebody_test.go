package reqparse

import (
	"strings"
	"testing"

	"simplehttp/cpython"
)

// bodyCases are field lines that the e-mail parser stumbles over, or does not. Each is one line
// read, or several: a bare CR ends a line for the e-mail parser alone.
var bodyCases = []struct {
	fields   string
	releases cpython.Set // those that crash; the others run the method
	crash    string      // the beginning of the last line of the traceback
}{
	// The boundary of the request itself.
	{"Content-Type: multipart/x\r\n", none, ""},
	{"Content-Type: multipart/x; boundary=b\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*=\x00''a\r\n", py3, "ValueError: embedded null character"},
	{"Content-Type: multipart/x; boundary*=\x00''\r\n", py3, "ValueError: embedded null character"},
	{"Content-Type: multipart/x; boundary*=%00''a\r\n", py3, "ValueError: embedded null character"},
	{"Content-Type: text/x; boundary*=\x00''a\r\n", none, ""},
	{"Content-Type: multipart; boundary*=\x00''a\r\n", none, ""},
	{"Content-Type: multipart/x/y; boundary*=\x00''a\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*=\x00'a\r\n", none, ""},
	{"Content-Type: multipart/x; bound*=\x00''a\r\n", none, ""},
	{"Content-Type: multipart/x; boundary=b; boundary*=\x00''a\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*=\x00''a; boundary\r\n", none, ""},
	{"Content-Type: text/x\r\nContent-Type: multipart/x; boundary*=\x00''a\r\n", none, ""},
	{"Content-Type: multipart/x; a=\"; boundary*=\x00''a\"\r\n", none, ""},
	{"Content-Type: multipart/x; a=\\\"; boundary*=\x00''a\r\n", py3, "ValueError: embedded null character"},
	{" content-type: x\r\nCONTENT-TYPE:\tMultiPart/X;BOUNDARY* = \x00''a\r\n", py3, "ValueError: embedded null character"},

	// Codecs. 3.9 and later skip letters beyond ASCII in a name.
	{"Content-Type: multipart/x; boundary*=idna''a\r\n", py3, "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*=idna''\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*=-IDNA-''a\r\n", py3, "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*=id-na''a\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*=idna\xe9''a\r\n", cpython.From(cpython.V3_9), "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*=idna\xd7''a\r\n", py3, "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*=undefined''a\r\n", py3, "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*=hex''a\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*=punycode''a-%E9\r\n", cpython.Between(cpython.V3_6, cpython.V3_12),
		"UnicodeDecodeError: 'ascii' codec can't decode byte 0xe9 in position 0: ordinal not in range(128)"},
	{"Content-Type: multipart/x; boundary*=punycode''%E9-a\r\n", none, ""},

	// Sections, of any parameter.
	{"Content-Type: multipart/x; boundary*=a; boundary*1*=b\r\n", mixed,
		"TypeError: '<' not supported between instances of 'int' and 'NoneType'"},
	{"Content-Type: multipart/x; a*1=a; b*1=b; a*=b\r\n", mixed,
		"TypeError: '<' not supported between instances of 'NoneType' and 'int'"},
	{"Content-Type: multipart/x; a*=a; b*1=b; a*=b\r\n", none, ""},
	{"Content-Type: multipart/x; A*=a; a*1\r\n", mixed, "TypeError: "},
	{"Content-Type: multipart/x; A*; a*1\r\n", none, ""}, // names without = keep their case
	{"Content-Type: multipart/x; a*" + strings.Repeat("0", 4301) + "=a\r\n", cpython.From(cpython.V3_7),
		"ValueError: Exceeds the limit (4300"},
	{"Content-Type: multipart/x; a*" + strings.Repeat("0", 4300) + "=a\r\n", none, ""},
	{"Content-Type: multipart/x; boundary*1*='a; boundary*0*=idna'\r\n", py3, "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*0*=idn; boundary*1=a; boundary*2='; boundary*10='a\r\n", py3, "UnicodeError: "},
	{"Content-Type: multipart/x; boundary*0=id; boundary*1=na''a\r\n", none, ""},              // nothing is encoded
	{"Content-Type: multipart/x; boundary*0=idna; boundary*=x; boundary*1*=''a\r\n", py3, ""}, // one or the other
	{"Content-Type: multipart/x; boundary*=idna; boundary*1*=''a\r\n", py3, ""},
	{"Content-Type: multipart/x; boundary*1*=idna; boundary*01*=\"''a\"\r\n", cpython.From(cpython.V3_14), "UnicodeError: "},

	// Parts.
	{"Content-Type: multipart/x;boundary=b\r\r--b\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary=b\r\r--b \t\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary=b\r\r--b x\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b\r\r--b--\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b\r\r--b\r\r--b--\r--b\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b\r\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b\r\r--b\r\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b\r\r--b\rx\r--b\r--b\rA: b\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary=\"\"\r\r--\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary=\"<b>\"\r\r--b\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary*=''%C3%A9\r\r--\xc3\xa9\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary*=utf-8''%C3%A9\r\r--\xe9\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary*=latin-1''%E9\r\r--\xe9\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary*=%E9\r\r--\xe9\r" + bomb + "\r\n", none, ""}, // ASCII
	{"Content-Type: multipart/x;boundary*=utf-8''%E9\r\r--\xe9\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary*=utf-16''bb\r\r--bb\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b%20\r\r--b%20\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary=\"b \x1c\"\r\r--b\r" + bomb + "\r\n", py3, "ValueError: "},

	// Multiparts in multiparts: the outer boundary ends the inner one.
	{"Content-Type: multipart/x;boundary=b\r\r--b\rContent-Type: multipart/x;boundary=c\r\r--c\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;boundary=b\r\r--b\rContent-Type: multipart/x;boundary=c\r\r--b\r--c\r" + bomb + "\r\n", none, ""},
	{"Content-Type: multipart/x;boundary=b\r\r--b\rContent-Type: multipart/x;boundary=c\r\r--c\rx\r--b--\r--c\r" + bomb + "\r\n", none, ""},

	// Messages in messages.
	{"Content-Type: message/x\r\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: message/x\rx\r" + bomb + "\r\n", none, ""},
	{"Content-Type: message/x\rFrom y\r\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: message/x\r\rFrom x\rFrom y\r\r" + bomb + "\r\n", none, ""},
	{"Content-Type: message/delivery-status\r\rA: b\r\rC: d\r\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: message/delivery-status\r\rA: b\rx\r" + bomb + "\r\r\n", none, ""},
	{"Content-Type: multipart/digest;boundary=b\r\r--b\r\r" + bomb + "\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/digest;boundary=b\r\r--b\rContent-Type: x\r\r" + bomb + "\r\n", none, ""},

	// A part that is spread over lines read.
	{"Content-Type: multipart/x;boundary=b\r\nx\r\n--b\r\n" + bomb + "\n\r\n", py3, "ValueError: "},
	{"Content-Type: multipart/x;\r\n boundary=b\r\n--b\r\n" + bomb + "\n\r\n", py3, "ValueError: "},
}

// bomb raises an exception, if it is taken for a field.
const bomb = "Content-Type: multipart/x; boundary*=\x00''a\r"

var (
	none  cpython.Set
	py3   = cpython.From(cpython.V3_6)
	mixed = cpython.Between(cpython.V3_6, cpython.V3_13)
)

func TestBodyCases(t *testing.T) {
	for _, c := range bodyCases {
		in := fields(c.fields)
		for _, v := range cpython.Versions() {
			for _, chunk := range []int{0, 1, 5} {
				o := parse(options(v, "HTTP/1.0"), in, chunk)
				want := Complete
				if c.releases.Contains(v) {
					want = Crashed
				}
				if o.state != want || o.ended {
					t.Errorf("%s: Feed(%s) = %d, %q, want %d", v, shorten(in), o.state, o.crash, want)
				}
				if want == Crashed && (!strings.HasPrefix(o.crash, c.crash) || o.crash == "") {
					t.Errorf("%s: Feed(%s): Crash() = %q, want %q", v, shorten(in), o.crash, c.crash)
				}
			}
		}
	}
}

// TestDeepestContainer nests messages up to the level that the table names, and one deeper.
func TestDeepestContainer(t *testing.T) {
	chain := func(n int, last string) string {
		return fields(strings.Repeat("Content-Type:message/x\r\r", n) + last + "\r\n")
	}
	for _, v := range cpython.Versions() {
		n, _ := deepestContainer(v)
		if v.Has(cpython.ReadsFieldsWithRFC822) {
			n = 2000 // no limit
		}
		for _, c := range []struct {
			in   string
			want State
		}{
			{chain(n, ""), Complete},
			{chain(n, "Content-Type: text/plain\r\r"), Complete},
			{chain(n-1, "Content-Type: multipart/x;boundary=b\r\r--b\rA: b\r"), Complete},
			{chain(n+1, ""), Crashed},
			{chain(n, "Content-Type: multipart/x\r"), Crashed},
			{chain(n, "Content-Type: message/delivery-status\r"), Crashed},
		} {
			if v.Has(cpython.ReadsFieldsWithRFC822) {
				c.want = Complete
			}
			o := parse(options(v, "HTTP/1.0"), c.in)
			if o.state != c.want {
				t.Errorf("%s: Feed(%s) = %d, want %d", v, shorten(c.in), o.state, c.want)
			}
			crash := "RecursionError: maximum recursion depth exceeded"
			if cpython.Between(cpython.V3_7, cpython.V3_10).Contains(v) {
				crash += " while calling a Python object"
			}
			if c.want == Crashed && o.crash != crash {
				t.Errorf("%s: Crash() = %q, want %q", v, o.crash, crash)
			}
		}
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		in   string
		want contentKind
	}{
		{"", kindLeaf}, {"text/plain", kindLeaf}, {"multipart", kindLeaf}, {"multipart/x", kindMultipart},
		{"multipart/", kindMultipart}, {"/multipart", kindLeaf}, {"multipart /x", kindLeaf},
		{"\xa0\x1cMULTIPART/x \x85;", kindMultipart}, {"multipart/x/y", kindLeaf}, {"multipart;/x", kindLeaf},
		{"Multipart/Digest", kindDigest}, {"multipart/digest x", kindMultipart}, {"message/x", kindMessage},
		{"message/delivery-status;x", kindDeliveryStatus}, {"messages/x", kindLeaf},
	} {
		if got := kindOf([]byte(c.in)); got != c.want {
			t.Errorf("kindOf(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}

// TestDecodePunycode has what str(s, 'punycode', 'replace') is in 3.13.
func TestDecodePunycode(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"b", ""}, {"-", ""}, {"abc-", "abc"}, {"a", "\x80"}, {"bcher-kva", "b\xfccher"}, {"a-b-c", "a-b"},
		{"b-\xe9", "b"}, {"caf-dma", "caf\xe9"}, {"\xe9-a", unmatchable}, {"gdkl8fhk5egc", unmatchable}, {"!", ""},
		{"a-99999999", "a"}, {"aaaa", "\x80\x80\x80\x80"}, {"99999999a", "?"}, {strings.Repeat("a", maxExtended+1), unmatchable},
	} {
		if got := decodePunycode([]byte(c.in)); string(got) != c.want {
			t.Errorf("decodePunycode(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestGetBoundary(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"x/x;boundary=b", "b"},
		{"x/x ; Boundary = \" b \" ", " b"},
		{"x/x;boundary=\"a\\\"b\\\\c;d\";x", "a\"b\\c;d"},
		{"x/x;boundary", ""},
		{"x/x;boundary=", ""},
		{"x/x;boundary=a;boundary=b", "a"},
		{"x/x;boundary*0=a;boundary*1=b", "ab"},
		{"x/x;boundary*1=a;boundary*0=b", "ba"},
		{"x/x;boundary*10=c;boundary*9=b;boundary*008=a", "abc"},
		{"x/x;boundary*0*=utf-8'en'%C3;boundary*1*=%A9%;boundary*2=%A9", "\xe9%%A9"[:2] + "%A9"},
		{"x/x;boundary*=a'b'%41%4g%4", "A%4g%4"},
		{"x/x;boundary*=a'b", "a'b"},
		{"x/x;boundary*=%E9", unmatchable},
		{"x/x;boundary*=utf-8''%E2%82%AC", unmatchable},
		{"x/x;boundary*=cp500''a", unmatchable},
	} {
		for _, v := range cpython.Versions()[1:] {
			got, ok, crash := getBoundary(v, []byte(c.in))
			if string(got) != c.want || !ok || crash != "" {
				t.Errorf("%s: getBoundary(%q) = %q, %v, %q, want %q", v, c.in, got, ok, crash, c.want)
			}
		}
	}
	if _, ok, crash := getBoundary(cpython.Default, []byte("x/x;a=boundary; c")); ok || crash != "" {
		t.Errorf("getBoundary without a boundary = %v, %q, want false", ok, crash)
	}
}
