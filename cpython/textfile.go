package cpython

import (
	"bytes"
	"strconv"
)

// DecodeError returns the last line of the traceback that reading the file with this content
// as UTF-8 text ends with, and "" if there is none. 2.7 reads bytes, and never fails.
func DecodeError(v Version, s []byte) string {
	if v.Has(ReadsPathAsBytes) {
		return ""
	}
	for at := 0; at < len(s); {
		n, ok := scanUTF8(s[at:])
		if !ok {
			return decodeErrorAt(s, at, n)
		}
		at += n
	}
	return ""
}

// decodeErrorAt words the error for the ill-formed subpart s[at:at+n].
//
// A file is decoded in pieces, and what its end cuts off is a piece of its own, whose positions begin anew.
func decodeErrorAt(s []byte, at, n int) string {
	end := at+n == len(s) && 0xC2 <= s[at] && s[at] <= 0xF4
	if end {
		s, at = s[at:], 0
	}
	text := []byte("UnicodeDecodeError: 'utf-8' codec can't decode byte")
	if n == 1 {
		c := s[at]
		text = append(text, " 0x"...)
		text = append(text, lowerhex[c>>4], lowerhex[c&15])
		text = append(text, " in position "...)
		text = strconv.AppendInt(text, int64(at), 10)
	} else {
		text = append(text, "s in position "...)
		text = strconv.AppendInt(text, int64(at), 10)
		text = append(text, '-')
		text = strconv.AppendInt(text, int64(at+n-1), 10)
	}
	switch c := s[at]; {
	case c < 0xC2 || c > 0xF4:
		text = append(text, ": invalid start byte"...)
	case end:
		text = append(text, ": unexpected end of data"...)
	default:
		text = append(text, ": invalid continuation byte"...)
	}
	return string(text)
}

// Readline cuts text after its first line, as readline() of an open file does, without the
// end of the line: at LF, and in 3.x, where text files have universal newlines, at CR LF and
// CR too.
func Readline(v Version, text []byte) (line, rest []byte) {
	ends := "\r\n"
	if v.Has(ReadsPathAsBytes) {
		ends = "\n"
	}
	i := bytes.IndexAny(text, ends)
	if i < 0 {
		return text, nil
	}
	line, rest = text[:i], text[i+1:]
	if text[i] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return line, rest
}

// Split is s.split() for s in generalized UTF-8; 2.7: of bytes.
func Split(v Version, s []byte) [][]byte {
	return bytes.FieldsFunc(s, func(r rune) bool { return IsSpaceRune(v, r) })
}
