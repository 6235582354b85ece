//go:build linux

package load

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simplehttp/cpython"
	"simplehttp/handler"
	"simplehttp/server"
)

// start serves a new folder that holds 1k.bin, and returns its address and the folder.
func start(t *testing.T, protocol string) (address, root string) {
	t.Helper()
	root = t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "1k.bin"), content(1024), 0o644); err != nil {
		t.Fatal(err)
	}
	h := handler.New(cpython.Default)
	h.Directory, h.ProtocolVersion = root, protocol
	s := &server.TCPServer{Addr: "127.0.0.1:0", Handler: h, Log: io.Discard}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.ServeForever() }()
	t.Cleanup(func() {
		s.Shutdown(0)
		<-served
	})
	host, port := s.Sockname()
	return server.Addr(&host, port), root
}

func content(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i * 7)
	}
	return p
}

func TestRun(t *testing.T) {
	wrong := content(1024)
	wrong[5]++
	wrong[1023]++
	for _, row := range []struct {
		name     string
		protocol string
		options  Options
		want     Faults
	}{
		{"one by one", "HTTP/1.0", Options{Targets: []Target{{Path: "/1k.bin", Content: content(1024)}}}, Faults{}},
		{"kept", "HTTP/1.1", Options{Keep: true, Targets: []Target{{Path: "/1k.bin", Content: content(1024)}}}, Faults{}},
		{"pipelined", "HTTP/1.1", Options{Keep: true, Depth: 4, Targets: []Target{{Path: "/1k.bin", Content: content(1024)}}}, Faults{}},
		{"at a rate", "HTTP/1.0", Options{Rate: 2000, Targets: []Target{{Path: "/1k.bin", Content: content(1024)}}}, Faults{}},
		{"in turn", "HTTP/1.0", Options{Targets: []Target{{Path: "/1k.bin", Content: content(1024)}, {Path: "/none", Status: 404}}}, Faults{}},
		{"learned", "HTTP/1.0", Options{Targets: []Target{{Path: "/"}}}, Faults{}},
		{"wrong bytes", "HTTP/1.0", Options{Targets: []Target{{Path: "/1k.bin", Content: wrong}}}, Faults{Bytes: 2 * 40}},
		{"too short", "HTTP/1.0", Options{Targets: []Target{{Path: "/1k.bin", Content: content(1030)}}}, Faults{Bytes: 6 * 40, Lengths: 40}},
		{"too long", "HTTP/1.0", Options{Targets: []Target{{Path: "/1k.bin", Content: content(1000)}}}, Faults{Bytes: 24 * 40, Lengths: 40}},
		{"wrong status", "HTTP/1.0", Options{Targets: []Target{{Path: "/none"}}}, Faults{Statuses: 40}},
	} {
		t.Run(row.name, func(t *testing.T) {
			address, _ := start(t, row.protocol)
			o := row.options
			o.Address, o.Clients, o.Count = address, 3, 40
			r, err := Run(o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Requests != 40 || r.Faults != row.want {
				t.Errorf("%d requests, %+v, want 40, %+v", r.Requests, r.Faults, row.want)
			}
			if l := r.Latency; l.P50 <= 0 || l.P50 > l.P99 || l.P99 > l.Max || r.FirstByte.P50 > l.P50 || r.Rate <= 0 {
				t.Errorf("the times do not fit together: %+v", r)
			}
		})
	}
}

// TestFaults asks servers that do not answer.
func TestFaults(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	for _, row := range []struct {
		address string
		want    Faults
	}{
		{silent.Addr().String(), Faults{Late: 2}},
		{closed.Addr().String(), Faults{Refused: 2}},
	} {
		r, err := Run(Options{Address: row.address, Targets: []Target{{Path: "/"}}, Clients: 2, Count: 2, Patience: 50 * time.Millisecond})
		if err != nil || r.Faults != row.want {
			t.Errorf("%s: %+v, %v, want %+v", row.address, r.Faults, err, row.want)
		}
	}
}

func TestHold(t *testing.T) {
	address, _ := start(t, "HTTP/1.0")
	h, err := Hold(address, "127.0.0.2", 30)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	r, err := Run(Options{Address: address, Targets: []Target{{Path: "/1k.bin", Content: content(1024)}}, Clients: 2, Count: 20})
	if err != nil || r.Requests != 20 || r.Faults.Sum() != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if n := h.Standing(); n != 30 {
		t.Errorf("%d of 30 connections stand", n)
	}
}

// TestAnswerEverySplit feeds two answers in every pair of pieces.
func TestAnswerEverySplit(t *testing.T) {
	const one = "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-LENGTH:  5 \r\n\r\nhello"
	for i := range len(one) + 1 {
		var faults Faults
		a := answer{keep: true, faults: &faults}
		a.expect(&Target{Status: 200, Content: []byte("hello")})
		n, done := a.feed([]byte(one[:i]))
		if done != (i == len(one)) || n != i {
			t.Errorf("split at %d: took %d, done %v", i, n, done)
		}
		if !done {
			n, done = a.feed([]byte(one[i:] + "HTTP"))
			if !done || n != len(one)-i {
				t.Errorf("split at %d: then took %d, done %v", i, n, done)
			}
		}
		if a.end(); faults != (Faults{}) {
			t.Errorf("split at %d: %+v", i, faults)
		}
	}
}

func TestOptions(t *testing.T) {
	good := Options{Address: "127.0.0.1:80", Targets: []Target{{Path: "/"}}, Clients: 1, Count: 1}
	for name, spoil := range map[string]func(*Options){
		"no targets":          func(o *Options) { o.Targets = nil },
		"no clients":          func(o *Options) { o.Clients = 0 },
		"without end":         func(o *Options) { o.Count = 0 },
		"depth without keep":  func(o *Options) { o.Depth = 2 },
		"a name":              func(o *Options) { o.Address = "localhost:80" },
		"a port out of range": func(o *Options) { o.Address = "127.0.0.1:65536" },
		"a source in IPv6":    func(o *Options) { o.Source = "::1" },
	} {
		o := good
		spoil(&o)
		if _, err := Run(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestHistogram(t *testing.T) {
	var h histogram
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Microsecond)
	}
	for _, row := range []struct {
		share float64
		want  time.Duration
	}{{0, 1000}, {0.5, 501 * time.Microsecond}, {0.99, 991 * time.Microsecond}, {1, 1000 * time.Microsecond}} {
		if got := h.quantile(row.share); got < row.want || float64(got) > float64(row.want)*1.02 {
			t.Errorf("quantile(%v) = %v, want %v", row.share, got, row.want)
		}
	}
}

// TestBuckets holds that buckets follow each other without a gap.
func TestBuckets(t *testing.T) {
	for i := range 40 * subBuckets {
		if got := bucket(uint64(upper(i))); got != i {
			t.Fatalf("bucket(upper(%d)) = %d", i, got)
		}
		if got := bucket(uint64(upper(i)) + 1); got != i+1 {
			t.Fatalf("bucket(upper(%d)+1) = %d", i, got)
		}
	}
}

func TestMap(t *testing.T) {
	for _, size := range []int{0, 10, mapFrom + 1} {
		name := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(name, content(size), 0o644); err != nil {
			t.Fatal(err)
		}
		if p, err := Map(name); err != nil || p == nil || !bytes.Equal(p, content(size)) {
			t.Errorf("Map of %d bytes returns %d, %v", size, len(p), err)
		}
	}
}
