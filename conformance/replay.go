package conformance

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
)

// A Replayer answers cases with our own handler, in memory.
type Replayer struct {
	Version cpython.Version
	Trees   *Trees

	conn     handler.Conn
	services map[string]*handler.Service
}

// Service returns our server for a case: the handler that is bound to the case's tree and options.
func (r *Replayer) Service(c *Case) (*handler.Service, Words, error) {
	words := Words{Server: ServerField(r.Version), Root: memoryRoot + "/" + c.Tree}
	key := c.Tree + c.Options.Key()
	if s := r.services[key]; s != nil {
		return s, words, nil
	}
	t, err := r.Trees.Load(c.Tree)
	if err != nil {
		return nil, Words{}, err
	}
	fs := t.InMemory()
	env, err := c.Options.env(r.Trees.Testdata)
	if err != nil {
		return nil, words, err
	}
	env.ASCII = c.Options.ascii(r.Version)
	if env.FS = fs; c.Options.Cwd == "removed" {
		fs.Wd += "/removed" // which the server starts in, and never finds again
	}
	s, err := c.Options.handler(r.Version).Bind(env)
	if err != nil {
		return nil, words, err
	}
	fs.removed.Store(c.Options.Cwd == "removed")
	if r.services == nil {
		r.services = map[string]*handler.Service{}
	}
	r.services[key] = s
	return s, words, nil
}

// handler is the class, as the command line with these options makes it.
func (o Options) handler(v cpython.Version) *handler.Handler {
	text := textOf(v)
	h := handler.New(v)
	h.ProtocolVersion = text(o.Protocol)
	if o.HasDirectory {
		h.Directory = o.Directory
		if o.Directory == "" {
			h.Directory = handler.EmptyDirectory
		}
	}
	if o.HasType {
		h.DefaultContentType = text(o.ContentType)
	}
	for _, field := range o.Headers {
		h.ExtraResponseHeaders = append(h.ExtraResponseHeaders, handler.Header{Keyword: text(field[0]), Value: text(field[1])})
	}
	return h
}

// env is all of the environment but the file system.
func (o Options) env(testdata string) (handler.Env, error) {
	sec, nsec, err := parseTime(o.Clock)
	if err != nil {
		return handler.Env{}, err
	}
	env := handler.Env{
		Now:   func() handler.Time { return handler.Time{Sec: sec, Nsec: int32(nsec)} },
		ASCII: o.Encoding == "ascii",
	}
	ahead, err := parseZone(o.Zone)
	env.UTCOffset = func(int64) int { return ahead }
	if err != nil || o.Mime == "" {
		return env, err
	}
	text, err := os.ReadFile(filepath.Join(testdata, "mime", o.Mime))
	env.MimeFiles = [][]byte{text}
	return env, err
}

// parseZone reads a TZ of the form XYZ-05:30, which is east of Greenwich, and so ahead of UTC.
func parseZone(tz string) (ahead int, err error) {
	name := strings.TrimRight(tz, "+-:0123456789")
	if name == tz {
		return 0, nil
	}
	hours, minutes, _ := strings.Cut(tz[len(name):], ":")
	h, err := strconv.Atoi(hours)
	if err != nil {
		return 0, fmt.Errorf("zone %q: %w", tz, err)
	}
	m, _ := strconv.Atoi(minutes)
	if strings.HasPrefix(hours, "-") {
		m = -m
	}
	return -(h*60 + m) * 60, nil
}

// A replay is one connection to our handler.
type replay struct {
	conn   *handler.Conn
	answer *Answer
}

// peer is the client of every replay. Its port is in the log line of a crash.
var peer = handler.Peer{Host: "127.0.0.1", Port: 50000}

// crashPrefix begins the log line of a crash of ours, where CPython prints a traceback.
var crashPrefix = []byte(handler.CrashPrefix + "('127.0.0.1', 50000): ")

// Ask sends a case's request in steps and returns our answer.
func (r *Replayer) Ask(c *Case, steps []int) (*Answer, Words, error) {
	s, words, err := r.Service(c)
	if err != nil {
		return nil, words, err
	}
	answer, err := r.run(s, &c.Request, steps)
	return answer, words, err
}

// run is one connection.
func (r *Replayer) run(s *handler.Service, req *Request, steps []int) (*Answer, error) {
	r.conn.Reset(s, peer)
	run := replay{&r.conn, &Answer{}}
	err := run.all(req, steps)
	return run.answer, err
}

