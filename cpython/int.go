package cpython

import "math"

// maxStrDigits is sys.int_info.default_max_str_digits: int() refuses more digits than these.
const maxStrDigits = 4300

// ParseInt is int(s) for a Latin-1 string; 2.7: for bytes. It returns ok false where CPython
// raises ValueError. What does not fit becomes the greatest or the smallest int64.
//
//	int = *blank [ sign ] DIGIT *( [ "_" ] DIGIT ) *blank
//
// The underscores are there only with TakesUnderscoresInInt.
func ParseInt(v Version, s []byte) (n int64, ok bool) {
	s = trimIntSpace(v, s)
	negative := false
	if len(s) > 0 && (s[0] == '+' || s[0] == '-') {
		negative = s[0] == '-'
		s = s[1:]
		if v.Has(ReadsPathAsBytes) {
			s = trimIntSpace(v, s) // strtol skips blanks in front of the digits once more
		}
	}
	n, digits, ok := parseDigits(v, s)
	if !ok || digits > maxStrDigits && v.Has(LimitsDigitsOfInt) {
		return 0, false
	}
	if negative {
		n = -n
	}
	return n, true
}

// parseDigits returns the value of s and how many digits it has, leading zeros included.
func parseDigits(v Version, s []byte) (n int64, digits int, ok bool) {
	underscores := v.Has(TakesUnderscoresInInt)
	after := false // after a digit, which is where an underscore may stand
	for _, c := range s {
		if c == '_' && after && underscores {
			after = false
			continue
		}
		if c < '0' || c > '9' {
			return 0, 0, false
		}
		after = true
		digits++
		d := int64(c - '0')
		if n > (math.MaxInt64-d)/10 {
			n = math.MaxInt64
			continue
		}
		n = n*10 + d
	}
	return n, digits, after
}

// trimIntSpace takes the blanks around s away. These are not str.isspace: int() has C's
// isspace for ASCII, without 1c-1f, and 3.x maps other Unicode blanks, of which Latin-1 has
// 85 and a0, to a space before.
func trimIntSpace(v Version, s []byte) []byte {
	for len(s) > 0 && isIntSpace(v, s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isIntSpace(v, s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isIntSpace(v Version, c byte) bool {
	if c == 0x85 || c == 0xA0 {
		return !v.Has(ReadsPathAsBytes)
	}
	return '\t' <= c && c <= '\r' || c == ' '
}
