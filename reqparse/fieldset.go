package reqparse

import (
	"iter"

	"simplehttp/cpython"
)

// A Field is one field line with its continuation lines. In 3.x the line ends between them are
// part of the value, as the client sent them; in 2.7 each is a LF and a blank. In 2.7 the name is in
// lower case.
type Field struct{ Name, Value []byte }

// Fields are the fields of a request: the attribute headers of the handler.
type Fields struct {
	parser *Parser // has those that matter; nil if there are none
	all    []Field // with Options.AllFields
}

// Get returns the value of the field with that name in any case: of the first one in 3.x, of the
// last one in 2.7. Without Options.AllFields it knows Connection, Expect, If-Modified-Since,
// If-None-Match and Content-Type.
func (f *Fields) Get(name string) (value []byte, ok bool) {
	if f.parser == nil {
		return nil, false
	}
	if k := lookup(name); k != unknown {
		value = f.parser.value(k)
		return value, value != nil
	}
	lastWins := f.parser.opts.Version.Has(cpython.ReadsFieldsWithRFC822)
	for _, field := range f.all {
		if equalNames(field.Name, name) {
			value, ok = field.Value, true
			if !lastWins {
				break
			}
		}
	}
	return value, ok
}

// All returns the fields as they came, duplicates included, with Options.AllFields.
func (f *Fields) All() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, field := range f.all {
			if !yield(field) {
				return
			}
		}
	}
}

func equalNames(a []byte, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if lowerASCII(a[i]) != lowerASCII(b[i]) {
			return false
		}
	}
	return true
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// value returns the value of a known field, nil if it is not there.
func (p *Parser) value(k known) []byte {
	if p.step != stepFields27 {
		return p.block.value(k)
	}
	if p.rare == nil {
		return nil
	}
	return p.rare.dict.value(k)
}

func (p *Parser) fillFields(f *Fields) {
	f.parser, f.all = p, nil
	if p.rare == nil {
		return
	}
	for _, spans := range p.rare.fields {
		f.all = append(f.all, Field{spans.name.of(p.block.text), spans.value.of(p.block.text)})
	}
}
