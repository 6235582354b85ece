package reqparse

// known is one of the fields that matter to the server. All others are dropped, unless
// Options.AllFields is set.
type known uint8

const (
	fieldConnection known = iota
	fieldExpect
	fieldIfModifiedSince
	fieldIfNoneMatch
	fieldContentType
	numKnown
	unknown = numKnown
)

// knownNames are their names as str.lower() gives them.
var knownNames = [numKnown]string{
	fieldConnection:      "connection",
	fieldExpect:          "expect",
	fieldIfModifiedSince: "if-modified-since",
	fieldIfNoneMatch:     "if-none-match",
	fieldContentType:     "content-type",
}

// lookup returns which field a name stands for. Names differ in no more than case:
//
//	field-name = token   ; RFC 9110, 5.1, case-insensitive
//
// A blank before the colon is part of the name, and makes it another one. Only names of the right
// first letter are compared, since most fields of a browser are none of these.
func lookup[T []byte | string](name T) known {
	if len(name) == 0 {
		return unknown
	}
	var k known
	switch name[0] | 0x20 {
	case 'c':
		k = fieldConnection
		if len(name) == len("content-type") {
			k = fieldContentType
		}
	case 'e':
		k = fieldExpect
	case 'i':
		k = fieldIfNoneMatch
		if len(name) == len("if-modified-since") {
			k = fieldIfModifiedSince
		}
	default:
		return unknown
	}
	if !equalFold(name, knownNames[k]) {
		return unknown
	}
	return k
}

// equalFold reports whether s.lower() == lower, which is ASCII. No Latin-1 character but A-Z
// becomes an ASCII letter.
func equalFold[T []byte | string](s T, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(lower); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
