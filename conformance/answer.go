package conformance

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// An Ending is how a connection was left.
type Ending string

const (
	Closed Ending = "closed" // the server ended the stream in order
	Reset  Ending = "reset"  // the server cut the connection off
	Open   Ending = "open"   // the server waits for more input
)

// An Answer is what a server gave to a case: stretches, each at a place of the request, and the end.
type Answer struct {
	Stretches []Stretch
	End       Ending
	EndAt     int
}

// A Stretch is what came after a number of sent bytes, and not before. The end of the client's
// stream counts as one byte more.
type Stretch struct {
	At   int
	Log  []LogLine
	Wire []byte
}

// A LogLine is one line of the log, or of a traceback the line of the exception.
type LogLine struct {
	Text  []byte
	Crash bool
}

// Add appends to the answer what came at a place.
func (a *Answer) Add(at int, log []LogLine, wire []byte) {
	if len(log) == 0 && len(wire) == 0 {
		return
	}
	if n := len(a.Stretches); n > 0 && a.Stretches[n-1].At == at {
		last := &a.Stretches[n-1]
		// Between the parts of one stretch the order of log and wire cannot be seen from outside.
		last.Log = append(last.Log, log...)
		last.Wire = append(last.Wire, wire...)
		return
	}
	a.Stretches = append(a.Stretches, Stretch{at, log, wire})
}

// Whole is the answer without its places: what a client sees that sends all it has at once.
func (a *Answer) Whole(end int) *Answer {
	whole := &Answer{End: a.End, EndAt: end}
	for _, s := range a.Stretches {
		whole.Add(end, s.Log, s.Wire)
	}
	return whole
}

// wireLimit and lineLimit bound what is written of the wire bytes of a stretch: beyond, it is length and hash.
const (
	wireLimit = 1 << 14
	lineLimit = 120
)

// Lines spells the answer as the lines of a case file. Equal answers give equal lines, and others others.
func (a *Answer) Lines(req *Request, w Words) []string {
	var lines []string
	place := req.end()
	move := func(to int) {
		if to != place {
			lines = append(lines, "at "+req.Place(to))
			place = to
		}
	}
	for _, s := range a.Stretches {
		move(s.At)
		for _, l := range s.Log {
			word := "log "
			if l.Crash {
				word = "crash "
			}
			lines = append(lines, word+quoteLog(l.Text, w))
		}
		lines = appendWire(lines, s.Wire, w)
	}
	move(a.EndAt)
	return append(lines, string(a.End))
}

// appendWire appends the < lines for wire bytes.
func appendWire(lines []string, wire []byte, w Words) []string {
	size := 0
	for n := 0; len(wire) > 0; n++ {
		line := wire
		if i := bytes.IndexByte(wire, '\n'); i >= 0 {
			line = wire[:i+1]
		}
		quoted := string(AppendQuoted(nil, line, w))
		if size += len(quoted); n >= lineLimit || size > wireLimit {
			return append(lines, fmt.Sprintf("< %d bytes sha256 %x", len(wire), sha256.Sum256(wire)))
		}
		lines = append(lines, "< "+quoted)
		wire = wire[len(line):]
	}
	return lines
}

// A Departure is where two spellings of an answer part: the first differing line of both, and the first differing
// byte in it, both counted from 1.
type Departure struct {
	Line, Byte int
	Got, Want  string
}

func (d *Departure) String() string {
	return "line " + strconv.Itoa(d.Line) + " of the answer, byte " + strconv.Itoa(d.Byte) + "\n\tgot  " + d.Got + "\n\twant " + d.Want
}

// Diff says where two spellings of an answer part, or "" if they do not.
func Diff(got, want []string) string {
	if d := depart(got, want); d != nil {
		return d.String()
	}
	return ""
}

// depart finds the Departure, or nil.
func depart(got, want []string) *Departure {
	for i := range max(len(got), len(want)) {
		g, w := lineOr(got, i), lineOr(want, i)
		if g == w {
			continue
		}
		at := 0
		for at < len(g) && at < len(w) && g[at] == w[at] {
			at++
		}
		return &Departure{i + 1, at + 1, g, w}
	}
	return nil
}

func lineOr(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}
