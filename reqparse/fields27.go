package reqparse

// This file reads the fields of a request as 2.7.18 does: rfc822.Message.readheaders, which
// mimetools.Message, the handler's MessageClass, inherits. It shares nothing with the reader of
// 3.x, and is to stay as it is.

import "bytes"

// dict27 is rfc822.Message.dict for the fields that matter, and the variables of readheaders.
// The values have room of their own, since a later field of the same name replaces an earlier
// one, any number of times.
type dict27 struct {
	values     [numKnown][]byte
	has        [numKnown]bool
	current    known // the field that continuation lines belong to
	headerseen bool  // there is a name that is not empty, so that a continuation line may follow
	started    bool  // a line was read that was not skipped: firstline is 0
}

// reset empties d, and keeps its room.
func (d *dict27) reset() {
	for k, has := range d.has {
		if has {
			d.values[k] = reuse(d.values[k])
		}
	}
	d.has = [numKnown]bool{}
	d.current, d.headerseen, d.started = 0, false, false
}

func (d *dict27) value(k known) []byte {
	if !d.has[k] {
		return nil
	}
	return d.values[k]
}

// 2.7 has no limits of its own. These are how many fields, and how much of them, are kept for
// Options.AllFields.
const (
	maxFields27 = 1000
	maxText27   = maxHeaders * maxLine
)

// feedFields27 reads the lines of b. readline has no limit here, so a line may go on for ever; see
// stash27.
func (p *Parser) feedFields27(b []byte) (n int) {
	d := &p.uncommon().dict
	for p.state == NeedMore && n < len(b) {
		line := b[n:]
		end := bytes.IndexByte(line, '\n') + 1
		if end == 0 {
			p.stash27(line)
			return len(b)
		}
		line = line[:end]
		n += end
		if len(p.partial) > 0 {
			p.stash27(line)
			line = p.partial
		}
		p.readheaders27(d, line)
		p.partial = p.partial[:0]
	}
	return n
}

// readheaders27 is one turn of the loop in rfc822.Message.readheaders.
func (p *Parser) readheaders27(d *dict27, line []byte) {
	if !d.started && line[0] == 'F' && bytes.HasPrefix(line, []byte("From ")) {
		return // any number of them
	}
	d.started = true
	if d.headerseen && isBlank(line[0]) {
		p.continue27(line)
		return
	}
	if isLastLine(line) {
		p.endFields()
		return
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		// "Non-header line where header expected". There is no way to put it back.
		p.endFields()
		return
	}
	d.headerseen = colon > 0
	switch {
	case colon == 0: // an empty name is dropped: "a benign mistake"
	case mayMatter[line[0]] || p.opts.AllFields:
		p.set27(line[:colon], line[colon+1:])
	default:
		d.current = unknown
	}
}

// set27 sets a field. The name may hold any byte but the colon; lookups know it in lower case.
func (p *Parser) set27(name, value []byte) {
	d := &p.rare.dict
	d.current = lookup(name)
	if d.current == unknown && !p.opts.AllFields {
		return
	}
	value = strip27(value)
	if d.current != unknown {
		d.values[d.current] = append(d.values[d.current][:0], value...)
		if d.values[d.current] == nil {
			d.values[d.current] = []byte{}
		}
		d.has[d.current] = true
	}
	b := &p.block
	if !p.opts.AllFields || len(p.rare.fields) == maxFields27 || len(b.text) > maxText27 {
		return
	}
	start := uint32(len(b.text))
	for _, c := range name {
		b.text = append(b.text, lowerASCII(c))
	}
	middle := uint32(len(b.text))
	b.text = append(b.text, value...)
	spans := fieldSpans{span{start, middle}, span{middle, uint32(len(b.text))}}
	p.rare.fields = append(p.rare.fields, spans)
}

// continue27 puts a continuation line behind the value, with "\n " between them. The whole is
// stripped again, which leaves nothing of an empty one.
func (p *Parser) continue27(line []byte) {
	d := &p.rare.dict
	line = strip27(line)
	if len(line) == 0 {
		return
	}
	if d.current != unknown {
		d.values[d.current] = unfold27(d.values[d.current], 0, line)
	}
	if n := len(p.rare.fields); n > 0 && n < maxFields27 && len(p.block.text) <= maxText27 {
		value := &p.rare.fields[n-1].value
		p.block.text = unfold27(p.block.text, int(value.start), line)
		value.end = uint32(len(p.block.text))
	}
}

// unfold27 puts line behind the value that text holds from start on. A value that is longer than
// any line of 3.x is not made longer still, since only its being long matters.
func unfold27(text []byte, start int, line []byte) []byte {
	if len(text)-start > maxLine {
		return text
	}
	if len(text) > start {
		text = append(text, "\n "...)
	}
	return append(text, line...)
}

// stash27 puts a part of a line into p.partial, in bounded memory: whenever there is too much,
// it is made shorter in a way that changes nothing for readheaders27.
func (p *Parser) stash27(part []byte) {
	for len(part) > 0 {
		n := min(len(part), 2*maxLine-len(p.partial))
		p.partial = append(p.partial, part[:n]...)
		part = part[n:]
		if len(p.partial) == 2*maxLine {
			p.shorten27()
		}
	}
}

// shorten27 makes a line of twice maxLine bytes shorter, at least by half. The beginning stays,
// and so does a colon, which make the line what it is. Blanks before the value go away, since
// they are stripped; those at the end, which may turn out to be in the middle, become one. A
// long name or value is cut: there is no field with such a name that matters, nor such a value.
func (p *Parser) shorten27() {
	line := p.partial
	name := 0
	if !(p.rare != nil && p.rare.dict.headerseen && isBlank(line[0])) {
		name = bytes.IndexByte(line, ':') + 1
		if name == 0 {
			p.partial = line[:maxLine]
			return
		}
	}
	head, value := line[:name], line[name:]
	if len(head) > maxLine/2 {
		head = append(head[:maxLine/2-1], ':')
	}
	if name == 0 {
		head, value = line[:1], line[1:] // the blank that makes it a continuation line
	}
	blanks := len(value) > 0 && asciiSpace[value[len(value)-1]]
	value = strip27(value)
	if len(value) > maxLine/4 {
		value[maxLine/4-1] = value[len(value)-1] // not a blank, so that the length survives strip27
		value = value[:maxLine/4]
	}
	line = append(head, value...)
	if blanks && len(value) > 0 {
		line = append(line, ' ')
	}
	p.partial = line
}

// strip27 is strip() of 2.7, in the C locale.
func strip27(s []byte) []byte {
	for len(s) > 0 && asciiSpace[s[0]] {
		s = s[1:]
	}
	for len(s) > 0 && asciiSpace[s[len(s)-1]] {
		s = s[:len(s)-1]
	}
	return s
}

// isBlank reports whether a line that begins with c is a continuation line.
func isBlank(c byte) bool { return c == ' ' || c == '\t' }
