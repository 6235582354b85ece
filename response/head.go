package response

import (
	"strconv"

	"simplehttp/cpython"
)

// Simple is the request version whose responses have no status-line and no field lines:
// the body alone is sent (RFC 1945, section 6, Simple-Response).
const Simple = "HTTP/0.9"

// AppendStatusLine appends a status-line (RFC 9112, section 4): protocol is the first word
// as the server calls itself, whatever the client sent; status has three digits; reason is
// sent as it is, and may be empty, which leaves the blank before it.
// It is what BaseHTTPRequestHandler.send_response_only writes.
func AppendStatusLine(dst []byte, protocol []byte, status int, reason []byte) []byte {
	dst = append(dst, protocol...)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, reason...)
	return append(dst, "\r\n"...)
}

// AppendField appends a field line (RFC 9112, section 5). Nothing is checked: a CR LF in
// the value passes, as it does in BaseHTTPRequestHandler.send_header.
func AppendField(dst []byte, name string, value []byte) []byte {
	dst = append(dst, name...)
	dst = append(dst, ": "...)
	dst = append(dst, value...)
	return append(dst, "\r\n"...)
}

// AppendBlank appends the blank line that ends the field lines.
func AppendBlank(dst []byte) []byte { return append(dst, "\r\n"...) }

// Reason returns the phrase and the explanation of a status in that release,
// BaseHTTPRequestHandler.responses[status]; ok is false for a status that it does not know.
func Reason(v cpython.Version, status int) (phrase, explain string, ok bool) {
	return reason(v, status)
}
