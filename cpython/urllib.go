package cpython

import "bytes"

// AppendUnquote is urllib.parse.unquote as translate_path calls it; 2.7: urllib.unquote.
//
// In 3.x s is the request-target, Latin-1. Each run of ASCII characters is percent-decoded
// and decoded as UTF-8 by itself, with errors='surrogatepass'; the characters 80-ff between
// the runs stay what they are, so that an escaped C3 and a raw A9 never make one character.
// Where a run cannot be decoded, everything is decoded again with errors='replace', and
// strict is false. The result is generalized UTF-8.
//
// In 2.7 s and the result are bytes, and strict is always true.
//
// A % that is not followed by two hexadecimal digits stays.
//
//	pct-encoded = "%" HEXDIG HEXDIG                                ; RFC 3986, section 2.1
func AppendUnquote(dst []byte, v Version, s []byte) (out []byte, strict bool) {
	if v.Has(ReadsPathAsBytes) {
		return appendUnquoteToBytes(dst, s), true
	}
	if bytes.IndexByte(s, '%') < 0 {
		return AppendLatin1(dst, s), true
	}
	if out, ok := appendUnquotePassing(dst, s); ok {
		return out, true
	}
	return appendUnquoteReplacing(dst, s), false
}

// appendUnquotePassing is unquote(s, errors='surrogatepass'); not ok: UnicodeDecodeError.
func appendUnquotePassing(dst, s []byte) (out []byte, ok bool) {
	for len(s) > 0 {
		run := asciiRun(s)
		start := len(dst)
		dst = appendUnquoteToBytes(dst, s[:run])
		if !validSurrogatePass(dst[start:]) {
			return nil, false
		}
		rest := latin1Run(s[run:])
		dst = AppendLatin1(dst, s[run:run+rest])
		s = s[run+rest:]
	}
	return dst, true
}

// appendUnquoteReplacing is unquote(s): U+FFFD for each maximal ill-formed subpart.
func appendUnquoteReplacing(dst, s []byte) []byte {
	for len(s) > 0 {
		run := asciiRun(s)
		dst = appendDecodeReplacing(dst, s[:run])
		rest := latin1Run(s[run:])
		dst = AppendLatin1(dst, s[run:run+rest])
		s = s[run+rest:]
	}
	return dst
}

// appendDecodeReplacing is unquote_to_bytes(run).decode('utf-8', 'replace'). It decodes from
// a window of four bytes, the longest character, and so needs no copy of the run.
func appendDecodeReplacing(dst, run []byte) []byte {
	for len(run) > 0 {
		var window [4]byte
		var end [4]int // end[i] is where window[i] ends in run
		size, at := 0, 0
		for size < len(window) && at < len(run) {
			c, n := unquoteByte(run[at:])
			at += n
			window[size], end[size] = c, at
			size++
		}
		n, ok := scanUTF8(window[:size])
		if ok {
			dst = append(dst, window[:n]...)
		} else {
			dst = append(dst, "\uFFFD"...)
		}
		run = run[end[n-1]:]
	}
	return dst
}

// appendUnquoteToBytes is urllib.parse.unquote_to_bytes; 2.7: urllib.unquote.
func appendUnquoteToBytes(dst, s []byte) []byte {
	for len(s) > 0 {
		plain := bytes.IndexByte(s, '%')
		if plain < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:plain]...)
		c, n := unquoteByte(s[plain:])
		dst = append(dst, c)
		s = s[plain+n:]
	}
	return dst
}

// unquoteByte returns the first byte of s, percent-decoded, and how much of s it took.
func unquoteByte(s []byte) (c byte, n int) {
	if s[0] == '%' && len(s) >= 3 {
		high, low := unhex(s[1]), unhex(s[2])
		if high >= 0 && low >= 0 {
			return byte(high<<4 | low), 3
		}
	}
	return s[0], 1
}

// unhex returns the value of a hexadecimal digit, or -1.
//
//	HEXDIG = DIGIT / "A" / "B" / "C" / "D" / "E" / "F"             ; RFC 5234, either case
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// asciiRun returns the length of the ASCII characters at the start of s.
func asciiRun(s []byte) int {
	for i, c := range s {
		if c >= 0x80 {
			return i
		}
	}
	return len(s)
}

// latin1Run returns the length of the characters 80-ff at the start of s.
func latin1Run(s []byte) int {
	for i, c := range s {
		if c < 0x80 {
			return i
		}
	}
	return len(s)
}

// AppendQuote is urllib.parse.quote(s, errors='surrogatepass') for s in generalized UTF-8,
// which already is what 'surrogatepass' encodes to; 2.7: urllib.quote of bytes.
//
//	unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~"             ; RFC 3986, section 2.3
//
// CPython leaves these and "/". It counts "~" among them only from LeavesTildeUnquoted on:
// before, it went by RFC 2396.
func AppendQuote(dst []byte, v Version, s []byte) []byte {
	tilde := v.Has(LeavesTildeUnquoted)
	run := 0 // s[run:i] stays as it is
	for i, c := range s {
		if isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '/' || c == '~' && tilde {
			continue
		}
		const upperhex = "0123456789ABCDEF"
		dst = append(append(dst, s[run:i]...), '%', upperhex[c>>4], upperhex[c&15])
		run = i + 1
	}
	return append(dst, s[run:]...)
}

// isAlphanumeric reports whether c is an ASCII letter or digit.
func isAlphanumeric(c byte) bool { return isLetter(c) || '0' <= c && c <= '9' }

// isLetter reports whether c is an ASCII letter.
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
