package cpython

import "unicode/utf8"

// IsSpace is str.isspace of one Latin-1 character; 2.7: of one byte, in the C locale.
//
//	WSP = SP / HTAB                                                ; RFC 5234
//
// CPython adds LF, VT, FF and CR, and in 3.x the separators 1c-1f and the characters 85 and
// a0.
func IsSpace(v Version, c byte) bool {
	switch c {
	case ' ', '\t', '\n', '\v', '\f', '\r':
		return true
	case 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0xA0:
		return !v.Has(ReadsPathAsBytes)
	}
	return false
}

// IsSpaceRune is str.isspace of one character; 2.7 has none beyond ASCII.
func IsSpaceRune(v Version, r rune) bool {
	if 0 <= r && r < utf8.RuneSelf {
		return IsSpace(v, byte(r))
	}
	return hasProperty(spaces, v, r)
}

// AppendRepr is repr() of the Latin-1 string s, in Latin-1 again; 2.7: of bytes.
//
// The quotes are single, unless s holds single quotes and no double ones. A character that
// is not printable is escaped: in 3.x the controls, a0 and the soft hyphen ad, the same in
// all releases; in 2.7 all that is not printable ASCII.
func AppendRepr(dst []byte, v Version, s []byte) []byte {
	quote := reprQuote(s)
	dst = append(dst, quote)
	for _, c := range s {
		switch {
		case c == quote || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case isPrintable(v, c):
			dst = append(dst, c)
		default:
			dst = append(dst, '\\', 'x', lowerhex[c>>4], lowerhex[c&15])
		}
	}
	return append(dst, quote)
}

const lowerhex = "0123456789abcdef"

// reprQuote returns the quote that repr(s) is put in.
func reprQuote(s []byte) byte {
	quote := byte('\'')
	for _, c := range s {
		if c == '"' {
			return '\''
		}
		if c == '\'' {
			quote = '"'
		}
	}
	return quote
}

// isPrintable is str.isprintable of one Latin-1 character; 2.7: whether a byte is printable
// ASCII.
func isPrintable(v Version, c byte) bool {
	if c < 0x7F {
		return c >= ' '
	}
	return !v.Has(ReadsPathAsBytes) && c > 0xA0 && c != 0xAD
}

// AppendEscape is html.escape(s, quote=False), in 2.7 cgi.escape(s).
func AppendEscape(dst, s []byte) []byte {
	run := 0 // s[run:i] stays as it is
	for i, c := range s {
		entity := ""
		switch c {
		case '&':
			entity = "&amp;"
		case '<':
			entity = "&lt;"
		case '>':
			entity = "&gt;"
		default:
			continue
		}
		dst = append(append(dst, s[run:i]...), entity...)
		run = i + 1
	}
	return append(dst, s[run:]...)
}

// AppendLatin1 appends the Latin-1 string s as UTF-8: bytes.decode('iso-8859-1').
func AppendLatin1(dst, s []byte) []byte {
	for _, c := range s {
		if c < utf8.RuneSelf {
			dst = append(dst, c)
			continue
		}
		dst = append(dst, 0xC0|c>>6, 0x80|c&0x3F)
	}
	return dst
}

// AppendUnquoteText is urllib.parse.unquote(s) of 3.x for text s that need not be Latin-1,
// such as a file-system path: generalized UTF-8 in and out. Otherwise it is the second
// attempt of AppendUnquote: what cannot be decoded becomes U+FFFD.
func AppendUnquoteText(dst, s []byte) []byte {
	for len(s) > 0 {
		run := asciiRun(s)
		dst = appendDecodeReplacing(dst, s[:run])
		rest := run + latin1Run(s[run:])
		dst = append(dst, s[run:rest]...)
		s = s[rest:]
	}
	return dst
}

// ParseIntText is int(s) for a command line argument, as argparse's type=int takes it: s in
// generalized UTF-8. It returns ok false where CPython raises ValueError.
//
// 3.x turns the white space and the decimal digits of all scripts into ASCII first, but a
// string that is ASCII already stays as it is. That is why 1c-1f, which are white space for
// str.isspace, are not for int(): the conversion looks at 80 and above only.
// (_PyUnicode_TransformDecimalAndSpaceToASCII in Objects/unicodeobject.c)
func ParseIntText(v Version, s string) (n int64, ok bool) {
	text := []byte(s)
	if v.Has(ReadsPathAsBytes) {
		return ParseInt(v, text)
	}
	ascii := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := decodeRune(text)
		text = text[size:]
		switch digit := decimalDigit(v, r); {
		case r < utf8.RuneSelf:
			ascii = append(ascii, byte(r))
		case IsSpaceRune(v, r):
			ascii = append(ascii, ' ')
		case digit >= 0:
			ascii = append(ascii, '0'+byte(digit))
		default:
			return 0, false
		}
	}
	return ParseInt(v, ascii)
}
