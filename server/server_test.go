package server

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"simplehttp/cpython"
)

func TestAnswers(t *testing.T) {
	path := writeFile(t, pattern(5000))
	file := "head\n" + string(pattern(5000))
	for _, row := range []struct{ send, want string }{
		{"GET bye hello\n", "hello\n"},
		{"bye hello\n", "hello\n"},
		{"GET echo a\nGET echo b\nGET bye c\n", "a\nb\nc\n"},
		{"GET bye a\nGET echo never read\n", "a\n"},
		{"GET close\n", ""},
		{"GET bytes 0\n", ""},
		{"GET bytes 3000000\n", string(pattern(3000000))},
		{"GET file " + path + "\n", file},
		{"GET stream " + path + "\n", file},
		{"GET keep " + path + "\nGET keep " + path + "\nGET bye now\n", file + file + "now\n"},
		{"GET twice " + path + "\n", file + "again\n" + file[len("head\n"):]},
		{strings.Repeat("GET echo many\n", 5000) + "GET close\n", strings.Repeat("many\n", 5000)},
		{"GET bye " + strings.Repeat("long", 30000) + "\n", strings.Repeat("long", 30000) + "\n"},
	} {
		r := newRig(t, 2, nil)
		c := r.dial()
		go func() { _, _ = io.WriteString(c, row.send) }() // the client reads while it writes
		if got := c.readAll(); string(got) != row.want {
			t.Errorf("%.60q: answer has %d bytes %.60q, want %d bytes %.60q", row.send, len(got), got, len(row.want), row.want)
		}
	}
}

func TestEverySplit(t *testing.T) {
	r := newRig(t, 1, nil)
	const request, answer = "GET echo one\nbye two\n", "one\ntwo\n"
	for i := 1; i < len(request); i++ {
		c := r.dial().send(request[:i])
		if i > strings.Index(request, "\n") {
			c.expect("one\n")
		} else {
			r.awaitPartial(i)
		}
		c.send(request[i:])
		if got := c.readAll(); !strings.HasSuffix(answer, string(got)) || len(got) < len("two\n") {
			t.Errorf("split after %d: answer ends in %q, want %q", i, got, answer)
		}
	}
}

// awaitPartial gives the server time to see a part of a request on its own; without that, the
// test would only be weaker.
func (r *rig) awaitPartial(int) { time.Sleep(time.Millisecond) }

func TestByteByByte(t *testing.T) {
	r := newRig(t, 1, nil)
	text := strings.Repeat("x", 2*parkedMaxTest)
	c := r.dial()
	_ = c.SetNoDelay(true)
	for _, b := range "GET echo " + text + "\n" {
		c.send(string(b))
	}
	c.expect(text + "\n")
	c.send("GET bye\n").expect("\n").expectEnd()
}

// parkedMaxTest is parkedMax of the event loop.
const parkedMaxTest = 512

func TestHalfClose(t *testing.T) {
	big := string(pattern(4 << 20))
	path := writeFile(t, []byte(big))
	for _, row := range []struct{ send, want string }{
		{"", ""},
		{"GET ec", "cut GET ec\n"},
		{strings.Repeat("z", 3000), "cut " + strings.Repeat("z", 3000) + "\n"},
		{"GET echo a\n", "a\n"},
		{"GET echo a\nGET ec", "a\ncut GET ec\n"},
		{"GET bye a\n", "a\n"},
		{"GET bytes 4194304\n", big},
		{"GET file " + path + "\n", "head\n" + big},
		{"GET keep " + path + "\n", "head\n" + big},
		{"GET work half\n", "half\n"},
		{"GET work half\npart", "half\ncut part\n"},
	} {
		r := newRig(t, 1, nil)
		close(r.gate("half"))
		c := r.dial().send(row.send)
		_ = c.CloseWrite()
		if got := c.readAll(); string(got) != row.want {
			t.Errorf("%.60q and end of input: answer has %d bytes %.60q, want %d bytes %.60q", row.send, len(got), got, len(row.want), row.want)
		}
	}
}

