package reqparse

import (
	"bytes"
	"sync"

	"simplehttp/cpython"
)

// State is what a Parser has to say after the bytes so far.
type State uint8

const (
	NeedMore State = iota // no answer yet: call Feed or End
	Complete              // the method is to run: see Request
	Refused               // send_error is to run: see Refusal
	Empty                 // no request: a blank line, or end of input. Close without a word
	Crashed               // an exception: CPython prints a traceback and closes without a word. See Crash
)

// maxLine is http.client._MAXLINE, and the same number spelled out in handle_one_request: the
// length of the longest line, its LF included. One byte more is asked for, to see that it is too
// long.
const maxLine = 65536

// maxHeaders is http.client._MAXHEADERS.
const maxHeaders = 100

// maxKept is the capacity up to which a buffer is kept from one request to the next. It holds
// any ordinary request; what a long one needed is given back.
const maxKept = 8192

// Options say how to read.
type Options struct {
	Protocol       string // protocol_version, such as "HTTP/1.0": keep-alive is possible from "HTTP/1.1" on
	DefaultVersion string // default_request_version, in CPython "HTTP/0.9"
	Version        cpython.Version
	AllFields      bool // keep every field, else only the few that matter to the server
}

// A Parser reads one request after the other. Reset makes it ready, then Feed and End bring it
// the input. It allocates only what the input at hand asks for: while it waits, it holds the
// line that is half there and the few fields before it.
type Parser struct {
	opts Options
	progress
	partial []byte     // the part of a line that is there, its rest is awaited
	block   fieldBlock // its text begins with the request-line
	rare    *rare
	result  *result
}

// progress is how far the request is read, and what was found. The spans are of block.text.
type progress struct {
	state State
	step  step
	lines uint8 // field lines read so far, at most maxHeaders+1

	close                                bool // close_connection
	versionFrom                          versionFrom
	requestLine, method, target, version span
}

// step is the part of the request that the next line belongs to.
type step uint8

const (
	stepRequestLine step = iota
	stepFields
	stepFields27
)

// versionFrom says where request_version comes from.
type versionFrom uint8

const (
	versionDefault versionFrom = iota // default_request_version
	versionWord                       // the last word of the request-line
	versionEmpty                      // the empty string, which is not HTTP/0.9, so that an answer has a head
)

// rare holds what few requests need.
type rare struct {
	refusal Refusal
	crash   string
	body    []byte       // the lines after the fields, for a Content-Type that has them parsed
	fields  []fieldSpans // all fields, with Options.AllFields
	dict    dict27
}

// reset empties r, and keeps the room of its dict.
func (r *rare) reset() {
	r.refusal, r.crash, r.body, r.fields = Refusal{}, "", nil, nil
	r.dict.reset()
}

// A span is a part of a text, from start up to end. No text that the parser keeps is longer than
// maxHeaders lines.
type span struct{ start, end uint32 }

func (s span) of(text []byte) []byte { return text[s.start:s.end:s.end] }

// Reset makes p ready for the next request. What Request, Refusal and Crash returned is void.
func (p *Parser) Reset(opts Options) {
	text, partial := reuse(p.block.text), reuse(p.partial)
	if text == nil {
		giveBackLong(p.block.text)
	}
	if r := p.result; r != nil {
		if text == nil {
			*r = result{version: r.version} // its slices would keep the dropped buffer alive
		}
		r.filled = false
	}
	p.opts, p.progress, p.partial = opts, progress{}, partial
	p.block = fieldBlock{text: text, v: opts.Version}
	if p.rare != nil {
		p.rare.reset()
	}
}

// reuse returns b emptied, or nil if it is too large to be kept.
func reuse(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b[:0]
}

// longText is room for a request with a long request-line: for the longest one, and for its other
// values, if they are not long too.
type longText [maxLine + maxKept]byte

// longTexts are used again by all parsers, so that none keeps one while it waits for a request.
var longTexts = sync.Pool{New: func() any { return new(longText) }}

