package mime

import (
	"maps"
	"strings"
	"testing"

	"simplehttp/cpython"
)

const octets = "application/octet-stream"

func newTable(t *testing.T, v cpython.Version, files ...string) *Table {
	t.Helper()
	var contents [][]byte
	for _, text := range files {
		contents = append(contents, []byte(text))
	}
	table, err := New(v, contents)
	if err != nil {
		t.Fatalf("New(%s, %q): %v", v, files, err)
	}
	return table
}

func TestGuess(t *testing.T) {
	tests := []struct {
		v    cpython.Version
		path string
		want string
		how  Result
	}{
		{cpython.V2_7, "/a.html", "text/html", Found},
		{cpython.V2_7, "/a.HTML", "text/html", Found},
		{cpython.V2_7, "/a.py", "text/plain", Found},
		{cpython.V3_8, "/a.tgz", octets, Found},
		{cpython.V3_8, "/a.gz", octets, Found},
		{cpython.V3_8, "data:text/html,x", octets, Found},
		{cpython.V3_9, "/a.py", "text/x-python", Found},
		{cpython.V3_9, "/a", octets, Unknown},
		{cpython.V3_9, "/a.tar.gz", "application/gzip", Found},
		{cpython.V3_9, "/a.GZ", "application/gzip", Found},
		{cpython.V3_9, "/a.Z", octets, Found},
		{cpython.V3_9, "/a.z", octets, Unknown},
		{cpython.V3_9, "/a.tgz", "application/x-tar", Found},
		{cpython.V3_9, "/a.TGZ", "application/x-tar", Found},
		{cpython.V3_9, "/a.tgz.br", octets, Unknown}, // an alias counts in front only
		{cpython.V3_9, "/a.TXT.br", "text/plain", Found},
		{cpython.V3_9, "/a.txt.BR", octets, Unknown},
		{cpython.V3_9, "/.html", octets, Unknown},
		{cpython.V3_9, "data:text/html;charset=x,y", "text/html", Found},
		{cpython.V3_9, "DATA:x.html", octets, Unknown},
		{cpython.V3_9, "data:x,.html", "text/plain", Found},
		{cpython.V3_9, "data:a/b=c,d", "text/plain", Found},
		{cpython.V3_9, "/data:text/html,x", octets, Unknown},
		{cpython.V3_9, "a.tar:b.html", "text/html", Found},
		{cpython.V3_9, "a.html:b", octets, Unknown},
		{cpython.V3_9, ":.html", "text/html", Found},        // a scheme is not empty
		{cpython.V3_9, "data/x,y", octets, Unknown},         // and ends at a colon
		{cpython.V3_9, "http:x,y.html", "text/html", Found}, // four letters that are not data
		{cpython.V3_9, "data:=a/b,c", "text/plain", Found},  // a parameter, not a type
		{cpython.V3_9, "data:/b,c", "/b", Found},            // anything with a slash is a type
		{cpython.V3_12, "data:a/b;c=d/e,f", "a/b", Found},   // of which parameters are no part
		{cpython.V3_13, "data:=a/b,c", octets, Unknown},
		{cpython.V3_13, "a.html:b", octets, Unknown},
		{cpython.V3_13, "data:text/plain,x.html", "text/html", Found},
		{cpython.V3_11, "/a.js", "application/javascript", Found},
		{cpython.V3_12, "/a.js", "text/javascript", Found},
		{cpython.V3_13, "/a.rtf", "text/rtf", Found},
		{cpython.V3_15, "/a.rtf", "application/rtf", Found},
		{cpython.V3_14, "/a.m\u212Av", "video/matroska", Found}, // the lower case of the Kelvin sign is k
		{cpython.V3_14, "/a." + strings.Repeat("x", 5000), octets, Unknown},
	}
	for _, tt := range tests {
		got, how := newTable(t, tt.v).Guess([]byte(tt.path), nil)
		if got != tt.want || how != tt.how {
			t.Errorf("%s: Guess(%q) = %q, %d, want %q, %d", tt.v, tt.path, got, how, tt.want, tt.how)
		}
	}
}

func TestGuessOwnExtensionsMap(t *testing.T) {
	own := map[string]string{".html": "x/own", ".GZ": "x/gz"}
	tests := []struct {
		v    cpython.Version
		path string
		want string
		how  Result
	}{
		{cpython.V3_8, "/a.HTML", "x/own", Found},
		{cpython.V3_8, "/a.txt", "KeyError: ''", Crashed},
		{cpython.V3_9, "/a.html", "x/own", Found},
		{cpython.V3_9, "/a.GZ", "x/gz", Found},
		{cpython.V3_9, "/a.html.Z", "text/html", Found},
		{cpython.V3_9, "/a.html.bz2", "text/html", Found},
		{cpython.V3_9, "/a.html.xz", "text/html", Found},
		{cpython.V3_9, "/a.html.gz", "text/html", Found}, // .gz is an encoding, once the class says nothing of it
		{cpython.V3_9, "/a.txt", "text/plain", Found},
	}
	for _, tt := range tests {
		if got, how := newTable(t, tt.v).Guess([]byte(tt.path), own); got != tt.want || how != tt.how {
			t.Errorf("%s: Guess(%q) = %q, %d, want %q, %d", tt.v, tt.path, got, how, tt.want, tt.how)
		}
	}
}

