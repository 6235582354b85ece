package handler

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simplehttp/cpython"
)

// A moment is an output, and how much input had been taken when it appeared.
type moment struct {
	Taken int
	Log   string
	Out   string
}

// moments moves a connection through input in chunks of at most size bytes, and then to its end.
func moments(s *Service, input []byte, size int) (all []moment) {
	var c Conn
	c.Reset(s, Peer{Host: "192.0.2.1", Port: 4711})
	taken := 0
	for {
		switch c.State() {
		case Closed:
			return append(all, moment{Taken: taken})
		case Working:
			c.Work()
		case Writing:
			o := c.Output()
			m := moment{taken, string(o.Log), string(o.Bytes)}
			if o.File != nil {
				body, _ := io.ReadAll(o.File) // what is missing shows in the comparison
				m.Out += string(body)
			}
			all = append(all, m)
			c.Wrote()
		case Reading:
			rest := input[taken:]
			if len(rest) == 0 {
				c.End()
				continue
			}
			chunk := append(make([]byte, 0, size), rest[:min(size, len(rest))]...)
			taken += c.Feed(chunk)
			clear(chunk) // no reference to it may be kept
		}
	}
}

// FuzzConn holds that no input makes a Conn panic or stand still, and that chunks do not matter: the
// same outputs appear at the same input byte.
func FuzzConn(f *testing.F) {
	for _, request := range []string{
		"GET /hello.txt HTTP/1.0\r\n\r\n",
		"GET /hello.txt\r\n",
		"HEAD /dir HTTP/1.1\r\nConnection: close\r\n\r\n",
		"GET /dir/ HTTP/1.1\r\nExpect: 100-continue\r\n\r\nGET /fifo HTTP/1.1\r\n\r\n",
		"GET /hello.txt HTTP/1.0\r\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n\r\n",
		"GET //x/.. HTTP/1.0\r\nA: b\r\n c\r\nno colon\r\n\r\n",
		"BREW /%00 HTTP/9.9 x\r\n\r\n",
		"GET /%ED%A0%80 HTTP/1.1\nContent-Type: multipart/x; boundary*=idna''%E9\n\n",
	} {
		f.Add([]byte(request), uint8(0), uint8(1), false)
		f.Add([]byte(request), uint8(8), uint8(7), true)
	}
	env := testEnv()
	f.Fuzz(func(t *testing.T, input []byte, release, size uint8, persistent bool) {
		all := cpython.Versions()
		h := New(all[int(release)%len(all)])
		if persistent {
			h.ProtocolVersion = "HTTP/1.1"
		}
		s, err := h.Bind(env)
		if err != nil {
			t.Fatal(err)
		}
		whole := moments(s, input, len(input)+1)
		parts := moments(s, input, int(size)+1)
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Errorf("%v, %q in chunks of %d: -whole +parts:\n%s", h.Version, input, int(size)+1, diff)
		}
	})
}
