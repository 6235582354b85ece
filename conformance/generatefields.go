package conformance

import (
	"strconv"
	"strings"
	"time"
)

var (
	fieldNames = []string{
		"Connection", "Expect", "If-Modified-Since", "If-Modified-Since", "If-None-Match", "Content-Type", "Content-Type", "Host", "User-Agent", "Content-Length", "Content-Transfer-Encoding", "Transfer-Encoding", "X", "MIME-Version",
		"connection", "CONNECTION", "expect", "if-modified-since", "content-type", "Content-type", "If-none-match", "Connection ", " Connection", "Connection\t", "Conne\xadction", "Connection\x00", "", "X Y", "From", "From ", ">From ", "\xe9", "Connect\x85ion", "\x1cExpect", "_", "-",
	}
	connections = []string{"close", "keep-alive", "Keep-Alive", "CLOSE", "Close", "close, x", "x, close", "keep-alive, close", " close", "close ", "close\t", "\"close\"", "", "clo\xadse", "close\x00", "close\v", "close\xa0", "\xa0close", "close;", "\x1cclose", "upgrade", "close\x85", "KEEP-ALIVE"}
	expects     = []string{"100-continue", "100-Continue", "100-CONTINUE", " 100-continue ", "100-continue, x", "200-ok", "100", "", "100-continue\t", "100-continue\v", "\"100-continue\"", "100-continue\xa0"}
	etags       = []string{"*", "\"a\"", "", " ", "W/\"a\"", "\t", "\xa0", "\x00"}
	junkLines   = []string{
		"no colon", ":", ": x", " ", "\t", " folded", "\tfolded: x", "From me", "From me: x", ">From x", "From: x", "x:y", "x :y", "\x85", "\x1cx: y", "\vx: y", "\f", "--b", "--b--", "--", "-", "\x00", "a\x00b: c", "\xe9: \xe9", "x:\x00", "#: !", "\"q\": x", "x;y: z", "=?utf-8?q?x?=: y", "\xa0: x", "(c): d", "GET / HTTP/1.0",
	}
	fieldEnds = []string{"\n", "\r", "\r\r\n", "", "\r\n ", "\n ", "\r\n\t", "\r ", "\v\r\n", "\f\r\n", "\x1c\r\n", "\x85\r\n", "\x1e\n", "\r\r", "\x00\r\n", "\t\r\n", " \r\n", "\n\r", "\xa0\r\n", "\u2028\r\n"}
	folds     = []string{"\r\n ", "\r\n\t", "\n ", "\r ", "\r\n  \t", "\n\t", "\r\n \r\n ", "\r", "\v", "\f", "\x1c", "\x85", "\r\n\v", " "}
)

// appendFields appends field lines.
func (g *Generator) appendFields(b []byte) []byte {
	if g.one(250) {
		return g.appendManyFields(b)
	}
	if g.one(8) {
		return g.appendNested(b)
	}
	for range g.rng.IntN(1 + g.rng.IntN(6)) {
		if g.one(12) {
			b = append(b, g.pick(junkLines)...)
		} else {
			b = g.appendField(b)
		}
		b = append(b, g.seldom("\r\n", 15, fieldEnds)...)
	}
	return b
}

// appendManyFields appends about as many as may be, or one that is about as long.
func (g *Generator) appendManyFields(b []byte) []byte {
	if g.one(3) {
		end := g.seldom("\r\n", 3, lineEnds)
		b = append(b, g.pick([]string{"X: ", "X:", "", " ", "X", "Connection: ", "If-Modified-Since: ", "Content-Type: multipart/x; boundary="})...)
		piece := g.pick([]string{"a", "\xe9", " ", "a b ", "\t\r", "\r"})
		b = append(b, strings.Repeat(piece, g.pickNumber(65533, 65536, 131072, 2*65536+100)/len(piece))...)
		return append(b, end...)
	}
	for range g.pickNumber(99, 100, 101) {
		b = append(b, g.seldom("a: b\r\n", 100, []string{" folded\r\n", "Connection: close\r\n", "a: b\n", "\r", "no colon\r\n", "From x\r\n"})...)
	}
	return b
}