func borrowLong() []byte { return longTexts.Get().(*longText)[:0] }

// giveBackLong ends what borrowLong began, unless the text has grown out of its room since.
func giveBackLong(text []byte) {
	if cap(text) == len(longText{}) {
		longTexts.Put((*longText)(text[:len(longText{})]))
	}
}

// Feed reads b, or as much of it as belongs to the request, and returns how many bytes it took:
// those that CPython's calls of readline would have taken. The same bytes in any chunks give the
// same answer at the same byte. After an answer Feed takes nothing until Reset.
func (p *Parser) Feed(b []byte) (n int, s State) {
	for p.state == NeedMore && n < len(b) {
		switch p.step {
		case stepFields27:
			n += p.feedFields27(b[n:])
			continue
		case stepFields:
			n += p.skipFields(b[n:])
		}
		line, took, ok := p.readline(b[n:])
		n += took
		if !ok {
			break
		}
		p.handleLine(line)
		p.partial = p.partial[:0]
	}
	return n, p.state
}

// End tells p that the input has ended, which ends a line, and the fields, without an error.
func (p *Parser) End() State {
	if p.state != NeedMore {
		return p.state
	}
	if len(p.partial) > 0 {
		line := p.partial
		if p.step == stepFields27 {
			p.readheaders27(&p.uncommon().dict, line)
		} else {
			p.handleLine(line)
		}
		p.partial = p.partial[:0]
	}
	if p.state != NeedMore {
		return p.state
	}
	switch p.step {
	case stepRequestLine:
		p.close = true
		p.state = Empty
	case stepFields:
		p.readHeaders(nil) // the line that readline returns at end of input
	case stepFields27:
		p.endFields()
	}
	return p.state
}

// readline is rfile.readline(65537) over input that comes in chunks: it returns a line when its
// LF or its 65537th byte is in b. The line is valid until p.partial changes.
func (p *Parser) readline(b []byte) (line []byte, n int, ok bool) {
	n = bytes.IndexByte(b, '\n') + 1
	if n > 0 && n <= maxLine && len(p.partial) == 0 {
		return b[:n], n, true // nearly always: the whole line is there
	}
	room := maxLine + 1 - len(p.partial)
	ok = n > 0 && n <= room
	if !ok {
		n = min(len(b), room)
		ok = n == room
	}
	p.partial = append(p.partial, b[:n]...)
	return p.partial, n, ok
}

// handleLine is what handle_one_request and parse_headers do with a line.
func (p *Parser) handleLine(line []byte) {
	switch {
	case p.step == stepFields:
		p.readHeaders(line)
	case len(line) > maxLine:
		p.refuseLongRequestLine()
	default:
		p.parseRequestLine(line)
	}
}

// endFields is the end of parse_request: the fields that it looks at itself.
func (p *Parser) endFields() {
	p.state = Complete
	connection := p.value(fieldConnection)
	if equalFold(connection, "close") {
		p.close = true
	} else if equalFold(connection, "keep-alive") && p.opts.Protocol >= "HTTP/1.1" {
		p.close = false
	}
}

// expectsContinue is the condition under which parse_request calls handle_expect_100. The
// versions are compared as strings, so that HTTP/1.10 is one, and HTTP/01.1 is none.
func (p *Parser) expectsContinue() bool {
	return p.opts.Version.Has(cpython.ExpectsContinue) &&
		equalFold(p.value(fieldExpect), "100-continue") &&
		p.opts.Protocol >= "HTTP/1.1" &&
		string(p.requestVersion()) >= "HTTP/1.1"
}

// requestVersion is the attribute request_version.
func (p *Parser) requestVersion() []byte {
	switch p.versionFrom {
	case versionWord:
		return p.version.of(p.block.text)
	case versionEmpty:
		return []byte{}
	}
	return []byte(p.opts.DefaultVersion)
}

// uncommon returns p.rare, made on need.
func (p *Parser) uncommon() *rare {
	if p.rare == nil {
		p.rare = new(rare)
	}
	return p.rare
}
