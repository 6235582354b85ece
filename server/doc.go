// Package server is the TCPServer of CPython's socketserver: it listens, accepts, and moves the
// bytes between clients and [handler.Conn]. It is the only package with sockets.
//
//	h := handler.New(cpython.Default)
//	s := &server.TCPServer{Addr: ":8000", Handler: h}
//	err := s.ServeForever() // until s.Shutdown
//
// or, with a banner and until Control-C, as http.server.test():
//
//	err := server.Test(s)
//
// What goes in is a Handler, an address and a place for the log. What comes out is an answer to
// every request, whole and in order, and the log lines of an answer before its first byte. A
// client that sends or reads slowly, and a file that takes its time to open or to read, holds
// nobody else up.
//
// The package does not know HTTP: what is read, written, and when the connection closes, a
// handler.Conn says. It knows files only as descriptors to be sent.
//
// On Linux it is an event loop per CPU over epoll, with system calls made directly. Package net
// is not linked. Elsewhere, and with the build tag "portable", it is a goroutine per connection
// over package net.
package server
