// Package reqparse reads an HTTP request as CPython's simple file server reads it: the
// request-line as BaseHTTPRequestHandler.parse_request takes it apart, the field lines as
// http.client.parse_headers and email.feedparser do (2.7: mimetools and rfc822).
//
// Bytes go in, in chunks of any size, through [Parser.Feed]. Out comes a [State]: NeedMore
// until the answer is certain, then Complete with a [Request], Refused with a [Refusal], Empty
// or Crashed. Give each release the same bytes, and see eleven opinions of them.
//
// # How a request is read
//
// CPython does not look for the blank line first. It reads line by line and answers as soon as
// it has an opinion:
//
//	GET /a HTTP/1.0\r\n      up to 65536 bytes; 400, 414, 505 are answered here, before any field
//	Host: example\r\n        up to 65536 bytes, or 431; the 100th or 101st line is 431 too
//	\r\n                     only now, or at end of input, the fields are looked into
//
// A line ends at LF alone. CR is an ordinary byte while lines are read, and a line end when the
// field lines are taken apart afterwards, so that one line read can be several fields. The first
// thing that does not look like a field ends the fields, but not the reading: what follows, up to
// the blank line, is read, counted and forgotten.
//
// In 3.x that forgotten rest is the body of an e-mail message, and a Content-Type of multipart or
// message makes CPython parse it, which can raise an exception. See mimebody.go for how a request
// crashes the handler that way.
//
// # What the package does not do
//
// It does no I/O, keeps no reference to the bytes it was given, knows no file, and writes
// nothing: what a refusal looks like on the wire is another package's matter. It does not read
// message bodies either; nor does CPython.
package reqparse
