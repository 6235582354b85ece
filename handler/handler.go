package handler

import (
	"errors"
	"maps"
	"sync"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/mime"
	"simplehttp/response"
)

// A Handler is the class SimpleHTTPRequestHandler, or a subclass of it. [New] fills it as a
// release has it; whoever wants something else changes fields before the Handler is bound. It
// must not be changed afterwards.
//
// The class attributes have the names of http/server.py in Go spelling.
type Handler struct {
	Version cpython.Version // the release that it equals

	ServerVersion         string            // server_version, "SimpleHTTP/0.6"
	SysVersion            string            // sys_version, "Python/3.13.0"
	ProtocolVersion       string            // protocol_version, "HTTP/1.0"; "HTTP/1.1" keeps connections
	DefaultRequestVersion string            // default_request_version, "HTTP/0.9"
	ErrorMessageFormat    string            // error_message_format, with %(code)d, %(message)s, %(explain)s
	ErrorContentType      string            // error_content_type
	ExtensionsMap         map[string]string // extensions_map, from extension with its dot to media type
	DefaultContentType    string            // default_content_type of 3.15, for unknown extensions
	IndexPages            []string          // index_pages
	ExtraResponseHeaders  []Header          // extra_response_headers of 3.15; nil for none

	// Directory is what is served: "" is the current directory, as None is in CPython, and
	// EmptyDirectory the empty string.
	Directory string

	// Do holds the methods do_X for further X, such as Do["POST"].
	Do map[string]func(r *Request)

	// The methods. One that is nil is the method of the release.
	DoGET           func(r *Request)
	DoHEAD          func(r *Request)
	SendHead        func(r *Request) fsmap.File
	ListDirectory   func(r *Request, path string) fsmap.File
	TranslatePath   func(r *Request, path string) string
	GuessType       func(r *Request, path string) string
	SendError       func(r *Request, code int, message, explain string)
	LogRequest      func(r *Request, code, size string)
	LogError        func(r *Request, message string)
	LogMessage      func(r *Request, message string)
	VersionString   func(r *Request) string
	DateTimeString  func(r *Request, t Time) string
	AddressString   func(r *Request) string
	HandleExpect100 func(r *Request) bool
}

// A Header is a field of a response, as send_header takes it: keyword and value.
type Header struct{ Keyword, Value string }

// EmptyDirectory as Handler.Directory is the empty string, which the command line can name as
// well ("-d ”"): paths are then joined to nothing, so that "/" lists the root of the file system
// and "/x" is looked for in the current directory.
const EmptyDirectory = "\x00"

// New returns the class as the release v has it.
func New(v cpython.Version) *Handler {
	return &Handler{
		Version:               v,
		ServerVersion:         serverVersion(v),
		SysVersion:            "Python/" + v.String(),
		ProtocolVersion:       "HTTP/1.0",
		DefaultRequestVersion: response.Simple,
		ErrorMessageFormat:    response.ErrorMessageFormat(v),
		ErrorContentType:      response.ErrorContentType(v),
		ExtensionsMap:         mime.ExtensionsMap(v),
		DefaultContentType:    "application/octet-stream",
		IndexPages:            []string{"index.html", "index.htm"},
	}
}

// serverVersion returns SimpleHTTPRequestHandler.server_version: 3.15 dropped the version of the
// module, which had been 0.6 for ever.
func serverVersion(v cpython.Version) string {
	if v.Has(cpython.NamesServerWithoutVersion) {
		return "SimpleHTTP"
	}
	return "SimpleHTTP/0.6"
}

// subclassed reports whether user code runs in requests.
func (h *Handler) subclassed() bool {
	return len(h.Do) > 0 || h.DoGET != nil || h.DoHEAD != nil || h.SendHead != nil || h.ListDirectory != nil ||
		h.TranslatePath != nil || h.GuessType != nil || h.SendError != nil || h.LogRequest != nil ||
		h.LogError != nil || h.LogMessage != nil || h.VersionString != nil || h.DateTimeString != nil ||
		h.AddressString != nil || h.HandleExpect100 != nil
}

// Time is seconds and nanoseconds since 1970 in UTC, as the clock and stat give them. (Package time is
// not linked into the core: its texts and zones would add a tenth to what is ours of the binary.)
type Time = response.Time

// An Env is what a Handler finds around it: the core asks nothing of the system but through it.
type Env struct {
	FS        fsmap.FS
	Now       func() Time                 // the clock
	UTCOffset func(sec int64) (ahead int) // by how many seconds local time is ahead of UTC then
	ASCII     bool                        // the file system's encoding is ASCII, as in the C locale; else UTF-8
	MimeFiles [][]byte                    // contents of the system's mime.types files, in the order of mime.KnownFiles
	LogColors bool                        // the log is a terminal that shows colours
}

