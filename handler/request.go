package handler

import (
	"strconv"

	"simplehttp/fsmap"
	"simplehttp/reqparse"
	"simplehttp/response"
)

// A Request is the instance of the class for one request, what a Python method has as self. Its
// methods are those of BaseHTTPRequestHandler and SimpleHTTPRequestHandler by name; one that the
// Handler replaces calls the replacement. It is valid only while the method runs, and in the
// functions given to Rfile.
type Request struct {
	ClientAddress  Peer    // client_address
	RequestLine    string  // requestline
	Command        string  // command; "" also for None
	Path           string  // path: the request-target. A method may change it before it calls another
	RequestVersion string  // request_version
	Headers        Headers // headers
	Rfile          Rfile   // rfile
	Wfile          Wfile   // wfile

	// CloseConnection is close_connection: whether the connection is closed after this request.
	CloseConnection bool

	conn *Conn
	// The same as the parser has them, in the bytes of the wire.
	line, method, target, version []byte
}

// begin fills the Request with what was read. Strings are made only for a subclass: no other code
// looks at them.
func (c *Conn) begin() {
	c.borrow()
	c.mayBlock, c.blocked, c.crash = false, false, ""
	c.req = Request{conn: c}
	parsed, r := c.parser.Request(), &c.req
	r.line, r.method, r.target, r.version = parsed.RequestLine, parsed.Method, parsed.Target, parsed.HTTPVersion
	r.CloseConnection = parsed.CloseConnection
	if !c.service.subclassed {
		return
	}
	v := c.service.v
	r.ClientAddress = c.peer
	r.RequestLine = text(v, r.line)
	r.Command = text(v, r.method)
	r.Path = text(v, r.target)
	r.RequestVersion = text(v, r.version)
	r.Headers = Headers{fields: &parsed.Fields, conn: c}
	r.Rfile = Rfile{c}
	r.Wfile = Wfile{c}
}

// Handler returns the class of the instance.
func (r *Request) Handler() *Handler { return r.conn.service.h }

// Headers are the fields of the request.
type Headers struct {
	fields *reqparse.Fields
	conn   *Conn
}

// Get returns the value of the field with that name, in any case, or otherwise, if there is none:
// headers.get(name, otherwise). Of several it is the first; with 2.7, the last.
func (h Headers) Get(name, otherwise string) string {
	value, ok := h.fields.Get(name)
	if !ok {
		return otherwise
	}
	return text(h.conn.service.v, value)
}

// Has reports whether there is a field with that name: name in headers.
func (h Headers) Has(name string) bool {
	_, ok := h.fields.Get(name)
	return ok
}

// Wfile is the output of a connection, self.wfile.
type Wfile struct{ conn *Conn }

// Write sends bytes after all that has been written before. It never fails: who has gone away is
// noticed by the engine.
func (f Wfile) Write(p []byte) (n int, err error) {
	f.conn.write(p)
	return len(p), nil
}

// WriteString sends the bytes of s.
func (f Wfile) WriteString(s string) (n int, err error) { return f.Write([]byte(s)) }

// handle is handle_one_request after parse_request: it calls the method do_X.
func (r *Request) handle() {
	if r.conn.parser.Request().ExpectContinue && !r.handleExpect100() {
		return
	}
	switch string(r.method) {
	case "GET":
		r.DoGET()
		return
	case "HEAD":
		r.DoHEAD()
		return
	}
	if do := r.Handler().Do[string(r.method)]; do != nil {
		do(r)
		return
	}
	r.conn.unsupported(r.method)
}

// handleExpect100 is the last step of parse_request: BaseHTTPRequestHandler.handle_expect_100. It
// is done once, also where the request is then run again by Work.
func (r *Request) handleExpect100() bool {
	r.conn.parser.Request().ExpectContinue = false
	if h := r.Handler().HandleExpect100; h != nil {
		return h(r)
	}
	return r.Super().HandleExpect100()
}

// DoGET is do_GET: it sends the head and the body of the resource.
func (r *Request) DoGET() {
	if do := r.Handler().DoGET; do != nil {
		do(r)
		return
	}
	r.Super().DoGET()
}

// DoHEAD is do_HEAD: it sends the head of the resource.
func (r *Request) DoHEAD() {
	if do := r.Handler().DoHEAD; do != nil {
		do(r)
		return
	}
	r.Super().DoHEAD()
}

