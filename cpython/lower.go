package cpython

import "unicode/utf8"

// A charRange is a range of characters that have some property in these releases. Each
// release has its own version of Unicode, and one table serves them all.
type charRange struct {
	lo, hi   rune
	releases Set
}

// A caseRange is a range of characters, step apart, whose lower case is delta away in these
// releases.
type caseRange struct {
	lo, hi   rune
	step     uint8
	delta    int32
	releases Set
}

const (
	capitalIWithDot    = 'İ' // U+0130
	capitalSigma       = 'Σ' // U+03A3
	smallSigma         = 'σ' // U+03C3
	smallSigmaAtTheEnd = 'ς' // U+03C2
)

// AppendLower is str.lower() for s in generalized UTF-8; 2.7: of bytes, ASCII only.
//
// Two characters go beyond one-to-one mapping: U+0130 becomes two characters, and a capital
// sigma depends on what is around it. (lower_ucs4 in Objects/unicodeobject.c)
func AppendLower(dst []byte, v Version, s []byte) []byte {
	for i := 0; i < len(s); {
		run := len(s) - i
		if !v.Has(ReadsPathAsBytes) {
			run = asciiRun(s[i:])
		}
		if run > 0 {
			dst = appendLowerBytes(dst, s[i:i+run])
			i += run
			continue
		}
		r, size := decodeRune(s[i:])
		switch low := lowerRune(v, r); {
		case r == capitalIWithDot:
			dst = append(dst, "i\u0307"...)
		case r == capitalSigma:
			dst = utf8.AppendRune(dst, lowerSigma(v, s[:i], s[i+size:]))
		case low != r:
			dst = utf8.AppendRune(dst, low)
		default:
			dst = append(dst, s[i:i+size]...) // surrogates too, for which AppendRune has no form
		}
		i += size
	}
	return dst
}

// appendLowerBytes is AppendLower for ASCII letters.
func appendLowerBytes(dst, s []byte) []byte {
	start := len(dst)
	dst = append(dst, s...)
	for i, c := range dst[start:] {
		dst[start+i] = lowerByte(c)
	}
	return dst
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lowerSigma is handle_capital_sigma in Objects/unicodeobject.c: the sigma is a final one if
// a cased character comes before it and none after it, case-ignorable characters in between
// not counted. (Final_Sigma in Unicode's SpecialCasing.txt)
func lowerSigma(v Version, before, after []byte) rune {
	var r rune
	size := 0
	for r = none; len(before) > 0; before = before[:len(before)-size] {
		if r, size = decodeLastRune(before); !hasProperty(caseIgnorable, v, r) {
			break
		}
		r = none
	}
	if !hasProperty(cased, v, r) {
		return smallSigma
	}
	for r = none; len(after) > 0; after = after[size:] {
		if r, size = decodeRune(after); !hasProperty(caseIgnorable, v, r) {
			break
		}
		r = none
	}
	if hasProperty(cased, v, r) {
		return smallSigma
	}
	return smallSigmaAtTheEnd
}

// none is no character, and has no property.
const none rune = -1

// lowerRune returns the one character that is r's lower case, r itself if there is none.
func lowerRune(v Version, r rune) rune {
	lo, hi := 0, len(lowerShifts)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch row := &lowerShifts[mid]; {
		case r < row.lo:
			hi = mid
		case r > row.hi:
			lo = mid + 1
		case (r-row.lo)%rune(row.step) == 0 && row.releases.Contains(v):
			return r + row.delta
		default:
			return r
		}
	}
	return r
}

// hasProperty reports whether r is in the table for the release v.
func hasProperty(table []charRange, v Version, r rune) bool {
	row := find(table, r)
	return row != nil && row.releases.Contains(v)
}

// decimalDigit returns the value of the decimal digit r, or -1: unicodedata.decimal.
func decimalDigit(v Version, r rune) int {
	// A digit is up to nine above its zero, and the zeros are ten or more apart, but where
	// scripts have their digits one after the other (U+1D7CE ff.), and for these the table
	// has a row each.
	for d := rune(0); d <= 9; d++ {
		if hasProperty(decimalZeros, v, r-d) {
			return int(d)
		}
	}
	return -1
}

// find returns the row of the table that r is in. The rows are in order and do not overlap.
func find(table []charRange, r rune) *charRange {
	lo, hi := 0, len(table)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch row := &table[mid]; {
		case r < row.lo:
			hi = mid
		case r > row.hi:
			lo = mid + 1
		default:
			return row
		}
	}
	return nil
}

// decodeRune returns the first character of s in generalized UTF-8, and its length. A byte
// that is no part of a character counts as U+FFFD, which has no property and no lower case.
func decodeRune(s []byte) (r rune, size int) {
	r, size = utf8.DecodeRune(s)
	if r == utf8.RuneError && size == 1 {
		if lone, ok := surrogateAt(s); ok {
			return lone, 3
		}
	}
	return r, size
}

// decodeLastRune is decodeRune for the last character of s.
func decodeLastRune(s []byte) (r rune, size int) {
	start := len(s) - 1
	for start > 0 && len(s)-start < utf8.UTFMax && !utf8.RuneStart(s[start]) {
		start--
	}
	if r, size = decodeRune(s[start:]); size == len(s)-start {
		return r, size
	}
	return utf8.RuneError, 1
}
