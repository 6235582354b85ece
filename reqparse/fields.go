package reqparse

import (
	"bytes"

	"simplehttp/cpython"
)

// readHeaders is one turn of the loop in http.client._read_headers: line is what readline
// returned, with its LF; nothing at end of input.
//
//	HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]   ; RFC 9112, 2.1
//
// What CPython counts are lines read, not fields: a continuation line is one, a line that is no
// field is one, and in most releases the blank line is one, or the empty one that stands for it at
// end of input. Where it is, 99 fields are the limit.
func (p *Parser) readHeaders(line []byte) {
	if len(line) > maxLine {
		p.refuse(lineTooLong)
		return
	}
	last := isLastLine(line)
	if !last || p.opts.Version.Has(cpython.CountsBlankLineAsField) {
		if p.lines++; p.lines > maxHeaders {
			p.refuse(tooManyHeaders)
			return
		}
		if !last || p.block.ended {
			p.parseHeaderLines(line) // the blank line is part of the text that is parsed, if it counts
		}
	}
	if last {
		p.parseHeaders()
	}
}

// skipFields does what readHeaders would do with the lines that b begins with, as long as each is
// whole and one field that nobody will ask for, as most are: it counts them. It returns their length.
func (p *Parser) skipFields(b []byte) int {
	if p.block.ended || p.block.fields != nil || len(p.partial) > 0 {
		return 0
	}
	rest := b
	for p.lines < maxHeaders {
		line := rest[:min(len(rest), maxSkipped)]
		name := nameLength(line)
		if name == 0 || name == len(line) || line[name] != ':' || mayMatter[line[0]] {
			break
		}
		end := name + nextControl(line[name:])
		if end+1 < len(line) && line[end] == '\r' {
			end++
		}
		if end == len(line) || line[end] != '\n' {
			break
		}
		p.block.skipField()
		p.lines++
		rest = rest[end+1:]
	}
	return len(b) - len(rest)
}

// maxSkipped is the length of a line that skipFields reads. In a longer one bytes.IndexByte is faster.
const maxSkipped = 256

// mayMatter has the first letters of the names that lookup knows, and that of "From ".
var mayMatter = [256]bool{'C': true, 'c': true, 'E': true, 'e': true, 'F': true, 'I': true, 'i': true}

// lineTooLong and tooManyHeaders are what handle_one_request makes of http.client's LineTooLong and
// HTTPException.
var (
	lineTooLong = Refusal{
		Status:  statusFieldsTooLarge,
		Message: []byte("Line too long"),
		Explain: []byte("got more than 65536 bytes when reading header line"),
	}
	tooManyHeaders = Refusal{
		Status:  statusFieldsTooLarge,
		Message: []byte("Too many headers"),
		Explain: []byte("got more than 100 headers"),
	}
)

// isLastLine reports whether line is CR LF, LF or nothing. No other line ends the fields, neither
// a bare CR nor one of blanks.
func isLastLine(line []byte) bool {
	switch len(line) {
	case 0:
		return true
	case 1:
		return line[0] == '\n'
	case 2:
		return line[0] == '\r' && line[1] == '\n'
	}
	return false
}

// parseHeaderLines takes a line that was read apart at bare CRs, and gives the pieces to the
// e-mail parser. CPython joins all lines before; since no answer depends on a later line, ours
// takes each line when it comes, and none has to be kept.
func (p *Parser) parseHeaderLines(line []byte) {
	for len(line) > 0 && !p.block.ended {
		n := lineEnd(line)
		if !p.block.addLine(line[:n]) {
			p.endBlock(line[:n])
		}
		line = line[n:]
	}
	if p.rare != nil && p.rare.body != nil {
		p.rare.body = append(p.rare.body, line...)
	}
}

// lineEnd returns the length of the first line of s, which has an LF at most at its end. A line
// ends with CR LF, CR or LF here, as in email.feedparser.BufferedSubFile, and at no other
// character.
func lineEnd(s []byte) int {
	i := bytes.IndexByte(s, '\r')
	if i < 0 {
		return len(s)
	}
	if i+1 < len(s) && s[i+1] == '\n' {
		return i + 2
	}
	return i + 1
}

// endBlock ends the fields. line is the first that is none; nothing if there was no such line.
// If the Content-Type has the e-mail parser look into the rest, the rest is kept from here on;
// it begins with this line, unless it is the blank one.
func (p *Parser) endBlock(line []byte) {
	b := &p.block
	b.end()
	contentType := b.value(fieldContentType)
	if contentType == nil || kindOf(contentType) == kindLeaf {
		return
	}
	body := []byte{}
	if b.fromLast {
		body = append(body, fromLine...)
	}
	if len(line) > 0 && !isNewline(line[0]) {
		body = append(body, line...)
	}
	p.uncommon().body = body
}

// parseHeaders is http.client.parse_headers after all lines were read.
func (p *Parser) parseHeaders() {
	if !p.block.ended {
		p.endBlock(nil)
	}
	if p.rare != nil && p.rare.body != nil {
		crash := parseBody(p.opts.Version, p.block.value(fieldContentType), p.rare.body)
		p.rare.body = nil
		if crash != "" {
			p.rare.crash = crash
			p.state = Crashed
			return
		}
	}
	p.endFields()
}

func isNewline(c byte) bool { return c == '\r' || c == '\n' }

// trimNewlines is rstrip('\r\n').
func trimNewlines(s []byte) []byte {
	for len(s) > 0 && isNewline(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}
