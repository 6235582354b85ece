package reqparse

import (
	"math/bits"

	"simplehttp/cpython"
)

// The statuses of refusals.
const (
	statusBadRequest      = 400
	statusURITooLong      = 414
	statusFieldsTooLarge  = 431
	statusVersionNotKnown = 505
)

// parseRequestLine is parse_request up to the fields.
//
//	request-line = method SP request-target SP HTTP-version CRLF   ; RFC 9112, 3
//
// CPython splits at runs of white space, takes two words for a request of HTTP/0.9, and has no
// opinion of the characters in a method or a target.
func (p *Parser) parseRequestLine(line []byte) {
	v := p.opts.Version
	p.close = true
	p.keepRequestLine(line)
	var words words
	words.split(v, p.requestLine.of(p.block.text))
	if words.count == 0 {
		p.state = Empty
		return
	}
	if words.count == 3 || words.count > 3 && v.Has(cpython.ChecksVersionOfLongRequestLine) {
		if !p.checkVersion(words.last) {
			return
		}
	}
	if words.count < 2 || words.count > 3 {
		p.refuseRequestLine("Bad request syntax (", p.requestLine)
		return
	}
	if words.count == 2 {
		p.close = true
		if string(words.first.of(p.block.text)) != "GET" {
			p.refuseRequestLine("Bad HTTP/0.9 request type (", words.first)
			return
		}
	}
	p.method, p.target = words.first, words.second
	if v.Has(cpython.CollapsesLeadingSlashes) {
		p.collapseSlashes()
	}
	p.beginFields(words.count)
}

// keepRequestLine keeps the line without its end, which is all the CR and LF characters there.
func (p *Parser) keepRequestLine(line []byte) {
	line = trimNewlines(line)
	if len(line) > maxKept && len(line) <= maxLine {
		p.block.text = borrowLong()
	}
	p.block.text = append(p.block.text[:0], line...)
	p.requestLine = span{0, uint32(len(line))}
}

// checkVersion takes the version word, and reports whether it was not refused.
func (p *Parser) checkVersion(word span) bool {
	v := p.opts.Version
	text := p.block.text
	number, major, minor, ok := parseVersion(v, word.of(text))
	if !ok {
		p.refuseRequestLine("Bad request version (", word)
		return false
	}
	if major > 1 || major == 1 && minor >= 1 { // version_number >= (1, 1)
		p.close = p.opts.Protocol < "HTTP/1.1"
	}
	if major > 2 || major == 2 && minor >= 0 { // version_number >= (2, 0): HTTP/2.-1 is not
		if v.Has(cpython.AnswersBadRequestLineInFull) {
			p.version, p.versionFrom = word, versionWord
		}
		message := append([]byte(invalidVersion(v)), number...)
		p.refuse(Refusal{Status: statusVersionNotKnown, Message: append(message, ')')})
		return false
	}
	p.version, p.versionFrom = word, versionWord
	return true
}

// collapseSlashes leaves one of the slashes in front of the target, so that a redirect to it
// cannot name another host. The log shows the line as it came.
func (p *Parser) collapseSlashes() {
	text := p.block.text
	for p.target.end-p.target.start >= 2 && text[p.target.start] == '/' && text[p.target.start+1] == '/' {
		p.target.start++
	}
}

// beginFields says what follows a request-line of so many words.
func (p *Parser) beginFields(words int) {
	v := p.opts.Version
	switch {
	case words == 2 && v.Has(cpython.SkipsFieldsOfSimpleRequest):
		p.state = Complete
	case v.Has(cpython.ReadsFieldsWithRFC822):
		p.step = stepFields27
	default:
		p.step = stepFields
		if p.opts.AllFields {
			p.block.fields = &p.uncommon().fields
		}
	}
}

// refuseRequestLine answers 400 with a message that shows a part of the line as repr() does.
// Until a version was accepted it is the default one, HTTP/0.9, and the answer has no head.
func (p *Parser) refuseRequestLine(message string, part span) {
	v := p.opts.Version
	if v.Has(cpython.AnswersBadRequestLineInFull) {
		p.version, p.versionFrom = span{}, versionEmpty
	}
	text := cpython.AppendRepr([]byte(message), v, part.of(p.block.text))
	p.refuse(Refusal{Status: statusBadRequest, Message: append(text, ')')})
}

// refuseLongRequestLine is what handle_one_request does with a line of more than 65536 bytes.
// It empties requestline, request_version and command, so that the answer has a head, and the
// log an empty line.
func (p *Parser) refuseLongRequestLine() {
	p.close = true
	p.requestLine, p.method = span{}, span{}
	p.version, p.versionFrom = span{}, versionEmpty
	p.refuse(Refusal{Status: statusURITooLong})
}

// words are those of a request-line that parse_request looks at.
type words struct {
	first, second, last span
	count               int
	next                uint32 // where the next one begins, at the earliest
}

// split is requestline.split(), which splits at runs of str.isspace.
func (w *words) split(v cpython.Version, line []byte) {
	space := &asciiSpace
	if v.Has(cpython.SplitsOnUnicodeSpace) {
		space = &latin1Space
	}
	i := 0
	for ; len(line)-i >= 8; i += 8 {
		may := maySpace(eight(line[i:])) & highs
		if may == 0 && len(line)-i >= 64 {
			i += plainLength(line[i+8:])
		}
		for ; may != 0; may &= may - 1 {
			if at := i + bits.TrailingZeros64(may)/8; space[line[at]] {
				w.end(at)
			}
		}
	}
	for ; i < len(line); i++ {
		if space[line[i]] {
			w.end(i)
		}
	}
	w.end(len(line))
}

// end ends a word, unless there is none.
func (w *words) end(at int) {
	word := span{w.next, uint32(at)}
	w.next = word.end + 1
	if word.start == word.end {
		return
	}
	w.last = word
	switch w.count++; w.count {
	case 1:
		w.first = word
	case 2:
		w.second = word
	}
}

// asciiSpace and latin1Space are the two readings of white space.
//
//	SP / HTAB / VT / FF / bare CR   ; RFC 9112, 3: what a lenient reader may take for SP
//
// CPython takes all of them and, in text, the separators 1c-1f and the characters 85 and a0 too.
// LF is in the tables, though none is left in the middle of a line.
var (
	asciiSpace  = [256]bool{'\t': true, '\n': true, '\v': true, '\f': true, '\r': true, ' ': true}
	latin1Space = [256]bool{
		'\t': true, '\n': true, '\v': true, '\f': true, '\r': true, ' ': true,
		0x1C: true, 0x1D: true, 0x1E: true, 0x1F: true, 0x85: true, 0xA0: true,
	}
)
