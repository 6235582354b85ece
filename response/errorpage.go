package response

import (
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// pages are the templates of the error page, DEFAULT_ERROR_MESSAGE in BaseHTTPServer.py and
// http/server.py.
var pages = []struct {
	releases cpython.Set
	text     string
}{
	{cpython.Only(cpython.V2_7), `<head>
<title>Error response</title>
</head>
<body>
<h1>Error response</h1>
<p>Error code %(code)d.
<p>Message: %(message)s.
<p>Error code explanation: %(code)s = %(explain)s.
</body>
`},
	{cpython.Between(cpython.V3_6, cpython.V3_10), `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"
        "http://www.w3.org/TR/html4/strict.dtd">
<html>
    <head>
        <meta http-equiv="Content-Type" content="text/html;charset=utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: %(code)d</p>
        <p>Message: %(message)s.</p>
        <p>Error code explanation: %(code)s - %(explain)s.</p>
    </body>
</html>
`},
	{cpython.Between(cpython.V3_11, cpython.V3_13), `<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: %(code)d</p>
        <p>Message: %(message)s.</p>
        <p>Error code explanation: %(code)s - %(explain)s.</p>
    </body>
</html>
`},
	{cpython.From(cpython.V3_14), `<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <style type="text/css">
            :root {
                color-scheme: light dark;
            }
        </style>
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: %(code)d</p>
        <p>Message: %(message)s.</p>
        <p>Error code explanation: %(code)s - %(explain)s.</p>
    </body>
</html>
`},
}

// ErrorMessageFormat returns the class attribute error_message_format of that release.
func ErrorMessageFormat(v cpython.Version) string {
	for _, p := range pages {
		if p.releases.Contains(v) {
			return p.text
		}
	}
	return ""
}

// contentTypes are the media types of the error page, DEFAULT_ERROR_CONTENT_TYPE.
var contentTypes = []struct {
	releases cpython.Set
	text     string
}{
	{cpython.Only(cpython.V2_7), "text/html"},
	{cpython.From(cpython.V3_6), "text/html;charset=utf-8"},
}

// ErrorContentType returns the class attribute error_content_type of that release.
func ErrorContentType(v cpython.Version) string {
	for _, t := range contentTypes {
		if t.releases.Contains(v) {
			return t.text
		}
	}
	return ""
}

// An ErrorPage is an error_message_format taken apart once, so that filling it in is only
// copying. The zero ErrorPage is an empty page.
type ErrorPage struct {
	pieces []piece
}

// A piece is literal text and the value that follows it.
type piece struct {
	text  string
	value value
}

type value uint8

const (
	noValue     value = iota
	codeNumber        // %(code)d
	codeText          // %(code)s
	messageText       // %(message)s
	explainText       // %(explain)s
)

var values = map[string]value{
	"(code)d":    codeNumber,
	"(code)s":    codeText,
	"(message)s": messageText,
	"(explain)s": explainText,
}

// ParseErrorPage takes a template apart. The template is a Python format string with the
// keys code, message and explain, and %% for a per cent sign; ok is false for any other use
// of the per cent sign, for which CPython would raise in the middle of a reply.
func ParseErrorPage(format string) (page ErrorPage, ok bool) {
	text := ""
	for {
		before, after, found := strings.Cut(format, "%")
		text += before
		if !found {
			page.pieces = append(page.pieces, piece{text, noValue})
			return page, true
		}
		if strings.HasPrefix(after, "%") {
			text, format = text+"%", after[1:]
			continue
		}
		end := strings.IndexByte(after, ')') + 2
		if end < 2 || end > len(after) || values[after[:end]] == noValue {
			return ErrorPage{}, false
		}
		page.pieces = append(page.pieces, piece{text, values[after[:end]]})
		text, format = "", after[end:]
	}
}

// An Error is what the error page tells: Status, and Message and Explain as Latin-1 text
// (with 2.7, bytes).
type Error struct {
	Status           int
	Message, Explain []byte
	// ByName says that Status reached send_error as a member of HTTPStatus, as it does in all
	// calls from within http/server.py, and not as a number.
	ByName bool
}

// Append appends the page for e, encoded as UTF-8 (with 2.7, bytes as they are). Message, and
// from 3.x on Explain, have their & < > escaped: BaseHTTPRequestHandler.send_error.
func (p *ErrorPage) Append(dst []byte, v cpython.Version, e Error) []byte {
	for _, piece := range p.pieces {
		dst = append(dst, piece.text...)
		switch piece.value {
		case codeNumber:
			dst = strconv.AppendInt(dst, int64(e.Status), 10)
		case codeText:
			dst = appendCode(dst, v, e)
		case messageText:
			dst = appendEscaped(dst, v, e.Message)
		case explainText:
			if !v.Has(cpython.EscapesExplain) {
				dst = append(dst, e.Explain...)
				continue
			}
			dst = appendEscaped(dst, v, e.Explain)
		}
	}
	return dst
}

// appendCode appends str(code). Up to 3.10 the str of a member of HTTPStatus is its name.
func appendCode(dst []byte, v cpython.Version, e Error) []byte {
	if name := statusNames[e.Status]; e.ByName && name != "" && v.Has(cpython.NamesStatusInExplanation) {
		return append(append(dst, "HTTPStatus."...), name...)
	}
	return strconv.AppendInt(dst, int64(e.Status), 10)
}

// statusNames are the members of http.HTTPStatus with which http/server.py calls send_error.
var statusNames = map[int]string{
	400: "BAD_REQUEST",
	404: "NOT_FOUND",
	414: "REQUEST_URI_TOO_LONG",
	431: "REQUEST_HEADER_FIELDS_TOO_LARGE",
	501: "NOT_IMPLEMENTED",
	505: "HTTP_VERSION_NOT_SUPPORTED",
}

// appendEscaped appends Latin-1 text, escaped for HTML, in the encoding of the page.
func appendEscaped(dst []byte, v cpython.Version, text []byte) []byte {
	start := len(dst)
	dst = cpython.AppendEscape(dst, text)
	if v.Has(cpython.ReadsPathAsBytes) || isASCII(dst[start:]) {
		return dst
	}
	latin1 := append([]byte(nil), dst[start:]...)
	return cpython.AppendLatin1(dst[:start], latin1)
}

func isASCII(s []byte) bool {
	for _, c := range s {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
