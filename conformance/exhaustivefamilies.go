package conformance

import "slices"

// # Why nothing is missed
//
// No enumeration holds every request, since a request may have any length. What makes these complete all the same
// is that the code looks at bytes by class, and at few places at a time:
//
//   - parse_request asks of a byte of the request-line whether it is LF (readline), CR or LF at the end
//     (rstrip), a blank (split: SP, HT, VT, FF, CR, LF, and for text 1c-1f, 85 and a0), and compares whole words
//     with "GET", the versions and, of the target, its first two bytes with "//". The families "line" hold every
//     word over one token of each class, to the length at which each state of that reader has been entered
//     and left by each token: nothing, word, blank after a word, a second and a third word, a fourth.
//   - That all bytes of a class are treated alike is not assumed: "separators" has every pair of bytes between the
//     words, "two-bytes" every pair as a whole line, and "substituted" and "inserted" every byte at every place of
//     requests of each kind, with the whole answer compared.
//   - repr(), which spells a part of the line in the message of 400, chooses its quotes by the whole text, and
//     spells each byte by itself: "repr" and "two-bytes".
//   - A version is read by int() or by str.isdigit: "version" has all words over what these tell apart.
//   - An escape is decoded by itself, runs of decoded bytes as UTF-8, of which no sequence is longer than four:
//     "escape" has % with every two bytes, "escape-pairs" every two escapes, "utf-8" all of four bytes over
//     one byte from each end of each range in table 3-7 of the Unicode standard.
//   - normpath and the loop over the parts look at single parts: "path".
//   - Limits count lines and bytes: "field-count", "length", "digits".
//   - What the parts make together is asked of the whole server: "target" for files, directories and redirects,
//     "cut-off" and "removed" for what is not whole.

// Families lists all enumerations.
func Families() []*Family { return families }

var families = slices.Concat(lineFamilies, pathFamilies, serverFamilies)

// crlf ends a request-line and the fields that it does not have.
const crlf = "\r\n\r\n"

// classTokens are one token of each class that parse_request or a part of it might know.
var classTokens = []string{
	"GET", " ", "\t", "\v", "\f", "\r", "\n", "\x1c", "\x85", "\xa0", "/", ".", "%", "1", "HTTP/", "\x00", "\xe9",
}

// lineTokens are these, and others of some classes.
var lineTokens = append([]string{"HEAD", "\x1d", "\x1e", "\x1f", "\xff"}, classTokens...)

// fewTokens are those that are not read like another, and a version that is nearly whole.
var fewTokens = []string{"GET", "HEAD", " ", "\t", "\r", "\n", "\x1c", "\xa0", "/", "HTTP/1.", "1", "\xe9", ":"}

// versionTokens are what int(), isdigit() and the cutting at points tell apart.
var versionTokens = []string{"0", "1", "2", "9", ".", "-", "+", "_", "\xb2", " ", "\x85", "L", "/"}

