//go:build linux

package load

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Options say what is asked, how often, and of whom.
type Options struct {
	Address string   // of the server: IPv4 address and port
	Source  string   // IPv4 address to connect from; "" for any
	Targets []Target // asked in turn
	Fields  []string // field lines added to each request

	Clients int           // connections at a time
	Keep    bool          // ask again on the same connection, by HTTP/1.1
	Depth   int           // requests on the way on one connection; 0 is 1
	Rate    float64       // requests a second, from all clients together; 0 is as fast as answers come
	Count   int64         // stop after so many requests; 0 is any number
	For     time.Duration // stop asking after so long; 0 is any time

	// Patience is how long an answer may take before it counts as late; 0 is ten seconds.
	Patience time.Duration
}

// A Target is what is asked for, and what must come back.
type Target struct {
	Path   string // the request-target
	Status int    // 0 is 200

	// Content is what the answer must hold. Nil stands for the content of the first answer, which
	// all others must repeat.
	Content []byte

	request []byte // Depth times
}

// defaultPatience is well above the second after which TCP repeats a SYN that met a full queue.
const defaultPatience = 10 * time.Second

// prepared returns options whose zero values are replaced, with the requests written out.
func (o Options) prepared() (Options, error) {
	switch {
	case len(o.Targets) == 0:
		return o, errors.New("nothing to ask for")
	case o.Clients < 1:
		return o, errors.New("no clients")
	case o.Count == 0 && o.For == 0:
		return o, errors.New("neither a count nor a time: it would never end")
	case o.Depth > 1 && !o.Keep:
		return o, errors.New("several requests on one connection need it kept")
	}
	o.Depth = max(o.Depth, 1)
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	targets := make([]Target, len(o.Targets))
	for i, t := range o.Targets {
		if t.Status == 0 {
			t.Status = 200
		}
		t.request = []byte(strings.Repeat(o.request(t.Path), o.Depth))
		targets[i] = t
	}
	o.Targets = targets
	return o, nil
}

// request is one request, as curl writes it.
func (o Options) request(path string) string {
	version := "HTTP/1.0"
	if o.Keep {
		version = "HTTP/1.1"
	}
	text := "GET " + path + " " + version + "\r\nHost: " + o.Address + "\r\nUser-Agent: httpload/1.0\r\nAccept: */*\r\n"
	for _, field := range o.Fields {
		text += field + "\r\n"
	}
	return text + "\r\n"
}

// parseAddress reads "127.0.0.1:8000"; without a port it is 0.
func parseAddress(s string) (a unix.SockaddrInet4, err error) {
	host, port, found := strings.Cut(s, ":")
	if found {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return a, errors.New("not a port: " + s)
		}
		a.Port = int(n)
	}
	parts := strings.Split(host, ".")
	if len(parts) != len(a.Addr) {
		return a, errors.New("not an IPv4 address: " + s)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return a, errors.New("not an IPv4 address: " + s)
		}
		a.Addr[i] = byte(n)
	}
	return a, nil
}