func TestGuessSystemFiles(t *testing.T) {
	const first = "# comment\n\ntext/one one ONE .dumb #no\n#text/no no\ntext/c c\rtext/cr cr html\ntext/k k #l no #m\n"
	const second = "text/two one\n"
	tests := []struct {
		v    cpython.Version
		path string
		want string
	}{
		{cpython.V2_7, "/a.one", "text/two"},
		{cpython.V2_7, "/a.ONE", "text/one"},
		{cpython.V2_7, "/a.cr", "text/c"}, // one line in 2.7
		{cpython.V3_6, "/a.cr", "text/cr"},
		{cpython.V3_6, "/a.html", "text/cr"},
		{cpython.V3_6, "/a.no", octets},
		{cpython.V3_8, "/a.c", "text/plain"}, // the class has the last word
		{cpython.V3_9, "/a.c", "text/c"},
		{cpython.V3_9, "/a.one", "text/two"},
		{cpython.V3_9, "/a.ONE", "text/two"},
		{cpython.V3_9, "/a..dumb", octets},
	}
	for _, tt := range tests {
		if got, _ := newTable(t, tt.v, first, second).Guess([]byte(tt.path), nil); got != tt.want {
			t.Errorf("%s: Guess(%q) = %q, want %q", tt.v, tt.path, got, tt.want)
		}
	}
}

// TestNewNotUTF8: a file that is not text stops 3.6 to 3.8 at the start, and later releases
// at the first request that asks mimetypes.
func TestNewNotUTF8(t *testing.T) {
	const crash = "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 7: invalid start byte"
	files := [][]byte{[]byte("x/y z\n"), []byte("x/good \xff")}
	for _, v := range cpython.Versions() {
		table, err := New(v, files)
		switch {
		case v == cpython.V2_7:
			if got, _ := table.Guess([]byte("/a.\xff"), nil); err != nil || got != "x/good" {
				t.Errorf("%s: Guess = %q (%v), want x/good", v, got, err)
			}
		case !v.Has(cpython.GuessesByMimetypes):
			if err == nil || err.Error() != crash {
				t.Errorf("New(%s) = %v, want %s", v, err, crash)
			}
		default:
			if err != nil {
				t.Fatalf("New(%s): %v", v, err)
			}
			if got, how := table.Guess([]byte("/a.gz"), nil); got != "application/gzip" || how != Found {
				t.Errorf("%s: Guess(a.gz) = %q, %d, want it to stop before mimetypes", v, got, how)
			}
			if got, how := table.Guess([]byte("/a.html"), nil); got != crash || how != Crashed {
				t.Errorf("%s: Guess(a.html) = %q, %d, want %q, %d", v, got, how, crash, Crashed)
			}
		}
	}
}

func TestExtensionsMap(t *testing.T) {
	if got := len(ExtensionsMap(cpython.V3_8)); got != 132 { // 131 of mimetypes, and ''
		t.Errorf("ExtensionsMap(3.8) has %d entries, want 132", got)
	}
	want := map[string]string{".gz": "application/gzip", ".Z": octets, ".bz2": "application/x-bzip2", ".xz": "application/x-xz"}
	if got := ExtensionsMap(cpython.V3_9); !maps.Equal(got, want) {
		t.Errorf("ExtensionsMap(3.9) = %v, want %v", got, want)
	}
	table := newTable(t, cpython.V3_8, "x/y html")
	table.ExtensionsMap()[".html"] = "changed"
	if got := table.ExtensionsMap()[".html"]; got != "x/y" {
		t.Errorf("ExtensionsMap()[.html] = %q, want x/y: system files are in it, and it is a copy", got)
	}
}

func TestGuessAllocates(t *testing.T) {
	for _, v := range cpython.Versions() {
		table := newTable(t, v)
		for _, path := range []string{"/srv/index.html", "/srv/INDEX.HTML", "/srv/a.tgz", "/srv/a.txt.br", "/srv/a", "/srv/a.é"} {
			p := []byte(path)
			if n := testing.AllocsPerRun(100, func() { table.Guess(p, nil) }); n != 0 {
				t.Errorf("%s: Guess(%q) allocates %v times", v, path, n)
			}
		}
	}
}

// FuzzGuess checks that a type which is found stands in a table, which the system's file may have added to, or in
// the path, which may be a data URL; and that the class has the last word.
func FuzzGuess(f *testing.F) {
	for i := range cpython.Versions() {
		f.Add([]byte("/srv/a.tgz"), []byte("x/y z\n"), uint8(i))
		f.Add([]byte("data:a/b;c,d"), []byte("x/\xff z"), uint8(i))
		f.Add([]byte("/srv/a.TXT.gz"), []byte("x/y TXT # no\rtext/a b\n"), uint8(i))
	}
	f.Fuzz(func(t *testing.T, path, file []byte, release uint8) {
		v := cpython.Versions()[int(release)%len(cpython.Versions())]
		table, err := New(v, [][]byte{file})
		if err != nil {
			return
		}
		got, how := table.Guess(path, nil)
		known := strings.HasPrefix(strings.ToLower(string(path)), "data:") || hasValue(table.class, got) || hasValue(table.types, got)
		if how == Found && !known || how == Unknown && got != DefaultContentType || how == Crashed && table.crash != got {
			t.Errorf("%s: Guess(%q) = %q, %d", v, path, got, how)
		}
		_, ext := cpython.Splitext(path)
		if want, ok := table.class[string(ext)]; ok && got != want {
			t.Errorf("%s: Guess(%q) = %q, want %q", v, path, got, want)
		}
	})
}

func hasValue(types map[string]string, mediaType string) bool {
	for _, value := range types {
		if value == mediaType {
			return true
		}
	}
	return false
}

func BenchmarkGuess(b *testing.B) {
	table, err := New(cpython.Default, nil)
	if err != nil {
		b.Fatal(err)
	}
	path := []byte("/srv/www/index.html")
	for b.Loop() {
		table.Guess(path, nil)
	}
}
