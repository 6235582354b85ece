package reqparse

// This file is about the accident that the fields of a request are read by a complete e-mail
// parser. If Content-Type says multipart or message, email.feedparser looks for the parts in
// what follows the fields, which in a request are the lines between the first one that is no
// field and the blank line. It finds nothing that the server wants to know, but it can raise an
// exception on its way, and then there is no answer at all. Only this is reproduced here: which
// lines are taken for what, up to the exception.
//
// The text that is looked into is the only thing that the parser keeps beyond the known fields,
// and only in this rare case: at most maxHeaders lines of maxLine bytes.

import (
	"bytes"

	"simplehttp/cpython"
)

// parseBody is email.feedparser.FeedParser._parsegen after _parse_headers: it parses the body of
// a message with that Content-Type. It returns the last line of the traceback if there is an
// exception.
func parseBody(v cpython.Version, contentType, body []byte) (crash string) {
	m := mimeParser{v: v}
	m.deepest, m.tooDeep = deepestContainer(v)
	m.input.text = body
	m.parseContent(1, kindOf(contentType), contentType)
	return m.crash
}

// mimeParser is what of the FeedParser is needed.
type mimeParser struct {
	v       cpython.Version
	input   subFile
	deepest int
	tooDeep string // the crash below the deepest
	crash   string
}

// deepestContainers are the levels of nesting up to which a multipart or message is parsed. The
// request itself is level 1. Each level is one more generator on the stack of sys.getrecursionlimit(),
// 1000; what is below it, in the server's thread, and the seven calls of get_content_type or
// get_boundary above, differ a little between releases. Measured on running servers with chains of
// 0 to 1100 messages, some of which end in a multipart; for 3.14 and 3.15 at the depth of
// parse_request that their sources show.
//
// A running server remembers regular expressions and codecs. One that sees a boundary or a charset
// for the first time needs a deeper stack to make them, and fails up to twenty levels sooner. That is
// not followed: the table is about the second request.
//
// The text tells in which call the stack ended: from 3.7 to 3.10 one of a function in C.
var deepestContainers = []struct {
	releases cpython.Set
	level    int
	crash    string
}{
	{cpython.Only(cpython.V3_6), 971, "RecursionError: maximum recursion depth exceeded"},
	{cpython.Only(cpython.V3_7), 971, "RecursionError: maximum recursion depth exceeded while calling a Python object"},
	{cpython.Only(cpython.V3_8), 974, "RecursionError: maximum recursion depth exceeded while calling a Python object"},
	{cpython.Between(cpython.V3_9, cpython.V3_10), 975, "RecursionError: maximum recursion depth exceeded while calling a Python object"},
	{cpython.Only(cpython.V3_11), 976, "RecursionError: maximum recursion depth exceeded"},
	{cpython.From(cpython.V3_12), 977, "RecursionError: maximum recursion depth exceeded"},
}

// deepestContainer is the level, and what the traceback of a deeper one ends with.
func deepestContainer(v cpython.Version) (level int, crash string) {
	for _, row := range deepestContainers {
		if row.releases.Contains(v) {
			return row.level, row.crash
		}
	}
	return 0, ""
}

// parsegen is FeedParser._parsegen: one message, or part, from its fields on. kind is what it is
// without a Content-Type.
func (m *mimeParser) parsegen(level int, kind contentKind) {
	var b fieldBlock
	b = fieldBlock{text: []byte{':'}, v: m.v}
	for {
		line := m.input.readline()
		if len(line) == 0 {
			break
		}
		if b.addLine(line) {
			continue
		}
		if !isNewline(line[0]) {
			m.input.unreadline(line)
		}
		break
	}
	b.end()
	if b.fromLast {
		m.input.unreadline([]byte(fromLine))
	}
	value := b.value(fieldContentType)
	if value != nil {
		kind = kindOf(value)
	}
	m.parseContent(level, kind, value)
}

// parseContent is the part of _parsegen that follows the fields.
func (m *mimeParser) parseContent(level int, kind contentKind, contentType []byte) {
	if kind != kindLeaf && level > m.deepest {
		m.crash = m.tooDeep
		return
	}
	switch kind {
	case kindDeliveryStatus:
		m.parseDeliveryStatus(level)
	case kindMessage:
		m.parsegen(level+1, kindLeaf)
	case kindMultipart, kindDigest:
		boundary, ok, crash := getBoundary(m.v, contentType)
		if crash != "" {
			m.crash = crash
			return
		}
		if !ok {
			m.input.drain()
			return
		}
		m.parseMultipart(level, kind, append([]byte("--"), boundary...))
	default:
		m.input.drain()
	}
}

// parseDeliveryStatus reads blocks of fields with blank lines between them.
func (m *mimeParser) parseDeliveryStatus(level int) {
	for {
		m.input.blanks++ // push_eof_matcher(NLCRE.match)
		m.parsegen(level+1, kindLeaf)
		m.input.blanks--
		if m.crash != "" {
			return
		}
		m.input.readline() // the blank line
		line := m.input.readline()
		if len(line) == 0 {
			return
		}
		m.input.unreadline(line)
	}
}

// parseMultipart reads what the separator separates. In a digest parts are messages by default.
func (m *mimeParser) parseMultipart(level int, kind contentKind, separator []byte) {
	part := kindLeaf
	if kind == kindDigest {
		part = kindMessage
	}
	capturingPreamble := true
	for {
		line := m.input.readline()
		if len(line) == 0 {
			break
		}
		match := boundaryMatch(line, separator)
		if match == closeBoundary {
			m.input.drain() // the epilogue
			return
		}
		if match == noBoundary {
			if !capturingPreamble {
				m.crash = "AssertionError"
				return
			}
			continue
		}
		if capturingPreamble {
			capturingPreamble = false
			m.input.unreadline(line)
			continue
		}
		m.skipBoundaries(separator)
		m.input.pushSeparator(separator)
		m.parsegen(level+1, part)
		if m.crash != "" {
			return
		}
		m.input.popSeparator(separator)
	}
	if capturingPreamble {
		m.input.drain()
	}
}

// skipBoundaries skips boundaries that follow each other. What ends them is given back, even if
// it is the end of input, so that the next line read is an end again.
func (m *mimeParser) skipBoundaries(separator []byte) {
	for {
		line := m.input.readline()
		if boundaryMatch(line, separator) == noBoundary {
			m.input.unreadline(line)
			return
		}
	}
}

// boundary is what boundarymatch finds in a line.
type boundary uint8

const (
	noBoundary boundary = iota
	openBoundary
	closeBoundary
)

// boundaryMatch matches the separator, then (--)?[ \t]*(\r\n|\r|\n)?$.
//
//	delimiter       := CRLF "--" boundary
//	close-delimiter := delimiter "--"       ; RFC 2046, 5.1.1, each with transport-padding
func boundaryMatch(line, separator []byte) boundary {
	rest, ok := bytes.CutPrefix(trimDelimiter(line), separator)
	switch {
	case ok && len(rest) == 0:
		return openBoundary
	case ok && string(rest) == "--":
		return closeBoundary
	}
	return noBoundary
}

// trimDelimiter takes the line end away and the blanks before it. A separator has none of both
// at its end.
func trimDelimiter(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	return bytes.TrimRight(line, " \t")
}
