//go:build linux && !portable

package server

import (
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// newTimedRig serves within limits under a clock that the test puts forward.
func newTimedRig(t *testing.T, limits Limits) (r *rig, pass func(time.Duration)) {
	t.Helper()
	f := new(failing)
	r = newLimitedRig(t, 1, limits, func(e *engine) { e.sys = f })
	turn := func() { r.dial().send("GET bye x\n").expect("x\n").expectEnd() }
	return r, func(d time.Duration) {
		turn() // what has come before is seen before
		f.later.Add(int64(d))
		turn() // the clock is read at its end
		turn()
	}
}

// expectClosed reads until the connection is closed, in whatever way, and not one byte.
func (c client) expectClosed() {
	c.t.Helper()
	if n, err := c.Read(make([]byte, 1)); n != 0 {
		c.t.Fatalf("read %d bytes, %v, want the connection closed", n, err)
	}
}

// Clients above the limit wait until there is room for them, and those below it notice nothing.
func TestConnectionLimit(t *testing.T) {
	r := newLimitedRig(t, 2, Limits{Connections: 3}, nil)
	served := []client{r.dial().send("GET ec"), r.dial().send("GET ec"), r.dial().send("GET ec")}
	eventually(t, "three are accepted", func() bool { return r.started.Load() >= 3 })
	var waiting []client
	for range 5 {
		waiting = append(waiting, r.dial().send("GET bye late\n"))
	}
	for range 3 { // longer than accepting pauses
		time.Sleep(acceptPause)
	}
	if n := r.engine.running()[0].crowd.open.Load(); n != 3 {
		t.Errorf("%d connections are open, want 3", n)
	}
	for _, c := range served {
		c.send("ho on\nGET bye end\n").expect("on\nend\n").expectEnd()
	}
	for _, c := range waiting {
		c.expect("late\n").expectEnd()
	}
	eventually(t, "all have left", func() bool { return r.engine.running()[0].crowd.open.Load() == 0 })
}

// One address has its share; others, and the connections that it has, notice nothing.
func TestClientLimit(t *testing.T) {
	r := newLimitedRig(t, 2, Limits{PerClient: 2}, nil)
	first, second := r.dial().send("GET ec"), r.dial().send("GET ec")
	eventually(t, "two are accepted", func() bool { return r.started.Load() >= 2 })
	for range 20 {
		r.dial().send("GET bye x\n").expectClosed()
	}
	other, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 9)}}).Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port)))
	if err != nil {
		t.Fatal(err)
	}
	client{t, other.(*net.TCPConn)}.send("GET bye x\n").expect("x\n").expectEnd()
	first.send("ho a\nGET bye b\n").expect("a\nb\n").expectEnd()
	eventually(t, "there is room for another", func() bool {
		c := r.dial().send("GET bye x\n")
		n, _ := c.Read(make([]byte, 1))
		return n == 1
	})
	second.send("ho a\n").expect("a\n")
}

// A request that does not come whole is given up when it is too long, or all of them are.
func TestUnfinishedLimit(t *testing.T) {
	for _, limits := range []Limits{{Unfinished: 1000}, {AllUnfinished: 1000}} {
		r := newLimitedRig(t, 1, limits, nil)
		r.dial().send("GET " + strings.Repeat("x", 400)).send(strings.Repeat("x", 400)).send(strings.Repeat("x", 400)).expectClosed()
		c := r.dial().send("GET echo " + strings.Repeat("x", 900) + "\n").expect(strings.Repeat("x", 900) + "\n")
		c.send("GET echo " + strings.Repeat("y", 900) + "\n").expect(strings.Repeat("y", 900) + "\n") // counted anew
	}
}

func TestUnfinishedLimitOfAll(t *testing.T) {
	r := newLimitedRig(t, 1, Limits{AllUnfinished: 1000}, nil)
	first := r.dial().send("GET echo " + strings.Repeat("x", 500))
	eventually(t, "the first is read", func() bool { return r.started.Load() >= 1 })
	r.dial().send("GET echo " + strings.Repeat("x", 600)).expectClosed()
	first.send("\n").expect(strings.Repeat("x", 500) + "\n")
	r.dial().send("GET bye " + strings.Repeat("x", 900)).send("\n").expect(strings.Repeat("x", 900) + "\n").expectEnd()
}