// A Service is a Handler bound to its Env, shared by all connections, and read only.
type Service struct {
	h          *Handler
	v          cpython.Version
	env        Env
	base       []byte // Directory as it is at the start; unused where the release asks for every request
	protocol   wire   // ProtocolVersion
	server     wire   // value of the Server field
	errorType  wire   // ErrorContentType
	page       response.ErrorPage
	types      *mime.Table
	extensions map[string]string // nil for those of the release
	subclassed bool
	encoding   string // sys.getfilesystemencoding()
	codec      cpython.Codec
	answers    *sync.Pool
}

// Bind binds h to its environment. It fails where the release would not start: for a current
// directory that is gone, or a mime.types file that is not UTF-8; and for an ErrorMessageFormat
// that cannot be filled in.
func (h *Handler) Bind(env Env) (*Service, error) {
	s := &Service{h: h, v: h.Version, env: env, subclassed: h.subclassed(), answers: new(sync.Pool)}
	var ok bool
	if s.page, ok = response.ParseErrorPage(h.ErrorMessageFormat); !ok {
		return nil, errors.New("handler: ErrorMessageFormat has a conversion that is not one of code, message and explain")
	}
	var err error
	if s.types, err = mime.New(h.Version, env.MimeFiles); err != nil {
		return nil, err
	}
	s.extensions = changedExtensions(h, s.types)
	if err := s.bindDirectory(); err != nil {
		return nil, err
	}
	s.protocol = newWire(s.v, h.ProtocolVersion)
	s.server = newWire(s.v, h.ServerVersion+" "+h.SysVersion)
	s.errorType = newWire(s.v, h.ErrorContentType)
	s.encoding = encodingLabel(h.Version, env.ASCII)
	s.codec = cpython.FileSystemCodec(h.Version, s.encoding)
	return s, nil
}

// WithFS returns a Service that asks files where s asks the FS of its Env. What is kept for answers, both
// share.
func (s *Service) WithFS(files fsmap.FS) *Service {
	other := *s
	other.env.FS = files
	return &other
}

// changedExtensions returns extensions_map with what h changed in that of its release, or nil where it
// changed nothing. Up to 3.8 the class has the system's mime.types files in it before anybody can
// change it, and New knows nothing of them.
func changedExtensions(h *Handler, types *mime.Table) map[string]string {
	original := mime.ExtensionsMap(h.Version)
	if maps.Equal(h.ExtensionsMap, original) {
		return nil
	}
	changed := types.ExtensionsMap()
	for ext := range original {
		if _, ok := h.ExtensionsMap[ext]; !ok {
			delete(changed, ext)
		}
	}
	for ext, mediaType := range h.ExtensionsMap {
		if was, ok := original[ext]; !ok || was != mediaType {
			changed[ext] = mediaType
		}
	}
	return changed
}

// FixDirectory makes the current directory the one that is served, unless another is named or the
// release looks it up at every request. It is the default of --directory, os.getcwd(), which CPython
// asks for before it listens. Without it Bind asks.
func (h *Handler) FixDirectory(files fsmap.FS) error {
	if h.Directory != "" || h.Version.Has(cpython.LooksUpDirectoryPerRequest) {
		return nil
	}
	cwd, err := files.Getwd()
	h.Directory = string(cwd)
	return err
}

// bindDirectory fixes the directory that is served, where the release fixes it at the start.
func (s *Service) bindDirectory() error {
	switch s.h.Directory {
	case EmptyDirectory:
		s.base = []byte{}
	case "":
		named := Handler{Version: s.v}
		if err := named.FixDirectory(s.env.FS); err != nil || named.Directory == "" {
			return err
		}
		s.base = []byte(named.Directory)
	default:
		s.base = []byte(s.h.Directory)
	}
	return nil
}

// encodingLabel returns sys.getfilesystemencoding().
func encodingLabel(v cpython.Version, ascii bool) string {
	switch {
	case v.Has(cpython.ReadsPathAsBytes) && ascii:
		return "ANSI_X3.4-1968"
	case v.Has(cpython.ReadsPathAsBytes):
		return "UTF-8"
	case ascii:
		return "ascii"
	}
	return "utf-8"
}

// A wire is a str as it goes onto the wire: Latin-1 (with 2.7, the bytes that it is).
type wire struct {
	bytes       []byte
	unencodable string // the text, where Latin-1 does not have a character of it
}

// crash is the last line of the traceback where Latin-1 does not have a character, the text being at that
// offset of the line that is encoded.
func (w wire) crash(offset int) string { return cpython.Latin1Error(w.unencodable, offset) }

func newWire(v cpython.Version, text string) wire {
	if v.Has(cpython.ReadsPathAsBytes) {
		return wire{bytes: []byte(text)}
	}
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return wire{unencodable: text}
		}
		b = append(b, byte(r))
	}
	return wire{bytes: b}
}

// text returns the str that CPython reads from bytes of the wire: Latin-1 (with 2.7, bytes).
func text(v cpython.Version, b []byte) string {
	if v.Has(cpython.ReadsPathAsBytes) {
		return string(b)
	}
	return string(cpython.AppendLatin1(nil, b))
}