func (g *Generator) appendField(b []byte) []byte {
	name := g.pick(fieldNames)
	if g.one(3) { // those whose values are the largest languages
		name = g.pick([]string{"If-Modified-Since", "Content-Type"})
	}
	b = append(b, name...)
	b = append(b, g.seldom(": ", 8, []string{":\r\n ", ":\r\n\t", ":", " :", " : ", ":\t", "", ":  ", "::", ":\r\n ", ":\n\t", ": \r\n ", ":\r\n\r\n"})...)
	start := len(b)
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "connection":
		b = append(b, g.pick(connections)...)
	case "expect":
		b = append(b, g.seldom("100-continue", 2, expects)...)
	case "if-modified-since":
		b = g.appendDate(b)
	case "if-none-match":
		b = append(b, g.pick(etags)...)
	case "content-type":
		b = g.appendContentType(b)
	default:
		b = append(b, g.pick([]string{"x", "", "localhost", "0", "close", "base64", "100-continue", "\xe9\xff", "a: b", "chunked", "quoted-printable"})...)
	}
	if g.one(12) { // folded, or broken, somewhere
		at := start + g.rng.IntN(len(b)-start+1)
		rest := string(b[at:])
		b = append(append(b[:at], g.pick(folds)...), rest...)
	}
	return b
}

var (
	weekdays = []string{"Sun", "Sunday", "sun", "Mon", "Xyz", "Sun.", "", "0", "Sunday,", "\xe9"}
	months   = []string{"Sep", "sep", "SEPTEMBER", "September", "Sept", "sept", "Oct", "Aug", "Feb", "9", "09", "Xyz", "", "Sep.", "Jan", "dec", "Dec,"}
	zones    = []string{"GMT", "UTC", "UT", "Z", "z", "gmt", "", "+0000", "-0000", "+0100", "-0800", "+0001", "-0001", "EST", "EDT", "PST", "A", "+9999", "-9999", "+00000", "+1", "-1", "00:00", "+00:00", "GMT+1", "GMT-0", "GMT0", "0", "+", "-", "(GMT)", "GMT (comment)", "JST", "BST", "AST", "+2400", "-2400", "+2359", "+_1", "+1_0", "UTC+0000"}
	dayParts = []string{"12:26:40", "12:26:39", "12:26:41", "12:26", "12", "12:26:40.5", "12.26.40", "12.26", "12.26.40.1", "12:26:60", "12:26:61", "24:00:00", "23:59:59", "00:00:00", "-1:00:00", "12:60:00", "1:2:3:4", "", ":", "::", "12:", "12::40", "+12:26:40", " 12:26:40", "1_2:26:40", "012:026:040", "12:26:40,", "12;26;40", "12-26-40", "99:99:99", "\xb2:1:1"}
	dateDays = []string{"13", "13", "12", "14", "1", "01", "0", "31", "32", "30", "-1", "+13", "013", "1_3", "99", "13,", "13.", "", "\xb2", "13th"}
	years    = []string{"2020", "2020", "2019", "2021", "20", "1970", "69", "68", "99", "00", "0", "1", "0001", "0068", "0069", "100", "999", "9999", "10000", "99999", "-1", "+2020", "2_020", "02020", "", "2020,", "\xb2020", "1900", "1899", "999999999999"}
	dateGaps = []string{"  ", "\t", "-", ",", ", ", ".", "", "\r\n ", "/", " (c) ", "\xa0", "\x1c", "\v", "_", ":", ";", " , "}
)

