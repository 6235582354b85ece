package reqparse

import (
	"bufio"
	"bytes"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simplehttp/cpython"
)

// curl and chrome are what these programs send.
const (
	curl   = "GET /hello.txt HTTP/1.1\r\nHost: localhost:8000\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"
	chrome = "GET /hello.txt HTTP/1.1\r\n" +
		"Host: localhost:8000\r\n" +
		"Connection: keep-alive\r\n" +
		"sec-ch-ua: \"Chromium\";v=\"124\", \"Google Chrome\";v=\"124\", \"Not-A.Brand\";v=\"99\"\r\n" +
		"sec-ch-ua-mobile: ?0\r\n" +
		"sec-ch-ua-platform: \"Linux\"\r\n" +
		"Upgrade-Insecure-Requests: 1\r\n" +
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36\r\n" +
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8\r\n" +
		"Sec-Fetch-Site: none\r\n" +
		"Accept-Encoding: gzip, deflate, br, zstd\r\n" +
		"Accept-Language: en-US,en;q=0.9\r\n" +
		"If-Modified-Since: Sun, 13 Sep 2020 12:26:40 GMT\r\n" +
		"\r\n"
)

// measured are the requests whose speed is measured. The long lines have 65536 bytes, the most that
// a line of 3.x may have.
var measured = []struct{ name, in string }{
	{"curl", curl},
	{"chrome", chrome},
	{"100 fields", "GET /hello.txt HTTP/1.1\r\n" + hundredFields() + "\r\n"},
	{"long field", "GET /hello.txt HTTP/1.1\r\nX: " + strings.Repeat("a", maxLine-len("X: \r\n")) + "\r\n\r\n"},
	{"long target", "GET /" + strings.Repeat("a", maxLine-len("GET / HTTP/1.1\r\n")) + " HTTP/1.1\r\n\r\n"},
}

// hundredFields returns as many field lines as 3.15 takes. Up to 3.14 they are one too many, which is
// seen after the last of them.
func hundredFields() string {
	var b strings.Builder
	for i := range maxHeaders {
		b.WriteString("X-Field-" + strconv.Itoa(i) + ": value of the field\r\n")
	}
	return b.String()
}

// measuredReleases are one of each way of reading.
var measuredReleases = []cpython.Version{cpython.V2_7, cpython.V3_8, cpython.V3_14}

// feedOnce reads one request, which begins in first and ends in second.
func feedOnce(p *Parser, opts Options, first, second []byte) *Request {
	p.Reset(opts)
	if _, s := p.Feed(first); s == NeedMore {
		p.Feed(second)
	}
	return p.Request()
}

func TestOrdinaryRequestDoesNotAllocate(t *testing.T) {
	for _, v := range cpython.Versions() {
		for _, input := range []string{curl, chrome} {
			for _, split := range []int{len(input), 5, 40, len(input) / 2, len(input) - 1} {
				var p Parser
				opts := options(v, "HTTP/1.1")
				first, second := []byte(input[:split]), []byte(input[split:])
				n := testing.AllocsPerRun(100, func() {
					if r := feedOnce(&p, opts, first, second); string(r.Target) != "/hello.txt" {
						t.Fatalf("Target = %q, want /hello.txt", r.Target)
					}
				})
				if n != 0 || p.state != Complete {
					t.Errorf("%s: Feed(%q) then Feed(%q) allocates %v times, state %d", v, first, second, n, p.state)
				}
			}
		}
	}
}

// raceDetector says that the test runs under it.
var raceDetector bool

// TestMeasuredRequestsDoNotAllocate holds it for all requests whose speed is measured.
func TestMeasuredRequestsDoNotAllocate(t *testing.T) {
	if raceDetector {
		t.Skip("under the race detector, sync.Pool forgets at random what it is given")
	}
	for _, c := range measured {
		for _, v := range cpython.Versions() {
			var p Parser
			opts, data := options(v, "HTTP/1.0"), []byte(c.in)
			if n := testing.AllocsPerRun(100, func() { feedOnce(&p, opts, data, nil) }); n != 0 {
				t.Errorf("%s: Feed of %s allocates %v times", v, c.name, n)
			}
			if p.state != Complete && p.state != Refused {
				t.Errorf("%s: Feed of %s ends in state %d", v, c.name, p.state)
			}
		}
	}
}

// A rival reads the same bytes with net/textproto, which gives a line and a map of fields. Its readers
// are used again and again, as a careful server would.
type rival struct {
	in     bytes.Reader
	lines  *bufio.Reader
	reader *textproto.Reader
}

func newRival() *rival {
	r := new(rival)
	r.lines = bufio.NewReader(&r.in)
	r.reader = textproto.NewReader(r.lines)
	return r
}

func (r *rival) read(data []byte) (line string, fields textproto.MIMEHeader, err error) {
	r.in.Reset(data)
	r.lines.Reset(&r.in)
	if line, err = r.reader.ReadLine(); err != nil {
		return line, nil, err
	}
	fields, err = r.reader.ReadMIMEHeader()
	return line, fields, err
}

func BenchmarkFeed(b *testing.B) {
	for _, c := range measured {
		for _, v := range measuredReleases {
			b.Run(c.name+"/"+v.Series(), func(b *testing.B) {
				var p Parser
				opts, data := options(v, "HTTP/1.0"), []byte(c.in)
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					feedOnce(&p, opts, data, nil)
				}
			})
		}
	}
}

func BenchmarkTextproto(b *testing.B) {
	for _, c := range measured {
		b.Run(c.name, func(b *testing.B) {
			r, data := newRival(), []byte(c.in)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := r.read(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkTimesFaster reads with both in turns, a batch each, so that what else the machine does
// meets both. Its figures are medians over the batches, and their ratio.
func BenchmarkTimesFaster(b *testing.B) {
	for _, c := range measured {
		for _, v := range measuredReleases {
			b.Run(c.name+"/"+v.Series(), func(b *testing.B) {
				var p Parser
				r, opts, data := newRival(), options(v, "HTTP/1.0"), []byte(c.in)
				batch := max(1, 1<<14/len(data))
				var ours, theirs []time.Duration
				for b.Loop() {
					ours = append(ours, timed(batch, func() { feedOnce(&p, opts, data, nil) }))
					theirs = append(theirs, timed(batch, func() { r.read(data) }))
				}
				us, them := median(ours)/float64(batch), median(theirs)/float64(batch)
				b.ReportMetric(0, "ns/op") // of a pair of batches: says nothing
				b.ReportMetric(us, "ns/feed")
				b.ReportMetric(them, "ns/textproto")
				b.ReportMetric(them/us, "times-faster")
			})
		}
	}
}

// timed returns how long it takes to call f n times.
func timed(n int, f func()) time.Duration {
	start := time.Now()
	for range n {
		f()
	}
	return time.Since(start)
}

func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2])
}
