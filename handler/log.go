package handler

import (
	"strconv"

	"simplehttp/cpython"
	"simplehttp/response"
)

// logRequest is log_request(code), with an unknown size.
func (c *Conn) logRequest(code string) {
	if c.crash != "" {
		return
	}
	if c.service.subclassed {
		c.req.LogRequest(code, sizeUnknown)
		return
	}
	c.logAccess(c.req.line, code, sizeUnknown)
}

// logAccess adds an access line to the log.
func (c *Conn) logAccess(requestLine []byte, code, size string) {
	v := c.service.v
	if c.service.h.LogMessage != nil {
		message := `"` + text(v, requestLine) + `" ` + code + " " + size
		c.req.LogMessage(message)
		return
	}
	c.log = response.AppendAccessLine(c.log, v, c.logPrefix(), requestLine, code, size)
}

// logError is log_error("code %d, message %s", ...).
func (c *Conn) logError(e response.Error) {
	if c.crash != "" {
		return
	}
	message := append(c.scratch[:0], "code "...)
	message = strconv.AppendInt(message, int64(e.Status), 10)
	message = append(message, ", message "...)
	message = append(message, e.Message...)
	c.scratch = message
	if c.service.subclassed {
		c.req.LogError(text(c.service.v, message))
		return
	}
	c.log = response.AppendErrorLine(c.log, c.service.v, c.logPrefix(), message)
}

// logPrefix returns what stands before the message.
func (c *Conn) logPrefix() response.LogPrefix {
	p := response.LogPrefix{Address: c.peer.Host, Wall: c.wall(), Colors: c.service.env.LogColors, ASCII: c.service.env.ASCII}
	if f := c.service.h.AddressString; f != nil && c.service.v.Has(cpython.LogsAddressString) {
		p.Address = f(&c.req)
	}
	return p
}

// wall returns the local time, as seconds since 1970 of a clock that knows no zone.
func (c *Conn) wall() int64 {
	sec := c.service.env.Now().Sec
	return sec + int64(c.service.env.UTCOffset(sec))
}

// CrashPrefix begins the log line of a request that ended in an exception. CPython prints a
// traceback there; ours is one line: this prefix, the client's address, and the last line of
// CPython's traceback.
const CrashPrefix = "Exception occurred during processing of request from "

// logCrash adds the line of an exception to the log. What of the client's bytes is in it is escaped
// as in all of the log.
func (c *Conn) logCrash(exception string) {
	start := len(c.log)
	c.log = append(c.log, CrashPrefix...)
	c.log = append(c.log, "('"...)
	c.log = append(c.log, c.peer.Host...)
	c.log = append(c.log, "', "...)
	c.log = strconv.AppendInt(c.log, int64(c.peer.Port), 10)
	if c.peer.IPv6 {
		c.log = append(c.log, ", "...)
		c.log = strconv.AppendUint(c.log, uint64(c.peer.FlowInfo), 10)
		c.log = append(c.log, ", "...)
		c.log = strconv.AppendUint(c.log, uint64(c.peer.ScopeID), 10)
	}
	c.log = append(c.log, "): "...)
	c.log = append(c.log, exception...)
	c.log = response.EndLine(c.log, start, c.service.v, response.LogPrefix{ASCII: c.service.env.ASCII})
}
