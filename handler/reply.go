package handler

import (
	"strconv"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/reqparse"
	"simplehttp/response"
)

// refuse answers a request that the parser refused.
func (c *Conn) refuse(e reqparse.Refusal) {
	c.sendOwnError(e.Status, e.Message, e.Explain)
}

// unsupported answers a request whose method has no do_X.
func (c *Conn) unsupported(method []byte) {
	message := append([]byte(nil), "Unsupported method ("...)
	message = cpython.AppendRepr(message, c.service.v, method)
	c.sendOwnError(501, append(message, ')'), nil)
}

// sendOwnError is send_error as the server itself calls it, with a member of HTTPStatus.
func (c *Conn) sendOwnError(status int, message, explain []byte) {
	if f := c.service.h.SendError; f != nil {
		v := c.service.v
		f(&c.req, status, text(v, message), text(v, explain))
		return
	}
	c.sendError(response.Error{Status: status, Message: message, Explain: explain, ByName: true})
}

// sendError is BaseHTTPRequestHandler.send_error.
func (c *Conn) sendError(e response.Error) {
	v := c.service.v
	phrase, explain, ok := response.Reason(v, e.Status)
	if !ok {
		phrase, explain = "???", "???"
	}
	if len(e.Message) == 0 {
		c.phrase = append(c.phrase[:0], phrase...)
		e.Message = c.phrase
	}
	if len(e.Explain) == 0 {
		c.explain = append(c.explain[:0], explain...)
		e.Explain = c.explain
	}
	c.logError(e)
	c.sendResponse(e.Status, wire{bytes: e.Message})
	c.sendHeader("Connection", wire{bytes: connectionClose})
	c.scratch = c.scratch[:0]
	if hasErrorBody(e.Status) {
		c.scratch = c.service.page.Append(c.scratch, v, e)
		c.sendHeader("Content-Type", c.service.errorType)
		if v.Has(cpython.SendsLengthOfError) {
			c.sendLength("Content-Length", int64(len(c.scratch)))
		}
	}
	c.endHeaders()
	if string(c.req.method) != "HEAD" {
		c.write(c.scratch)
	}
}

var connectionClose = []byte("close")

// hasErrorBody reports whether an error answer with that status has content: RFC 9110, sections
// 15.2, 15.3.5, 15.3.6 and 15.4.5.
func hasErrorBody(status int) bool {
	return status >= 200 && status != 204 && status != 205 && status != 304
}

// sendResponse is BaseHTTPRequestHandler.send_response.
func (c *Conn) sendResponse(status int, message wire) {
	c.logRequest(codeText(status))
	c.sendResponseOnly(status, message)
	c.sendHeader("Server", c.serverField())
	c.sendDate()
}

// phraseOffset is where in a status-line the reason phrase begins.
func (s *Service) phraseOffset() int { return len(s.protocol.bytes) + len(" 200 ") }

// sendResponseOnly is BaseHTTPRequestHandler.send_response_only. An empty message stands for the
// phrase of the status, or for nothing where it has none.
func (c *Conn) sendResponseOnly(status int, message wire) {
	if c.simple() || c.crash != "" {
		return
	}
	if crash := firstOf(c.service.protocol.crash(0), message.crash(c.service.phraseOffset())); crash != "" {
		c.crashed(crash)
		return
	}
	if len(message.bytes) == 0 {
		phrase, _, _ := response.Reason(c.service.v, status)
		c.scratch = append(c.scratch[:0], phrase...)
		message.bytes = c.scratch
	}
	c.out = response.AppendStatusLine(c.out, c.service.protocol.bytes, status, message.bytes)
	c.lineSent()
}

// simple reports whether the answer has no head: the request spoke HTTP/0.9, or none could be
// made out.
func (c *Conn) simple() bool {
	if c.service.subclassed {
		return c.req.RequestVersion == response.Simple
	}
	return string(c.req.version) == response.Simple
}