// SendHead is send_head: it sends the head, and returns what is to be sent as the body, which the
// caller passes to CopyFile or closes; nil if nothing is.
func (r *Request) SendHead() fsmap.File {
	if f := r.Handler().SendHead; f != nil {
		return f(r)
	}
	return r.Super().SendHead()
}

// ListDirectory is list_directory: it sends the head of the directory page, and returns the page.
func (r *Request) ListDirectory(path string) fsmap.File {
	if f := r.Handler().ListDirectory; f != nil {
		return f(r, path)
	}
	return r.Super().ListDirectory(path)
}

// TranslatePath is translate_path: it returns the path in the file system, in the bytes that the
// system takes, for a request-target.
func (r *Request) TranslatePath(path string) string {
	if f := r.Handler().TranslatePath; f != nil {
		return f(r, path)
	}
	return r.Super().TranslatePath(path)
}

// GuessType is guess_type: it returns the media type for a path in the file system.
func (r *Request) GuessType(path string) string {
	if f := r.Handler().GuessType; f != nil {
		return f(r, path)
	}
	return r.Super().GuessType(path)
}

// SendError is send_error: it logs and sends a whole error answer. An empty message or explain
// stands for the text of the status.
func (r *Request) SendError(code int, message, explain string) {
	if f := r.Handler().SendError; f != nil {
		f(r, code, message, explain)
		return
	}
	r.Super().SendError(code, message, explain)
}

// LogRequest is log_request: the access line. size is "-" for unknown.
func (r *Request) LogRequest(code, size string) {
	if f := r.Handler().LogRequest; f != nil {
		f(r, code, size)
		return
	}
	r.Super().LogRequest(code, size)
}

// LogError is log_error, for a message already formatted.
func (r *Request) LogError(message string) {
	if f := r.Handler().LogError; f != nil {
		f(r, message)
		return
	}
	r.Super().LogError(message)
}

// LogMessage is log_message, for a message already formatted.
func (r *Request) LogMessage(message string) {
	if f := r.Handler().LogMessage; f != nil {
		f(r, message)
		return
	}
	r.Super().LogMessage(message)
}

// VersionString is version_string: the value of the Server field.
func (r *Request) VersionString() string {
	if f := r.Handler().VersionString; f != nil {
		return f(r)
	}
	return r.Super().VersionString()
}

// DateTimeString is date_time_string: a date as fields have it.
func (r *Request) DateTimeString(t Time) string {
	if f := r.Handler().DateTimeString; f != nil {
		return f(r, t)
	}
	return r.Super().DateTimeString(t)
}

// AddressString is address_string: the client as the log shows it.
func (r *Request) AddressString() string {
	if f := r.Handler().AddressString; f != nil {
		return f(r)
	}
	return r.Super().AddressString()
}

// SendResponse is send_response: it logs the request, and begins a head with the status-line and
// the fields Server and Date. An empty message stands for the phrase of the status.
func (r *Request) SendResponse(code int, message string) {
	r.conn.sendResponse(code, newWire(r.conn.service.v, message))
}

// SendResponseOnly is send_response_only: the status-line alone.
func (r *Request) SendResponseOnly(code int, message string) {
	r.conn.sendResponseOnly(code, newWire(r.conn.service.v, message))
}

// SendHeader is send_header: it adds a field to the head.
func (r *Request) SendHeader(keyword, value string) {
	v := r.conn.service.v
	r.conn.sendHeader(string(newWire(v, keyword).bytes), newWire(v, value))
}

// EndHeaders is end_headers: it adds the blank line, and sends the head.
func (r *Request) EndHeaders() { r.conn.endHeaders() }

// FlushHeaders is flush_headers: it sends what there is of the head.
func (r *Request) FlushHeaders() { r.conn.flushHeaders() }

// CopyFile is copyfile(f, self.wfile): it sends f to its end, and closes it.
func (r *Request) CopyFile(f fsmap.File) { r.conn.copyFile(f) }

// LogDateTimeString is log_date_time_string: the current local time as the log shows it.
func (r *Request) LogDateTimeString() string {
	return string(response.AppendLogTime(nil, r.conn.wall()))
}

// sizeUnknown is the size in the access line: the server never tells.
const sizeUnknown = "-"

// codeText returns str(code) for the log.
func codeText(code int) string {
	switch code { // without an allocation for those that the server itself sends
	case 200:
		return "200"
	case 304:
		return "304"
	case 404:
		return "404"
	}
	return strconv.Itoa(code)
}
