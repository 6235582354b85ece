package reqparse

import (
	"bytes"
	"slices"
	"sort"

	"simplehttp/cpython"
)

// contentKind is what a Content-Type means to the parser of message bodies.
type contentKind uint8

const (
	kindLeaf contentKind = iota // neither of the others: the body is not looked into
	kindMessage
	kindDeliveryStatus
	kindMultipart
	kindDigest
)

// kindOf is email.message.Message.get_content_type.
//
//	media-type = type "/" subtype parameters   ; RFC 9110, 8.3.1
//
// CPython strips blanks around the whole, and wants exactly one slash.
func kindOf(value []byte) contentKind {
	mediaType, _, _ := bytes.Cut(value, []byte(";"))
	mediaType = strip(mediaType)
	mainType, subtype, ok := bytes.Cut(mediaType, []byte("/"))
	switch {
	case !ok || bytes.IndexByte(subtype, '/') >= 0:
		return kindLeaf
	case equalFold(mediaType, "message/delivery-status"):
		return kindDeliveryStatus
	case equalFold(mainType, "message"):
		return kindMessage
	case equalFold(mediaType, "multipart/digest"):
		return kindDigest
	case equalFold(mainType, "multipart"):
		return kindMultipart
	}
	return kindLeaf
}

// getBoundary is email.message.Message.get_boundary: get_param('boundary') with decode_params,
// and collapse_rfc2231_value. It returns ok false for None. crash is the last line of the
// traceback if there is an exception; any parameter can have one, not only the boundary.
func getBoundary(v cpython.Version, contentType []byte) (boundary []byte, ok bool, crash string) {
	d := decoder{v: v, text: slices.Clone(contentType)}
	if crash = d.decodeParams(); crash != "" {
		return nil, false, crash
	}
	switch {
	case d.plain != nil:
		boundary = unquote(unquote(enclose(quote(d.plain))))
	case len(d.parts) > 0:
		if boundary, crash = d.joinParts(); crash != "" {
			return nil, false, crash
		}
	default:
		return nil, false, ""
	}
	return rstrip(boundary), true, ""
}

// decoder is email.utils.decode_params at work on one Content-Type.
type decoder struct {
	v     cpython.Version
	text  []byte // the value; the names in it are put in lower case
	plain []byte // value of the first boundary=
	parts []part // boundary*=, boundary*0=, boundary*1*= and so on
	names []continuedName
}

// A part is one section of a continued parameter.
//
//	attribute = attribute-name [ "*" section ] [ "*" ]   ; RFC 2231, 7, roughly
type part struct {
	name    []byte
	number  []byte // digits; nil for boundary*=
	value   []byte
	encoded bool // percent-encoded, with charset and language in front
}

// A continuedName is the name of any continued parameter, as a span of decoder.text.
type continuedName struct {
	name     span
	numbered bool
}

// decodeParams looks at all parameters but the first, which is the media type.
func (d *decoder) decodeParams() (crash string) {
	rest := d.text[parameterEnd(d.text):]
	for len(rest) > 0 && crash == "" {
		rest = rest[1:] // the semicolon
		end := parameterEnd(rest)
		crash = d.decodeParam(rest[:end])
		rest = rest[end:]
	}
	if crash == "" && d.v.Has(cpython.CrashesOnMixedBoundaryParts) {
		crash = d.checkMixture()
	}
	return crash
}

// parameterEnd is the search of email.message._parseparam: the first semicolon before which the
// number of quotes is even. A quote after a backslash does not count.
func parameterEnd(s []byte) int {
	quoted := false
	for i, c := range s {
		switch {
		case c == '"' && (i == 0 || s[i-1] != '\\'):
			quoted = !quoted
		case c == ';' && !quoted:
			return i
		}
	}
	return len(s)
}

// decodeParam takes one parameter.
func (d *decoder) decodeParam(param []byte) (crash string) {
	name, value, ok := bytes.Cut(param, []byte("="))
	name = strip(name)
	if ok { // the name of a "bare attribute" keeps its case
		for i, c := range name {
			name[i] = lowerASCII(c)
		}
	}
	value = unquote(strip(value))
	p, ok := splitContinuation(name)
	if !ok {
		if d.plain == nil && equalFold(name, "boundary") {
			d.plain = append([]byte{}, value...)
		}
		return ""
	}
	if p.number != nil {
		if _, ok := cpython.ParseInt(d.v, p.number); !ok {
			return tooManyDigits(d.v, len(p.number))
		}
	}
	d.names = append(d.names, continuedName{d.spanOf(p.name), p.number != nil})
	if equalFold(p.name, "boundary") && (len(d.parts) == 0 || bytes.Equal(p.name, d.parts[0].name)) {
		p.value = value
		d.parts = append(d.parts, p)
	}
	return ""
}

// spanOf returns where in d.text a slice of it is.
func (d *decoder) spanOf(s []byte) span {
	start := uint32(cap(d.text) - cap(s))
	return span{start, start + uint32(len(s))}
}