// all feeds the request, and closes the answer.
func (r *replay) all(req *Request, steps []int) error {
	sent := 0
	for _, at := range steps {
		if err := r.feed(req.Bytes[sent:at], at); err != nil {
			return err
		}
		sent = at
		if r.conn.State() == handler.Closed {
			r.answer.End, r.answer.EndAt = Closed, at
			return nil
		}
	}
	if !req.EOF {
		r.answer.End, r.answer.EndAt = Open, sent
		return nil
	}
	r.conn.End()
	if err := r.pump(req.eofPlace()); err != nil {
		return err
	}
	if r.conn.State() != handler.Closed {
		return fmt.Errorf("after the end of the stream the state is %d, not Closed", r.conn.State())
	}
	r.answer.End, r.answer.EndAt = Closed, req.eofPlace()
	return nil
}

// feed gives a chunk, from a buffer that is spoiled afterwards: nobody may keep it.
func (r *replay) feed(chunk []byte, place int) error {
	in := slices.Clip(slices.Clone(chunk))
	defer func() { clear(in) }()
	for rest := in; ; {
		if err := r.pump(place); err != nil {
			return err
		}
		if len(rest) == 0 || r.conn.State() == handler.Closed {
			return nil
		}
		n := r.conn.Feed(rest)
		if n == 0 && r.conn.State() == handler.Reading {
			return fmt.Errorf("Feed of %d bytes takes none, and still reads", len(rest))
		}
		rest = rest[n:]
	}
}

// pump does what the handler waits for, until it waits for input or is closed.
func (r *replay) pump(place int) error {
	for {
		switch r.conn.State() {
		case handler.Reading, handler.Closed:
			return nil
		case handler.Working:
			r.conn.Work()
		case handler.Writing:
			out := r.conn.Output()
			wire, err := wholeOutput(out)
			if err != nil {
				return err
			}
			r.answer.Add(place, ourLog(out.Log), wire)
			r.conn.Wrote()
		}
	}
}

// wholeOutput is the bytes of an output and of its file.
func wholeOutput(out *handler.Output) ([]byte, error) {
	wire := bytes.Clone(out.Bytes)
	if out.File == nil {
		return wire, nil
	}
	content, err := io.ReadAll(out.File)
	return append(wire, content...), err
}

// ourLog parts our log into lines.
func ourLog(log []byte) []LogLine {
	var lines []LogLine
	for line := range bytes.Lines(log) {
		text, crash := bytes.CutPrefix(bytes.TrimSuffix(line, []byte("\n")), crashPrefix)
		lines = append(lines, LogLine{bytes.Clone(text), crash})
	}
	return lines
}

// Replay compares our answer with the recorded one: at once, cut in two at every step of the
// request, and step by step, where each part must appear at its place as well.
func (r *Replayer) Replay(c *Case) (*Difference, error) {
	want, ok := c.Recorded(r.Version)
	if !ok {
		return nil, fmt.Errorf("%s, %s: no answer is recorded", c.FullName(), r.Version)
	}
	rerun := fmt.Sprintf("go run ./cmd/conform replay --python %s '%s'", r.Version.Series(), c.FullName())
	steps := c.Request.Steps()
	service, words, err := r.Service(c)
	if err != nil {
		return nil, err
	}
	pieces, err := r.run(service, &c.Request, steps)
	if err != nil {
		return &Difference{c, r.Version, "step by step: " + err.Error(), rerun}, nil
	}
	if diff := Diff(pieces.Lines(&c.Request, words), want); diff != "" {
		return &Difference{c, r.Version, diff, rerun}, nil
	}
	end := c.Request.end()
	wanted := pieces.Whole(end)
	for _, cut := range append(steps, end) {
		got, err := r.run(service, &c.Request, []int{cut, end})
		if err != nil {
			return &Difference{c, r.Version, fmt.Sprintf("cut after %d bytes: %v", cut, err), rerun}, nil
		}
		if got := got.Whole(end); !got.equal(wanted) {
			diff := Diff(got.Lines(&c.Request, words), wanted.Lines(&c.Request, words))
			return &Difference{c, r.Version, fmt.Sprintf("cut after %d bytes: %s", cut, diff), rerun}, nil
		}
	}
	return nil, nil
}

// equal compares answers of which both are Whole.
func (a *Answer) equal(b *Answer) bool {
	return a.End == b.End && slices.EqualFunc(a.Stretches, b.Stretches, func(s, t Stretch) bool {
		return bytes.Equal(s.Wire, t.Wire) && slices.EqualFunc(s.Log, t.Log, func(l, m LogLine) bool {
			return l.Crash == m.Crash && bytes.Equal(l.Text, m.Text)
		})
	})
}

var _ fsmap.FS = (*memoryFS)(nil)
