package response

import (
	"bytes"
	"strconv"

	"simplehttp/cpython"
)

// A LogPrefix is what stands before the message of a log line:
//
//	127.0.0.1 - - [13/Sep/2020 12:26:40]
type LogPrefix struct {
	Address string // of the client
	Wall    int64  // local time: what the wall clock shows, as seconds since 1970 of a clock without zone
	Colors  bool   // the log is a terminal, and is to be coloured by the releases with ColorsTerminal
	ASCII   bool   // the log takes ASCII only, as in the C locale
}

// AppendAccessLine appends the line of BaseHTTPRequestHandler.log_request, with its end:
//
//	127.0.0.1 - - [13/Sep/2020 12:26:40] "GET / HTTP/1.0" 200 -
//
// requestLine is Latin-1 (with 2.7, bytes); code and size are texts.
func AppendAccessLine(dst []byte, v cpython.Version, p LogPrefix, requestLine []byte, code, size string) []byte {
	start := len(dst)
	p.Colors = p.Colors && v.Has(cpython.ColorsTerminal)
	dst = appendPrefix(dst, p)
	if v.Has(cpython.RespacesRequestLineInLog) {
		dst = appendRespacedAccess(dst, v, requestLine, code, p.Colors)
		dst = appendColored(dst, colorSize, size, p.Colors)
		return EndLine(dst, start, v, p)
	}
	dst = append(dst, '"')
	dst = AppendLogText(dst, v, requestLine)
	dst = append(dst, `" `...)
	dst = append(dst, code...)
	dst = append(dst, ' ')
	dst = append(dst, size...)
	return EndLine(dst, start, v, p)
}

// AppendErrorLine appends the line of BaseHTTPRequestHandler.log_error, with its end:
//
//	127.0.0.1 - - [13/Sep/2020 12:26:40] code 404, message File not found
//
// message is Latin-1 (with 2.7, bytes).
func AppendErrorLine(dst []byte, v cpython.Version, p LogPrefix, message []byte) []byte {
	start := len(dst)
	p.Colors = p.Colors && v.Has(cpython.ColorsTerminal)
	dst = appendPrefix(dst, p)
	if p.Colors {
		dst = append(dst, colorError...)
	}
	dst = AppendLogText(dst, v, message)
	if p.Colors {
		dst = append(dst, colorReset...)
	}
	return EndLine(dst, start, v, p)
}

// AppendMessageLine appends the line of BaseHTTPRequestHandler.log_message, with its end, for a
// message that is neither an access nor an error. message is Latin-1 (with 2.7, bytes).
func AppendMessageLine(dst []byte, v cpython.Version, p LogPrefix, message []byte) []byte {
	start := len(dst)
	p.Colors = p.Colors && v.Has(cpython.ColorsTerminal)
	dst = appendPrefix(dst, p)
	dst = AppendLogText(dst, v, message)
	return EndLine(dst, start, v, p)
}

// EndLine ends the line that begins at start, which is UTF-8 (with 2.7, bytes). Where the log takes ASCII only, other characters are
// escaped as sys.stderr does it, with the error handler backslashreplace; 2.7 writes bytes.
func EndLine(dst []byte, start int, v cpython.Version, p LogPrefix) []byte {
	dst = append(dst, '\n')
	if !p.ASCII || v.Has(cpython.ReadsPathAsBytes) || isASCII(dst[start:]) {
		return dst
	}
	line := string(dst[start:])
	dst = dst[:start]
	for _, r := range line {
		switch {
		case r < 0x80:
			dst = append(dst, byte(r))
		case r <= 0xff:
			dst = append(dst, '\\', 'x', hexDigits[r>>4], hexDigits[r&15])
		default: // in texts of a subclass only
			quoted := strconv.AppendQuoteRuneToASCII(nil, r)
			dst = append(dst, quoted[1:len(quoted)-1]...)
		}
	}
	return dst
}

func appendPrefix(dst []byte, p LogPrefix) []byte {
	if p.Colors {
		dst = append(dst, colorTimestamp...)
	}
	dst = append(dst, p.Address...)
	dst = append(dst, " - - ["...)
	dst = AppendLogTime(dst, p.Wall)
	dst = append(dst, ']')
	if p.Colors {
		dst = append(dst, colorReset...)
	}
	return append(dst, ' ')
}

// AppendLogTime appends BaseHTTPRequestHandler.log_date_time_string of the wall-clock time sec:
// English month names whatever the locale, no zone.
func AppendLogTime(dst []byte, sec int64) []byte {
	day, clock := floorDiv(sec, secondsPerDay)
	year, month, mday := civil(day)
	dst = appendPadded(dst, int64(mday), 2, '0')
	dst = append(dst, '/')
	dst = append(dst, months[month]...)
	dst = append(dst, '/')
	dst = appendPadded(dst, year, 4, '0')
	dst = append(dst, ' ')
	return AppendClock(dst, int(clock))
}

