//go:build linux && !portable

package server

import (
	"io"

	"golang.org/x/sys/unix"

	"simplehttp/handler"
)

const (
	// sendfileMin is the file size from which sendfile is cheaper than reading the file and
	// sending it together with the head: it saves copying, but costs three more calls.
	sendfileMin = 64 << 10
	// sendfileStep is how much of a file goes at once, so that other connections come in between.
	sendfileStep = 2 << 20
	// bytesStep is the same of what is copied.
	bytesStep = 256 << 10
	// headMax is how much may be sent in one call with the beginning of the file. More is sent on
	// its own.
	headMax = 8 << 10
	// copySteps is how many times a file is read before other connections come in between. Without
	// it, /dev/zero would be sent for ever.
	copySteps = 16
)

// result says how far a send came.
type result uint8

const (
	whole  result = iota // the output is written
	full                 // the socket takes no more, or others are to come in
	away                 // a goroutine has the connection, and reads the file
	cut                  // the file cannot be read to its end: what CPython raises an exception for
	broken               // the connection is gone
)

// A sendState is an output on its way.
type sendState struct {
	output   *handler.Output
	sent     int    // of output.Bytes
	file     int    // descriptor of output.File; -1 for none
	fileSent int64  // of the file, which is also the offset to go on at
	stream   bool   // the file has no offsets
	rest     []byte // has been read from the file, and is to be sent
	shared   bool   // rest is in the room that the loop shares
	buffer   []byte // what a goroutine reads into, and rest is then in
	ended    bool   // the file has been read to its end
	copies   bool   // the file is read and sent, without sendfile
}

// queueOutput takes the output of c's handler.Conn. It is sent at the end of the turn, when the
// log lines of all outputs of the turn have been written with one call: CPython writes the line
// before the answer, and whoever has read the answer will find the line.
func (l *loop) queueOutput(c *conn) {
	o := c.h.Output()
	l.lines = append(l.lines, o.Log...)
	c.out = sendState{output: o, file: -1}
	if f, ok := o.File.(interface{ Fd() int }); ok {
		c.out.file = f.Fd()
	}
	c.out.copies = c.out.file < 0 || o.Size < sendfileMin
	c.phase = sending
	c.deadline, c.since = 0, 0
	l.enqueue(c)
}

// send writes the output of c as far as possible.
func (l *loop) send(c *conn) {
	r := whole
	switch {
	case c.out.output.File == nil:
		r = l.sendBytes(c, c.lastFlags())
	case c.out.copies:
		r = l.copyFile(c)
	default:
		r = l.sendFile(c)
	}
	l.sentTo(c, r)
}

// sentTo goes on after an attempt to send.
func (l *loop) sentTo(c *conn, r result) {
	switch r {
	case whole:
		l.written(c)
	case full:
		l.expectRoom(c)
		l.watch(c, unix.EPOLLOUT)
	case cut:
		l.finish(c)
	case broken:
		l.drop(c)
	case away:
	}
}

// lastFlags are those for the end of an output. Most connections are closed then, and the end of
// file goes in one segment with the end of the answer if the kernel waits for it. If it turns out
// that the connection stays, noDelay sends what was held back.
func (c *conn) lastFlags() int {
	if c.stays {
		return 0
	}
	return unix.MSG_MORE
}

// sendBytes sends what is left of output.Bytes, up to a step.
func (l *loop) sendBytes(c *conn, flags int) result {
	p := c.out.output.Bytes[c.out.sent:]
	if len(p) > bytesStep {
		p, flags = p[:bytesStep], unix.MSG_MORE
	}
	n, r := l.sendAll(c.fd, p, flags)
	c.out.sent += n
	if r == whole && c.out.sent < len(c.out.output.Bytes) {
		return full
	}
	return r
}

// sendRest sends what has been read from the file, and keeps what the socket does not take.
func (l *loop) sendRest(c *conn) result {
	flags := 0
	switch {
	case c.out.ended:
		flags = c.lastFlags()
	case c.out.fileSent < c.out.output.Size:
		flags = unix.MSG_MORE
	}
	n, r := l.sendAll(c.fd, c.out.rest, flags)
	c.out.rest = c.out.rest[n:]
	if r == full && c.out.shared {
		c.out.rest = append([]byte(nil), c.out.rest...)
		c.out.shared = false
	}
	return r
}

// sendAll sends p as far as the socket takes it.
func (l *loop) sendAll(fd int, p []byte, flags int) (n int, r result) {
	for n < len(p) {
		m, e := l.sys.send(fd, p[n:], flags)
		n += m
		switch e {
		case 0, unix.EINTR:
		case unix.EAGAIN:
			return n, full
		default:
			return n, broken // EPIPE, ECONNRESET, ETIMEDOUT
		}
	}
	return n, whole
}

// copyFile sends a file by reading it.
func (l *loop) copyFile(c *conn) result {
	for range copySteps {
		if len(c.out.rest) > 0 {
			if r := l.sendBytes(c, unix.MSG_MORE); r != whole {
				return r
			}
			if r := l.sendRest(c); r != whole {
				return r
			}
		}
		if c.out.ended {
			return l.sendBytes(c, c.lastFlags())
		}
		if r := l.fill(c); r != whole {
			return r
		}
	}
	return full
}

