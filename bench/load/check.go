package load

import (
	"bytes"
	"strconv"
)

// Faults count what was wrong.
type Faults struct {
	Bytes    int64 `json:"bytes"`     // of content: different, missing, or too many
	Statuses int64 `json:"statuses"`  // status-codes other than the one expected
	Lengths  int64 `json:"lengths"`   // Content-Length fields that are not the length expected, or are missing where needed
	Heads    int64 `json:"heads"`     // answers that do not begin as HTTP
	Refused  int64 `json:"refused"`   // connections that could not be made
	Broken   int64 `json:"broken"`    // connections that ended before the answer, or by a reset
	Late     int64 `json:"late"`      // answers that did not come within the patience
	NotAsked int64 `json:"not_asked"` // requests that the rate called for and that found no client in time
}

// Sum is how many faults there are; 0 is a run whose figures count.
func (f Faults) Sum() int64 {
	return f.Bytes + f.Statuses + f.Lengths + f.Heads + f.Refused + f.Broken + f.Late + f.NotAsked
}

// maxHead bounds the head of an answer.
const maxHead = 16 << 10

// An answer checks one answer as it comes in.
type answer struct {
	keep   bool // the connection outlives the answer, so that its length must be told
	target *Target
	faults *Faults

	head    []byte // what has come of it, if it came in pieces
	content bool   // the head is through
	learns  []byte // the content so far, of a target that has none
	at      int64  // how much content has come
	length  int64  // by Content-Length; -1 if the end of the connection tells
}

// expect begins an answer.
func (a *answer) expect(t *Target) {
	*a = answer{keep: a.keep, target: t, faults: a.faults, head: a.head[:0], learns: a.learns[:0], length: -1}
}

// feed takes what came, and returns how much of it was of this answer, and whether the answer is
// complete.
func (a *answer) feed(p []byte) (n int, done bool) {
	if !a.content {
		var whole bool
		if n, whole = a.feedHead(p); !whole {
			return n, false
		}
	}
	rest := p[n:]
	if a.length >= 0 && a.length-a.at < int64(len(rest)) && a.keep {
		rest = rest[:a.length-a.at]
	}
	a.compare(rest)
	n += len(rest)
	return n, a.keep && a.length >= 0 && a.at == a.length
}

// feedHead takes bytes up to the empty line.
func (a *answer) feedHead(p []byte) (n int, whole bool) {
	if len(a.head) == 0 { // the usual case: all of it, in one piece
		if end := bytes.Index(p, []byte("\r\n\r\n")); end >= 0 {
			a.readHead(p[:end+2])
			return end + 4, true
		}
	}
	before := len(a.head)
	a.head = append(a.head, p...)
	end := bytes.Index(a.head[max(before-3, 0):], []byte("\r\n\r\n"))
	if end < 0 {
		if len(a.head) > maxHead {
			a.faults.Heads++
			a.content = true
		}
		return len(p), false
	}
	end += max(before-3, 0)
	a.readHead(a.head[:end+2])
	return end + 4 - before, true
}

// readHead checks status-line and Content-Length. head ends with the last field line.
func (a *answer) readHead(head []byte) {
	a.content = true
	if !bytes.HasPrefix(head, []byte("HTTP/1.")) || len(head) < len("HTTP/1.0 200") {
		a.faults.Heads++
		return
	}
	if status, err := strconv.Atoi(string(head[9:12])); err != nil || status != a.target.Status {
		a.faults.Statuses++
	}
	a.length = contentLength(head)
	if a.length < 0 && a.keep || a.length >= 0 && a.target.Content != nil && a.length != int64(len(a.target.Content)) {
		a.faults.Lengths++
	}
}

// contentLength is the value of the field Content-Length, or -1.
func contentLength(head []byte) int64 {
	const name = "content-length:"
	for line := range bytes.Lines(head) {
		if len(line) <= len(name) || !bytes.EqualFold(line[:len(name)], []byte(name)) {
			continue
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line[len(name):])), 10, 64)
		if err != nil {
			return -1
		}
		return n
	}
	return -1
}

// compare checks content against what is expected there.
func (a *answer) compare(p []byte) {
	if a.target.Content == nil {
		a.learns = append(a.learns, p...)
		a.at += int64(len(p))
		return
	}
	var want []byte
	if a.at < int64(len(a.target.Content)) {
		want = a.target.Content[a.at:]
	}
	a.at += int64(len(p))
	a.faults.Bytes += different(p, want)
}

// different is how many bytes of p are not those of want; what is beyond want counts.
func different(p, want []byte) (n int64) {
	if len(p) > len(want) {
		n = int64(len(p) - len(want))
		p = p[:len(want)]
	}
	if bytes.Equal(p, want[:len(p)]) {
		return n
	}
	for i, b := range p {
		if b != want[i] {
			n++
		}
	}
	return n
}

// end takes the end of the answer.
func (a *answer) end() {
	if a.target.Content == nil {
		a.target.Content = append([]byte{}, a.learns...)
		return
	}
	a.faults.Bytes += max(int64(len(a.target.Content))-a.at, 0)
}