func TestReset(t *testing.T) {
	path := writeFile(t, pattern(8<<20))
	r := newRig(t, 2, nil)
	for _, row := range []struct {
		send string
		read int
	}{
		{"", 0},
		{"GET ec", 0},
		{"GET echo a\n", 0},
		{"GET echo a\n", 2},
		{"GET bytes 8000000\n", 100},
		{"GET file " + path + "\n", 100},
		{"GET stream " + path + "\n", 100},
		{"GET twice " + path + "\n", 100},
		{"bye a\n", 2}, // while it drains
	} {
		for range 20 {
			c := r.dial().send(row.send)
			if _, err := io.ReadFull(c, make([]byte, row.read)); err != nil {
				t.Fatalf("%q: %v", row.send, err)
			}
			_ = c.SetLinger(0) // close sends a reset
			_ = c.Close()
		}
	}
	eventually(t, "all connections are gone", func() bool { return r.started.Load() == r.ended.Load() })
	r.dial().send("GET bye well\n").expect("well\n").expectEnd()
}

// A client that resets its connection while its request is awaited is told of in the log.
func TestResetIsLogged(t *testing.T) {
	r := newRig(t, 2, nil)
	for i, send := range []string{"GET ec", "GET echo a\nGET ec", strings.Repeat("x", 2000), "GET echo a\n"} {
		c := r.dial().send(send)
		if strings.Contains(send, "\n") {
			c.expect("a\n")
		} else {
			eventually(t, "the request is read", func() bool { return r.started.Load() > int64(i) })
		}
		_ = c.SetLinger(0) // close sends a reset
		_ = c.Close()
		eventually(t, "the reset is logged", func() bool { return strings.Count(r.log.String(), "broken\n") == i+1 })
	}
}

func TestResetWhileWorking(t *testing.T) {
	r := newRig(t, 1, nil)
	c := r.dial().send("GET work it\n")
	<-r.inside
	_ = c.SetLinger(0)
	_ = c.Close()
	r.dial().send("GET bye well\n").expect("well\n").expectEnd()
	close(r.gate("it"))
	eventually(t, "all connections are gone", func() bool { return r.started.Load() == r.ended.Load() })
}

// What is unread when the connection closes must not cost the client its answer.
func TestUnreadInput(t *testing.T) {
	const size = 1 << 20
	r := newRig(t, 1, nil)
	for _, row := range []struct{ before, after string }{
		{"GET bytes 1048576\n" + strings.Repeat("u", 10000), ""},
		{"bytes 1048576\n", strings.Repeat("u", 300000)},
		{"bytes 1048576\n" + strings.Repeat("u", 300000), strings.Repeat("v", 300000)},
	} {
		c := r.dial()
		go func() {
			_, _ = io.WriteString(c, row.before)
			_, _ = io.WriteString(c, row.after)
		}()
		if got := c.readAll(); !bytes.Equal(got, pattern(size)) {
			t.Errorf("%.40q: the answer has %d bytes, want %d", row.before, len(got), size)
		}
		_ = c.Close()
	}
}

// The end of file comes at once, though the server waits for the client to close.
func TestDrain(t *testing.T) {
	r := newRig(t, 1, nil)
	c := r.dial().send("bye now\n").expect("now\n")
	c.expectEnd()
	c.send("more").send("and more")
	_ = c.CloseWrite()
	eventually(t, "the connection is gone", func() bool { return r.started.Load() == r.ended.Load() })
}

