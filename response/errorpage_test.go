package response

import (
	"strings"
	"testing"

	"simplehttp/cpython"
)

// The lengths that the real interpreters send for a 404.
func TestErrorPageLength(t *testing.T) {
	e := Error{Status: 404, Message: []byte("File not found"), Explain: []byte("Nothing matches the given URI"), ByName: true}
	for v, want := range map[cpython.Version]int{
		cpython.V2_7: 195, cpython.V3_6: 469, cpython.V3_10: 469, cpython.V3_11: 335, cpython.V3_13: 335, cpython.V3_14: 460, cpython.V3_15: 460,
	} {
		page, ok := ParseErrorPage(ErrorMessageFormat(v))
		if got := len(page.Append(nil, v, e)); got != want || !ok {
			t.Errorf("length of the page of %v = %d, %v, want %d", v, got, ok, want)
		}
	}
}

var pageTests = []struct {
	v    cpython.Version
	e    Error
	want string
}{
	{cpython.V2_7, Error{400, []byte("<a&b>\xe9"), []byte("<x>"), true}, "400 400 &lt;a&amp;b&gt;\xe9 <x> %"},
	{cpython.V3_6, Error{400, []byte("<a&b>\xe9'\""), []byte("<x>"), true}, "400 HTTPStatus.BAD_REQUEST &lt;a&amp;b&gt;é'\" &lt;x&gt; %"},
	{cpython.V3_10, Error{400, nil, nil, false}, "400 400   %"},
	{cpython.V3_10, Error{499, nil, nil, true}, "499 499   %"},
	{cpython.V3_11, Error{400, []byte("\xff"), nil, true}, "400 400 ÿ  %"},
}

func TestErrorPage(t *testing.T) {
	page, ok := ParseErrorPage("%(code)d %(code)s %(message)s %(explain)s %%")
	if !ok {
		t.Fatal("ParseErrorPage refuses a good format")
	}
	for _, test := range pageTests {
		if got := string(page.Append(nil, test.v, test.e)); got != test.want {
			t.Errorf("Append(%v, %v) = %q, want %q", test.v, test.e, got, test.want)
		}
	}
}

func TestParseErrorPageRefuses(t *testing.T) {
	for _, format := range []string{"%", "%d", "%(code", "%(code)", "%(code)x", "%(other)s", "a%(message)d"} {
		if _, ok := ParseErrorPage(format); ok {
			t.Errorf("ParseErrorPage(%q) = ok", format)
		}
	}
	if _, ok := ParseErrorPage(strings.Repeat("100%%", 3)); !ok {
		t.Error("ParseErrorPage refuses %%")
	}
}

// EscapesExplain shows where a subclass gives an explanation with markup: 2.7 alone sends it as it is.
func TestExplanationOfEachRelease(t *testing.T) {
	page, _ := ParseErrorPage("%(explain)s")
	for _, v := range cpython.Versions() {
		want := "&lt;x&gt;"
		if v == cpython.V2_7 {
			want = "<x>"
		}
		if got := string(page.Append(nil, v, Error{Status: 400, Explain: []byte("<x>")})); got != want {
			t.Errorf("Append(%v) = %q, want %q", v, got, want)
		}
	}
}

// 0080 is the first character that the page of 3.x does not send as one byte.
func TestErrorPageEncoding(t *testing.T) {
	page, _ := ParseErrorPage("%(message)s")
	for v, want := range map[cpython.Version]string{cpython.V2_7: "\x7f\x80", cpython.V3_13: "\x7f\u0080"} {
		if got := string(page.Append(nil, v, Error{Status: 400, Message: []byte("\x7f\x80")})); got != want {
			t.Errorf("Append(%v) = %q, want %q", v, got, want)
		}
	}
}