// AppendLogText appends the message of a log line, without its end. text is Latin-1 (with 2.7,
// bytes). Where the release has EscapesControlsInLog, the characters 00-1f and 7f-9f become
// \xhh and a backslash becomes two: the table _control_char_table of http/server.py. The result
// is UTF-8 (with 2.7, bytes): what sys.stderr makes of it in a UTF-8 locale.
func AppendLogText(dst []byte, v cpython.Version, text []byte) []byte {
	if v.Has(cpython.ReadsPathAsBytes) {
		return append(dst, text...)
	}
	escapes := v.Has(cpython.EscapesControlsInLog)
	for len(text) > 0 {
		n := plainLength(text)
		dst = append(dst, text[:n]...)
		if n == len(text) {
			break
		}
		c := text[n]
		text = text[n+1:]
		switch {
		case escapes && c == '\\':
			dst = append(dst, `\\`...)
		case escapes && isControl(c):
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		case c < 0x80:
			dst = append(dst, c)
		default:
			dst = append(dst, 0xc0|c>>6, 0x80|c&0x3f) // UTF-8 of U+0080 to U+00FF
		}
	}
	return dst
}

// plainLength returns how many characters text begins with that every release logs as they are.
func plainLength(text []byte) int {
	for i, c := range text {
		if c < ' ' || c > '~' || c == '\\' {
			return i
		}
	}
	return len(text)
}

const hexDigits = "0123456789abcdef"

// isControl reports whether c is one of the Latin-1 control characters, C0, DEL or C1.
func isControl(c byte) bool { return c < 0x20 || 0x7f <= c && c <= 0x9f }

// appendRespacedAccess is _colorize_request of 3.15, up to the size: the request line is escaped
// first, and if it then has three words or more, the first two and the rest are joined by single
// blanks, and the second is coloured.
func appendRespacedAccess(dst []byte, v cpython.Version, requestLine []byte, code string, colors bool) []byte {
	escaped := AppendLogText(nil, v, requestLine)
	dst = append(dst, '"')
	if method, target, rest, ok := splitTwice(escaped); ok {
		dst = append(dst, method...)
		dst = append(dst, ' ')
		dst = appendColored(dst, colorPath, string(target), colors)
		dst = append(dst, ' ')
		dst = append(dst, rest...)
	} else {
		dst = append(dst, escaped...)
	}
	dst = append(dst, `" `...)
	if colors {
		dst = append(dst, statusColor(code)...)
	}
	dst = append(dst, code...)
	return append(dst, ' ')
}

// splitTwice is str.split(None, 2) of UTF-8 text that holds no control characters, so that only
// the blank and U+00A0 split; ok says that there are three parts. The last part keeps its end.
func splitTwice(s []byte) (first, second, rest []byte, ok bool) {
	first, s = cutWord(trimSpace(s))
	second, s = cutWord(trimSpace(s))
	rest = trimSpace(s)
	return first, second, rest, len(rest) > 0
}

// noBreakSpace is U+00A0 in UTF-8.
const noBreakSpace = "\u00a0"

func spaceLen(s []byte) int {
	if len(s) > 0 && s[0] == ' ' {
		return 1
	}
	if bytes.HasPrefix(s, []byte(noBreakSpace)) {
		return len(noBreakSpace)
	}
	return 0
}

func trimSpace(s []byte) []byte {
	for n := spaceLen(s); n > 0; n = spaceLen(s) {
		s = s[n:]
	}
	return s
}

func cutWord(s []byte) (word, rest []byte) {
	for i := range s {
		if spaceLen(s[i:]) > 0 {
			return s[:i], s[i:]
		}
	}
	return s, nil
}

// The colours of 3.15, Lib/_colorize.py, class HttpServer.
const (
	colorReset         = "\x1b[0m"
	colorTimestamp     = "\x1b[90m"
	colorError         = "\x1b[33m"
	colorPath          = "\x1b[36m"
	colorSize          = "\x1b[90m"
	colorInformational = "\x1b[0m"
	colorOK            = "\x1b[32m"
	colorRedirect      = "\x1b[96m"
	colorClientError   = "\x1b[33m"
	colorServerError   = "\x1b[31m"
)

// statusColor returns the colour of a status: none where code is not a number.
func statusColor(code string) string {
	n, err := strconv.Atoi(code)
	switch {
	case err != nil:
		return ""
	case n >= 500:
		return colorServerError
	case n >= 400:
		return colorClientError
	case n >= 300:
		return colorRedirect
	case n >= 200:
		return colorOK
	}
	return colorInformational
}

func appendColored(dst []byte, color, text string, colors bool) []byte {
	if !colors {
		return append(dst, text...)
	}
	dst = append(dst, color...)
	dst = append(dst, text...)
	return append(dst, colorReset...)
}