func TestSlowClients(t *testing.T) {
	const size = 32 << 20
	path := writeFile(t, pattern(size))
	r := newRig(t, 2, nil)
	reader := r.dial().send("GET file " + path + "\n").expect("head\n") // reads no more for now
	reader2 := r.dial().send("GET bytes 33554432\n")
	sender := r.dial().send("G")
	var all sync.WaitGroup
	for i := range 200 {
		c := r.dial()
		all.Go(func() {
			text := strconv.Itoa(i)
			c.send("GET echo " + text + "\n")
			c.expect(text + "\n")
			c.send("GET bytes 100000\n")
			if got, err := io.ReadAll(c); err != nil || len(got) != 100000 {
				t.Errorf("client %d: %d bytes, %v", i, len(got), err)
			}
		})
	}
	all.Wait()
	reader.expect(string(pattern(1))) // a byte a second
	sender.send("E")
	r.dial().send("GET bye well\n").expect("well\n").expectEnd()
	sender.send("T bye me\n").expect("me\n").expectEnd()
	if got := reader.readAll(); !bytes.Equal(got, pattern(size)[1:]) {
		t.Errorf("the slow reader of a file got %d bytes, want %d", len(got), size-1)
	}
	if got := reader2.readAll(); !bytes.Equal(got, pattern(size)) {
		t.Errorf("the slow reader of bytes got %d bytes, want %d", len(got), size)
	}
}

func TestWorkHoldsNobodyUp(t *testing.T) {
	r := newRig(t, 1, nil)
	var waiting []client
	for i := range 30 {
		waiting = append(waiting, r.dial().send("GET work "+strconv.Itoa(i)+"\n"))
	}
	for range waiting {
		<-r.inside
	}
	for range 10 {
		r.dial().send("GET bye well\n").expect("well\n").expectEnd()
	}
	for i, c := range waiting {
		close(r.gate(strconv.Itoa(i)))
		c.expect(strconv.Itoa(i) + "\n")
		c.send("GET bye too\n").expect("too\n").expectEnd()
	}
}

func TestLargeFile(t *testing.T) {
	const size = 120<<20 + 12345
	path := writeFile(t, pattern(size))
	want := sha256.Sum256(append([]byte("head\n"), pattern(size)...))
	r := newRig(t, 1, nil)
	for _, verb := range []string{"file", "stream"} {
		c := r.dial().send("GET " + verb + " " + path + "\n")
		sum := sha256.New()
		n, err := io.Copy(sum, c)
		if n != size+5 || err != nil || [32]byte(sum.Sum(nil)) != want {
			t.Errorf("%s: %d bytes, %v, want %d and the same sum", verb, n, err, size+5)
		}
	}
}

// A file is sent until its end, whatever size it had when it was opened.
func TestFileChangesWhileSent(t *testing.T) {
	const size = 24 << 20 // more than the sockets' buffers hold
	for _, verb := range []string{"file", "stream"} {
		r := newRig(t, 1, nil)
		path := writeFile(t, pattern(size))
		c := r.dial().send("GET " + verb + " " + path + "\n").expect("head\n")
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("grown"); err != nil {
			t.Fatal(err)
		}
		if got := c.readAll(); len(got) != size+5 || !bytes.HasSuffix(got, []byte("grown")) {
			t.Errorf("%s of a growing file: %d bytes, want %d", verb, len(got), size+5)
		}
		_ = f.Close()

		path = writeFile(t, pattern(size))
		c = r.dial().send("GET " + verb + " " + path + "\n").expect("head\n")
		if err := os.Truncate(path, size-1<<20); err != nil {
			t.Fatal(err)
		}
		if got := c.readAll(); len(got) != size-1<<20 {
			t.Errorf("%s of a shrinking file: %d bytes, want %d", verb, len(got), size-1<<20)
		}
	}
}

// The head of a file that is gone in the meantime must not wait for the file.
func TestFileShrunkToNothing(t *testing.T) {
	r := newRig(t, 1, nil)
	for _, rest := range []int{0, 5, 100000} {
		path := writeFile(t, pattern(rest))
		c := r.dial().send("GET stale " + path + "\n").expect("head\n" + string(pattern(rest)))
		c.send("GET bye\n").expect("\n").expectEnd()
	}
}

