package server

import "testing"

func TestAddr(t *testing.T) {
	name := func(s string) *string { return &s }
	for _, test := range []struct {
		host *string
		port int
		addr string
	}{
		{nil, 8000, ":8000"},
		{name(""), 8000, "[]:8000"},
		{name("127.0.0.1"), 0, "127.0.0.1:0"},
		{name("localhost"), 80, "localhost:80"},
		{name("::1"), 80, "[::1]:80"},
		{name("fe80::1%eth0"), 80, "[fe80::1%eth0]:80"},
	} {
		if got := Addr(test.host, test.port); got != test.addr {
			t.Errorf("Addr(%v, %d) = %q, want %q", test.host, test.port, got, test.addr)
		}
		host, port, err := splitAddr(test.addr)
		same := host == nil && test.host == nil || host != nil && test.host != nil && *host == *test.host
		if !same || port != test.port || err != nil {
			t.Errorf("splitAddr(%q) = %v, %d, %v", test.addr, host, port, err)
		}
	}
	for _, addr := range []string{"", "localhost", "localhost:", "localhost:http", "::1:80", "::1"} {
		if host, port, err := splitAddr(addr); err == nil {
			t.Errorf("splitAddr(%q) = %v, %d, want an error", addr, host, port)
		}
	}
}