// reprTokens are what repr() tells apart.
var reprTokens = []string{"'", `"`, `\`, "\t", "\r", "\x00", "\x1b", "\x7f", "\x80", "\xa1", "\xad", "\xff", "a", "%", "{"}

// fieldTokens are what parse_headers tells apart, or rfc822.Message.
var fieldTokens = []string{"A", ":", " ", "\t", "\r", "\n", "\x1c", "\x85", "\xe9", "Connection: close", "From "}

var lineFamilies = []*Family{
	{
		Name: "line", Question: "line HTTP/1.0", Share: 32,
		Why:    "Every request-line of up to 5 tokens, and an empty line. A LF in it makes field lines of the rest.",
		Inputs: words{lineTokens, 0, 5, "", crlf},
	},
	{
		Name: "line-6", Question: "line HTTP/1.0", Share: 64,
		Why:    "Every request-line of 6 tokens, one of each class.",
		Inputs: words{classTokens, 6, 6, "", crlf},
	},
	{
		Name: "line-version", Question: "line HTTP/1.1", Share: 32,
		Why:    "Every request-line of 6 tokens that are enough for a method, a target and a version with both blanks.",
		Inputs: words{fewTokens, 6, 6, "", crlf},
	},
	{
		Name: "line-cut", Question: "line HTTP/1.0", Share: 8,
		Why:    "Every line of up to 4 tokens that the end of the stream ends.",
		Inputs: words{lineTokens, 0, 4, "", ""},
	},
	{
		Name: "separators", Question: "line HTTP/1.0", Share: 8,
		Why:    "Every pair of bytes between and behind the words of a request-line.",
		Inputs: bytePairs("GET%s/%sHTTP/1.0" + crlf),
	},
	{
		Name: "end-of-line", Question: "line HTTP/1.1", Share: 8,
		Why:    "Every pair of bytes behind the version, and in front of the method.",
		Inputs: bytePairs("%sGET / HTTP/1.1%s" + crlf),
	},
	{
		Name: "two-bytes", Question: "line HTTP/1.0", Share: 8,
		Why:    "Every pair of bytes as the whole line.",
		Inputs: bytePairs("%s%s" + crlf),
	},
	{
		Name: "version", Question: "line HTTP/1.1", Share: 8,
		Why:    "Every version of up to 5 tokens.",
		Inputs: words{versionTokens, 0, 5, "GET / HTTP/", crlf},
	},
	{
		Name: "repr", Question: "line HTTP/1.0", Share: 8,
		Why:    "Every word of up to 4 tokens that repr() tells apart, as a refused line.",
		Inputs: words{reprTokens, 1, 4, "", crlf},
	},
	{
		Name: "field", Question: "line HTTP/1.1", Share: 8,
		Why:    "Every text of up to 5 tokens for field lines, with one of Connection behind it.",
		Inputs: words{fieldTokens, 0, 5, "GET / HTTP/1.1\r\n", "\r\nConnection: keep-alive" + crlf},
	},
}

// pathTokens are what translate_path tells apart. A letter stands for all that mean themselves.
var pathTokens = []string{"/", ".", "..", "%2f", "%2E", "%00", "%25", "?", "#", "a", "%", "\xe9", "%e9", `\`, ":"}

// utf8Bytes are both ends of each range of bytes in table 3-7 of the Unicode standard, and what lies next to them.
var utf8Bytes = []byte{
	0x00, '/', 'A', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
	0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
}

// nameTokens are what splitext, posixpath.splitext and the reading of a data URL tell apart.
var nameTokens = []string{".", "..", "/", "gz", "Z", "tar", "TGZ", "svgz", "html", "a", ":", "data:", ",", ";", "=", "\xff", "\u0130"}

var pathFamilies = []*Family{
	{
		Name: "escape", Question: "translate /srv/www", Share: 8,
		Why:    "A percent sign and every two bytes.",
		Inputs: bytePairs("/%%%s%s"),
	},
	{
		Name: "escape-case", Question: "translate /srv/www", Share: 1,
		Why:    "Every escape in all cases of its letters, alone, and before and behind a letter and a slash.",
		Inputs: collect(formats(escapes, "/%s", "/a%s", "/%sa", "/a/%s/b", "/%s/", "%s", "/x?%s", "/%s?")),
	},
	{
		Name: "escape-pairs", Question: "translate /srv/www", Share: 8,
		Why:    "Every two escapes.",
		Inputs: words{tokensOf("%%%02X", allBytes()), 2, 2, "/", ""},
	},
	{
		Name: "utf-8", Question: "translate /srv/www", Share: 32,
		Why:    "Every four escapes over the bytes that UTF-8 tells apart.",
		Inputs: words{tokensOf("%%%02X", utf8Bytes), 4, 4, "/", ""},
	},
	{
		Name: "raw-utf-8", Question: "translate /srv/www", Share: 8,
		Why:    "Every three of these bytes unescaped, around an escape.",
		Inputs: collect(rawUTF8),
	},
	{
		Name: "path", Question: "translate /srv/www", Share: 32,
		Why:    "Every target of up to 5 tokens.",
		Inputs: words{pathTokens, 0, 5, "", ""},
	},
	{
		Name: "path-slash", Question: "translate /", Share: 8,
		Why:    "Every target of up to 4 tokens, below the root directory.",
		Inputs: words{pathTokens, 0, 4, "/", ""},
	},
	{
		Name: "extension", Question: "guess", Share: 1,
		Why:    "Every extension that any release knows, in three letter cases, alone and with every suffix of an encoding.",
		Inputs: collect(extensions),
	},
	{
		Name: "short-extension", Question: "guess", Share: 8,
		Why:    "Every extension of up to 3 letters and digits.",
		Inputs: words{tokensOf("%s", []byte("abcdefghijklmnopqrstuvwxyz0123456789")), 0, 3, "/srv/www/a.", ""},
	},
	{
		Name: "name", Question: "guess", Share: 8,
		Why:    "Every file name of up to 4 tokens of which an extension is made.",
		Inputs: words{nameTokens, 0, 4, "", ""},
	},
}
