package fsmap

import (
	"bytes"

	"simplehttp/cpython"
)

// A ResourceKind says what a request-target turned out to be.
type ResourceKind uint8

const (
	FileResource      ResourceKind = iota + 1 // an open file: File, Info, Path
	RedirectResource                          // 301: Location
	DirectoryResource                         // a directory without index page, to be listed: Path
	MissingResource                           // 404 "File not found"
	CrashResource                             // an exception that CPython does not catch: Crash
	BlocksResource                            // not known yet: Locate again where waiting is allowed
)

// A Resource is what [Locate] found. Its slices are valid until the Buffers are used again.
type Resource struct {
	Kind     ResourceKind
	Path     Path   // of the file, an index page perhaps, or of the directory
	File     File   // to be closed by the caller
	Info     Info   // os.fstat of File
	Location []byte // field value, Latin-1
	Crash    string // last line of the traceback, UTF-8
}

// A Lookup is what send_head knows before it asks the file system.
type Lookup struct {
	Version    cpython.Version
	Target     []byte   // the request-target, as translate_path had it
	Path       Path     // the result of translate_path
	IndexPages []string // names to try in a directory, in order
	MayWait    bool     // whether opening a FIFO or a device may wait
}

// Locate is SimpleHTTPRequestHandler.send_head up to the open file: the same questions to the
// file system in the same order. Only the type is guessed later, which asks nothing.
//
// Without RejectsTrailingSlashOnFile it is the system that refuses "file/", as no directory. All
// errors of stat and open come to the same 404: CPython does not tell a missing file from a
// forbidden one.
func Locate(fs FS, b *Buffers, l Lookup) Resource {
	v, path := l.Version, l.Path
	var info Info
	var err error
	if path.Bad == Good {
		info, err = fs.Stat(path.Name)
	} else if !v.Has(cpython.TreatsUnencodablePathAsNoDirectory) {
		return crash(b.statError(v, path)) // from os.path.isdir
	}
	isDir := path.Bad == Good && err == nil && info.Kind == Directory
	if isDir {
		u, crashed := cpython.Urlsplit(v, l.Target)
		if crashed != "" {
			return crash(string(cpython.AppendLatin1(nil, []byte(crashed))))
		}
		if !endsAsDirectory(v, u.Path) {
			return redirect(v, u)
		}
		var found bool
		if path, info, found = findIndex(fs, b, l); !found {
			return Resource{Kind: DirectoryResource, Path: l.Path}
		}
	}
	// Here CPython guesses the type.
	if v.Has(cpython.RejectsTrailingSlashOnFile) && endsInSlash(path.Text) {
		return Resource{Kind: MissingResource}
	}
	if path.Bad != Good {
		return crash(b.openError(path))
	}
	if err != nil {
		return Resource{Kind: MissingResource} // open() fails where stat() has failed
	}
	return open(fs, path, info, l.MayWait)
}

// open is open(path, 'rb') for a path that stat has seen. All its errors are 404.
func open(fs FS, path Path, seen Info, mayWait bool) Resource {
	if seen.Kind == Directory {
		return Resource{Kind: MissingResource} // IsADirectoryError, from an index page
	}
	if seen.Kind != Regular && !mayWait {
		return Resource{Kind: BlocksResource}
	}
	if h, ok := fs.(Holder); ok && !mayWait {
		if f, ok := h.Held(seen); ok {
			return Resource{Kind: FileResource, Path: path, File: f, Info: seen}
		}
	}
	f, info, err := fs.Open(path.Name, mayWait)
	if err == ErrBlocks {
		return Resource{Kind: BlocksResource} // it was a regular file a moment ago
	}
	if err != nil {
		return Resource{Kind: MissingResource}
	}
	return Resource{Kind: FileResource, Path: path, File: f, Info: info}
}

func crash(line string) Resource { return Resource{Kind: CrashResource, Crash: line} }

// endsAsDirectory reports whether the path component of the target ends in a slash, and so
// needs no redirect. Before CountsEncodedSlashAsSlash an encoded slash at the end of a directory
// is redirected, though translate_path may have taken it for one.
func endsAsDirectory(v cpython.Version, urlPath []byte) bool {
	if endsInSlash(urlPath) {
		return true
	}
	encoded := bytes.HasSuffix(urlPath, []byte("%2f")) || bytes.HasSuffix(urlPath, []byte("%2F"))
	return encoded && v.Has(cpython.CountsEncodedSlashAsSlash)
}

// redirect sends the browser to the same URL with a slash after its path. Without a host in
// the target the Location is relative, which RFC 9110, section 10.2.2 allows.
func redirect(v cpython.Version, u cpython.SplitURL) Resource {
	slashed := make([]byte, 0, len(u.Path)+1)
	slashed = append(slashed, u.Path...)
	u.Path = append(slashed, '/')
	return Resource{Kind: RedirectResource, Location: cpython.AppendUrlunsplit(nil, v, u)}
}

// findIndex looks for an index page in the directory l.Path. It wants a regular file, or with
// TakesAnyIndexEntry anything that exists. Both follow links.
func findIndex(fs FS, b *Buffers, l Lookup) (path Path, info Info, found bool) {
	anyEntry := l.Version.Has(cpython.TakesAnyIndexEntry)
	for _, name := range l.IndexPages {
		path = b.join(l.Path, name)
		info, err := fs.Stat(path.Name)
		if err == nil && (anyEntry || info.Kind == Regular) {
			return path, info, true
		}
	}
	return Path{}, Info{}, false
}

// join is os.path.join(dir, name) for a name without surrogates.
func (b *Buffers) join(dir Path, name string) Path {
	b.index = appendName(append(b.index[:0], dir.Text...), name)
	p := Path{Text: b.index, Name: b.index}
	if !bytes.Equal(dir.Text, dir.Name) {
		b.indexRaw = appendName(append(b.indexRaw[:0], dir.Name...), name)
		p.Name = b.indexRaw
	}
	return p
}

// appendName is os.path.join(dst, name): an absolute name takes the place of all before it.
func appendName(dst []byte, name string) []byte {
	switch {
	case len(name) > 0 && name[0] == '/':
		dst = dst[:0]
	case len(dst) > 0 && !endsInSlash(dst):
		dst = append(dst, '/')
	}
	return append(dst, name...)
}

// statError is the exception of os.stat for a path that the system cannot be given.
func (b *Buffers) statError(v cpython.Version, path Path) string {
	if v.Has(cpython.ReadsPathAsBytes) {
		return "TypeError: stat() argument 1 must be encoded string without null bytes, not str"
	}
	return b.openError(path)
}

// openError is the exception of open() for such a path. In 2.7 it never comes to that.
func (b *Buffers) openError(path Path) string {
	if path.Bad == HasNUL {
		return "ValueError: embedded null byte"
	}
	return b.Codec.EncodeError(path.Text, 0)
}
