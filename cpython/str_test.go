package cpython

import (
	"strings"
	"testing"
)

func TestIsSpace(t *testing.T) {
	const both = "\t\n\v\f\r "
	const text = both + "\x1c\x1d\x1e\x1f\x85\xa0"
	for c := range 256 {
		if got, want := IsSpace(V2_7, byte(c)), strings.IndexByte(both, byte(c)) >= 0; got != want {
			t.Errorf("IsSpace(V2_7, %#x) = %v, want %v", c, got, want)
		}
		if got, want := IsSpace(V3_6, byte(c)), strings.IndexByte(text, byte(c)) >= 0; got != want {
			t.Errorf("IsSpace(V3_6, %#x) = %v, want %v", c, got, want)
		}
	}
}

func TestAppendRepr(t *testing.T) {
	tests := []struct{ in, want27, want3 string }{
		{"", `''`, `''`},
		{"GET", `'GET'`, `'GET'`},
		{`it's`, `"it's"`, `"it's"`},
		{`"`, `'"'`, `'"'`},
		{`it's "so"`, `'it\'s "so"'`, `'it\'s "so"'`},
		{"\\\t\n\r\x00\x1b\x7f", `'\\\t\n\r\x00\x1b\x7f'`, `'\\\t\n\r\x00\x1b\x7f'`},
		{"\x80\x9f\xa0\xad", `'\x80\x9f\xa0\xad'`, `'\x80\x9f\xa0\xad'`},
		{"\xa1\xe9\xff", `'\xa1\xe9\xff'`, "'\xa1\xe9\xff'"},
	}
	for _, tt := range tests {
		if got := string(AppendRepr([]byte("x"), V2_7, []byte(tt.in))); got != "x"+tt.want27 {
			t.Errorf("AppendRepr(V2_7, %q) = %q, want %q", tt.in, got, "x"+tt.want27)
		}
		if got := string(AppendRepr(nil, V3_13, []byte(tt.in))); got != tt.want3 {
			t.Errorf("AppendRepr(V3_13, %q) = %q, want %q", tt.in, got, tt.want3)
		}
	}
}

func TestAppendEscape(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"a<b>&c", "a&lt;b&gt;&amp;c"},
		{"&amp;", "&amp;amp;"},
		{`"'`, `"'`},
		{"\xff\x00é", "\xff\x00é"},
	}
	for _, tt := range tests {
		if got := string(AppendEscape(nil, []byte(tt.in))); got != tt.want {
			t.Errorf("AppendEscape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestAppendLatin1(t *testing.T) {
	for c := range 256 {
		if got, want := string(AppendLatin1(nil, []byte{byte(c)})), string(rune(c)); got != want {
			t.Errorf("AppendLatin1(%#x) = %q, want %q", c, got, want)
		}
	}
}

func TestAppendUnquoteText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"/a", "/a"},
		{"/%41%2", "/A%2"},
		{"/%c3%a9é", "/éé"},
		{"%c3é%a9", "\uFFFDé\uFFFD"},
		{"%ed%b2%80", "\uFFFD\uFFFD\uFFFD"}, // what AppendUnquote takes for a surrogate
		{"\xed\xb2\x80%41", "\xed\xb2\x80A"},
	}
	for _, tt := range tests {
		if got := string(AppendUnquoteText(nil, []byte(tt.in))); got != tt.want {
			t.Errorf("AppendUnquoteText(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestParseIntText(t *testing.T) {
	tests := []struct {
		in       string
		n        int64
		ok27, ok bool
	}{
		{"8000", 8000, true, true},
		{" +80\n", 80, true, true},
		{"- 1", -1, true, false},
		{"8_0", 80, false, true},
		{"٣", 3, false, true},
		{"\u00a0８\u3000", 8, false, true},
		{"\x1c8", 8, false, false},
		{"²", 0, false, false},
		{"", 0, false, false},
		{"8\x00", 0, false, false},
		{"\xff8", 0, false, false},
	}
	for _, tt := range tests {
		if n, ok := ParseIntText(V2_7, tt.in); ok != tt.ok27 || ok && n != tt.n {
			t.Errorf("ParseIntText(V2_7, %q) = %d, %v, want %d, %v", tt.in, n, ok, tt.n, tt.ok27)
		}
		if n, ok := ParseIntText(V3_6, tt.in); ok != tt.ok || ok && n != tt.n {
			t.Errorf("ParseIntText(V3_6, %q) = %d, %v, want %d, %v", tt.in, n, ok, tt.n, tt.ok)
		}
	}
	// The digits of Kawi came with Unicode 15, in 3.12.
	for v, want := range map[Version]bool{V3_11: false, V3_12: true} {
		if _, ok := ParseIntText(v, "\U00011F50"); ok != want {
			t.Errorf("ParseIntText(%s, KAWI DIGIT ZERO) = %v, want %v", v, ok, want)
		}
	}
}