// appendDate appends a date near that of most files of the trees, 1600000000 s, in a form that parsedate
// takes or nearly takes.
func (g *Generator) appendDate(b []byte) []byte {
	if g.one(4) {
		near := []int64{1600000000, 1600000000, 1600000000, 1600000000, 0, 1e9, 1<<31 - 1, 1 << 31, 253402300799, -62135596800}
		t := time.Unix(near[g.rng.IntN(len(near))]+int64(g.rng.IntN(5)-2), 0).UTC()
		form := g.pick([]string{
			time.RFC1123, time.RFC1123, time.RFC1123, time.RFC850, time.ANSIC, time.RFC822, time.RFC822Z, time.RFC1123Z, time.RFC3339, time.UnixDate, time.RubyDate,
			"Mon, 2 Jan 2006 15:04:05 GMT", "2 Jan 2006 15:04:05", "Mon, 02-Jan-2006 15:04:05 GMT", "Jan 2 2006 15:04:05 GMT", "2006 Jan 2 15:04:05 GMT", "02 Jan 06 15:04 -0000", "Mon,02 Jan 2006 15:04:05 GMT", "Mon 02 Jan 2006 15:04:05 GMT", "2 Jan 2006 15.04.05 GMT",
		})
		b = append(b, strings.Replace(t.Format(form), " UTC", " GMT", 1)...)
		if g.one(6) {
			b = append(b, g.pick(append(zones, dateGaps...))...)
		}
		return b
	}
	// The parts in the usual order, now and then one left out, doubled or at another place.
	parts := []string{g.seldom("Sun,", 4, weekdays), g.seldom("13", 4, dateDays), g.seldom("Sep", 4, months), g.seldom("2020", 4, years), g.seldom("12:26:40", 3, dayParts), g.seldom("GMT", 3, zones)}
	for g.one(5) {
		i, k := g.rng.IntN(len(parts)), g.rng.IntN(len(parts))
		parts[i], parts[k] = parts[k], parts[i]
	}
	for i, p := range parts {
		if g.one(25) {
			continue
		}
		if i > 0 {
			b = append(b, g.seldom(" ", 20, dateGaps)...)
		}
		if b = append(b, p...); g.one(40) {
			b = append(append(b, ' '), p...)
		}
	}
	return b
}

var (
	boundaries = []string{"b", "b", "c", "\"b\"", "\"b", "b c", "\"b c\"", "", "\"\"", "-", "b.*", "b+", "(b)", "[b]", "b\\", "\"\\b\"", "\xe9", "b;", "'b'", "<b>", "b\xa0", "%62", "''b", "utf-8''b", "utf-8'en'b", "utf-8'en'%62", "us-ascii''%e9", "b\x00", " b ", "b=c", "\"b;c\"", "\"b\\\"c\"", "*", "\x85", "b\x1c"}
	codecs     = []string{"utf-8", "us-ascii", "latin-1", "idna", "undefined", "punycode", "rot13", "hex", "base64", "utf-16", "utf-7", "unknown", "", "\xe9", "unicode_escape", "raw_unicode_escape", "utf_8_sig", "cp1252", "mbcs", "zlib", "a\x00b", "IDNA", "Undefined", "utf-32", "big5", "iso2022_jp", "string_escape", "unicode_internal", "charmap", "bz2", "uu", "quopri", "utf 8", "../x", "hz", "cp65001", "oem", "palmos", "ascii'", "encodings.utf_8", "_", "utf-16-le", "shift_jis", "gb18030", "koi8-r", "tis-620"}
	mediaTypes = []string{"multipart/mixed", "multipart/mixed", "multipart/x", "multipart/digest", "message/rfc822", "message/delivery-status", "message/partial", "message/external-body", "text/plain", "multipart/", "Multipart/Mixed", "multipart", "/", "", "multipart/a/b", "message/", " multipart/x", "multipart/x ", "multi part/x", "application/x", "multipart /x", "message/RFC822", "message/http", "text", "\xe9/x", "multipart\r\n /x"}
	parameters = []string{"boundary=", "boundary=", "boundary=", "boundary*=", "boundary*0=", "boundary*0*=", "boundary*1=", "boundary*1*=", "boundary*2=", "boundary*00=", "boundary*10=", "Boundary=", "BOUNDARY=", "boundary =", " boundary= ", "boundary", "charset=", "charset*=", "charset*0*=", "x=", "x*=", "x*0=", "x*1*=", "x*a=", "boundary*x=", "boundary**=", "boundary*0*0=", "=", "*=", "*0=", "boundary*=x", "boundary*\xb2=", "boundary*-1=", "boundary*+1=", "boundary*1_0=", "\"boundary\"=", "boundary*0\t="}
)

