package reqparse

import (
	"bytes"

	"simplehttp/cpython"
)

// parseVersion reads an HTTP-version, of which number is the part after the slash.
//
//	HTTP-version = HTTP-name "/" DIGIT "." DIGIT   ; RFC 9112, 2.3
//	HTTP-name    = %s"HTTP"
//
// CPython reads two numbers of any length, see parseNumber. So HTTP/1.10 is later than HTTP/1.9,
// and HTTP/00.9 is HTTP/0.9, but only here: elsewhere the word is compared as a string.
func parseVersion(v cpython.Version, word []byte) (number []byte, major, minor int64, ok bool) {
	if len(word) == len("HTTP/1.1") && string(word[:len("HTTP/1.")]) == "HTTP/1." && isDigit(word[len("HTTP/1.")]) {
		return word[len("HTTP/"):], 1, int64(word[len("HTTP/1.")] - '0'), true // what nearly every client sends
	}
	number, ok = bytes.CutPrefix(word, []byte("HTTP/"))
	if !ok {
		return nil, 0, 0, false
	}
	first, second, ok := bytes.Cut(number, []byte("."))
	if !ok || bytes.IndexByte(second, '.') >= 0 {
		return nil, 0, 0, false
	}
	major, ok = parseNumber(v, first)
	if !ok {
		return nil, 0, 0, false
	}
	minor, ok = parseNumber(v, second)
	return number, major, minor, ok
}

// maxDigits is the length of a number in the version from which parse_request calls it
// "unreasonable".
const maxDigits = 10

// parseNumber reads one number of the version: with int(), that takes a sign and, in most
// releases, underscores, or as one to ten digits. The digits must satisfy str.isdigit, which the
// superscripts b2, b3 and b9 do, but int() refuses those afterwards.
func parseNumber(v cpython.Version, s []byte) (n int64, ok bool) {
	if v.Has(cpython.ReadsVersionWithInt) {
		return cpython.ParseInt(v, s)
	}
	if len(s) == 0 || len(s) > maxDigits {
		return 0, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// invalidVersions are the beginnings of the message of 505.
var invalidVersions = []struct {
	releases cpython.Set
	text     string
}{
	{cpython.Only(cpython.V2_7), "Invalid HTTP Version ("},
	{cpython.From(cpython.V3_6), "Invalid HTTP version ("},
}

func invalidVersion(v cpython.Version) string {
	for _, row := range invalidVersions {
		if row.releases.Contains(v) {
			return row.text
		}
	}
	return ""
}
