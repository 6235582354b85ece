package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"simplehttp/cpython"
)

// A Target is a server of anybody's, which claims to answer as a release does.
type Target struct {
	Version cpython.Version
	Address string
	Root    string // where it finds the tree

	Level    Level
	Patience time.Duration // how long it may be silent; 0 is patience
}

// A Level is how much of an answer has to be equal.
type Level string

const (
	Bytes   Level = "bytes"   // every byte, and the ending
	Content Level = "content" // the first status-code, all that follows the first head, and the ending
	Status  Level = "status"  // the first status-code
)

// Levels are all of them, the strictest first.
var Levels = []Level{Bytes, Content, Status}

// dateMask is the only mask: the clock of a Target cannot be stopped. It takes dates of the right form and no others.
var dateMask = regexp.MustCompile(`^(< "Date: )(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3]\d ` +
	`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} [0-2]\d:[0-5]\d:[0-5]\d GMT(\\r\\n")$`)

// quiet is how long a Target that should wait for input is listened to, after all that was expected has come.
const quiet = 100 * time.Millisecond

// Checkable reports whether a Target can be asked a case: one whose answer does not depend on the clock, on files of
// the system, or on what happens to the server while it runs.
func (c *Case) Checkable() bool {
	o := c.Options
	return o.Clock == DefaultOptions().Clock && o.Mime == "" && o.Cwd == "" && !c.ties()
}

// ties reports whether the answer depends on the order of a directory: names of the tree are equal to who sorts them.
func (c *Case) ties() bool { return c.Tree == "ties" || c.Tree == "sigma" }

// Check asks the Target a case, until ctx is done, and compares the bytes and the ending, not the log, with the record. No
// more is sent than CPython needed to answer: a Target that waits for more is late.
func (t *Target) Check(ctx context.Context, c *Case) (*Departure, error) {
	lines, ok := c.Recorded(t.Version)
	if !ok {
		return nil, fmt.Errorf("%s, %s: no answer is recorded", c.FullName(), t.Version)
	}
	words := Words{Server: ServerField(t.Version), Root: t.Root}
	want, last, err := wanted(&c.Request, lines, words)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.FullName(), err)
	}
	got, err := t.exchange(ctx, &c.Request, last, want, words)
	if err != nil {
		return nil, fmt.Errorf("%s, %s: %w", c.FullName(), t.Version, err)
	}
	return depart(t.Level.of(masked(got)), t.Level.of(masked(want))), nil
}

var (
	// statusLine is a status-line up to its status-code, in the spelling of an answer.
	statusLine = regexp.MustCompile(`^< "HTTP/\d\.\d (\d{3})\b`)
	headEnd    = `< "\r\n"`
)

// of is what of the lines of an answer has to be equal.
func (l Level) of(lines []string) []string {
	if l != Content && l != Status {
		return lines
	}
	first := lines[0]
	m := statusLine.FindStringSubmatch(first)
	if m != nil {
		first = "status " + m[1]
	}
	if l == Status {
		if m == nil && strings.HasPrefix(first, "< ") {
			first = "no status-line"
		}
		return []string{first}
	}
	if i := slices.Index(lines, headEnd); m != nil && i >= 0 {
		return append([]string{first}, lines[i+1:]...)
	}
	return append([]string{first}, lines[1:]...)
}

// wanted are the lines of a record that a client sees, as if all had come at once, and the place of the last of them.
// The words are spelled out: the maker of another server need not know them.
func wanted(r *Request, lines []string, w Words) (seen []string, last int, err error) {
	last = r.end()
	var wire []byte
	for _, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case word == "log" || word == "crash":
		case word == "at":
			if last, err = r.parsePlace(rest); err != nil {
				return nil, 0, err
			}
		case word == "<" && !isHash(rest):
			b, err := ParseQuoted(rest, w)
			if err != nil {
				return nil, 0, err
			}
			wire = append(wire, b...)
		default:
			seen = append(appendWire(seen, wire, Words{}), line)
			wire = nil
		}
	}
	return seen, last, nil
}

// isHash reports whether what follows < is the length and hash of many bytes.
func isHash(rest string) bool {
	_, rest, _ = strings.Cut(rest, " ")
	return strings.HasPrefix(rest, "bytes sha256 ")
}

// masked replaces the date of every line that holds a valid one.
func masked(lines []string) []string {
	lines = slices.Clone(lines)
	for i, line := range lines {
		lines[i] = dateMask.ReplaceAllString(line, "${1}DATE$2")
	}
	return lines
}

// wireLength is how many bytes the < lines of an answer stand for.
func wireLength(lines []string, w Words) (n int, err error) {
	for _, line := range lines {
		quoted, ok := strings.CutPrefix(line, "< ")
		if !ok {
			continue
		}
		if count, _, _ := strings.Cut(quoted, " "); isHash(quoted) {
			size, err := strconv.Atoi(count)
			if err != nil {
				return 0, err
			}
			n += size
			continue
		}
		wire, err := ParseQuoted(quoted, w)
		if err != nil {
			return 0, err
		}
		n += len(wire)
	}
	return n, nil
}

func (t *Target) patience() time.Duration {
	if t.Patience > 0 {
		return t.Patience
	}
	return patience
}

// exchange is one connection, spelled as an answer.
func (t *Target) exchange(ctx context.Context, r *Request, last int, want []string, w Words) ([]string, error) {
	dialed, err := (&net.Dialer{Timeout: t.patience()}).DialContext(ctx, "tcp", t.Address)
	if err != nil {
		return nil, err
	}
	defer dialed.Close()
	defer context.AfterFunc(ctx, func() { dialed.Close() })()
	conn, ok := dialed.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("%s is not TCP", t.Address)
	}
	go func() {
		conn.Write(r.Bytes[:min(last, r.end())]) // may fail: a server need not read all
		if last > r.end() {
			conn.CloseWrite()
		}
	}()
	wire, end, err := t.receive(conn, want, w)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	answer := &Answer{End: end, EndAt: r.end()}
	answer.Add(r.end(), nil, wire)
	return answer.Lines(r, Words{}), err
}

// receive reads to the end; or, where the record says that the server waits, as much as is recorded and what comes
// right after.
func (t *Target) receive(conn *net.TCPConn, want []string, w Words) (wire []byte, end Ending, err error) {
	conn.SetReadDeadline(time.Now().Add(t.patience()))
	if want[len(want)-1] == string(Open) {
		n, err := wireLength(want, w)
		if err != nil {
			return nil, Open, err
		}
		wire = make([]byte, n)
		if n, err = io.ReadFull(conn, wire); err != nil {
			return wire[:n], ending(err), nil
		}
		conn.SetReadDeadline(time.Now().Add(quiet))
	}
	rest, err := io.ReadAll(conn)
	return append(wire, rest...), ending(err), nil
}

// ending names what the end of reading means.
func ending(err error) Ending {
	switch {
	case err == nil, err == io.EOF, err == io.ErrUnexpectedEOF:
		return Closed
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Open
	}
	return Reset
}
