package handler

import (
	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/reqparse"
)

// State says what a Conn waits for.
type State uint8

const (
	Reading State = iota // for input: call Feed, or End at the end of input
	Working              // for work that may block: call Work, on any goroutine
	Writing              // for Output to be written whole: then call Wrote
	Closed               // for nothing: shut down and close the connection
)

// Output is what a Conn wants written, in this order.
type Output struct {
	Log   []byte     // whole log lines, to be written before any byte of this Output is sent
	Bytes []byte     // to be sent
	File  fsmap.File // to be sent then, from its position until a read returns 0 bytes; nil for none
	Size  int64      // of File, as fstat gave it: a hint, since the file may have grown or shrunk
}

// A Peer is the client's address, as accept gives it.
type Peer struct {
	Host              string // numeric, as getnameinfo spells it
	Port              int
	FlowInfo, ScopeID uint32
	IPv6              bool
}

// A Conn is one connection, from its first byte to its close: StreamRequestHandler.handle and all
// that it calls. It is not safe for concurrent use, but may pass from one goroutine to another.
//
// It is small while it waits for a request: what an answer needs is borrowed while there is one.
type Conn struct {
	service *Service
	peer    Peer
	parser  reqparse.Parser
	rfile   pendingRead

	state  State
	next   State // follows Writing
	ended  bool  // the end of input has been reported
	filled bool  // a head has been sent (3.15's _default_response_headers exists)

	*answer // from the complete request until its answer is written; else nil
}

// An answer is what a Conn needs from a complete request until all that it says is written.
type answer struct {
	req Request

	// What has been written, and not yet taken by the engine.
	log     []byte
	out     []byte
	flushed int // out[flushed:] is the _headers_buffer of CPython, which a crash takes with it
	files   []outFile
	output  Output
	sent    int // bytes of out that earlier Outputs held

	// How the request goes.
	mayBlock bool   // Work runs it
	blocked  bool   // it came to a call that may block, and is to be run again by Work
	crash    string // the exception that ended it: last line of its traceback
	size     int64  // of the file, as fstat gave it

	// Buffers.
	paths     fsmap.Buffers
	value     []byte // of a number or a date in a field
	mediaType []byte
	phrase    []byte // of an error
	explain   []byte // of an error
	listing   []byte // of a directory
	scratch   []byte // of a phrase, a message of the log, or an error page
}

// borrow gives c an answer to fill.
func (c *Conn) borrow() {
	if c.answer != nil {
		return
	}
	c.answer, _ = c.service.answers.Get().(*answer)
	if c.answer == nil {
		c.answer = new(answer)
	}
}

// giveBack ends what borrow began. The buffers stay with the answer, but for large ones.
func (c *Conn) giveBack() {
	a := c.answer
	if a == nil {
		return
	}
	c.answer = nil
	*a = answer{
		log:       reuse(a.log, keptBuffer),
		out:       reuse(a.out, keptListing),
		listing:   reuse(a.listing, keptListing),
		files:     a.files[:0],
		paths:     a.paths,
		value:     reuse(a.value, keptBuffer),
		mediaType: reuse(a.mediaType, keptBuffer),
		phrase:    reuse(a.phrase, keptBuffer),
		explain:   reuse(a.explain, keptBuffer),
		scratch:   reuse(a.scratch, keptBuffer),
	}
	c.service.answers.Put(a)
}

// An outFile is a file to be sent after out[:after].
type outFile struct {
	after int
	file  fsmap.File
	size  int64
}

// Reset makes c a new connection from peer. It must be Closed, aborted, or never used.
func (c *Conn) Reset(s *Service, peer Peer) {
	*c = Conn{service: s, peer: peer, parser: c.parser}
	c.resetParser()
}

// resetParser makes c ready for the next request of the connection.
func (c *Conn) resetParser() {
	h := c.service.h
	c.parser.Reset(reqparse.Options{
		Version:        c.service.v,
		Protocol:       h.ProtocolVersion,
		DefaultVersion: h.DefaultRequestVersion,
		AllFields:      c.service.subclassed,
	})
}

// State returns what c waits for.
func (c *Conn) State() State { return c.state }

// Feed takes input: the first n bytes of in. It takes fewer than all when they complete a request
// or decide its answer; the rest belongs to what follows, and is to be fed again when c is
// Reading, or is never read. c must be Reading. It keeps no reference to in.
func (c *Conn) Feed(in []byte) (n int) {
	if c.rfile.wanted() {
		n = c.rfile.feed(in)
		if c.rfile.full {
			c.settle(Working)
		}
		return n
	}
	n, state := c.parser.Feed(in)
	c.parsed(state)
	return n
}

// End reports the end of input, once. c must be Reading.
func (c *Conn) End() {
	c.ended = true
	c.endInput()
}

