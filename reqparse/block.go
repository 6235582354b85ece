package reqparse

import (
	"bytes"

	"simplehttp/cpython"
)

// A fieldBlock collects the fields at the top of an e-mail message, which a request is to
// CPython: the first loop of email.feedparser.FeedParser._parsegen, and _parse_headers.
type fieldBlock struct {
	text   []byte          // values, and with fields names; that of the field being read comes last. None is at 0
	known  [numKnown]span  // values of the first field of each name; zero if there is none
	fields *[]fieldSpans   // all fields, unless nil
	start  uint32          // where the value that is being read begins
	v      cpython.Version // decides how values are stripped

	reading  bool  // a field whose value is kept is being read
	current  known // which one, if it is the first of its name
	seen     bool  // there was a line
	fromLast bool  // the last line began with "From ", and was not the first
	ended    bool  // the fields are over
}

type fieldSpans struct{ name, value span }

// fromLine stands for any line that begins with "From ". What follows there is looked at nowhere.
const fromLine = "From \n"

// addLine takes a line with its line end, and reports whether it looks like one of a field:
// whether headerRE, ^(From |[!-9;-~]*:|[\t ]), matches it.
//
//	field-line   = field-name ":" OWS field-value OWS   ; RFC 9112, 5
//	obs-fold     = OWS CRLF RWS                         ; RFC 9112, 5.2
//
// Whether a line is the continuation of one that was ignored does not matter: it is ignored too.
func (b *fieldBlock) addLine(line []byte) bool {
	from := false
	switch c := line[0]; {
	case c == ' ' || c == '\t':
		if b.reading {
			b.text = append(b.text, line...)
		}
	case c == 'F' && bytes.HasPrefix(line, []byte("From ")):
		// The line that mailbox files put before a message is skipped as the first line, and
		// elsewhere as "misplaced". Being the last one it is given back, to be body.
		b.endField()
		from = b.seen
	default:
		n := nameLength(line)
		if n == len(line) || line[n] != ':' {
			return false
		}
		if b.reading {
			b.endField()
		}
		if n > 0 { // an empty name is noted as a defect, and dropped
			b.beginField(line[:n], line[n+1:])
		}
	}
	b.seen, b.fromLast = true, from
	return true
}

// beginField begins to keep a value, if anybody will ask for it. The first field of a name wins.
func (b *fieldBlock) beginField(name, value []byte) {
	b.current = lookup(name)
	if b.current != unknown && b.known[b.current] != (span{}) {
		b.current = unknown
	}
	if b.current == unknown && b.fields == nil {
		return
	}
	if b.fields != nil {
		start := uint32(len(b.text))
		b.text = append(b.text, name...)
		*b.fields = append(*b.fields, fieldSpans{name: span{start, uint32(len(b.text))}})
	}
	if !b.v.Has(cpython.StripsUnfoldedValue) {
		for len(value) > 0 && isBlank(value[0]) {
			value = value[1:]
		}
	}
	b.start = uint32(len(b.text))
	b.text = append(b.text, value...)
	b.reading = true
}

// skipField is addLine for a field that nobody will ask for.
func (b *fieldBlock) skipField() {
	if b.reading {
		b.endField()
	}
	b.seen, b.fromLast = true, false
}

// endField is email._policybase.Compat32.header_source_parse: the lines of a value are joined as
// they are, line ends included. Only CR and LF are stripped at the end, blanks are not.
func (b *fieldBlock) endField() {
	if !b.reading {
		return
	}
	b.reading = false
	if b.v.Has(cpython.StripsUnfoldedValue) {
		for int(b.start) < len(b.text) && (isBlank(b.text[b.start]) || isNewline(b.text[b.start])) {
			b.start++
		}
	}
	value := span{b.start, b.start + uint32(len(trimNewlines(b.text[b.start:])))}
	b.text = b.text[:value.end]
	if b.current != unknown {
		b.known[b.current] = value
	}
	if b.fields != nil {
		(*b.fields)[len(*b.fields)-1].value = value
	}
}

// end ends the fields.
func (b *fieldBlock) end() {
	b.endField()
	b.ended = true
}

// value returns the value of a known field, nil if it is not there.
func (b *fieldBlock) value(k known) []byte {
	if b.known[k] == (span{}) {
		return nil
	}
	return b.known[k].of(b.text)
}
