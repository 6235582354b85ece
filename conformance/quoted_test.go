package conformance

import (
	"bytes"
	"testing"
)

// FuzzQuoted checks that a line of a case file spells the bytes that it was made of, in printable ASCII.
func FuzzQuoted(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.0\r\n"), "SimpleHTTP/0.6 Python/3.13.0", "/dev/shm/conform00000000/plain")
	f.Add(bytes.Repeat([]byte("a\xff"), 50), "a", "/")
	f.Add(bytes.Repeat([]byte(`"`), 50), "", "")
	f.Add([]byte("server root 3*\"x\" `\\\""), "server", "root")
	f.Fuzz(func(t *testing.T, b []byte, server, root string) {
		w := Words{Server: server, Root: root}
		line := AppendQuoted(nil, b, w)
		got, err := ParseQuoted(string(line), w)
		if err != nil || !bytes.Equal(got, b) {
			t.Errorf("ParseQuoted(%q) = %q, %v, want %q", line, got, err, b)
		}
		if bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("AppendQuoted(%q) = %q, which is not printable", b, line)
		}
	})
}
