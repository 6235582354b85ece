package mime

import (
	"errors"
	"maps"

	"simplehttp/cpython"
)

// KnownFiles are the mime.types files of the system, in the order in which they are read;
// each overrides those before it. mimetypes.knownfiles, the same in all releases, with the
// one name that stands there twice.
var KnownFiles = []string{
	"/etc/mime.types",
	"/etc/httpd/mime.types",
	"/etc/httpd/conf/mime.types",
	"/etc/apache/mime.types",
	"/etc/apache2/mime.types",
	"/usr/local/etc/httpd/conf/mime.types",
	"/usr/local/lib/netscape/mime.types",
	"/usr/local/etc/httpd/conf/mime.types",
	"/usr/local/etc/mime.types",
}

// An entry gives the files with this extension a media type, in these releases.
type entry struct {
	ext       string
	mediaType string
	releases  cpython.Set
}

// DefaultContentType is what goes out where nothing else is known: extensions_map[”] up to
// 3.8, a literal in guess_type from 3.9 on, default_content_type in 3.15.
const DefaultContentType = "application/octet-stream"

// handlerTypes are the entries that the handler class itself puts into extensions_map. Up to
// 3.8 they come on top of mimetypes.types_map, system files included; from 3.9 on they are
// all of it.
var handlerTypes = []entry{
	{"", DefaultContentType, cpython.Until(cpython.V3_8)},
	{".py", "text/plain", cpython.Until(cpython.V3_8)},
	{".c", "text/plain", cpython.Until(cpython.V3_8)},
	{".h", "text/plain", cpython.Until(cpython.V3_8)},
	{".gz", "application/gzip", cpython.From(cpython.V3_9)},
	{".Z", "application/octet-stream", cpython.From(cpython.V3_9)},
	{".bz2", "application/x-bzip2", cpython.From(cpython.V3_9)},
	{".xz", "application/x-xz", cpython.From(cpython.V3_9)},
}

// A Table is what one release knows about extensions. It is read-only once made, and safe
// for use by any number of connections.
type Table struct {
	version cpython.Version
	// class is SimpleHTTPRequestHandler.extensions_map.
	class map[string]string
	// types is mimetypes.types_map. Releases without GuessesByMimetypes never ask it.
	types map[string]string
	// crash is the last line of the traceback with which mimetypes.init() ends, each time.
	crash string
}

// New makes the table of a release. files are the contents of those of KnownFiles that
// exist, in their order; nil stands for a system without any.
//
// A file that is not UTF-8 is an error for 3.6 to 3.8, which read the files when the module
// is imported: the server does not start. 3.9 and later read them at the first request that
// needs them, and fail then, and at each later one: Guess says Crashed. 2.7 reads bytes.
func New(v cpython.Version, files [][]byte) (*Table, error) {
	types, crash := typesMap(v, files)
	t := &Table{version: v, types: types, crash: crash}
	if v.Has(cpython.GuessesByMimetypes) {
		t.class = map[string]string{}
	} else if crash != "" {
		return nil, errors.New(crash)
	} else {
		t.class = types
	}
	addTypes(t.class, v, handlerTypes)
	return t, nil
}

// ExtensionsMap returns the class attribute extensions_map of a release on a system without
// mime.types files, for the caller to keep and change.
func ExtensionsMap(v cpython.Version) map[string]string {
	t, err := New(v, nil)
	if err != nil {
		panic(err) // only a file can be wrong
	}
	return t.ExtensionsMap()
}

// ExtensionsMap returns a copy of the class attribute extensions_map. Up to 3.8 it holds
// what the system's files say.
func (t *Table) ExtensionsMap() map[string]string { return maps.Clone(t.class) }

// typesMap is mimetypes.init(): it returns types_map, or the last line of its traceback.
func typesMap(v cpython.Version, files [][]byte) (types map[string]string, crash string) {
	types = map[string]string{}
	addTypes(types, v, defaults)
	for _, text := range files {
		// CPython decodes 8192 bytes at a time and counts positions from there; here they
		// are counted from the start of the file.
		if crash := cpython.DecodeError(v, text); crash != "" {
			return nil, crash
		}
		readfp(types, v, text)
	}
	return types, ""
}

func addTypes(m map[string]string, v cpython.Version, entries []entry) {
	for _, e := range entries {
		if e.releases.Contains(v) {
			m[e.ext] = e.mediaType
		}
	}
}

// readfp is mimetypes.MimeTypes.readfp:
//
//	line = [ type *( 1*blank extension ) ] [ "#" comment ]
//
// where "#" begins a comment at the start of a word only, and an extension has no period.
func readfp(types map[string]string, v cpython.Version, text []byte) {
	for len(text) > 0 {
		var line []byte
		line, text = cpython.Readline(v, text)
		words := cpython.Split(v, line)
		for i, word := range words {
			if word[0] == '#' {
				words = words[:i]
				break
			}
		}
		if len(words) == 0 {
			continue
		}
		mediaType := string(words[0])
		for _, suffix := range words[1:] {
			types["."+string(suffix)] = mediaType
		}
	}
}
