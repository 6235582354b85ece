package reqparse

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"simplehttp/cpython"
)

// unmatchable stands for a boundary with characters beyond Latin-1, which no line has. No line
// has a line end in its middle either.
const unmatchable = "\n-"

// decodeText is the end of email.utils.collapse_rfc2231_value: str(text, charset, 'replace'), in
// Latin-1 again.
//
// Any codec of Python can be named. ASCII, UTF-8, Latin-1 and punycode are reproduced, and those
// that raise an exception. A name that is no codec leaves the text as it is, and so do, here, all other
// codecs, but those that ASCII is not ASCII for: where they lead to a character of Latin-1 is not
// followed.
func decodeText(v cpython.Version, charset, text []byte) (decoded []byte, crash string) {
	if bytes.IndexByte(charset, 0) >= 0 {
		return nil, "ValueError: embedded null character"
	}
	if len(text) == 0 {
		return nil, "" // empty bytes are not given to the codec
	}
	name := "us_ascii" // fallback_charset
	if charset != nil {
		name = normalizeEncoding(v, charset)
	}
	for _, row := range failingCodecs {
		if row.name == name && row.releases.Contains(v) {
			if crash = row.crash(text); crash != "" {
				return nil, crash
			}
		}
	}
	if name == "punycode" && v.Has(cpython.DecodesPunycodeStrictly) {
		if crash = extendedIsNotASCII(text); crash != "" {
			return nil, crash
		}
	}
	if name == "cp65001" && v.Has(cpython.TakesCP65001ForUTF8) {
		name = "utf_8"
	}
	for _, row := range knownCodecs {
		if strings.Contains(row.names, " "+name+" ") {
			return row.decode(text), ""
		}
	}
	if slices.Contains(foreignCodecs, name) {
		return []byte(unmatchable), ""
	}
	return unquote(text), ""
}

// knownCodecs are the codecs that are reproduced, by all names that encodings/aliases.py and the modules of
// package encodings give them.
var knownCodecs = []struct {
	names  string // each between blanks
	decode func(text []byte) []byte
}{
	{" us_ascii ascii us 646 cp367 csascii ibm367 iso646_us iso_ir_6 iso_646.irv_1991 ansi_x3.4_1968 ansi_x3_4_1968 ansi_x3.4_1986 ",
		decodeASCII},
	{" utf_8 utf8 u8 utf utf8_ucs2 utf8_ucs4 ", decodeUTF8},
	{" utf_8_sig ", func(text []byte) []byte { return decodeUTF8(bytes.TrimPrefix(text, []byte("\ufeff"))) }},
	{" latin_1 latin1 latin l1 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 ",
		func(text []byte) []byte { return text }},
	{" punycode ", decodePunycode},
}

// foreignCodecs are the codecs for which letters and digits of ASCII are something else: EBCDIC,
// and those of more than one byte for a character.
var foreignCodecs = []string{
	"037", "cp037", "csibm037", "ebcdic_cp_ca", "ebcdic_cp_nl", "ebcdic_cp_us", "ebcdic_cp_wt", "ibm037", "ibm039",
	"273", "cp273", "csibm273", "ibm273", "424", "cp424", "csibm424", "ebcdic_cp_he", "ibm424",
	"500", "cp500", "csibm500", "ebcdic_cp_be", "ebcdic_cp_ch", "ibm500", "cp875",
	"1026", "cp1026", "csibm1026", "ibm1026", "1140", "cp1140", "ibm1140",
	"u16", "utf16", "utf_16", "unicodebigunmarked", "utf_16be", "utf_16_be", "unicodelittleunmarked", "utf_16le", "utf_16_le",
	"u32", "utf32", "utf_32", "utf_32be", "utf_32_be", "utf_32le", "utf_32_le",
}

// failingCodecs are the codecs that raise an exception which collapse_rfc2231_value does not
// expect. The first messages show the name of the codec as the client spelled it; ours show which
// it is, so that nothing of the client's is in them.
var failingCodecs = []struct {
	name     string
	releases cpython.Set
	crash    func(text []byte) string // the last line of the traceback, empty if there is none
}{
	{"idna", cpython.Between(cpython.V3_6, cpython.V3_11), always("UnicodeError: decoding with 'idna' codec " +
		"failed (UnicodeError: Unsupported error handling replace)")},
	{"idna", cpython.Only(cpython.V3_12), always("UnicodeError: Unsupported error handling replace")},
	{"idna", cpython.From(cpython.V3_13), always("UnicodeError: Unsupported error handling: replace")},
	{"undefined", cpython.Between(cpython.V3_6, cpython.V3_11), always("UnicodeError: decoding with 'undefined' " +
		"codec failed (UnicodeError: undefined encoding)")},
	{"undefined", cpython.From(cpython.V3_12), always("UnicodeError: undefined encoding")},
}