// Broken reports, in place of End, that input cannot be read because the client has reset the connection: the
// exception that nobody catches in StreamRequestHandler.handle. c must be Reading.
func (c *Conn) Broken() {
	if !c.rfile.wanted() {
		c.begin()
	}
	exception := "ConnectionResetError"
	if c.service.v.Has(cpython.ReadsPathAsBytes) {
		exception = "error" // socket.error
	}
	c.crashed(exception + ": [Errno 104] Connection reset by peer")
	c.finish()
}

func (c *Conn) endInput() {
	if c.rfile.wanted() {
		c.rfile.full = true
		c.settle(Working)
		return
	}
	c.parsed(c.parser.End())
}

// parsed goes on from what the parser found. These are the steps of handle_one_request.
func (c *Conn) parsed(state reqparse.State) {
	switch state {
	case reqparse.NeedMore:
	case reqparse.Empty:
		c.settle(Closed)
	case reqparse.Crashed:
		c.begin()
		c.crashed(c.parser.Crash())
		c.finish()
	case reqparse.Refused:
		c.begin()
		c.refuse(c.parser.Refusal())
		c.finish()
	case reqparse.Complete:
		c.begin()
		c.run()
	}
}

// run runs the request, here if nothing in it may block, else in Work.
func (c *Conn) run() {
	if c.service.subclassed {
		c.settle(Working)
		return
	}
	c.req.handle()
	if c.blocked {
		c.settle(Working)
		return
	}
	c.finish()
}

// Work does what may block: reading a directory, opening a FIFO, and all methods of a subclass.
// c must be Working.
func (c *Conn) Work() {
	c.mayBlock, c.blocked = true, false
	if c.service.subclassed {
		c.guarded()
	} else {
		c.req.handle()
	}
	if c.rfile.wanted() && c.crash == "" {
		c.settle(Reading)
		return
	}
	c.finish()
}

// guarded runs code of the user. Its panic is what an exception is to CPython: it ends the
// connection, and nothing else.
func (c *Conn) guarded() {
	defer func() {
		if p := recover(); p != nil {
			c.crashed("panic: " + panicText(p))
		}
	}()
	if !c.rfile.full {
		c.req.handle()
	}
	c.rfile.resume()
}

// panicText spells what a panic was called with, as far as it can without reflection.
func panicText(p any) string {
	switch p := p.(type) {
	case error:
		return p.Error()
	case string:
		return p
	}
	return "a value that is neither an error nor a string"
}

// finish ends the request: the connection closes, or waits for the next one.
func (c *Conn) finish() {
	c.rfile = pendingRead{}
	if c.crash != "" || c.req.CloseConnection {
		c.settle(Closed)
		return
	}
	c.settle(Reading)
}

// settle makes next the state, after what has been written is taken.
func (c *Conn) settle(next State) {
	c.next = next
	if a := c.answer; a != nil && (a.flushed > 0 || len(a.log) > 0 || len(a.files) > 0) {
		c.state = Writing
		return
	}
	c.enter(next)
}

// enter makes s the state, now that nothing is left to be written.
func (c *Conn) enter(s State) {
	c.state = s
	if s == Closed {
		c.giveBack()
	}
	if s != Reading {
		return
	}
	if !c.rfile.wanted() {
		c.resetParser()
		if c.answer != nil && len(c.out) == 0 {
			c.giveBack()
		}
	}
	if c.ended {
		c.endInput()
	}
}

// Output returns what is to be written. c must be Writing. The result and its slices are valid
// until Wrote.
func (c *Conn) Output() *Output {
	c.output = Output{Log: c.log, Bytes: c.out[c.sent:c.flushed]}
	if len(c.files) > 0 {
		f := c.files[0]
		c.output.Bytes = c.out[c.sent:f.after]
		c.output.File, c.output.Size = f.file, f.size
	}
	return &c.output
}

// Wrote says that the Output is written. It closes its file.
func (c *Conn) Wrote() {
	c.log = c.log[:0]
	c.output = Output{}
	if len(c.files) > 0 {
		f := c.files[0]
		_ = f.file.Close() // opened for reading: there is nothing to lose
		c.sent = f.after
		c.files = append(c.files[:0], c.files[1:]...)
		if len(c.files) > 0 || c.sent < c.flushed {
			return
		}
	}
	c.out = append(c.out[:0], c.out[c.flushed:]...)
	c.sent, c.flushed = 0, 0
	c.enter(c.next)
}

// Abort releases what c holds. For a connection that broke.
func (c *Conn) Abort() {
	if c.answer != nil {
		for _, f := range c.files {
			_ = f.file.Close() // opened for reading: there is nothing to lose
		}
	}
	c.state = Closed
	c.giveBack()
}

// How much of a buffer is kept for the next answer: enough for the head and the page of an ordinary one,
// and for the listing of a directory of a thousand entries.
const (
	keptBuffer  = 4 << 10
	keptListing = 160 << 10
)

// reuse empties a buffer, and gives it up if it is larger than kept.
func reuse(b []byte, kept int) []byte {
	if cap(b) > kept {
		return nil
	}
	return b[:0]
}