// fill makes rest the next part of the file, after what is left of the head.
func (l *loop) fill(c *conn) result {
	head := c.out.output.Bytes[c.out.sent:]
	if len(head) > headMax {
		if r := l.sendBytes(c, unix.MSG_MORE); r != whole {
			return r
		}
		head = nil
	}
	space := l.room[len(head):]
	n, r := l.readFile(c, space)
	switch r {
	case away:
		return l.readAway(c)
	case whole:
		c.out.fileSent += int64(n)
		c.out.ended = n == 0 || n < len(space) && c.out.fileSent == c.out.output.Size
		c.out.rest, c.out.shared = l.room[:copy(l.room, head)+n], true
		c.out.sent += len(head)
	}
	return r
}

// readFile reads from the file into p: whole with n = 0 at its end, away if it might wait, or cut.
//
// A part that is shorter than p and ends where fstat said that the file ends is the last one. The
// end of anything else is known when a read returns nothing: files in /proc have no size.
func (l *loop) readFile(c *conn, p []byte) (n int, r result) {
	if c.out.file < 0 {
		n, err := c.out.output.File.Read(p)
		if err != nil && err != io.EOF {
			return n, cut
		}
		return n, whole
	}
	n, e := l.sys.readNow(c.out.file, p, c.out.offset())
	if e == unix.ESPIPE {
		c.out.stream = true
		n, e = l.sys.readNow(c.out.file, p, c.out.offset())
	}
	if e == unix.EOPNOTSUPP && l.sys.inMemory(c.out.file) {
		n, e = l.sys.readWait(c.out.file, p, c.out.offset())
	}
	switch e {
	case 0:
		return n, whole
	case unix.EAGAIN, unix.EOPNOTSUPP, unix.ENOSYS, unix.EINTR, unix.EINVAL:
		return 0, away
	}
	return 0, cut
}

// offset is where to read on.
func (out *sendState) offset() int64 {
	if out.stream {
		return -1
	}
	return out.fileSent
}

// readAway lets a goroutine read the next part of the file. The head need not wait for it.
func (l *loop) readAway(c *conn) result {
	if r := l.sendBytes(c, 0); r != whole {
		return r
	}
	if c.out.buffer == nil {
		c.out.buffer = l.getBuffer()
	}
	l.hand(c, readPart)
	return away
}

// tookPart goes on with a part of the file that a goroutine has read.
func (l *loop) tookPart(c *conn) {
	if c.job.e != 0 {
		l.sentTo(c, cut)
		return
	}
	c.out.fileSent += int64(c.job.n)
	c.out.ended = c.job.n == 0
	c.out.rest, c.out.shared = c.out.buffer[:c.job.n], false
	l.enqueue(c)
}

// sendFile sends a file by sendfile.
func (l *loop) sendFile(c *conn) result {
	if r := l.sendBytes(c, unix.MSG_MORE); r != whole {
		return r
	}
	for left := sendfileStep; left > 0; {
		limit := c.out.nextPart(left)
		if !l.isResident(c, limit) {
			l.sys.noDelay(c.fd) // sends the head, which need not wait for the file
			l.hand(c, sendPart)
			return away
		}
		n, e := l.sys.sendfile(c.fd, c.out.file, c.out.fileSent, limit)
		if r, over := l.sentPart(c, limit, n, e); over {
			return r
		}
		left -= n
	}
	return full
}

// nextPart is how much to ask sendfile for: where the end is near, as far as known, a byte more than
// is left of the file, so that getting less tells that it is the end.
func (out *sendState) nextPart(limit int) int {
	if left := out.output.Size - out.fileSent; left > 0 && left < int64(limit) {
		return int(left) + 1
	}
	return limit
}

// readAhead is how far the kernel reads ahead (/sys/block/*/queue/read_ahead_kb).
const readAhead = 128 << 10

// isResident reports whether the next part of the file can be sent without waiting for the disk.
// It looks at the first byte, and at the last if the kernel need not have read that far.
func (l *loop) isResident(c *conn, part int) bool {
	first := l.sys.resident(c.out.file, c.out.fileSent)
	switch {
	case first == unix.EOPNOTSUPP:
		return l.sys.inMemory(c.out.file)
	case first != 0 || part <= readAhead:
		return first == 0
	}
	last := min(c.out.fileSent+int64(part), c.out.output.Size) - 1
	return l.sys.resident(c.out.file, max(last, 0)) == 0
}

// sentPart goes on after a sendfile of limit bytes. over says that r is the end of this attempt.
func (l *loop) sentPart(c *conn, limit, n int, e unix.Errno) (r result, over bool) {
	c.out.fileSent += int64(n)
	switch e {
	case unix.EINTR:
		return whole, false
	case unix.EAGAIN:
		return full, true
	case unix.EINVAL, unix.ENOSYS, unix.EOVERFLOW:
		c.out.copies = true // not every kind of file can be mapped
		return l.copyFile(c), true
	case unix.EIO, unix.ENOMEM:
		return cut, true
	case 0:
	default:
		return broken, true
	}
	over = n == 0 || n < limit && c.out.fileSent == c.out.output.Size
	if over {
		// MSG_MORE holds back the head if the file is empty by now; kernels before 6.5 hold back the
		// last segment of a transfer that ends before its limit.
		c.stays = false
	}
	return whole, over
}

// tookFile goes on after a sendfile of a goroutine.
func (l *loop) tookFile(c *conn) {
	if r, over := l.sentPart(c, c.job.limit, c.job.n, c.job.e); over {
		l.sentTo(c, r)
		return
	}
	l.enqueue(c)
}

// reset forgets the output, and gives back its buffer.
func (out *sendState) reset(l *loop) {
	if out.buffer != nil {
		l.putBuffer(out.buffer)
	}
	*out = sendState{}
}
