package reqparse

import (
	"testing"

	"simplehttp/cpython"
)

// An outcome is all that a caller can see of a request.
type outcome struct {
	state   State
	took    int  // bytes taken when the answer was there
	ended   bool // the answer needed the end of input
	request *Request
	refusal Refusal
	crash   string
}

func options(v cpython.Version, protocol string) Options {
	return Options{Version: v, Protocol: protocol, DefaultVersion: "HTTP/0.9"}
}

// parse gives data to a Parser in chunks of the given size, 0 for whole, and ends it.
func parse(opts Options, data string, chunk int) outcome {
	var p Parser
	p.Reset(opts)
	return feed(&p, data, chunk)
}

func feed(p *Parser, data string, chunk int) (o outcome) {
	s := NeedMore
	for s == NeedMore && o.took < len(data) {
		end := len(data)
		if chunk > 0 {
			end = min(end, o.took+chunk)
		}
		part := []byte(data[o.took:end])
		var n int
		n, s = p.Feed(part[:len(part):len(part)])
		for i := range part {
			part[i] = '#' // the parser may not look at it again
		}
		o.took += n
	}
	if s == NeedMore {
		o.ended = true
		s = p.End()
	}
	o.state, o.request, o.refusal, o.crash = s, p.Request(), p.Refusal(), p.Crash()
	return o
}

func TestSmoke(t *testing.T) {
	for _, v := range cpython.Versions() {
		o := parse(options(v, "HTTP/1.0"), "GET / HTTP/1.0\r\nConnection: close\r\n\r\n", 0)
		t.Logf("%s %+v", v, o)
	}
}
