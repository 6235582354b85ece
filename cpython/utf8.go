package cpython

// scanUTF8 looks at the first character of b, which is not empty, as CPython's UTF-8
// decoder does. It returns the length of the character, or, where there is none, ok false
// and the length of the maximal ill-formed subpart: the bytes that one error is reported
// for. Surrogates are ill-formed here, and their first byte is a subpart of its own.
//
//	UTF8-char = %x00-7F
//	          / %xC2-DF UTF8-tail
//	          / %xE0 %xA0-BF UTF8-tail / %xE1-EC 2UTF8-tail
//	          / %xED %x80-9F UTF8-tail / %xEE-EF 2UTF8-tail
//	          / %xF0 %x90-BF 2UTF8-tail / %xF1-F3 3UTF8-tail / %xF4 %x80-8F 2UTF8-tail
//	UTF8-tail = %x80-BF                                              ; RFC 3629, section 4
func scanUTF8(b []byte) (n int, ok bool) {
	low, high := byte(0x80), byte(0xBF)
	switch c := b[0]; {
	case c < 0x80:
		return 1, true
	case c < 0xC2 || c > 0xF4:
		return 1, false
	case c < 0xE0:
		n = 2
	case c == 0xE0:
		n, low = 3, 0xA0
	case c == 0xED:
		n, high = 3, 0x9F
	case c < 0xF0:
		n = 3
	case c == 0xF0:
		n, low = 4, 0x90
	case c == 0xF4:
		n, high = 4, 0x8F
	default:
		n = 4
	}
	for i := 1; i < n; i++ {
		if i >= len(b) || b[i] < low || b[i] > high {
			return i, false
		}
		low, high = 0x80, 0xBF // only the first tail byte has narrower bounds
	}
	return n, true
}

// surrogateAt returns the surrogate U+D800..DFFF whose three bytes begin b.
func surrogateAt(b []byte) (r rune, ok bool) {
	if len(b) < 3 || b[0] != 0xED || b[1] < 0xA0 || b[1] > 0xBF || b[2] < 0x80 || b[2] > 0xBF {
		return 0, false
	}
	return 0xD000 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), true
}

// validSurrogatePass reports whether b can be decoded as UTF-8 with errors='surrogatepass',
// which is to say, whether it is generalized UTF-8 as it stands.
func validSurrogatePass(b []byte) bool {
	for len(b) > 0 {
		n, ok := scanUTF8(b)
		if !ok {
			if _, ok = surrogateAt(b); !ok {
				return false
			}
			n = 3
		}
		b = b[n:]
	}
	return true
}
