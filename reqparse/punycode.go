package reqparse

import (
	"bytes"
	"slices"
)

// maxExtended is the length of encoded text up to which decodePunycode does its work, which grows
// as its square. It is a limit of ours: CPython takes the time.
const maxExtended = 1024

// decodePunycode is encodings.punycode.punycode_decode with 'replace', in Latin-1. This codec is
// here because it leaves a part of nearly any text, so that a boundary of CPython's is a different
// one, and still a boundary.
//
//	base, then a hyphen, then for each other character a number: where it goes, and what it is   ; RFC 3492, 3
func decodePunycode(text []byte) []byte {
	hyphen := bytes.LastIndexByte(text, '-')
	base, extended := slices.Clone(text[:max(hyphen, 0)]), bytes.ToUpper(text[hyphen+1:])
	if !isASCII(base) || len(extended) > maxExtended {
		return []byte(unmatchable)
	}
	char, at, bias := int64(0x80), int64(-1), int64(72)
	for first := true; len(extended) > 0; first = false {
		delta, n, ok := punycodeNumber(extended, bias)
		if !ok {
			return base // "synchronization is lost"
		}
		at += delta + 1
		char += at / int64(len(base)+1)
		if char > 0x10FFFF {
			char = '?'
		}
		if char > 0xFF || delta > maxDelta {
			return []byte(unmatchable)
		}
		at %= int64(len(base) + 1)
		base = append(base, 0)
		copy(base[at+1:], base[at:])
		base[at] = byte(char)
		bias = punycodeAdapt(delta, first, int64(len(base)))
		extended = extended[n:]
	}
	return base
}

// maxDelta is a number so large that no character of Latin-1 comes of it.
const maxDelta = 1 << 40

// punycodeNumber is decode_generalized_number. It returns how many bytes the number has.
func punycodeNumber(extended []byte, bias int64) (number int64, n int, ok bool) {
	weight := int64(1)
	for j, c := range extended {
		var digit int64
		switch {
		case 'A' <= c && c <= 'Z':
			digit = int64(c - 'A')
		case isDigit(c):
			digit = int64(c-'0') + 26
		default:
			return 0, 0, false
		}
		t := min(max(36*int64(j+1)-bias, 1), 26)
		if number <= maxDelta {
			number += digit * weight
			weight *= 36 - t
		}
		if digit < t {
			return number, j + 1, true
		}
	}
	return 0, 0, false // incomplete
}

// punycodeAdapt is adapt. The 455 is ((base - tmin) * tmax) // 2, the 35 is base - tmin.
func punycodeAdapt(delta int64, first bool, characters int64) (bias int64) {
	if first {
		delta /= 700
	} else {
		delta /= 2
	}
	delta += delta / characters
	divisions := int64(0)
	for delta > 455 {
		delta /= 35
		divisions += 36
	}
	return divisions + 36*delta/(delta+38)
}
