// Package load asks an HTTP server as fast as it answers, or at a rate, and checks every byte of
// every answer.
//
//	result, err := load.Run(load.Options{
//		Address: "127.0.0.1:8000",
//		Targets: []load.Target{{Path: "/1k.bin", Status: 200, Content: content}},
//		Clients: 64,
//		For:     time.Second,
//	})
//
// What goes in is an address, what to ask for and what the answer must hold. What comes out is how
// many answers came, how long each took, and how many bytes, status-codes and lengths were wrong.
// A connection is used for one request, as HTTP/1.0 does, or kept; on a kept one several requests
// can be on the way. [Hold] opens connections that send half a request and then sit.
//
// It is one loop over epoll on one thread, so that it can have a CPU of its own. The package does
// not start servers and measures nothing of them. It knows no chunked coding: a server that
// uses it is counted as wrong.
package load
