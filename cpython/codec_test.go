package cpython

import "testing"

func TestFileSystemCodec(t *testing.T) {
	tests := []struct {
		v        Version
		encoding string
		want     Codec
	}{
		{V2_7, "UTF-8", BytesCodec},
		{V2_7, "ANSI_X3.4-1968", BytesCodec},
		{V3_6, "utf-8", UTF8Codec},
		{V3_6, "ascii", ASCIICodec},
	}
	for _, tt := range tests {
		if got := FileSystemCodec(tt.v, tt.encoding); got != tt.want {
			t.Errorf("FileSystemCodec(%s, %q) = %d, want %d", tt.v, tt.encoding, got, tt.want)
		}
	}
}

// TestCodecRoundTrip: every name comes back from its text.
func TestCodecRoundTrip(t *testing.T) {
	for _, name := range []string{"", "a", "é", "\xff\xc3", "\xed\xb2\x80", "\xe2\x82x€", "\U0001F600\xf0\x9f"} {
		for _, c := range []Codec{UTF8Codec, ASCIICodec, BytesCodec} {
			text := c.AppendDecode(nil, []byte(name))
			if got, ok := c.AppendEncode(nil, text); string(got) != name || !ok {
				t.Errorf("codec %d: AppendEncode(%q) = %q, %v, want %q", c, text, got, ok, name)
			}
			if crash := c.EncodeError(text, 0); crash != "" {
				t.Errorf("codec %d: EncodeError(%q) = %q, want none", c, text, crash)
			}
		}
	}
}

func TestEncodeError(t *testing.T) {
	const utf8Error, asciiError = "UnicodeEncodeError: 'utf-8' codec can't encode character", "UnicodeEncodeError: 'ascii' codec can't encode character"
	tests := []struct {
		codec    Codec
		in, want string
	}{
		{UTF8Codec, "é\xed\xa0\x80", utf8Error + ` '\ud800' in position 101: surrogates not allowed`},
		{UTF8Codec, "\xed\xb2\x80\xed\xa0\x80", utf8Error + ` '\ud800' in position 101: surrogates not allowed`},
		{UTF8Codec, "\xed\xb2\x80\xed\xb2\x81a\xed\xa0\x80", utf8Error + ` '\ud800' in position 103: surrogates not allowed`},
		{UTF8Codec, "\xed\xa0\x80\xed\xb2\x80", utf8Error + `s in position 100-101: surrogates not allowed`},
		{ASCIICodec, "aé", asciiError + ` '\xe9' in position 101: ordinal not in range(128)`},
		{ASCIICodec, "€", asciiError + ` '\u20ac' in position 100: ordinal not in range(128)`},
		{ASCIICodec, "\U0001F600a", asciiError + ` '\U0001f600' in position 100: ordinal not in range(128)`},
		{ASCIICodec, "\xed\xb2\x80éé", asciiError + `s in position 101-102: ordinal not in range(128)`},
		{ASCIICodec, "\xed\xa0\x80", asciiError + ` '\ud800' in position 100: ordinal not in range(128)`},
		{BytesCodec, "\xed\xa0\x80", ""},
	}
	for _, tt := range tests {
		if got := tt.codec.EncodeError([]byte(tt.in), 100); got != tt.want {
			t.Errorf("codec %d: EncodeError(%q) = %q, want %q", tt.codec, tt.in, got, tt.want)
		}
		if _, ok := tt.codec.AppendEncode(nil, []byte(tt.in)); ok != (tt.want == "") {
			t.Errorf("codec %d: AppendEncode(%q) = %v, want %v", tt.codec, tt.in, ok, tt.want == "")
		}
	}
}
