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
	i := 0
	for ; len(line)-i >= 8; i += 8 {
		w := eight(line[i:])
		colon := w ^ ':'*ones // 0 where there is one
		ends := (w - ('!' * ones)) | (w + ones) | w | (colon - ones)
		if ends &= highs; ends != 0 {
			return i + bits.TrailingZeros64(ends)/8
		}
	}
	for ; i < len(line); i++ {
		if c := line[i]; c <= ' ' || c == ':' || c >= 0x7F {
			break
		}
	}
	return i
}

// nextControl returns where the next control character of ASCII is, from i on; len(s) if there is none.
func nextControl(s []byte, i int) int {
	for ; len(s)-i >= 8; i += 8 {
		w := eight(s[i:])
		if found := (w - (' ' * ones)) &^ w & highs; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(s) && s[i] >= ' ' {
		i++
	}
	return i
}

// wordEnd returns where the word ends that begins at i: at the first character of space, which holds
// control characters, the blank, and some beyond ASCII.
func wordEnd(line []byte, i int, space *[256]bool) int {
	for ; len(line)-i >= 32; i += 32 { // a target may be long
		a, b, c, d := eight(line[i:]), eight(line[i+8:]), eight(line[i+16:]), eight(line[i+24:])
		if ((a-('!'*ones))|a|(b-('!'*ones))|b|(c-('!'*ones))|c|(d-('!'*ones))|d)&highs != 0 {
			break
		}
	}
	for ; len(line)-i >= 8; i += 8 {
		w := eight(line[i:])
		for may := ((w - ('!' * ones)) | w) & highs; may != 0; may &= may - 1 {
			if end := i + bits.TrailingZeros64(may)/8; space[line[end]] {
				return end
			}
		}
	}
	for i < len(line) && !space[line[i]] {
		i++
	}
	return i
}
