package cpython

import (
	"bytes"
	"strings"
	"testing"
)

func TestDecodeError(t *testing.T) {
	const prefix = "UnicodeDecodeError: 'utf-8' codec can't decode byte"
	tests := []struct{ in, want string }{
		{"é€\U0001F600", ""},
		{"ab\xff", prefix + " 0xff in position 2: invalid start byte"},
		{"\xc0\x80", prefix + " 0xc0 in position 0: invalid start byte"},
		{"é\xe2(", prefix + " 0xe2 in position 2: invalid continuation byte"},
		{"\xe2\x82(", prefix + "s in position 0-1: invalid continuation byte"},
		{"\xed\xa0\x80", prefix + " 0xed in position 0: invalid continuation byte"},
		{"ab\xe2\x82", prefix + "s in position 0-1: unexpected end of data"},
		{"\xe2", prefix + " 0xe2 in position 0: unexpected end of data"},
	}
	for _, tt := range tests {
		if got := DecodeError(V3_6, []byte(tt.in)); got != tt.want {
			t.Errorf("DecodeError(V3_6, %q) = %q, want %q", tt.in, got, tt.want)
		}
		if got := DecodeError(V2_7, []byte(tt.in)); got != "" {
			t.Errorf("DecodeError(V2_7, %q) = %q, want none", tt.in, got)
		}
	}
}

func TestReadline(t *testing.T) {
	const in = "a\nb\r\nc\rd"
	tests := []struct {
		v    Version
		want string
	}{
		{V2_7, "a|b\r|c\rd"},
		{V3_6, "a|b|c|d"},
	}
	for _, tt := range tests {
		var lines []string
		for rest := []byte(in); len(rest) > 0; {
			var line []byte
			line, rest = Readline(tt.v, rest)
			lines = append(lines, string(line))
		}
		if got := strings.Join(lines, "|"); got != tt.want {
			t.Errorf("Readline(%s, %q) = %q, want %q", tt.v, in, got, tt.want)
		}
	}
}

func TestSplit(t *testing.T) {
	const in = " a\tb\x1cc\u0085d\u00a0e\u3000f\x85g\n"
	tests := []struct {
		v    Version
		want string
	}{
		{V2_7, "a|b\x1cc\u0085d\u00a0e\u3000f\x85g"},
		{V3_6, "a|b|c|d|e|f\x85g"},
	}
	for _, tt := range tests {
		if got := string(bytes.Join(Split(tt.v, []byte(in)), []byte("|"))); got != tt.want {
			t.Errorf("Split(%s, %q) = %q, want %q", tt.v, in, got, tt.want)
		}
	}
}
