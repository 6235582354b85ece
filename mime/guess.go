package mime

import (
	"bytes"

	"simplehttp/cpython"
)

// A Result says how a guess came out.
type Result uint8

const (
	// Found: some table has the extension.
	Found Result = iota
	// Unknown: none has, and the type is DefaultContentType. In 3.15 this is where the
	// class attribute default_content_type goes out, which --content-type sets.
	Unknown
	// Crashed: CPython raises an exception, and in place of the type there is the last line
	// of its traceback.
	Crashed
)

// Guess is SimpleHTTPRequestHandler.guess_type. path is the path of the file as text, in
// generalized UTF-8 (2.7: bytes); extensionsMap is the handler's extensions_map, and nil
// stands for the unchanged class attribute. The media type, too, is text: a mime.types file
// may give it characters that are not Latin-1 and cannot be sent.
//
// For names whose extension is not extraordinarily long nothing is allocated.
func (t *Table) Guess(path []byte, extensionsMap map[string]string) (mediaType string, result Result) {
	if extensionsMap == nil {
		extensionsMap = t.class
	}
	_, ext := cpython.Splitext(path)
	if mediaType, ok := extensionsMap[string(ext)]; ok {
		return mediaType, Found
	}
	var buf [maxExt]byte
	lower := cpython.AppendLower(buf[:0], t.version, ext)
	if mediaType, ok := extensionsMap[string(lower)]; ok {
		return mediaType, Found
	}
	if t.version.Has(cpython.GuessesByMimetypes) {
		return t.guessType(path)
	}
	if mediaType, ok := extensionsMap[""]; ok {
		return mediaType, Found
	}
	return "KeyError: ''", Crashed
}

// maxExt is how long an extension in lower case may be before it needs memory of its own.
const maxExt = 64

// guessType is mimetypes.guess_type(path), or guess_file_type from 3.13 on, and what
// Guess does with its answer.
func (t *Table) guessType(path []byte) (mediaType string, result Result) {
	if t.crash != "" {
		return t.crash, Crashed
	}
	if t.version.Has(cpython.SplitsTypePathAsURL) {
		scheme, url := splittype(path)
		if isData(scheme) {
			return guessDataURL(url)
		}
		path = url
	}
	return t.guessFileType(path)
}

// splittype is urllib.parse._splittype: what is in front of the first colon, unless it is
// empty or has a slash, and what is behind it. An absolute path has no scheme.
func splittype(path []byte) (scheme, url []byte) {
	i := bytes.IndexAny(path, "/:")
	if i <= 0 || path[i] == '/' {
		return nil, path
	}
	return path[:i], path[i+1:]
}

// isData reports whether scheme.lower() == 'data'. No letter beyond ASCII has one of these
// as its lower case.
func isData(scheme []byte) bool {
	return len(scheme) == len("data") && bytes.EqualFold(scheme, []byte("data"))
}

// guessDataURL is the part of mimetypes.MimeTypes.guess_type that is for data URLs:
//
//	dataurl   = "data:" [ mediatype ] [ ";base64" ] "," data
//	mediatype = [ type "/" subtype ] *( ";" parameter )            ; RFC 2397, section 3
//
// CPython leaves the parameters out, and takes text/plain for what is no type. A path
// without a comma has no type at all.
func guessDataURL(url []byte) (mediaType string, result Result) {
	mediatype, _, ok := bytes.Cut(url, []byte{','})
	if !ok {
		return DefaultContentType, Unknown
	}
	mediatype, _, _ = bytes.Cut(mediatype, []byte{';'})
	if bytes.IndexByte(mediatype, '=') >= 0 || bytes.IndexByte(mediatype, '/') < 0 {
		return "text/plain", Found
	}
	return string(mediatype), Found
}

// suffixMap is mimetypes.suffix_map. All of its values are an extension and an encoding, as
// in .svg.gz, and the encoding is dropped in the step that follows. So only the extension is
// left of them here.
var suffixMap = map[string]string{
	".svgz": ".svg",
	".tgz":  ".tar",
	".taz":  ".tar",
	".tz":   ".tar",
	".tbz2": ".tar",
	".txz":  ".tar",
}

// guessFileType is mimetypes.MimeTypes.guess_file_type: an alias stands for two extensions,
// one that is an encoding (in this case only) gives way to the one before it, and what is
// left is looked up in lower case.
func (t *Table) guessFileType(path []byte) (mediaType string, result Result) {
	base, ext := cpython.Splitext(path)
	var buf [maxExt]byte
	lower := cpython.AppendLower(buf[:0], t.version, ext)
	if inner, ok := suffixMap[string(lower)]; ok {
		lower = append(lower[:0], inner...)
	} else if isEncoding(ext) {
		_, ext = cpython.Splitext(base)
		lower = cpython.AppendLower(buf[:0], t.version, ext)
	}
	if mediaType, ok := t.types[string(lower)]; ok {
		return mediaType, Found
	}
	return DefaultContentType, Unknown
}

// isEncoding reports whether ext is in mimetypes.encodings_map, as it is from 3.9 on.
func isEncoding(ext []byte) bool {
	switch string(ext) {
	case ".gz", ".Z", ".bz2", ".xz", ".br":
		return true
	}
	return false
}
