package reqparse_test

import (
	"fmt"

	"simplehttp/cpython"
	"simplehttp/reqparse"
)

// A request arrives in two chunks, the second of which holds the beginning of another one.
func Example() {
	var p reqparse.Parser
	p.Reset(reqparse.Options{Version: cpython.V3_13, Protocol: "HTTP/1.1", DefaultVersion: "HTTP/0.9"})

	_, state := p.Feed([]byte("GET //a.txt HTTP/1.1\r\nConn"))
	fmt.Println(state == reqparse.NeedMore)

	chunk := []byte("ection: close\r\n\r\nGET /b.txt")
	n, state := p.Feed(chunk)
	fmt.Println(state == reqparse.Complete)

	r := p.Request()
	connection, _ := r.Fields.Get("connection")
	fmt.Printf("%s %s, connection %s, close %v\n", r.Method, r.Target, connection, r.CloseConnection)
	fmt.Printf("left: %s\n", chunk[n:])
	// Output:
	// true
	// true
	// GET /a.txt, connection close, close true
	// left: GET /b.txt
}

// Three releases read the same bytes, and part ways.
func ExampleParser_Refusal() {
	for _, v := range []cpython.Version{cpython.V2_7, cpython.V3_13, cpython.V3_15} {
		var p reqparse.Parser
		p.Reset(reqparse.Options{Version: v, Protocol: "HTTP/1.0", DefaultVersion: "HTTP/0.9"})
		p.Feed([]byte("GET /a b HTTP/1.0\r\n"))
		fmt.Printf("%s: %d %s, answered as %q\n", v, p.Refusal().Status, p.Refusal().Message, p.Request().HTTPVersion)
	}
	// Output:
	// 2.7.18: 400 Bad request syntax ('GET /a b HTTP/1.0'), answered as "HTTP/0.9"
	// 3.13.0: 400 Bad request syntax ('GET /a b HTTP/1.0'), answered as "HTTP/1.0"
	// 3.15.0rc1: 400 Bad request syntax ('GET /a b HTTP/1.0'), answered as ""
}
