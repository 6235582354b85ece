package main

import (
	"bufio"
	"bytes"
	"net/textproto"
	"runtime"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
	"simplehttp/reqparse"
)

// A job is work whose cost is recorded: either one request, which is done again and again, or
// input of three sizes, to see how the cost grows.
type job struct {
	name    string
	request func() func() // prepares the work, and returns it
	grows   func(quarters int) func()
}

// A call is work that is counted as a whole.
type call struct {
	times int
	work  func()
}

// rounds is how often c is counted: a request often, to find what it costs without interruption; large
// input once, since an interruption is little in it.
func (c call) rounds() int {
	if c.times > 1 {
		return 9
	}
	return 1
}

// repeats is how often a request is done. What a call costs beside is in a second one, for twice as
// many, too, and so not in the difference.
const repeats = 2

// quarters are the sizes of input that grows, in quarters of its limit.
var quarters = []int{1, 2, 4}

// calls returns what is to be counted of j.
func (j job) calls() []call {
	if j.request != nil {
		work := j.request()
		return []call{{repeats, work}, {2 * repeats, work}}
	}
	var calls []call
	for _, n := range quarters {
		calls = append(calls, call{1, j.grows(n)})
	}
	return calls
}

// entries returns what is recorded of j, from the counts of its calls.
func (j job) entries(counts []int64) []entry {
	if j.request != nil {
		return []entry{{j.name, (counts[1] - counts[0]) / repeats}}
	}
	var entries []entry
	for i, n := range quarters {
		entries = append(entries, entry{j.name + " " + string('0'+rune(n)) + "/4", counts[i]})
	}
	return entries
}

// work does all jobs. It is what runs under callgrind.
func work() {
	for _, j := range jobs() {
		for _, c := range j.calls() {
			c.work()     // buffers grow, and the stack
			runtime.GC() // what was used is given back outside of what is counted
			if c.times > 1 {
				c.work() // pools fill again
			}
			for range c.rounds() {
				runtime.Gosched() // the scheduler does not interrupt what has just begun
				marked()
				for range c.times {
					c.work()
				}
				marked()
			}
		}
	}
}

// marked is the function at whose beginning callgrind writes what it has counted.
//
//go:noinline
func marked() {}

// releases are one of each way of reading.
var releases = []cpython.Version{cpython.V2_7, cpython.V3_8, cpython.V3_14}

// jobs returns all jobs in the order of the record.
func jobs() []job {
	var all []job
	for _, r := range requests {
		for _, v := range releases {
			all = append(all, job{name: "parse/" + r.name + "/" + v.Series(), request: func() func() { return parse(v, r.text()) }})
		}
	}
	for _, r := range requests {
		all = append(all, job{name: "textproto/" + r.name, request: func() func() { return textprotoRead(r.text()) }})
	}
	for _, r := range requests[:2] {
		for _, v := range releases {
			all = append(all, job{name: "answer/" + r.name + "/" + v.Series(), request: func() func() { return answer(v, r.text()) }})
		}
	}
	for _, h := range hostile {
		name := "growth/" + h.name + "/" + h.release.Series()
		all = append(all, job{name: name, grows: func(quarters int) func() { return parse(h.release, h.text(quarters)) }})
	}
	return all
}

// parse returns work that reads one request.
func parse(v cpython.Version, text string) func() {
	p, data := new(reqparse.Parser), []byte(text)
	opts := reqparse.Options{Version: v, Protocol: "HTTP/1.0", DefaultVersion: "HTTP/0.9"}
	return func() {
		p.Reset(opts)
		if _, s := p.Feed(data); s == reqparse.NeedMore {
			p.End()
		}
		p.Request()
	}
}

// textprotoRead returns work that reads the same bytes with net/textproto.
func textprotoRead(text string) func() {
	in := new(bytes.Reader)
	lines := bufio.NewReader(in)
	reader, data := textproto.NewReader(lines), []byte(text)
	return func() {
		in.Reset(data)
		lines.Reset(in)
		if _, err := reader.ReadLine(); err != nil {
			panic(err)
		}
		if _, err := reader.ReadMIMEHeader(); err != nil {
			panic(err)
		}
	}
}

// answer returns work that answers one request with a file of 1 KiB: all that the server does but
// for its calls of the system.
func answer(v cpython.Version, text string) func() {
	tree := new(fsmap.MapFS)
	tree.Add("/hello.txt", fsmap.Node{Content: bytes.Repeat([]byte("a"), 1024), Sec: 1600000000})
	service, err := handler.New(v).Bind(handler.Env{
		FS:        tree,
		Now:       func() handler.Time { return handler.Time{Sec: 1600000800} },
		UTCOffset: func(int64) int { return 0 },
	})
	if err != nil {
		panic(err)
	}
	c, data, buffer := new(handler.Conn), []byte(text), make([]byte, 2048)
	return func() {
		c.Reset(service, handler.Peer{Host: "192.0.2.1", Port: 4711})
		c.Feed(data)
		if c.State() != handler.Writing || !bytes.HasPrefix(c.Output().Bytes, []byte("HTTP/1.0 200 OK\r\n")) {
			panic("no answer")
		}
		if n, err := c.Output().File.Read(buffer); n != 1024 || err != nil {
			panic("no file")
		}
		c.Wrote()
	}
}
