package reqparse

import "math/bits"

// This file looks for characters eight at a time. The bytes of a number of 64 bits are reckoned with
// all at once, and a byte that was looked for has its highest bit set afterwards. A carry can set the
// bit of a byte behind one that was found, too, but not clear it.

const (
	ones  = 0x0101010101010101 // times n: eight bytes n
	highs = 0x80 * ones
)

// eight returns the first eight bytes of s, the first one lowest. On most machines it is one load.
func eight(s []byte) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// nameLength returns how many characters that may stand in a name line begins with.
//
//	field-name = token   ; RFC 9110, 5.1
//
// CPython takes any printable ASCII character but the colon, as RFC 5322 has it.
func nameLength(line []byte) int {
	rest := line
	for ; len(rest) >= 8; rest = rest[8:] {
		w := eight(rest)
		colon := w ^ ':'*ones // 0 where there is one
		ends := (w - '!'*ones) | (w + ones) | w | (colon - ones)
		if ends &= highs; ends != 0 {
			return len(line) - len(rest) + bits.TrailingZeros64(ends)/8
		}
	}
	for len(rest) > 0 && rest[0] > ' ' && rest[0] != ':' && rest[0] < 0x7F {
		rest = rest[1:]
	}
	return len(line) - len(rest)
}

// nextControl returns where the first control character of ASCII is in s; len(s) if there is none.
func nextControl(s []byte) int {
	rest := s
	for ; len(rest) >= 8; rest = rest[8:] {
		w := eight(rest)
		if found := (w - ' '*ones) &^ w & highs; found != 0 {
			return len(s) - len(rest) + bits.TrailingZeros64(found)/8
		}
	}
	for len(rest) > 0 && rest[0] >= ' ' {
		rest = rest[1:]
	}
	return len(s) - len(rest)
}

// plainLength returns how many characters of s there are at least before the first one that may be
// white space: a control character, a blank, or one beyond ASCII. A target can have 64 KiB.
func plainLength(s []byte) int {
	rest := s
	for ; len(rest) >= 32; rest = rest[32:] {
		a, b, c, d := eight(rest), eight(rest[8:]), eight(rest[16:]), eight(rest[24:])
		if (maySpace(a)|maySpace(b)|maySpace(c)|maySpace(d))&highs != 0 {
			break
		}
	}
	return len(s) - len(rest)
}

// maySpace marks each byte that may be white space.
func maySpace(w uint64) uint64 { return (w - '!'*ones) | w }
