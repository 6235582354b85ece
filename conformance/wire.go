package conformance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long a server may be silent before asking it is given up.
const patience = 20 * time.Second

// newLineReader reads lines without their end.
func newLineReader(r io.Reader) *lineReader { return &lineReader{bufio.NewReader(r)} }

type lineReader struct{ r *bufio.Reader }

func (l *lineReader) next() (string, error) {
	line, err := l.r.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// incoming is what came on a connection: bytes, or its end.
type incoming struct {
	data []byte
	end  Ending
	err  error
}

// A conversation is one connection to a watched interpreter.
type conversation struct {
	p        *process
	conn     *net.TCPConn
	peer     int // our port, by which the reports know us
	in       chan incoming
	answer   *Answer
	wire     []byte // came since the last stretch
	received int
	seen     int64 // how much of the log was read
	ended    bool  // the server is done with it
}

// ask sends a request in steps, or at once where there are none, and returns the answer.
func (p *process) ask(r *Request, steps []int) (*Answer, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, err := p.connect()
	if err != nil {
		return nil, err
	}
	answer, err := c.run(r, steps)
	c.conn.Close()
	return answer, errors.Join(err, c.finish())
}

// run sends the request and collects the answer.
func (c *conversation) run(r *Request, steps []int) (*Answer, error) {
	if steps == nil {
		steps = []int{r.end()}
	}
	sent := 0
	for _, at := range steps {
		// A server that closes early lets us write into the void: not an error here.
		go c.conn.Write(r.Bytes[sent:at])
		sent = at
		if done, err := c.settle(at, at); done || err != nil {
			return c.answer, err
		}
	}
	if r.EOF {
		c.conn.CloseWrite()
		done, err := c.settle(-1, r.eofPlace())
		if err == nil && !done {
			err = errors.New("the server waits after the end of the stream")
		}
		return c.answer, err
	}
	c.answer.End, c.answer.EndAt = Open, sent
	return c.answer, nil
}

func (p *process) connect() (*conversation, error) {
	seen, err := p.log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp4", "127.0.0.1:"+strconv.Itoa(p.port))
	if err != nil {
		return nil, err
	}
	c := &conversation{
		p: p, conn: conn.(*net.TCPConn), peer: conn.LocalAddr().(*net.TCPAddr).Port,
		in: make(chan incoming, 1<<10), answer: &Answer{}, seen: seen,
	}
	go c.read()
	return c, nil
}

// read passes on what comes.
func (c *conversation) read() {
	for {
		buf := make([]byte, 1<<16)
		n, err := c.conn.Read(buf)
		if n > 0 {
			c.in <- incoming{data: buf[:n]}
		}
		switch {
		case err == nil:
			continue
		case err == io.EOF:
			c.in <- incoming{end: Closed}
		case errors.Is(err, syscall.ECONNRESET):
			c.in <- incoming{end: Reset}
		default:
			c.in <- incoming{err: err}
		}
		return
	}
}

// settle waits until the server has taken all that was sent and waits for more, or until it ends the
// stream, and adds what came to the answer, at a place.
func (c *conversation) settle(sent, place int) (done bool, err error) {
	limit := time.After(patience)
	promised := -1 // how much the server had sent when it waited
	for promised < 0 || c.received < promised {
		select {
		case r := <-c.p.reports:
			c.ended = c.ended || r.peer == c.peer && r.done
			if r.peer == c.peer && !r.done && r.received == sent {
				promised = r.sent
			}
		case in := <-c.in:
			if in.err != nil {
				return false, in.err
			}
			c.wire = append(c.wire, in.data...)
			c.received += len(in.data)
			if in.end != "" {
				c.answer.End, c.answer.EndAt = in.end, place
				return true, c.flush(place)
			}
		case <-limit:
			return false, fmt.Errorf("silence after %d bytes; answer so far %q", place, c.wire)
		}
	}
	return false, c.flush(place)
}

// finish waits until the server is done with the connection, so that nothing of it is left to be
// logged during the next one.
func (c *conversation) finish() error {
	limit := time.After(patience)
	for !c.ended {
		select {
		case r := <-c.p.reports:
			c.ended = r.peer == c.peer && r.done
		case <-limit:
			return errors.New("the server does not end the connection")
		}
	}
	return nil
}

// flush makes a stretch of what came since the last one.
func (c *conversation) flush(place int) error {
	info, err := c.p.log.Stat()
	if err != nil {
		return err
	}
	text := make([]byte, info.Size()-c.seen)
	if _, err := c.p.log.ReadAt(text, c.seen); err != nil && err != io.EOF {
		return err
	}
	c.seen += int64(len(text))
	c.answer.Add(place, parseLog(text), c.wire)
	c.wire = nil
	return nil
}

// parseLog parts what the interpreter wrote to standard error into lines, and makes one of each
// traceback: that of the exception, which comes after the indented lines of the frames. Notes may
// follow it.
func parseLog(text []byte) []LogLine {
	hyphens := []byte(strings.Repeat("-", 40)) // BaseServer.handle_error frames a traceback with them
	var lines []LogLine
	all := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	for i := 0; i < len(all) && len(text) > 0; i++ {
		switch line := all[i]; {
		case bytes.Equal(line, hyphens):
			exception := line
			for i++; i < len(all) && !bytes.Equal(all[i], hyphens); i++ {
				if bytes.HasPrefix(all[i-1], []byte(" ")) {
					exception = all[i]
				}
			}
			lines = append(lines, LogLine{exception, true})
		case bytes.HasPrefix(line, []byte("Traceback (most recent call last):")):
			// 2.7 prints the frame to standard output.
			for i++; i < len(all)-1 && bytes.HasPrefix(all[i], []byte(" ")); i++ {
			}
			lines = append(lines, LogLine{all[i], true})
		default:
			lines = append(lines, LogLine{line, false})
		}
	}
	return lines
}