// A request may take its time as long as it goes on, up to a ceiling.
func TestHeadTime(t *testing.T) {
	r, pass := newTimedRig(t, Limits{Head: time.Minute, WholeHead: 3 * time.Minute})
	stops := r.dial().send("GET ec")
	goesOn := r.dial().send("GET ec")
	eventually(t, "both are read", func() bool { return r.started.Load() >= 2 })
	pass(40 * time.Second)
	goesOn.send("h")
	pass(40 * time.Second)
	stops.expectClosed()
	goesOn.send("o")
	pass(40 * time.Second)
	goesOn.send(" made it\n").expect("made it\n")
	goesOn.send("GET ec") // another request has time of its own
	for range 5 {
		pass(50 * time.Second)
		_, _ = io.WriteString(goesOn, "h")
	}
	goesOn.expectClosed()
}

// Between requests there is another time.
func TestIdleTime(t *testing.T) {
	r, pass := newTimedRig(t, Limits{Head: time.Second, WholeHead: time.Second, Idle: time.Minute})
	c := r.dial().send("GET echo a\n").expect("a\n")
	pass(50 * time.Second)
	c.send("GET echo b\n").expect("b\n")
	pass(50 * time.Second)
	c.send("GET echo c\n").expect("c\n")
	pass(70 * time.Second)
	c.expectEnd()
}

// A client that takes nothing is reset, and so is one that takes too little; one that takes its time is not.
func TestSendTime(t *testing.T) {
	const size = 30 << 20
	r, pass := newTimedRig(t, Limits{Send: time.Minute, MinRate: 1000})
	nothing := r.dial().send("GET bytes 31457280\n")
	some := r.dial().send("GET bytes 31457280\n")
	little := r.dial().send("GET bytes 31457280\n")
	eventually(t, "all are answered", func() bool { return r.started.Load() >= 3 })
	buffer := make([]byte, 1<<20)
	taken := 0
	take := func(c client, n int) int {
		m, err := io.ReadFull(c, buffer[:n])
		if err != nil {
			t.Fatalf("after %d bytes: %v", m, err)
		}
		return m
	}
	for range 5 {
		pass(50 * time.Second)
		taken += take(some, 1<<20)
		take(little, 1)
	}
	if n, err := io.Copy(io.Discard, nothing); n >= size || err == nil {
		t.Errorf("a client that took nothing for four minutes got %d bytes, %v, want a reset", n, err)
	}
	pass(time.Hour)
	pass(2 * time.Minute)
	pass(2 * time.Minute)
	if n, err := io.Copy(io.Discard, little); n >= size || err == nil {
		t.Errorf("a client that took a byte each minute got %d bytes, %v, want a reset", n, err)
	}
	if rest, _ := io.Copy(io.Discard, some); taken+int(rest) == size {
		t.Errorf("a client that took a megabyte and nothing more for an hour got all, want a reset")
	}
	quick := r.dial().send("GET bytes 31457280\n")
	pass(50 * time.Second)
	if n, err := io.Copy(io.Discard, quick); n != size || err != nil {
		t.Errorf("a client that took a pause of 50 seconds got %d bytes, %v, want all", n, err)
	}
}

// TestWheel compares the wheel with a list of all deadlines.
func TestWheel(t *testing.T) {
	for _, n := range []int{1, 2, 10, 300} {
		checkWheel(t, n)
	}
}

func checkWheel(t *testing.T, n int) {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	var w wheel
	conns := make([]*conn, n)
	for i := range conns {
		conns[i] = new(conn)
	}
	now := time.Duration(0)
	for range 20000 {
		c := conns[rng.IntN(len(conns))]
		switch rng.IntN(5) {
		case 0:
			w.remove(c)
			c.deadline = 0
		case 1:
			c.deadline = 0 // it is forgotten where it is
		default:
			w.set(c, now+time.Duration(rng.Int64N(int64(300*time.Second))))
		}
		if rng.IntN(4) > 0 {
			continue
		}
		now += time.Duration(rng.Int64N(int64(time.Duration(1+rng.IntN(60)) * time.Second)))
		first, waits := w.first()
		for d := w.due(now); d != nil; d = w.due(now) {
			if d.deadline != 0 || d.slot != 0 {
				t.Fatal("a connection that is due has a deadline, or is in the wheel")
			}
		}
		for _, c := range conns {
			switch {
			case c.deadline > 0 && c.deadline <= now-tick:
				t.Fatalf("a deadline of %v is not found to be over at %v", c.deadline, now)
			case c.deadline > 0 && c.slot == 0:
				t.Fatalf("a deadline of %v is not in the wheel", c.deadline)
			case c.deadline > now && waits && c.deadline < first-tick:
				t.Fatalf("a deadline of %v would be waited for until %v", c.deadline, first)
			}
		}
	}
	for _, c := range conns {
		w.remove(c)
	}
	if _, waits := w.first(); waits || w.count != 0 {
		t.Errorf("%d connections are in an empty wheel", w.count)
	}
}
