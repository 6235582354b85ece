package cpython

import (
	"strconv"
	"unicode/utf8"
)

// A Codec is how text and bytes become each other: sys.getfilesystemencoding(), always with
// errors='surrogateescape'. Text is generalized UTF-8.
type Codec uint8

const (
	// UTF8Codec is "utf-8", the codec of 3.x nearly everywhere.
	UTF8Codec Codec = iota
	// ASCIICodec is "ascii": 3.6 in the C locale, and later releases there without UTF-8 mode.
	ASCIICodec
	// BytesCodec is 2.7, which never leaves bytes, whatever its encoding is called.
	BytesCodec
)

// FileSystemCodec returns the codec of a release whose sys.getfilesystemencoding() has that
// name.
func FileSystemCodec(v Version, encoding string) Codec {
	if v.Has(ReadsPathAsBytes) {
		return BytesCodec
	}
	if encoding == "ascii" {
		return ASCIICodec
	}
	return UTF8Codec
}

// AppendDecode appends the text of a file name: each byte hh that the codec has no character
// for is U+DChh.
func (c Codec) AppendDecode(dst, name []byte) []byte {
	switch c {
	case UTF8Codec:
		return AppendFSDecode(dst, name)
	case ASCIICodec:
		for _, b := range name {
			if b < utf8.RuneSelf {
				dst = append(dst, b)
				continue
			}
			dst = append(dst, 0xED, 0xB0|b>>6, 0x80|b&0x3F) // U+DC00 + b
		}
		return dst
	}
	return append(dst, name...)
}

// AppendEncode appends the bytes of a text. Where ok is false, CPython raises an exception:
// EncodeError words it.
func (c Codec) AppendEncode(dst, s []byte) (out []byte, ok bool) {
	switch c {
	case UTF8Codec:
		return AppendFSEncode(dst, s)
	case ASCIICodec:
		start := len(dst)
		if dst, ok = AppendFSEncode(dst, s); !ok {
			return dst, false
		}
		// The surrogates have become one byte each. Any other character that is not ASCII
		// has kept two bytes or more, and so the lengths tell whether there was one.
		return dst, len(dst)-start == countRunes(s)
	}
	return append(dst, s...), true
}

// EncodeError returns the last line of the traceback of s.encode(codec, 'surrogateescape'),
// and "" if s can be encoded. Positions are counted in characters, from offset on.
func (c Codec) EncodeError(s []byte, offset int) string {
	if c == BytesCodec {
		return ""
	}
	e := encodeError{codec: "utf-8", reason: "surrogates not allowed", first: 0xD800, last: 0xDFFF}
	if c == ASCIICodec {
		e = encodeError{codec: "ascii", reason: "ordinal not in range(128)", first: 0x80, last: maxRune}
	}
	for at := offset; len(s) > 0; {
		r, size := decodeRune(s)
		if !e.unencodable(r) {
			s = s[size:]
			at++
			continue
		}
		run, rest := e.run(s)
		if first, escaped := skipEscaped(run); len(first) > 0 {
			return e.text(first, at+escaped)
		}
		at += countRunes(run)
		s = rest
	}
	return ""
}

// Latin1Error returns the last line of the traceback that encoding s as Latin-1 ends with, and "" if
// there is none. The first character of s is at that offset of what is encoded.
func Latin1Error(s string, offset int) string {
	e := encodeError{codec: "latin-1", reason: "ordinal not in range(256)", first: 0x100, last: maxRune}
	for i, r := range s {
		if e.unencodable(r) {
			run, _ := e.run([]byte(s[i:]))
			return e.text(run, offset+countRunes([]byte(s[:i])))
		}
	}
	return ""
}

const (
	maxRune       = 0x10FFFF // sys.maxunicode
	surrogateSize = 3        // bytes of a surrogate in generalized UTF-8
)

// An encodeError is what a codec says of the characters that it has no bytes for.
type encodeError struct {
	codec, reason string
	first, last   rune // the characters in between are not encodable
}

func (e *encodeError) unencodable(r rune) bool { return e.first <= r && r <= e.last }

// run cuts s after the characters at its start that are not encodable.
func (e *encodeError) run(s []byte) (run, rest []byte) {
	n := 0
	for n < len(s) {
		r, size := decodeRune(s[n:])
		if !e.unencodable(r) {
			break
		}
		n += size
	}
	return s[:n], s[n:]
}

// skipEscaped takes the surrogates at the start of a run away that 'surrogateescape' has
// bytes for, and counts them. What is left is reported as a whole, escapes in it included.
func skipEscaped(run []byte) (left []byte, escaped int) {
	for len(run) > 0 {
		if r, ok := surrogateAt(run); !ok || r < 0xDC80 || r > 0xDCFF {
			break
		}
		run = run[surrogateSize:]
		escaped++
	}
	return run, escaped
}

// text words the error for the characters of run, of which the first is at this position.
func (e *encodeError) text(run []byte, at int) string {
	text := append([]byte("UnicodeEncodeError: '"), e.codec...)
	text = append(text, "' codec can't encode character"...)
	count := countRunes(run)
	if count == 1 {
		r, _ := decodeRune(run)
		text = append(text, " '"...)
		text = appendEscapedRune(text, r)
		text = append(text, "' in position "...)
		text = strconv.AppendInt(text, int64(at), 10)
	} else {
		text = append(text, "s in position "...)
		text = strconv.AppendInt(text, int64(at), 10)
		text = append(text, '-')
		text = strconv.AppendInt(text, int64(at+count-1), 10)
	}
	text = append(text, ": "...)
	return string(append(text, e.reason...))
}

// appendEscapedRune appends r as \xhh, \uhhhh or \Uhhhhhhhh, whichever is the first that
// holds it.
func appendEscapedRune(dst []byte, r rune) []byte {
	letter, digits := byte('U'), 8
	switch {
	case r <= 0xFF:
		letter, digits = 'x', 2
	case r <= 0xFFFF:
		letter, digits = 'u', 4
	}
	dst = append(dst, '\\', letter)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, lowerhex[r>>shift&15])
	}
	return dst
}

// countRunes returns how many characters s has.
func countRunes(s []byte) int {
	n := 0
	for ; len(s) > 0; n++ {
		_, size := decodeRune(s)
		s = s[size:]
	}
	return n
}