// sendHeader is BaseHTTPRequestHandler.send_header. A Connection field decides whether the
// connection is closed, also where no head is sent.
func (c *Conn) sendHeader(keyword string, value wire) {
	if c.crash != "" {
		return
	}
	if !c.simple() {
		if value.unencodable != "" {
			c.crashed(value.crash(len(keyword) + len(": ")))
			return
		}
		c.out = response.AppendField(c.out, keyword, value.bytes)
		c.lineSent()
	}
	if !equalFold(keyword, "connection") {
		return
	}
	if equalFold(string(value.bytes), "close") {
		c.req.CloseConnection = true
	} else if equalFold(string(value.bytes), "keep-alive") {
		c.req.CloseConnection = false
	}
}

// sendLength is sendHeader for a number.
func (c *Conn) sendLength(keyword string, n int64) {
	c.value = strconv.AppendInt(c.value[:0], n, 10)
	c.sendHeader(keyword, wire{bytes: c.value})
}

// serverField returns the value of the Server field.
func (c *Conn) serverField() wire {
	if f := c.service.h.VersionString; f != nil {
		return newWire(c.service.v, f(&c.req))
	}
	return c.service.server
}

// sendDate sends the Date field.
func (c *Conn) sendDate() {
	c.sendTime("Date", c.service.env.Now())
}

// sendTime sends a field with a date.
func (c *Conn) sendTime(keyword string, t Time) {
	if f := c.service.h.DateTimeString; f != nil {
		c.sendHeader(keyword, newWire(c.service.v, f(&c.req, t)))
		return
	}
	var crash string
	if c.value, crash = response.AppendDate(c.value[:0], c.service.v, t); crash != "" {
		c.crashed(crash)
		return
	}
	c.sendHeader(keyword, wire{bytes: c.value})
}

// endHeaders is BaseHTTPRequestHandler.end_headers.
func (c *Conn) endHeaders() {
	if c.simple() || c.crash != "" {
		return
	}
	c.out = response.AppendBlank(c.out)
	c.flushHeaders()
}

// flushHeaders is BaseHTTPRequestHandler.flush_headers: the head is on its way, and a crash takes
// nothing of it back.
func (c *Conn) flushHeaders() {
	c.flushed = len(c.out)
	c.filled = true
}

// lineSent ends a line of the head. 3.x collects the head until its blank line; 2.7 writes every
// line at once.
func (c *Conn) lineSent() {
	if c.service.v.Has(cpython.SendsHeadLineByLine) {
		c.flushed = len(c.out)
	}
}

// write is wfile.write: p goes out before the part of the head that is still collected.
func (c *Conn) write(p []byte) {
	if c.crash != "" || len(p) == 0 {
		return
	}
	if c.flushed == len(c.out) {
		c.out = append(c.out, p...)
		c.flushed = len(c.out)
		return
	}
	collected := string(c.out[c.flushed:])
	c.out = append(append(c.out[:c.flushed], p...), collected...)
	c.flushed += len(p)
}

// copyFile is SimpleHTTPRequestHandler.copyfile to wfile, and the close that follows it.
func (c *Conn) copyFile(f fsmap.File) {
	if made, ok := f.(*page); ok {
		c.write(made.bytes)
		return
	}
	if c.crash != "" {
		_ = f.Close() // opened for reading: there is nothing to lose
		return
	}
	c.files = append(c.files, outFile{after: c.flushed, file: f, size: c.size})
}

// crashed ends the request as an exception does that nobody catches: the client gets what has
// been written so far, and the log one line that says why. Only the first one counts.
func (c *Conn) crashed(exception string) {
	if c.crash != "" {
		return
	}
	c.crash = exception
	c.out = c.out[:c.flushed]
	c.logCrash(exception)
}

// firstOf returns the first of its arguments that is not empty.
func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// equalFold reports whether a and b are the same but for the case of ASCII letters; b is lower
// case. str.lower() maps no Latin-1 character to an ASCII letter but those.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		c := a[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != b[i] {
			return false
		}
	}
	return true
}
