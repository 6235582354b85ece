package fsmap

import (
	"bytes"

	"simplehttp/cpython"
)

// A Path is what translate_path returns.
type Path struct {
	// Text is the path as Python's str: generalized UTF-8. In 2.7, bytes.
	Text []byte
	// Name is the path as the system gets it, os.fsencode(Text). If Bad is HasSurrogate, there
	// is none.
	Name []byte
	// Bad says why the path cannot be given to the system.
	Bad BadPath
}

// A BadPath says what is wrong with a Path. CPython encodes before it looks for NUL, so that
// HasSurrogate comes first where both are true.
type BadPath uint8

const (
	Good         BadPath = iota
	HasNUL               // the system's paths end at a NUL
	HasSurrogate         // a lone surrogate that stands for no byte; with ASCII, any character that is not
)

// Buffers are the memory that paths are built in, to be used again for the next request of a
// connection. Path and Resource values point into them. The zero value is ready.
type Buffers struct {
	// Codec is sys.getfilesystemencoding(). The zero value is UTF-8. 2.7 does not ask for it.
	Codec cpython.Codec

	urlPath  []byte // target without query and fragment, unquoted
	normPath []byte // after normpath
	text     []byte // Path.Text
	name     []byte // Path.Name, where it is not the same bytes as Text
	index    []byte // text of an index page
	indexRaw []byte // name of an index page, where it is not the same bytes
}

// TranslatePath is SimpleHTTPRequestHandler.translate_path: the file system path, below base,
// that a request-target means. It does not ask the file system: ".." takes away the part
// before it even if that is a link or does not exist, and none ever leads above base.
//
//	origin-form = absolute-path [ "?" query ]                      ; RFC 9112, section 3.2.1
//
// CPython takes any word for a target. It cuts fragments off, too, and forgets the scheme
// and authority of an absolute-form only as far as normpath does: the target http://h/x is the
// path http:/h/x below base.
//
// base is what -d or os.getcwd() gave, in the system's bytes; it is neither checked nor
// normalized, and may be empty, relative, or end in a slash.
func TranslatePath(v cpython.Version, base, target []byte, b *Buffers) Path {
	if v.Has(cpython.ReadsPathAsBytes) {
		return translatePath27(v, base, target, b)
	}
	// Abandon query parameters.
	target = cutQueryAndFragment(target)
	// Don't forget the explicit trailing slash when normalizing. Taken before decoding, the slash
	// of %2f is none.
	trailingSlash := endsInSlash(trimRightSpace(v, target))
	b.urlPath, _ = cpython.AppendUnquote(b.urlPath[:0], v, target)
	if v.Has(cpython.TakesTrailingSlashDecoded) {
		trailingSlash = endsInSlash(b.urlPath)
	}
	b.normPath = cpython.AppendNormpath(b.normPath[:0], b.urlPath)
	b.text = b.Codec.AppendDecode(b.text[:0], base)
	b.text = appendWords(b.text, b.normPath)
	if trailingSlash {
		b.text = append(b.text, '/')
	}
	return b.encode()
}

// cutQueryAndFragment cuts target at its first "?" or "#", whichever comes first.
func cutQueryAndFragment(target []byte) []byte {
	for i, c := range target {
		if c == '?' || c == '#' {
			return target[:i]
		}
	}
	return target
}

// trimRightSpace is str.rstrip(). The words of a request-line hold no blanks, but a target that
// was set by other means may.
func trimRightSpace(v cpython.Version, s []byte) []byte {
	for len(s) > 0 && cpython.IsSpace(v, s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func endsInSlash(path []byte) bool { return len(path) > 0 && path[len(path)-1] == '/' }

// appendWords joins the parts of a normalized path to dst. The parts ".." that normpath leaves
// in front of a relative path are ignored here, and with them all that leads out of base.
func appendWords(dst, normPath []byte) []byte {
	for rest, more := normPath, true; more; {
		var word []byte
		word, rest, more = bytes.Cut(rest, []byte{'/'})
		if len(word) == 0 || string(word) == "." || string(word) == ".." || hasDirname(word) {
			continue
		}
		dst = appendJoin(dst, word)
	}
	return dst
}

// appendJoin is os.path.join(dst, word) for a word without a slash.
func appendJoin(dst, word []byte) []byte {
	if len(dst) > 0 && !endsInSlash(dst) {
		dst = append(dst, '/')
	}
	return append(dst, word...)
}

// encode makes a Path of b.text. Most paths have no surrogates, and then Text and Name are the
// same bytes.
func (b *Buffers) encode() Path {
	p := Path{Text: b.text, Name: b.text}
	// In UTF-8, 0xED is the first byte of every surrogate.
	if b.Codec != cpython.UTF8Codec || bytes.IndexByte(b.text, 0xED) >= 0 {
		var ok bool
		b.name, ok = b.Codec.AppendEncode(b.name[:0], b.text)
		if !ok {
			return Path{Text: b.text, Bad: HasSurrogate}
		}
		p.Name = b.name
	}
	if bytes.IndexByte(p.Name, 0) >= 0 {
		p.Bad = HasNUL
	}
	return p
}
