package server_test

import (
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"simplehttp/cpython"
	"simplehttp/handler"
	"simplehttp/server"
)

// The server of the Python manual:
//
//	Handler = http.server.SimpleHTTPRequestHandler
//	with socketserver.TCPServer(("", PORT), Handler) as httpd:
//	    print("serving at port", PORT)
//	    httpd.serve_forever()
func Example() {
	h := handler.New(cpython.Default)
	httpd := &server.TCPServer{Addr: "127.0.0.1:0", Handler: h}
	go func() {
		time.Sleep(10 * time.Millisecond) // serve for ever, in an example
		httpd.Shutdown(time.Second)
	}()
	fmt.Println("serving")
	fmt.Println(httpd.ServeForever())
	// Output:
	// serving
	// <nil>
}

// The other program of the Python manual, python -m http.server 8000.
func ExampleTest() {
	s := &server.TCPServer{Addr: ":8000", Handler: handler.New(cpython.Default)}
	if err := server.Test(s); err != nil {
		fmt.Println(err)
	}
}

// A subclass that takes POST, and knows one more type of file.
func Example_subclass() {
	h := handler.New(cpython.V3_13)
	h.ServerVersion = "Notes/1.0"
	h.ExtensionsMap[".note"] = "text/x-note"
	h.Do = map[string]func(*handler.Request){"POST": func(r *handler.Request) {
		length, _ := strconv.Atoi(r.Headers.Get("Content-Length", "0"))
		r.Rfile.Read(length, func(note []byte) {
			r.SendResponse(200, "")
			r.SendHeader("Content-Type", r.GuessType(r.Path))
			r.EndHeaders()
			_, _ = r.Wfile.WriteString(strings.ToUpper(string(note)))
		})
	}}
	s := &server.TCPServer{Addr: "127.0.0.1:0", Handler: h, Log: io.Discard}
	if err := s.Listen(); err != nil {
		fmt.Println(err)
		return
	}
	go func() { _ = s.ServeForever() }() // returns nil after Shutdown
	defer s.Shutdown(time.Second)

	host, port := s.Sockname()
	c, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /a.note HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello")
	answer, err := io.ReadAll(c)
	for line := range strings.Lines(string(answer)) {
		if !strings.HasPrefix(line, "Date: ") {
			fmt.Println(strings.TrimSpace(line))
		}
	}
	fmt.Println(err)
	// Output:
	// HTTP/1.0 200 OK
	// Server: Notes/1.0 Python/3.13.0
	// Content-Type: text/x-note
	//
	// HELLO
	// <nil>
}
