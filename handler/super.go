package handler

import (
	"io"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/response"
)

// Super is the class that a Handler replaces methods of: super() of a Python method.
type Super struct{ r *Request }

// Super returns the methods as the release has them, for a method that replaces one of them and
// goes on with it.
func (r *Request) Super() Super { return Super{r} }

// DoGET is SimpleHTTPRequestHandler.do_GET.
func (s Super) DoGET() {
	if f := s.r.SendHead(); f != nil {
		s.r.CopyFile(f)
	}
}

// DoHEAD is SimpleHTTPRequestHandler.do_HEAD.
func (s Super) DoHEAD() {
	if f := s.r.SendHead(); f != nil {
		_ = f.Close() // opened for reading: there is nothing to lose
	}
}

// HandleExpect100 is BaseHTTPRequestHandler.handle_expect_100.
func (s Super) HandleExpect100() bool {
	s.r.conn.sendResponseOnly(100, wire{})
	s.r.conn.endHeaders()
	return true
}

// SendError is BaseHTTPRequestHandler.send_error.
func (s Super) SendError(code int, message, explain string) {
	v := s.r.conn.service.v
	m, e := newWire(v, message), newWire(v, explain)
	if crash := firstOf(m.crash(s.r.conn.service.phraseOffset()), e.crash(0)); crash != "" {
		s.r.conn.crashed(crash)
		return
	}
	s.r.conn.sendError(response.Error{Status: code, Message: m.bytes, Explain: e.bytes})
}

// LogRequest is BaseHTTPRequestHandler.log_request.
func (s Super) LogRequest(code, size string) {
	s.r.conn.logAccess(newWire(s.r.conn.service.v, s.r.RequestLine).bytes, code, size)
}

// LogError is BaseHTTPRequestHandler.log_error.
func (s Super) LogError(message string) {
	c := s.r.conn
	if c.service.h.LogMessage != nil {
		s.r.LogMessage(message)
		return
	}
	c.log = response.AppendErrorLine(c.log, c.service.v, c.logPrefix(), newWire(c.service.v, message).bytes)
}

// LogMessage is BaseHTTPRequestHandler.log_message.
func (s Super) LogMessage(message string) {
	c := s.r.conn
	c.log = response.AppendMessageLine(c.log, c.service.v, c.logPrefix(), newWire(c.service.v, message).bytes)
}

// VersionString is BaseHTTPRequestHandler.version_string.
func (s Super) VersionString() string {
	h := s.r.Handler()
	return h.ServerVersion + " " + h.SysVersion
}

// DateTimeString is BaseHTTPRequestHandler.date_time_string. For a time that the release cannot
// format it is "", and the request ends as with an exception.
func (s Super) DateTimeString(t Time) string {
	date, crash := response.AppendDate(nil, s.r.conn.service.v, t)
	if crash != "" {
		s.r.conn.crashed(crash)
	}
	return string(date)
}

// AddressString is BaseHTTPRequestHandler.address_string: the client's address. 2.7 asks the DNS
// for its name there; ours does not.
func (s Super) AddressString() string { return s.r.conn.peer.Host }

// TranslatePath is SimpleHTTPRequestHandler.translate_path. For a path that the system cannot be
// asked about, a lone surrogate in it, the request ends as with an exception.
func (s Super) TranslatePath(path string) string {
	c := s.r.conn
	p, ok := c.translate(targetOf(c.service.v, path))
	if !ok {
		return ""
	}
	return string(p.Name)
}

// targetOf returns a str as a request-target: characters that Latin-1 does not have are
// percent-encoded, which translate_path undoes.
func targetOf(v cpython.Version, path string) []byte {
	if w := newWire(v, path); w.unencodable == "" {
		return w.bytes
	}
	var target []byte
	for _, r := range path {
		if r <= 0xff {
			target = append(target, byte(r))
		} else {
			target = cpython.AppendQuote(target, v, []byte(string(r)))
		}
	}
	return target
}

// SendHead is SimpleHTTPRequestHandler.send_head.
func (s Super) SendHead() fsmap.File { return s.r.conn.sendHead() }

// GuessType is SimpleHTTPRequestHandler.guess_type.
func (s Super) GuessType(path string) string {
	c := s.r.conn
	mediaType, _ := c.guess(pathOf(c.service.codec, path).Text)
	return mediaType
}

// ListDirectory is SimpleHTTPRequestHandler.list_directory.
func (s Super) ListDirectory(path string) fsmap.File {
	c := s.r.conn
	return c.listDirectory(pathOf(c.service.codec, path))
}

// NewPage returns a body made in memory, for a SendHead or ListDirectory of one's own: io.BytesIO.
func NewPage(body []byte) fsmap.File { return &page{bytes: body} }

// A page is a body made in memory.
type page struct{ bytes []byte }

// Read gives the next bytes of the page.
func (p *page) Read(b []byte) (n int, err error) {
	if len(p.bytes) == 0 {
		return 0, io.EOF
	}
	n = copy(b, p.bytes)
	p.bytes = p.bytes[n:]
	return n, nil
}

// Close does nothing.
func (p *page) Close() error { return nil }
