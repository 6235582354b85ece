package reqparse

import (
	"testing"

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

func BenchmarkFeed(b *testing.B) {
	for name, input := range map[string]string{"curl": curl, "chrome": chrome} {
		for _, v := range []cpython.Version{cpython.V2_7, cpython.V3_14} {
			b.Run(name+"/"+v.Series(), func(b *testing.B) {
				var p Parser
				opts, data := options(v, "HTTP/1.0"), []byte(input)
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					feedOnce(&p, opts, data, nil)
				}
			})
		}
	}
}