func always(crash string) func([]byte) string {
	return func([]byte) string { return crash }
}

// extendedIsNotASCII is about what encodings.punycode calls extended, the text after the last
// hyphen. It is decoded as ASCII without regard to 'replace'.
func extendedIsNotASCII(text []byte) string {
	extended := text[bytes.LastIndexByte(text, '-')+1:]
	for i, c := range extended {
		if c >= utf8.RuneSelf {
			return "UnicodeDecodeError: 'ascii' codec can't decode byte 0x" + strconv.FormatUint(uint64(c), 16) +
				" in position " + strconv.Itoa(i) + ": ordinal not in range(128)"
		}
	}
	return ""
}

// codecNameLetters are the characters beyond ASCII that are part of a codec's name without DropsLettersFromCodecName: the
// letters and digits of Latin-1.
const codecNameLetters = "\xaa\xb2\xb3\xb5\xb9\xba\xbc\xbd\xbe" +
	"\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf" +
	"\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf" +
	"\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef" +
	"\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"

// normalizeEncoding is encodings.normalize_encoding, in lower case: letters, digits and dots stay,
// runs of others between them become one underscore.
func normalizeEncoding(v cpython.Version, charset []byte) string {
	letters := codecNameLetters
	if v.Has(cpython.DropsLettersFromCodecName) {
		letters = ""
	}
	var name []byte
	punct := false
	for _, c := range charset {
		if !isDigit(c) && c != '.' && !('a' <= c|0x20 && c|0x20 <= 'z') && strings.IndexByte(letters, c) < 0 {
			punct = true
			continue
		}
		if punct && len(name) > 0 {
			name = append(name, '_')
		}
		punct = false
		name = append(name, lowerASCII(c))
	}
	return string(name)
}

func decodeASCII(text []byte) []byte {
	if !isASCII(text) {
		return []byte(unmatchable)
	}
	return text
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func decodeUTF8(text []byte) (decoded []byte) {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r > 0xFF {
			return []byte(unmatchable) // U+FFFD for an ill-formed sequence is beyond Latin-1 too
		}
		decoded = append(decoded, byte(r))
		text = text[n:]
	}
	return decoded
}

// digitLimits are the words of the ValueError for a number of too many digits.
var digitLimits = []struct {
	releases cpython.Set
	words    string
}{
	{cpython.Between(cpython.V3_6, cpython.V3_10), "(4300)"},
	{cpython.From(cpython.V3_11), "(4300 digits)"},
}

// tooManyDigits is the last line of the traceback if int() refuses a number of that length.
func tooManyDigits(v cpython.Version, digits int) string {
	for _, row := range digitLimits {
		if row.releases.Contains(v) {
			return "ValueError: Exceeds the limit " + row.words + " for integer string conversion: value has " +
				strconv.Itoa(digits) + " digits; use sys.set_int_max_str_digits() to increase the limit"
		}
	}
	return ""
}

// quote is email.utils.quote.
func quote(s []byte) []byte {
	s = bytes.ReplaceAll(s, []byte(`\`), []byte(`\\`))
	return bytes.ReplaceAll(s, []byte(`"`), []byte(`\"`))
}

// enclose puts s between quotes.
func enclose(s []byte) []byte {
	quoted := append([]byte{'"'}, s...)
	return append(quoted, '"')
}

// unquote is email.utils.unquote.
func unquote(s []byte) []byte {
	if len(s) < 2 {
		return s
	}
	switch first, last := s[0], s[len(s)-1]; {
	case first == '"' && last == '"':
		s = bytes.ReplaceAll(s[1:len(s)-1], []byte(`\\`), []byte(`\`))
		return bytes.ReplaceAll(s, []byte(`\"`), []byte(`"`))
	case first == '<' && last == '>':
		return s[1 : len(s)-1]
	}
	return s
}

// percentDecode is urllib.parse.unquote(s, encoding='latin-1').
//
//	ext-octet := "%" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F")   ; RFC 2231, 7
//
// Lower-case digits are taken too, and what is no ext-octet stays.
func percentDecode(s []byte) []byte {
	decoded := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := unhex(s[i+1]), unhex(s[i+2]); hi < 16 && lo < 16 {
				decoded = append(decoded, hi<<4|lo)
				i += 2
				continue
			}
		}
		decoded = append(decoded, s[i])
	}
	return decoded
}

// unhex returns the value of a hexadecimal digit, 16 for other characters.
func unhex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// strip and rstrip are str.strip and str.rstrip of a Latin-1 string in 3.x.
func strip(s []byte) []byte {
	for len(s) > 0 && latin1Space[s[0]] {
		s = s[1:]
	}
	return rstrip(s)
}

func rstrip(s []byte) []byte {
	for len(s) > 0 && latin1Space[s[len(s)-1]] {
		s = s[:len(s)-1]
	}
	return s
}
