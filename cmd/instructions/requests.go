package main

import (
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// maxLine is http.client._MAXLINE, the length of the longest line.
const maxLine = 65536

// requests are those whose cost is recorded. The first two are ordinary: what these programs send.
var requests = []struct {
	name string
	text func() string
}{
	{"curl", func() string {
		return "GET /hello.txt HTTP/1.1\r\nHost: localhost:8000\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"
	}},
	{"chrome", func() string {
		return "GET /hello.txt HTTP/1.1\r\n" +
			"Host: localhost:8000\r\n" +
			"Connection: keep-alive\r\n" +
			"sec-ch-ua: \"Chromium\";v=\"124\", \"Google Chrome\";v=\"124\", \"Not-A.Brand\";v=\"99\"\r\n" +
			"sec-ch-ua-mobile: ?0\r\n" +
			"sec-ch-ua-platform: \"Linux\"\r\n" +
			"Upgrade-Insecure-Requests: 1\r\n" +
			"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36\r\n" +
			"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8\r\n" +
			"Sec-Fetch-Site: none\r\n" +
			"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
			"Accept-Language: en-US,en;q=0.9\r\n" +
			"\r\n"
	}},
	{"100 fields", func() string { return request(fields(100)) }},
	{"long field", func() string { return request("X: " + strings.Repeat("a", maxLine-len("X: \r\n")) + "\r\n") }},
	{"long target", func() string {
		return "GET /" + strings.Repeat("a", maxLine-len("GET / HTTP/1.1\r\n")) + " HTTP/1.1\r\n\r\n"
	}},
}

// request returns a request with these field lines.
func request(lines string) string { return "GET /hello.txt HTTP/1.1\r\n" + lines + "\r\n" }

// fields returns n ordinary field lines.
func fields(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("X-Field-" + strconv.Itoa(i) + ": value of the field\r\n")
	}
	return b.String()
}

// hostile is input that a careless loop would look at again and again. Its size is given in quarters
// of what 3.x reads at most; 2.7 has no limits.
var hostile = []struct {
	name    string
	release cpython.Version
	text    func(quarters int) string
}{
	{"fields", cpython.V3_14, func(q int) string { return request(fields(24 * q)) }},
	{"target", cpython.V3_14, func(q int) string { return "GET /" + strings.Repeat("a", 16000*q) + " HTTP/1.0\r\n\r\n" }},
	{"target beyond ascii", cpython.V3_14, func(q int) string { return "GET /" + strings.Repeat("\xe4", 16000*q) + " HTTP/1.0\r\n\r\n" }},
	{"words", cpython.V3_14, func(q int) string { return strings.Repeat("a ", 8000*q) + "\r\n" }},
	{"blanks", cpython.V3_14, func(q int) string { return "GET" + strings.Repeat(" ", 16000*q) + "/ HTTP/1.0\r\n\r\n" }},
	{"names", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: text/plain\r", "A:\r")) }},
	{"value over all lines", cpython.V3_14, func(q int) string { return request(lines(q, "Connection: a\r", " a\r")) }},
	{"blank continuation lines", cpython.V3_14, func(q int) string { return request(lines(q, "Connection:\r", " \r")) }},
	{"mailbox lines", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: message/x\r", "From x\r")) }},
	{"parameters", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: multipart/x", ";")) }},
	{"quotes", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: multipart/x", ";\"\\\"")) }},
	{"open quote", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: multipart/x;\"", ";")) }},
	{"sections", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: multipart/x", ";boundary*1=a")) }},
	{"percent", cpython.V3_14, func(q int) string { return request(lines(q, "Content-Type: multipart/x;boundary*=", "%41")) }},
	{"preamble", cpython.V3_14, func(q int) string {
		return request(lines(q, "Content-Type: multipart/x;boundary=b\r\r", "-\r"))
	}},
	{"boundaries", cpython.V3_14, func(q int) string {
		return request(lines(q, "Content-Type: multipart/x;boundary=\"\"\r\r", "--\r"))
	}},
	{"parts", cpython.V3_14, func(q int) string {
		return request(lines(q, "Content-Type: multipart/x;boundary=\"\"\r\r", "--\rA: b\r\rc\r"))
	}},
	{"parts of a message", cpython.V3_14, func(q int) string {
		return request(lines(q, "Content-Type: multipart/digest;boundary=\"\"\r\r", "--\r\r\r\r"))
	}},
	{"blocks of a report", cpython.V3_14, func(q int) string {
		return request(lines(q, "Content-Type: message/delivery-status\r\r", "A: b\r\r"))
	}},
	{"line below nested multiparts", cpython.V3_14, func(q int) string { return request(lines(q, nest(200*q), "--c\r")) }},
	{"fields", cpython.V2_7, func(q int) string { return request(fields(4000 * q)) }},
	{"line", cpython.V2_7, func(q int) string { return request("Connection: " + strings.Repeat("a", 400000*q) + "\r\n") }},
	{"blanks in a value", cpython.V2_7, func(q int) string {
		return request("Connection: " + strings.Repeat(" ", 400000*q) + "a\r\n")
	}},
	{"continuation lines", cpython.V2_7, func(q int) string {
		return request("Connection: a\r\n" + strings.Repeat(" b\r\n", 100000*q))
	}},
	{"mailbox lines", cpython.V2_7, func(q int) string { return request(strings.Repeat("From x\r\n", 50000*q)) }},
}

// hostileLines is how many long lines are read: enough to see growth over all of them. 3.14 takes 99,
// which the tests of reqparse send; under callgrind they would take many minutes.
const hostileLines = 2

// lines repeats s behind first. At four quarters the lines are as long as they may be.
func lines(quarters int, first, s string) string {
	var b strings.Builder
	for i := range hostileLines {
		line := first
		if i > 0 {
			line = " "
			if strings.HasSuffix(first, "\r") {
				line = ""
			}
		}
		n := max((quarters*maxLine/4-2-len(line))/len(s), 0)
		b.WriteString(line + strings.Repeat(s, n) + "\r\n")
	}
	return b.String()
}

// nest begins n multiparts, one in the other.
func nest(n int) string {
	var b strings.Builder
	for i := range n {
		name := strconv.FormatInt(int64(1296-1-i), 36) // two characters, never the same
		b.WriteString("Content-Type: multipart/x;boundary=" + name + "\r\r--" + name + "\r")
	}
	return b.String()
}
