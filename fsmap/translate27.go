package fsmap

import (
	"bytes"

	"simplehttp/cpython"
)

// This file is frozen: it is SimpleHTTPRequestHandler.translate_path of Python 2.7.18,
// SimpleHTTPServer.py:152, which will not change any more. Do not tidy it up together with
// translate.go.

// translatePath27 is translate_path of 2.7. The target, its unquoted form and the path are
// bytes throughout, so that raw and percent-encoded bytes come to the same, and every byte
// but NUL can be part of a name.
func translatePath27(v cpython.Version, base, target []byte, b *Buffers) Path {
	// Abandon query parameters.
	target = cutQueryAndFragment(target)
	// Don't forget the explicit trailing slash when normalizing.
	trailingSlash := endsInSlash(trimRightSpace(v, target))
	b.urlPath, _ = cpython.AppendUnquote(b.urlPath[:0], v, target)
	b.normPath = cpython.AppendNormpath(b.normPath[:0], b.urlPath)
	b.text = append(b.text[:0], base...)
	b.text = appendWords(b.text, b.normPath)
	if trailingSlash {
		b.text = append(b.text, '/')
	}
	p := Path{Text: b.text, Name: b.text}
	if bytes.IndexByte(b.text, 0) >= 0 {
		p.Bad = HasNUL
	}
	return p
}
