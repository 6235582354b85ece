package server

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// loopback knows one interface, and no names.
var loopback = resolver{
	lookUp: func(string) []ipAddress { return nil },
	scope: func(name string) uint32 {
		if name == "lo" || len(name) < 16 && strings.HasPrefix(name, "lo:") { // IFNAMSIZ; an alias
			return 1
		}
		return 0
	},
	reaches: func(ipAddress) bool { return true },
}

// spell spells a result as testdata/addresses.py does.
func spell(a ipAddress, err error) string {
	if e, ok := err.(gaiError); ok {
		return strconv.Itoa(e.code)
	}
	if a.scope != 0 {
		return a.String() + "%" + strconv.FormatUint(uint64(a.scope), 10)
	}
	return a.String()
}

func TestGetaddrinfo(t *testing.T) {
	path := "testdata/addresses.txt"
	if fuzz := os.Getenv("GETADDRINFO_FUZZ"); fuzz != "" {
		path = fuzz
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if got := spell(getaddrinfo(row[0], false, loopback)); got != row[1] {
			t.Errorf("getaddrinfo(%q) = %s, want %s", row[0], got, row[1])
		}
		if got := spell(getaddrinfo(row[0], true, loopback)); got != row[2] {
			t.Errorf("getaddrinfo(%q), AF_INET = %s, want %s", row[0], got, row[2])
		}
	}
}

func TestResolve(t *testing.T) {
	names := Hosts{}
	names = append(names, parseHosts("127.0.0.1 localhost four\n::1 localhost six\n10.0.0.1 four\n")...)
	r := loopback
	r.lookUp = names.lookUp
	text := func(s string) *string { return &s }
	for _, row := range []struct {
		v    cpython.Version
		bind *string
		port int
		want string // address or error
	}{
		{cpython.V2_7, nil, 8000, "0.0.0.0"},
		{cpython.V3_7, nil, 8000, "0.0.0.0"},
		{cpython.V3_15, nil, 8000, "0.0.0.0"},
		{cpython.V3_7, text(""), 8000, "0.0.0.0"},
		{cpython.V3_8, text(""), 8000, "[Errno -2] Name or service not known"},
		{cpython.V3_7, text("::"), 8000, "[Errno -9] Address family for hostname not supported"},
		{cpython.V3_8, text("::"), 8000, "::"},
		{cpython.V3_7, text("::ffff:127.0.0.1"), 8000, "127.0.0.1"},
		{cpython.V3_8, text("::ffff:127.0.0.1"), 8000, "::ffff:127.0.0.1"},
		{cpython.V3_6, text("<broadcast>"), 8000, "255.255.255.255"},
		{cpython.V3_8, text("<broadcast>"), 8000, "[Errno -2] Name or service not known"},
		{cpython.V3_7, text("localhost"), 8000, "127.0.0.1"},
		{cpython.V3_8, text("localhost"), 8000, "::1"},
		{cpython.V3_8, text("LocalHost"), 8000, "::1"},
		{cpython.V3_8, text("four"), 8000, "127.0.0.1"},
		{cpython.V3_7, text("six"), 8000, "[Errno -2] Name or service not known"},
		{cpython.V3_8, text("six"), 8000, "::1"},
		{cpython.V3_8, text("nobody"), 8000, "[Errno -2] Name or service not known"},
		{cpython.V3_7, nil, -1, "getsockaddrarg: port must be 0-65535."},
		{cpython.V3_8, nil, -1, "[Errno -8] Servname not supported for ai_socktype"},
		{cpython.V3_7, nil, 65536, "getsockaddrarg: port must be 0-65535."},
	} {
		a, err := resolve(row.v, row.bind, row.port, r)
		got := a.String()
		if err != nil {
			got = err.Error()
		}
		if got != row.want {
			bind := "no --bind"
			if row.bind != nil {
				bind = *row.bind
			}
			t.Errorf("resolve(%v, %q, %d) = %q, want %q", row.v, bind, row.port, got, row.want)
		}
	}
}

