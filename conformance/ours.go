package conformance

import (
	"bytes"
	"fmt"
	"slices"

	"simplehttp/cpython"
	"simplehttp/handler"
)

// Ours is our own handler, as one release, ready to be asked the requests that a Worker is asked.
type Ours struct {
	Version cpython.Version
	Roots   []string // where the tree of each setup lies; as long as that of a Worker

	services []*handler.Service
	conn     handler.Conn
}

// NewOurs binds our handler to the trees, in memory.
func NewOurs(v cpython.Version, testdata string, setups []Setup) (*Ours, error) {
	o := &Ours{Version: v}
	for _, s := range setups {
		env, err := s.Options.env(testdata)
		if err != nil {
			return nil, err
		}
		fs := s.Tree.InMemory()
		env.FS, env.ASCII = fs, s.Options.ascii(v)
		service, err := s.Options.handler(v).Bind(env)
		if err != nil {
			return nil, err
		}
		o.services, o.Roots = append(o.services, service), append(o.Roots, fs.Wd)
	}
	return o, nil
}

// Ask feeds the request in chunks of at most so many bytes. A panic is answered like a crash.
func (o *Ours) Ask(j Job, chunk int) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			reply.Crash = fmt.Appendf(nil, "panic: %v", p)
			o.conn = handler.Conn{}
		}
	}()
	o.conn.Reset(o.services[j.Setup], peer)
	rest := j.Bytes
	for {
		o.pump(&reply)
		if o.conn.State() == handler.Closed {
			reply.End = Closed
			return reply
		}
		if len(rest) == 0 {
			break
		}
		in := slices.Clone(rest[:min(chunk, len(rest))])
		n := o.conn.Feed(in)
		clear(in) // nobody may keep it
		if n == 0 && o.conn.State() == handler.Reading {
			panic("Feed takes nothing, and still reads")
		}
		reply.Took += n
		rest = rest[n:]
	}
	if reply.End = Open; j.EOF {
		o.conn.End()
		o.pump(&reply)
		if o.conn.State() != handler.Closed {
			panic("not Closed after the end of the stream")
		}
		reply.End = Closed
		return reply
	}
	reply.Took = 0
	o.conn.Abort()
	return reply
}

// pump does what the handler waits for, until it waits for input or is closed.
func (o *Ours) pump(reply *Reply) {
	for {
		switch o.conn.State() {
		case handler.Reading, handler.Closed:
			return
		case handler.Working:
			o.conn.Work()
		case handler.Writing:
			out := o.conn.Output()
			reply.addLog(out.Log)
			wire, err := wholeOutput(out)
			if err != nil {
				panic(err)
			}
			reply.Wire = append(reply.Wire, wire...)
			o.conn.Wrote()
		}
	}
}

// addLog adds our log, in which the line of a crash stands for a traceback.
func (r *Reply) addLog(log []byte) {
	for line := range bytes.Lines(log) {
		if crash, ok := bytes.CutPrefix(line, crashPrefix); ok {
			r.Crash = bytes.Clone(bytes.TrimSuffix(crash, []byte("\n")))
			continue
		}
		r.Log = append(r.Log, line...)
	}
}

// moveRoot makes the reply speak of another root, of equal length.
func (r *Reply) moveRoot(from, to string) {
	r.Wire = bytes.ReplaceAll(r.Wire, []byte(from), []byte(to))
	r.Crash = bytes.ReplaceAll(r.Crash, []byte(from), []byte(to))
}