// splitContinuation matches rfc2231_continuation, ^(\w+)\*(([0-9]+)\*?)?$, against a name.
func splitContinuation(name []byte) (p part, ok bool) {
	star := bytes.IndexByte(name, '*')
	if star <= 0 || !all(name[:star], isWordByte) {
		return part{}, false
	}
	p.name = name[:star]
	section := name[star+1:]
	if len(section) == 0 {
		p.encoded = true
		return p, true
	}
	section, p.encoded = bytes.CutSuffix(section, []byte("*"))
	p.number = section
	return p, len(section) > 0 && all(section, isDigit)
}

func all(s []byte, is func(byte) bool) bool {
	for _, c := range s {
		if !is(c) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordByte(c byte) bool {
	return isDigit(c) || c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// checkMixture is continuations.sort(), as far as it raises TypeError: for a name that has
// sections with a number and without. The first one that differs from those before it is compared
// with one of them.
func (d *decoder) checkMixture() (crash string) {
	sortStable(len(d.names), func(i, j int) bool {
		return bytes.Compare(d.names[i].name.of(d.text), d.names[j].name.of(d.text)) < 0
	}, func(i, j int) { d.names[i], d.names[j] = d.names[j], d.names[i] })
	for i := 1; i < len(d.names); i++ {
		a, b := d.names[i-1], d.names[i]
		if a.numbered == b.numbered || !bytes.Equal(a.name.of(d.text), b.name.of(d.text)) {
			continue
		}
		if b.numbered {
			return "TypeError: '<' not supported between instances of 'int' and 'NoneType'"
		}
		return "TypeError: '<' not supported between instances of 'NoneType' and 'int'"
	}
	return ""
}

// joinParts is the second half of decode_params, for the boundary, with _unquotevalue and
// collapse_rfc2231_value.
func (d *decoder) joinParts() (boundary []byte, crash string) {
	extended := false
	var value []byte
	for _, p := range d.sortParts() {
		if p.encoded {
			extended = true
			p.value = percentDecode(p.value)
		}
		value = append(value, p.value...)
	}
	value = quote(value)
	if !extended {
		return unquote(unquote(enclose(value))), ""
	}
	charset, text := splitCharset(value)
	return decodeText(d.v, charset, unquote(enclose(text)))
}

// sortParts sorts the sections by number. Where they cannot be mixed, one without a number counts
// as 0, and is dropped if there is a 0.
func (d *decoder) sortParts() []part {
	less := d.lessNumber
	if d.v.Has(cpython.CrashesOnMixedBoundaryParts) {
		less = d.lessPart
	} else if slices.ContainsFunc(d.parts, func(p part) bool { return p.number != nil && isZero(p.number) }) {
		d.parts = slices.DeleteFunc(d.parts, func(p part) bool { return p.number == nil })
	}
	sortStable(len(d.parts), less, func(i, j int) { d.parts[i], d.parts[j] = d.parts[j], d.parts[i] })
	return d.parts
}

func (d *decoder) lessNumber(i, j int) bool {
	return compareDigits(d.parts[i].number, d.parts[j].number) < 0
}

// lessPart compares two sections as the tuples (number, value, encoded).
func (d *decoder) lessPart(i, j int) bool {
	a, b := d.parts[i], d.parts[j]
	if c := compareDigits(a.number, b.number); c != 0 {
		return c < 0
	}
	if c := bytes.Compare(a.value, b.value); c != 0 {
		return c < 0
	}
	return !a.encoded && b.encoded
}

// A sorter is what package sort wants. The generic functions of package slices would do as well,
// and add 40 kB to the binary, for what hardly any request comes to.
type sorter struct {
	n    int
	less func(i, j int) bool
	swap func(i, j int)
}

func (s *sorter) Len() int           { return s.n }
func (s *sorter) Less(i, j int) bool { return s.less(i, j) }
func (s *sorter) Swap(i, j int)      { s.swap(i, j) }

func sortStable(n int, less func(i, j int) bool, swap func(i, j int)) {
	sort.Stable(&sorter{n, less, swap})
}

func isZero(digits []byte) bool { return len(trimZeros(digits)) == 0 }

func trimZeros(digits []byte) []byte { return bytes.TrimLeft(digits, "0") }

// compareDigits compares two numbers of any length.
func compareDigits(a, b []byte) int {
	a, b = trimZeros(a), trimZeros(b)
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return bytes.Compare(a, b)
}

// splitCharset is email.utils.decode_rfc2231.
//
//	extended-value = [charset] "'" [language] "'" extended-other-values   ; RFC 2231, 7
//
// Without two ticks the charset is None, nil here.
func splitCharset(value []byte) (charset, text []byte) {
	charset, rest, ok := bytes.Cut(value, []byte("'"))
	_, text, ok2 := bytes.Cut(rest, []byte("'"))
	if !ok || !ok2 {
		return nil, value
	}
	return charset, text
}