func TestLookUpWithoutRoute(t *testing.T) {
	r := loopback
	r.lookUp = parseHosts("::1 localhost\n127.0.0.1 localhost\n").lookUp
	r.reaches = func(ipAddress) bool { return false }
	if a, err := lookUp("localhost", false, r); err != nil || a.String() != "127.0.0.1" {
		t.Errorf("lookUp(localhost) without a route to ::1 = %v, %v, want 127.0.0.1", a, err)
	}
}

func TestGetFQDN(t *testing.T) {
	h := parseHosts("# comment 1.1.1.1 x\n127.0.0.1\tlocalhost # loop\n10.0.0.1 a b.example c.example\n10.0.0.1 later.example\n::1 ip6-localhost\nbad line\n10.0.0.2\n")
	for _, row := range []struct{ host, want string }{
		{"127.0.0.1", "localhost"},
		{"10.0.0.1", "b.example"},
		{"::1", "ip6-localhost"},
		{"10.0.0.2", "10.0.0.2"},
		{"1.1.1.1", "1.1.1.1"},
		{"::ffff:127.0.0.1", "::ffff:127.0.0.1"},
		{"no address", "no address"},
	} {
		if got := h.GetFQDN(row.host); got != row.want {
			t.Errorf("GetFQDN(%q) = %q, want %q", row.host, got, row.want)
		}
	}
}

func TestAppendBanner(t *testing.T) {
	for _, row := range []struct {
		v      cpython.Version
		host   string
		colors bool
		want   string
	}{
		{cpython.V2_7, "0.0.0.0", false, "Serving HTTP on 0.0.0.0 port 8000 ...\n"},
		{cpython.V3_6, "0.0.0.0", false, "Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...\n"},
		{cpython.V3_7, "::", false, "Serving HTTP on :: port 8000 (http://:::8000/) ...\n"},
		{cpython.V3_8, "::", false, "Serving HTTP on :: port 8000 (http://[::]:8000/) ...\n"},
		{cpython.V3_14, "0.0.0.0", true, "Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...\n"},
		{cpython.V3_15, "0.0.0.0", false, "Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...\n"},
		{cpython.V3_15, "::1", true, "\x1b[32mServing HTTP on ::1 port 8000\x1b[0m (\x1b[36mhttp://[::1]:8000/\x1b[0m) ...\n"},
	} {
		if got := AppendBanner(nil, row.v, row.host, 8000, row.colors); string(got) != row.want {
			t.Errorf("AppendBanner(%v, %q, 8000, %v) = %q, want %q", row.v, row.host, row.colors, got, row.want)
		}
	}
}

// What every release prints before it serves, and after Control-C.
func TestBannerOfEachRelease(t *testing.T) {
	for _, v := range cpython.Versions() {
		want, goodbye := "Serving HTTP on ::1 port 8000 (http://[::1]:8000/) ...\n", "\nKeyboard interrupt received, exiting.\n"
		switch v {
		case cpython.V2_7:
			want, goodbye = "Serving HTTP on ::1 port 8000 ...\n", ""
		case cpython.V3_6, cpython.V3_7:
			want = "Serving HTTP on ::1 port 8000 (http://::1:8000/) ...\n"
		}
		if got := string(AppendBanner(nil, v, "::1", 8000, false)); got != want {
			t.Errorf("AppendBanner(%v) = %q, want %q", v, got, want)
		}
		if got := Goodbye(v); got != goodbye {
			t.Errorf("Goodbye(%v) = %q, want %q", v, got, goodbye)
		}
		colored := strings.Contains(string(AppendBanner(nil, v, "::1", 8000, true)), "\x1b")
		if colored != (v == cpython.V3_15) {
			t.Errorf("the banner of %v on a terminal has colours is %v", v, colored)
		}
	}
}

// Up to 3.7 --bind takes IPv4 alone, whatever the name has.
func TestResolveOfEachRelease(t *testing.T) {
	bind := "::1"
	for _, v := range cpython.Versions() {
		want := ""
		if v <= cpython.V3_7 {
			want = "[Errno -9] Address family for hostname not supported"
		}
		got := ""
		if _, err := resolve(v, &bind, 8000, loopback); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("resolve(%v, %q) fails with %q, want %q", v, bind, got, want)
		}
	}
}