// appendContentType appends a media type with parameters, those of RFC 2231 in odd orders among them.
func (g *Generator) appendContentType(b []byte) []byte {
	b = append(b, g.seldom("multipart/x", 2, mediaTypes)...)
	for range g.rng.IntN(4) {
		b = append(b, g.seldom("; ", 6, []string{";", " ; ", ";;", ",", " ", ";\r\n ", "; \"", ";\t"})...)
		b = append(b, g.seldom("boundary=", 2, parameters)...)
		if g.one(2) { // RFC 2231: charset'language'value
			b = append(b, g.seldom("", 8, []string{"\""})...)
			b = append(b, g.seldom("utf-8", 2, codecs)...)
			b = append(b, g.seldom("'", 8, []string{"", "''", "'en'", "'\xe9'"})...)
			b = append(b, g.seldom("'", 8, []string{"", "\"", "''"})...)
		}
		b = append(b, g.seldom("b", 2, boundaries)...)
		for g.one(4) {
			b = append(b, g.pick([]string{"%41", "%e9", "%", "%ff%fe", "%00", "%ed%a0%80", "%c3%a9", "xn--", "%", "%2", "\xe9", "=", "+AGE-", "\\", "%5c", "%20", "%0a", "%22"})...)
		}
	}
	return b
}

var (
	nestedTypes = []string{"multipart/x; boundary=b", "multipart/x; boundary=c", "multipart/digest; boundary=b", "message/rfc822", "message/delivery-status", "multipart/x", "text/plain", "message/x", "multipart/x; boundary=\"b \"", "multipart/digest; boundary=bb", "multipart/x; boundary*=undefined''b", "multipart/x; boundary*=idna''b%e9"}
	nestedLines = []string{"--b", "--b", "--c", "--b--", "--c--", "--bb", "--b ", "--b-- ", "--b--x", "--bx", " --b", "--b\t", "no colon", "a: b", "", "From x", " folded", "--", ">", ":", "Content-Type: text/plain", "Content-Transfer-Encoding: base64", "x", "\xe9", "\x00"}
	nestedEnds  = []string{"\r", "\r\r", "\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "", "\r\r\n", "\n\r", " \r\n", "\u2028"}
)

// appendNested appends fields that become a message with parts to the email package: a line without a colon, or
// an empty one between carriage returns, ends the fields and begins the content for it, though not for HTTP.
func (g *Generator) appendNested(b []byte) []byte {
	if g.one(400) {
		return g.appendDeep(b)
	}
	for range 1 + g.rng.IntN(4) {
		b = append(b, "Content-Type: "...)
		b = append(b, g.pick(nestedTypes)...)
		b = append(b, g.seldom("\r\n", 4, nestedEnds)...)
		for range g.rng.IntN(8) {
			b = append(b, g.pick(nestedLines)...)
			b = append(b, g.seldom("\r\n", 3, nestedEnds)...)
		}
	}
	return append(b, "\r\n"...)
}

// appendDeep nests messages about as deep as Python's stack.
func (g *Generator) appendDeep(b []byte) []byte {
	line := "Content-Type: message/rfc822\r\r"
	b = append(b, strings.Repeat(line, g.pickNumber(10, 100, 968, 972, 976, 979, 985, 995))...)
	return append(b, "x: "+strconv.Itoa(g.rng.IntN(10))+"\r\n"...)
}
