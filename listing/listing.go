package listing

import (
	"bytes"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// An Entry is a name in a directory, as the system spells it.
type Entry = cpython.DirEntry

// A Page says what a listing is of.
type Page struct {
	Version cpython.Version
	// Target is the request-target, Latin-1 (2.7: bytes): self.path.
	Target []byte
	// FSPath is the path of the directory as text, in generalized UTF-8. Only releases with
	// ShowsFilePathInTitle look at it.
	FSPath []byte
	// Encoding is sys.getfilesystemencoding(): "utf-8" or "ascii". The page is written in it
	// and says so; in 2.7 it does neither, and only Content-type has it.
	Encoding string
}

// A layout is the text of a page. Of the words with a dollar sign, $charset, $displaypath,
// $linkname and $displayname are values, and $entries stands for one entry after the other.
type layout struct {
	releases cpython.Set
	page     string
	entry    string
}

// layouts are the pages of list_directory in SimpleHTTPServer.py and http/server.py.
var layouts = []layout{
	{cpython.Only(cpython.V2_7), `<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html>
<title>Directory listing for $displaypath</title>
<body>
<h2>Directory listing for $displaypath</h2>
<hr>
<ul>
$entries</ul>
<hr>
</body>
</html>
`, `<li><a href="$linkname">$displayname</a>
`},
	{cpython.Between(cpython.V3_6, cpython.V3_10), `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=$charset">
<title>Directory listing for $displaypath</title>
</head>
<body>
<h1>Directory listing for $displaypath</h1>
<hr>
<ul>
$entries</ul>
<hr>
</body>
</html>
`, entry3},
	{cpython.Between(cpython.V3_11, cpython.V3_13), `<!DOCTYPE HTML>
<html lang="en">
<head>
<meta charset="$charset">
<title>Directory listing for $displaypath</title>
</head>
<body>
<h1>Directory listing for $displaypath</h1>
<hr>
<ul>
$entries</ul>
<hr>
</body>
</html>
`, entry3},
	{cpython.From(cpython.V3_14), `<!DOCTYPE HTML>
<html lang="en">
<head>
<meta charset="$charset">
<style type="text/css">
:root {
color-scheme: light dark;
}
</style>
<title>Directory listing for $displaypath</title>
</head>
<body>
<h1>Directory listing for $displaypath</h1>
<hr>
<ul>
$entries</ul>
<hr>
</body>
</html>
`, entry3},
}

// entry3 is one entry in all releases of 3.x.
const entry3 = `<li><a href="$linkname">$displayname</a></li>
`

func layoutOf(v cpython.Version) layout {
	for _, l := range layouts {
		if l.releases.Contains(v) {
			return l
		}
	}
	panic("no layout for release " + v.String())
}

// Append is SimpleHTTPRequestHandler.list_directory without the reading of the directory:
// it appends the page to dst, the entries in the order in which the release sorts them.
//
// crash is empty, or the last line of the traceback with which CPython ends in place of a
// page: the path in the title has a character that Encoding has no bytes for. Names of
// entries cannot be the cause, because they are decoded as they are encoded.
func (p *Page) Append(dst []byte, entries []Entry) (out []byte, crash string) {
	start := len(dst)
	codec := cpython.FileSystemCodec(p.Version, p.Encoding)
	title := cpython.AppendEscape(nil, p.displaypath())
	displaypath, ok := codec.AppendEncode(nil, title)
	text := layoutOf(p.Version)
	for rest := text.page; rest != ""; {
		literal, value, after := nextValue(rest)
		dst = append(dst, literal...)
		switch value {
		case "$charset":
			dst = append(dst, p.Encoding...)
		case "$displaypath":
			if !ok { // all text in front of it is ASCII
				return dst[:start], codec.EncodeError(title, len(dst)-start)
			}
			dst = append(dst, displaypath...)
		case "$entries":
			dst = p.appendEntries(dst, text.entry, codec, entries)
		}
		rest = after
	}
	return dst, ""
}

// nextValue cuts a layout around its first word with a dollar sign.
func nextValue(text string) (literal, value, after string) {
	i := strings.IndexByte(text, '$')
	if i < 0 {
		return text, "", ""
	}
	end := i + 1
	for end < len(text) && 'a' <= text[end] && text[end] <= 'z' {
		end++
	}
	return text[:i], text[i:end], text[end:]
}

// displaypath is what the title says the listing is of, before escaping: the target,
// percent-decoded. The query has no part in it from 3.14 on. A target whose escapes are not
// UTF-8 is decoded again with replacements, but 3.6 and 3.7 decode another text then: the
// path in the file system.
func (p *Page) displaypath() []byte {
	target := p.Target
	if !p.Version.Has(cpython.ShowsQueryInTitle) {
		target, _, _ = bytes.Cut(target, []byte{'#'})
		target, _, _ = bytes.Cut(target, []byte{'?'})
	}
	text, strict := cpython.AppendUnquote(nil, p.Version, target)
	if !strict && p.Version.Has(cpython.ShowsFilePathInTitle) {
		return cpython.AppendUnquoteText(nil, p.FSPath)
	}
	return text
}

// roomForNames is how many bytes the two names of an entry have, more or less.
const roomForNames = 24

// appendEntries appends one line for each entry. layout is cut into pieces once, for there
// can be very many entries.
func (p *Page) appendEntries(dst []byte, layout string, codec cpython.Codec, entries []Entry) []byte {
	beforeLink, _, rest := nextValue(layout)
	beforeName, _, afterName := nextValue(rest)
	s := sorters.Get().(*sorter)
	defer s.release()
	dst = slices.Grow(dst, len(entries)*(len(layout)+roomForNames))
	name, text := s.name, s.text
	for _, key := range s.order(p.Version, codec, entries) {
		e := &entries[key.index]
		name = append(name[:0], e.Name...)
		text = codec.AppendDecode(text[:0], name)
		if e.IsDir {
			text = append(text, '/')
		}
		dst = append(dst, beforeLink...)
		dst = cpython.AppendQuote(dst, p.Version, text)
		dst = append(dst, beforeName...)
		dst = cpython.AppendEscape(dst, name) // encoding undoes decoding: these are its bytes
		dst = append(dst, mark(e)...)
		dst = append(dst, afterName...)
	}
	return dst
}

// mark returns what is shown after the name of an entry. A link to a directory is shown as a
// link, with @, but links as a directory, with a slash.
func mark(e *Entry) string {
	switch {
	case e.IsLink:
		return "@"
	case e.IsDir:
		return "/"
	}
	return ""
}