func TestLogComesFirst(t *testing.T) {
	r := newRig(t, 2, nil)
	for i := range 200 {
		text := strings.Repeat("n", i)
		r.dial().send("GET echo " + text + "\n").expect(text + "\n")
		line := "answered " + strconv.Itoa(i+1) + "\n"
		if log := r.log.String(); !strings.HasSuffix(log, line) {
			t.Fatalf("after the answer, the log ends in %.40q, want %q", log[max(0, len(log)-40):], line)
		}
	}
}

func TestLogLinesAreWhole(t *testing.T) {
	r := newRig(t, 2, nil)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for range 20 {
				r.dial().send("GET echo x\nGET bye yy\n").expect("x\nyy\n").expectEnd()
			}
		})
	}
	all.Wait()
	log := r.log.String()
	if n := strings.Count("\n"+log, "\nanswered 2\n"); n < 500 || strings.Count(log, "answered 2\n") != 1000 || strings.Count(log, "answered 3\n") != 1000 || strings.Count(log, "\n") != 2000 {
		t.Errorf("the log has lines that are not whole, or too few: %.200q", log)
	}
}

func TestPortInUse(t *testing.T) {
	any := ipAddress{}
	first, err := listen(cpython.V3_13, any, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.close()
	_, port := first.sockname()
	if second, err := listen(cpython.V3_13, any, port); err == nil {
		second.close()
		t.Fatalf("listen at port %d succeeds twice", port)
	} else if !strings.Contains(strings.ToLower(err.Error()), "address already in use") {
		t.Errorf("listen at a busy port: %q, want it to say so", err)
	}
}

func TestPortIsFreeAfterwards(t *testing.T) {
	r := newRig(t, 2, nil)
	c := r.dial().send("GET bye well\n").expect("well\n")
	c.expectEnd() // the server closed first, so that its side is in TIME-WAIT
	_ = c.Close()
	r.engine.stop(0)
	r.checkServed()
	again, err := listen(cpython.V3_13, ipv4([4]byte{127, 0, 0, 1}), r.port)
	if err != nil {
		t.Fatalf("listen at the port of a server that has ended: %v", err)
	}
	again.close()
}

func TestShutdownFinishesWhatIsUnderWay(t *testing.T) {
	path := writeFile(t, pattern(32<<20))
	r := newRig(t, 2, nil)
	idle := r.dial().send("GET echo a\n").expect("a\n")
	half := r.dial().send("GET ec")
	reads := r.dial().send("GET file " + path + "\n").expect("head\n")
	works := r.dial().send("GET work it\n")
	<-r.inside
	eventually(t, "the half request is read", func() bool { return r.started.Load() >= 4 })
	r.engine.stop(patience)
	idle.expectEnd()
	eventually(t, "no client can connect", func() bool {
		c, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port)))
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	half.send("ho b\n").expect("b\n").expectEnd()
	if got := reads.readAll(); len(got) != 32<<20 {
		t.Errorf("the file that was being sent has %d bytes, want %d", len(got), 32<<20)
	}
	close(r.gate("it"))
	works.expect("it\n").expectEnd()
	r.checkServed()
}

func TestShutdownAtOnce(t *testing.T) {
	r := newRig(t, 2, nil)
	half := r.dial().send("GET ec")
	works := r.dial().send("GET work it\n")
	<-r.inside
	eventually(t, "the half request is read", func() bool { return r.started.Load() >= 2 })
	r.engine.stop(0)
	r.checkServed()
	if _, err := half.Read(make([]byte, 1)); err == nil {
		t.Error("a half request is answered after Shutdown(0)")
	}
	close(r.gate("it"))
	_, _ = io.ReadAll(works)
	eventually(t, "all connections are gone", func() bool { return r.started.Load() == r.ended.Load() })
}

func writeFile(t testing.TB, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
