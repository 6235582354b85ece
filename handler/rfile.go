package handler

import "bytes"

// An Rfile is the input of a connection after the head of the request, the counterpart of
// self.rfile. Since a Conn does no I/O, a read does not return the bytes: it names what goes on
// with them, and the method then returns.
//
//	func doPOST(r *handler.Request) {
//		length, _ := strconv.Atoi(r.Headers.Get("Content-Length", "0"))
//		r.Rfile.Read(length, func(body []byte) {
//			r.SendResponse(200, "")
//			...
//		})
//	}
//
// One read may be under way at a time; the function that gets the bytes may begin the next one.
type Rfile struct{ conn *Conn }

// Read asks for n bytes, and calls then with them, or with fewer at the end of input, as
// rfile.read(n) returns them. then may keep the bytes.
func (f Rfile) Read(n int, then func(data []byte)) {
	f.conn.rfile = pendingRead{limit: max(n, 0), then: then, full: n <= 0}
}

// ReadLine asks for a line with its LF, of at most limit bytes, and calls then with it, or with
// what there is at the end of input, as rfile.readline(limit) returns it. then may keep the bytes.
func (f Rfile) ReadLine(limit int, then func(line []byte)) {
	f.conn.rfile = pendingRead{limit: max(limit, 0), line: true, then: then, full: limit <= 0}
}

// A pendingRead is a read that waits for input.
type pendingRead struct {
	then  func([]byte)
	limit int
	line  bool // ends at an LF
	full  bool // all is there: resume
	data  []byte
}

// wanted reports whether a read is under way.
func (p *pendingRead) wanted() bool { return p.then != nil }

// feed takes n bytes of in.
func (p *pendingRead) feed(in []byte) (n int) {
	n = min(len(in), p.limit-len(p.data))
	if p.line {
		if i := bytes.IndexByte(in[:n], '\n'); i >= 0 {
			n = i + 1
			p.full = true
		}
	}
	p.data = append(p.data, in[:n]...)
	p.full = p.full || len(p.data) == p.limit
	return n
}

// resume goes on with the bytes, and with those of reads that need no more input.
func (p *pendingRead) resume() {
	for p.full {
		then, data := p.then, p.data
		*p = pendingRead{}
		then(data)
	}
}
