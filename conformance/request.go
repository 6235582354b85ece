package conformance

import (
	"fmt"
	"strings"
)

// A Request is what the client of a case sends.
type Request struct {
	Bytes []byte
	EOF   bool // the client ends its stream then

	lines []int // the end of each > line in Bytes
	edges []int // the end of each element of each line
}

func (r *Request) parseLine(line string) error {
	if r.EOF {
		return fmt.Errorf("%q after eof", line)
	}
	if line == "eof" {
		r.EOF = true
		return nil
	}
	for rest := line; rest != ""; {
		element, after, err := nextElement(rest, Words{})
		if err != nil {
			return err
		}
		r.Bytes = append(r.Bytes, element...)
		r.edges = append(r.edges, len(r.Bytes))
		rest = strings.TrimLeft(after, " ")
	}
	r.lines = append(r.lines, len(r.Bytes))
	return nil
}

// Spelled are the > lines of the request, without the mark.
func (r *Request) Spelled() []string {
	var lines []string
	start := 0
	for _, end := range r.lines {
		lines = append(lines, string(AppendQuoted(nil, r.Bytes[start:end], Words{})))
		start = end
	}
	if r.EOF {
		lines = append(lines, "eof")
	}
	return lines
}

// end is the place after the last byte.
func (r *Request) end() int { return len(r.Bytes) }

// eofPlace is the place after the end of the client's stream.
func (r *Request) eofPlace() int { return len(r.Bytes) + 1 }

// Place names a place as "line 2" or "line 2 byte 65537".
func (r *Request) Place(at int) string {
	switch {
	case at == r.end():
		return "end"
	case at > r.end():
		return "eof"
	case at == 0:
		return "start"
	}
	start := 0
	for i, end := range r.lines {
		if at == end {
			return fmt.Sprintf("line %d", i+1)
		}
		if at < end {
			return fmt.Sprintf("line %d byte %d", i+1, at-start)
		}
		start = end
	}
	panic("a place beyond the request")
}

// parsePlace is the reverse of Place.
func (r *Request) parsePlace(name string) (at int, err error) {
	switch name {
	case "start":
		return 0, nil
	case "end":
		return r.end(), nil
	case "eof":
		return r.eofPlace(), nil
	}
	for at := 1; at < r.end(); at++ {
		if r.Place(at) == name {
			return at, nil
		}
	}
	return 0, fmt.Errorf("the request has no place %q", name)
}

// A request up to everyByte long is tried at every byte; of a longer one those within nearEdge of the
// end of an element or of a limit of CPython are taken.
const (
	everyByte = 2000
	nearEdge  = 4
)

// limits are the places in a line at which CPython changes its mind: http.client._MAXLINE, and the
// size of the buffer that the releases read through, 8192 or from 3.14 on 131072 bytes.
var limits = []int{8192, 65536, 131072}

// Steps lists the places, in order, at which the request is cut when it is sent in pieces: every
// byte of a short request, of a long one those where something may happen. The last is the end.
func (r *Request) Steps() []int {
	n := r.end()
	if n <= everyByte {
		steps := make([]int, n)
		for i := range steps {
			steps[i] = i + 1
		}
		return steps
	}
	near := make([]bool, n+1)
	mark := func(at int) {
		for i := max(at-nearEdge, 1); i <= min(at+nearEdge, n); i++ {
			near[i] = true
		}
	}
	mark(0)
	start := 0
	for _, end := range r.lines {
		for _, limit := range limits {
			mark(start + limit)
		}
		start = end
	}
	for _, edge := range r.edges {
		mark(edge)
	}
	var steps []int
	for i := 1; i <= n; i++ {
		if near[i] {
			steps = append(steps, i)
		}
	}
	return steps
}
