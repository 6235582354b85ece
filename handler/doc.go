// Package handler is SimpleHTTPRequestHandler without the socket: what CPython's simple file
// server says to a client, from the first byte of a connection to its close.
//
// Chunks of input go into a [Conn], and outputs come out: bytes, log lines, and "send this
// file". A Conn has no goroutine, no clock and no socket of its own; an engine (package server,
// or a test) moves it:
//
//	for c.State() != handler.Closed {
//		switch c.State() {
//		case handler.Reading: // c.Feed(what has arrived), or c.End() at the end of input
//		case handler.Working: // c.Work(), which may block
//		case handler.Writing: // write c.Output() whole, then c.Wrote()
//		}
//	}
//
// A Conn promises: the same bytes in any chunking give the same outputs at the same input byte;
// no system call but through [fsmap.FS], and none that may wait for somebody outside of Work; no
// reference kept to the input; bounded memory, at most one line and the few fields that matter,
// whatever the client sends. The engine promises: bytes in order; outputs written in order and
// whole; the end of input reported once; and that it closes when the Conn is Closed.
//
// What a Python user subclasses, a Go user sets: [Handler] is the class, with its class
// attributes as fields and its methods as fields of function type, which replace the method
// where they are set; [Request] is the instance (self) that they are given; and
// [Request.Super] calls the replaced method. [New] returns the class as a release has it.
//
// The strings of Handler and Request hold what Python's str holds: with a 3.x release, text,
// in UTF-8 (a byte ff of the request is "ÿ", since CPython reads requests as Latin-1); with 2.7,
// bytes.
//
// The package does no I/O.
package handler
