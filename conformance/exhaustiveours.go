package conformance

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
	"simplehttp/reqparse"
)

// OursExhaustive answers the inputs of families with our own functions, as one release.
type OursExhaustive struct {
	Version  cpython.Version
	Testdata string

	parser  reqparse.Parser
	paths   fsmap.Buffers
	guesser *guesser
	served  *Family // for which server was made
	server  *Ours
}

// Digest is that of Records.
func (o *OursExhaustive) Digest(f *Family, inputs [][]byte) (Digest, error) {
	records, err := o.Records(f, inputs)
	return digestOf(records), err
}

// Records answers each input.
func (o *OursExhaustive) Records(f *Family, inputs [][]byte) ([][]byte, error) {
	ask, err := o.question(f)
	if err != nil {
		return nil, err
	}
	records := make([][]byte, len(inputs))
	for i, input := range inputs {
		records[i] = ask(input)
	}
	return records, nil
}

// question is our counterpart of a function of exhaustive.py.
func (o *OursExhaustive) question(f *Family) (func([]byte) []byte, error) {
	question, argument, _ := strings.Cut(f.Question, " ")
	switch question {
	case "line":
		return func(data []byte) []byte { return o.line(argument, data) }, nil
	case "translate":
		return func(target []byte) []byte { return o.translate(argument, target) }, nil
	case "guess":
		return o.guess()
	case "serve":
		return o.serve(f)
	}
	return nil, errors.New("no question " + question)
}

// line is what the parser makes of a connection.
func (o *OursExhaustive) line(protocol string, data []byte) []byte {
	p := &o.parser
	p.Reset(reqparse.Options{Protocol: protocol, DefaultVersion: "HTTP/0.9", Version: o.Version})
	took, state := p.Feed(data)
	if state == reqparse.NeedMore {
		state = p.End()
	}
	r, refusal := p.Request(), p.Refusal()
	states := [...]string{
		reqparse.Complete: "complete", reqparse.Refused: "refused", reqparse.Empty: "empty", reqparse.Crashed: "crashed",
	}
	texts := [][]byte{
		orEmpty(r.RequestLine), r.Method, r.Target, orEmpty(r.HTTPVersion),
		orNone(refusal.Message), orNone(refusal.Explain), orNone([]byte(p.Crash())),
	}
	b := append(make([]byte, 0, 160), states[state]...)
	b = appendNumber(append(b, ' '), took)
	b = appendFlag(b, r.CloseConnection)
	b = appendFlag(b, r.ExpectContinue)
	b = appendNumber(b, refusal.Status)
	for i, text := range texts {
		b = appendSize(b, text)
		b = append(b, ",,,,,,:"[i])
	}
	for _, text := range texts {
		b = append(b, text...)
	}
	if state == reqparse.Complete {
		for _, name := range serverFields {
			value, ok := r.Fields.Get(name)
			if !ok {
				value = nil
			}
			b = append(append(appendSize(b, value), ':'), value...)
		}
	}
	return b
}

// appendSize writes the length of a text; nil is None.
func appendSize(dst, text []byte) []byte {
	if text == nil {
		return append(dst, "-1"...)
	}
	return strconv.AppendInt(dst, int64(len(text)), 10)
}

// orEmpty is the empty text for what our functions leave out and CPython's leave empty.
func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// serverFields are NAMES of exhaustive.py.
var serverFields = []string{"Connection", "Expect", "If-Modified-Since", "If-None-Match", "Content-Type"}

// orNone is None for what our functions leave empty and CPython's leave out.
func orNone(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

func appendFlag(dst []byte, flag bool) []byte {
	if flag {
		return append(dst, "1 "...)
	}
	return append(dst, "0 "...)
}

func appendNumber(dst []byte, n int) []byte {
	return append(strconv.AppendInt(dst, int64(n), 10), ' ')
}

// translate is translate_path, as text and as the system gets it.
func (o *OursExhaustive) translate(base string, target []byte) []byte {
	path := fsmap.TranslatePath(o.Version, []byte(base), target, &o.paths)
	name := path.Name
	if path.Bad == fsmap.HasSurrogate {
		name = nil
	}
	return appendWord(appendWord(nil, path.Text), name)
}

// A guesser is a handler of which guess_type can be asked.
type guesser struct {
	path, answer string
	service      *handler.Service
	conn         handler.Conn
}

// guess is guess_type, which a method that replaces do_GET reaches.
func (o *OursExhaustive) guess() (func([]byte) []byte, error) {
	if o.guesser == nil {
		env, err := DefaultOptions().env(o.Testdata)
		if err != nil {
			return nil, err
		}
		g := &guesser{}
		env.FS = (&Tree{Name: "empty"}).InMemory()
		h := handler.New(o.Version)
		h.DoGET = func(r *handler.Request) { g.answer = r.Super().GuessType(g.path) }
		if g.service, err = h.Bind(env); err != nil {
			return nil, err
		}
		o.guesser = g
	}
	return o.guesser.ask, nil
}

func (g *guesser) ask(path []byte) []byte {
	g.path, g.answer = string(path), ""
	g.conn.Reset(g.service, peer)
	g.conn.Feed([]byte("GET / HTTP/1.0\r\n\r\n"))
	for g.conn.State() == handler.Working || g.conn.State() == handler.Writing {
		if g.conn.State() == handler.Working {
			g.conn.Work()
		} else {
			g.conn.Wrote()
		}
	}
	return appendWord(nil, []byte(g.answer))
}

// serve is the whole server.
func (o *OursExhaustive) serve(f *Family) (func([]byte) []byte, error) {
	if o.served != f {
		setups, err := f.Setups(o.Testdata)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if o.server, err = NewOurs(o.Version, o.Testdata, setups); err != nil {
			return nil, err
		}
		o.served = f
	}
	return func(input []byte) []byte {
		j := parseJob(input)
		reply := o.server.Ask(j, len(j.Bytes)+1)
		return reply.record()
	}, nil
}
