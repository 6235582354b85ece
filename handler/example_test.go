package handler_test

import (
	"fmt"
	"strings"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
)

// A connection is moved by hand: a request goes in, in two chunks, and the answer comes out.
func ExampleConn() {
	tree := &fsmap.MapFS{}
	tree.Add("/hello.txt", fsmap.Node{Content: []byte("hello"), Sec: 1600000000})
	service, err := handler.New(cpython.V3_13).Bind(handler.Env{
		FS:        tree,
		Now:       func() handler.Time { return handler.Time{Sec: 1600000000} },
		UTCOffset: func(int64) int { return 0 },
	})
	if err != nil {
		panic(err)
	}
	var c handler.Conn
	c.Reset(service, handler.Peer{Host: "192.0.2.1", Port: 50000})
	for _, chunk := range []string{"GET /hello.txt HT", "TP/1.0\r\n\r\n"} {
		c.Feed([]byte(chunk))
	}
	for c.State() != handler.Closed {
		o := c.Output()
		fmt.Print("log: ", string(o.Log))
		fmt.Println(strings.ReplaceAll(string(o.Bytes), "\r\n", "\n")+"and a file of", o.Size, "bytes")
		c.Wrote()
	}
	// Output:
	// log: 192.0.2.1 - - [13/Sep/2020 12:26:40] "GET /hello.txt HTTP/1.0" 200 -
	// HTTP/1.0 200 OK
	// Server: SimpleHTTP/0.6 Python/3.13.0
	// Date: Sun, 13 Sep 2020 12:26:40 GMT
	// Content-type: text/plain
	// Content-Length: 5
	// Last-Modified: Sun, 13 Sep 2020 12:26:40 GMT
	//
	// and a file of 5 bytes
}
