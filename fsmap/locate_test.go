package fsmap_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

// An expectation is what some releases make of a target.
type expectation struct {
	releases cpython.Set
	want     string
}

func always(want string) []expectation { return []expectation{{cpython.From(cpython.V2_7), want}} }

// until is an answer up to a release and, after it, another.
func until(last cpython.Version, want, later string) []expectation {
	return []expectation{{cpython.Until(last), want}, {cpython.From(last + 1), later}}
}

const (
	nul27     = "crash TypeError: stat() argument 1 must be encoded string without null bytes, not str"
	nul3      = "crash ValueError: embedded null byte"
	surrogate = "crash UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 5: surrogates not allowed"
	invalid   = "crash ValueError: Invalid IPv6 URL"
)

// between27And is for three answers: of 2.7, up to a release, and after it.
func between27And(last cpython.Version, first, middle, later string) []expectation {
	return []expectation{
		{cpython.Only(cpython.V2_7), first},
		{cpython.Between(cpython.V3_6, last), middle},
		{cpython.From(last + 1), later},
	}
}

// testTree is served from /srv.
func testTree() *fsmap.MapFS {
	fs := &fsmap.MapFS{Wd: "/srv"}
	file := func(content string) fsmap.Node { return fsmap.Node{Content: []byte(content)} }
	link := func(to string) fsmap.Node { return fsmap.Node{Link: to} }
	fs.Add("/dev/null", fsmap.Node{Kind: fsmap.Other})
	fs.Add("/srv/a.txt", file("hello"))
	fs.Add("/srv/secret", fsmap.Node{Unreadable: true})
	fs.Add("/srv/plain/b.txt", file("inside"))
	fs.Add("/srv/both/index.htm", file("htm"))
	fs.Add("/srv/both/index.html", file("html"))
	fs.Add("/srv/htm/index.htm", file("htm"))
	fs.Add("/srv/dirindex/index.html", fsmap.Node{Kind: fsmap.Directory})
	fs.Add("/srv/dirindex/index.htm", file("second"))
	fs.Add("/srv/fifoindex/index.html", fsmap.Node{Kind: fsmap.FIFO})
	fs.Add("/srv/linkindex/index.html", link("../a.txt"))
	fs.Add("/srv/dangling/index.html", link("nowhere"))
	fs.Add("/srv/unreadableindex/index.html", fsmap.Node{Unreadable: true})
	fs.Add("/srv/linkdir", link("plain"))
	fs.Add("/srv/linkfile", link("/srv/a.txt"))
	fs.Add("/srv/lost", link("nowhere"))
	fs.Add("/srv/loop", link("loop"))
	fs.Add("/srv/fifo", fsmap.Node{Kind: fsmap.FIFO, Content: []byte("through the pipe")})
	fs.Add("/srv/null", link("../dev/null"))
	fs.Add("/srv/socket", fsmap.Node{Kind: fsmap.Other, Unreadable: true})
	fs.Add("/srv/closed", fsmap.Node{Kind: fsmap.Directory, Unsearchable: true})
	fs.Add("/srv/closed/a.txt", file("not to be reached"))
	fs.Add("/srv/dark", fsmap.Node{Kind: fsmap.Directory, Unreadable: true})
	fs.Add("/srv/\xff", file("ff"))
	fs.Add("/srv/caf\u00e9", file("accent"))
	fs.Add("/srv/ws:/x", fsmap.Node{Kind: fsmap.Directory})
	return fs
}

// show writes a Resource as a word and what belongs to it.
func show(t *testing.T, r fsmap.Resource) string {
	t.Helper()
	switch r.Kind {
	case fsmap.FileResource:
		content, err := io.ReadAll(r.File)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.File.Close(); err != nil {
			t.Fatal(err)
		}
		return "file " + string(r.Path.Text) + ": " + string(content)
	case fsmap.RedirectResource:
		return "redirect " + string(r.Location)
	case fsmap.DirectoryResource:
		return "directory " + string(r.Path.Text)
	case fsmap.MissingResource:
		return "missing"
	case fsmap.CrashResource:
		return "crash " + r.Crash
	case fsmap.BlocksResource:
		return "blocks"
	}
	return "nothing"
}

// locate is translate_path and Locate, from /srv.
func locate(fs fsmap.FS, b *fsmap.Buffers, v cpython.Version, target string, mayWait bool) fsmap.Resource {
	l := fsmap.Lookup{
		Version:    v,
		Target:     []byte(target),
		Path:       fsmap.TranslatePath(v, []byte("/srv"), []byte(target), b),
		IndexPages: []string{"index.html", "index.htm"},
		MayWait:    mayWait,
	}
	return fsmap.Locate(fs, b, l)
}

var locateTests = []struct {
	target string
	want   []expectation
}{
	// Files.
	{"/a.txt", always("file /srv/a.txt: hello")},
	{"a.txt?q#f", always("file /srv/a.txt: hello")},
	{"/../plain/./b.txt", always("file /srv/plain/b.txt: inside")},
	{"/a.txt/.", always("file /srv/a.txt: hello")},
	{"/a.txt/", always("missing")},
	{"/a.txt%2f", until(cpython.V3_13, "file /srv/a.txt: hello", "missing")},
	{"/linkfile", always("file /srv/linkfile: hello")},
	{"/nope", always("missing")},
	{"/nope/", always("missing")},
	{"/a.txt/b", always("missing")},
	{"/secret", always("missing")},
	{"/lost", always("missing")},
	{"/loop", always("missing")},
	{"/closed/a.txt", always("missing")},
	{"/" + strings.Repeat("n", 256), always("missing")},
	{"/" + strings.Repeat("n/", 2048), always("missing")},

	// Names that are not ASCII. The system's ff is U+DCFF in 3.x.
	{"/%FF", until(cpython.V2_7, "file /srv/\xff: ff", "missing")},
	{"/%ED%B3%BF", until(cpython.V2_7, "missing", "file /srv/\xed\xb3\xbf: ff")},
	{"/caf%C3%A9", always("file /srv/caf\u00e9: accent")},
	{"/caf\xc3\xa9", until(cpython.V2_7, "file /srv/caf\u00e9: accent", "missing")},
	{"/caf\xe9", until(cpython.V2_7, "missing", "file /srv/caf\u00e9: accent")},

	// Directories.
	{"/", always("directory /srv/")},
	{"/plain/", always("directory /srv/plain/")},
	{"/linkdir/", always("directory /srv/linkdir/")},
	{"/closed/", always("directory /srv/closed/")},
	{"/dark/", always("directory /srv/dark/")},
	{"/plain", always("redirect /plain/")},
	{"/linkdir", always("redirect /linkdir/")},
	{"/dark", always("redirect /dark/")},
	{"/plain?q#f", always("redirect /plain/?q#f")},
	{"/plain?#", always("redirect /plain/")},
	{"/pl%61in", always("redirect /pl%61in/")},
	{"/plain%2f", until(cpython.V3_13, "redirect /plain%2f/", "directory /srv/plain/")},
	{"/plain%2F", until(cpython.V3_13, "redirect /plain%2F/", "directory /srv/plain/")},
	{"/plain/.", always("redirect /plain/./")},
	{"?x", always("redirect /?x")},
	{".", always("redirect ./")},
	{"/..", always("redirect /../")},
	{"http://h/../..", always("redirect http://h/../../")},
	{"//evil.example/..", always("redirect //evil.example/../")},
	{"////evil.example/..", until(cpython.V3_12, "redirect //evil.example/../", "redirect ////evil.example/../")},
	{"ws:/x", []expectation{
		{cpython.Only(cpython.V2_7), "redirect ws:/x/"},
		{cpython.From(cpython.V3_6), "redirect ws:///x/"},
	}},
	{"x://[/../..", always(invalid)},
	{"//[/../../", always(invalid)},
	{"//[a]/../", until(cpython.V3_10, "directory /srv/", "crash ValueError: 'a' does not appear to be an IPv4 or IPv6 address")},

	// Index pages.
	{"/both/", always("file /srv/both/index.html: html")},
	{"/both", always("redirect /both/")},
	{"/htm/", always("file /srv/htm/index.htm: htm")},
	{"/linkindex/", always("file /srv/linkindex/index.html: hello")},
	{"/dangling/", always("directory /srv/dangling/")},
	{"/unreadableindex/", always("missing")},
	{"/dirindex/", until(cpython.V3_9, "missing", "file /srv/dirindex/index.htm: second")},
	{"/fifoindex/", until(cpython.V3_9, "blocks", "directory /srv/fifoindex/")},

	// What opening may wait for.
	{"/fifo", always("blocks")},
	{"/fifo/", always("missing")},
	{"/null", always("blocks")},
	{"/socket", always("blocks")},

	// Paths that the system cannot be given.
	{"/%00", until(cpython.V2_7, nul27, nul3)},
	{"/%00/", between27And(cpython.V3_7, nul27, nul3, "missing")},
	{"/%ED%A0%80", until(cpython.V2_7, "missing", surrogate)},
	{"/%ED%A0%80/", between27And(cpython.V3_7, "missing", surrogate, "missing")},
	{"/%ED%A0%80%00", until(cpython.V2_7, nul27, surrogate)},
}

func TestLocate(t *testing.T) {
	fs := testTree()
	var b fsmap.Buffers
	for _, test := range locateTests {
		for _, v := range cpython.Versions() {
			want := ""
			for _, e := range test.want {
				if e.releases.Contains(v) {
					want = e.want
				}
			}
			if got := show(t, locate(fs, &b, v, test.target, false)); got != want {
				t.Errorf("%v: Locate(%q) = %q, want %q", v, test.target, got, want)
			}
		}
	}
}

// TestLocateWaiting asks again where waiting is allowed.
func TestLocateWaiting(t *testing.T) {
	fs := testTree()
	var b fsmap.Buffers
	for _, test := range []struct{ target, want string }{
		{"/fifo", "file /srv/fifo: through the pipe"},
		{"/null", "file /srv/null: "},
		{"/socket", "missing"},
		{"/a.txt", "file /srv/a.txt: hello"},
	} {
		for _, v := range cpython.Versions() {
			if got := show(t, locate(fs, &b, v, test.target, true)); got != test.want {
				t.Errorf("%v: Locate(%q) = %q, want %q", v, test.target, got, test.want)
			}
		}
	}
}

// TestLocateASCII: in the C locale, 3.6 cannot name what is not ASCII.
func TestLocateASCII(t *testing.T) {
	b := fsmap.Buffers{Codec: cpython.ASCIICodec}
	for _, test := range []struct{ target, want string }{
		{"/a.txt", "file /srv/a.txt: hello"},
		{"/%ED%B3%BF", "file /srv/\xed\xb3\xbf: ff"},
		{"/caf%C3%A9", `crash UnicodeEncodeError: 'ascii' codec can't encode character '\xe9' in position 8: ordinal not in range(128)`},
	} {
		if got := show(t, locate(testTree(), &b, cpython.V3_6, test.target, false)); got != test.want {
			t.Errorf("Locate(%q) = %q, want %q", test.target, got, test.want)
		}
	}
}

// TestLocateOtherBases: the directory that is served need not be absolute, nor there at all.
func TestLocateOtherBases(t *testing.T) {
	fs := testTree()
	for _, test := range []struct{ base, target, want string }{
		{"", "/", "directory /"}, // -d '' lists the root of the file system for "/"
		{"", "/a.txt", "file a.txt: hello"},
		{"", "/plain", "redirect /plain/"},
		{"", "/plain/", "directory plain/"},
		{"", "/..", "missing"}, // the path is empty
		{".", "/", "directory ./"},
		{".", "/a.txt", "file ./a.txt: hello"},
		{"plain", "/b.txt", "file plain/b.txt: inside"},
		{"/", "/srv/a.txt", "file /srv/a.txt: hello"},
		{"/", "/", "directory //"},
		{"/srv/", "/a.txt", "file /srv/a.txt: hello"},
		{"/srv/", "/", "directory /srv//"},
		{"/srv//", "/a.txt", "file /srv//a.txt: hello"},
		{"/nowhere", "/", "missing"},
		{"/srv/a.txt", "/", "missing"},
		{"/srv/a.txt", "?", "file /srv/a.txt: hello"},
		{"/srv/both", "/", "file /srv/both/index.html: html"},
		{"/srv/\xff/..", "/", "missing"}, // the system resolves it, and ff is a file
	} {
		var b fsmap.Buffers
		v := cpython.V3_13
		path := fsmap.TranslatePath(v, []byte(test.base), []byte(test.target), &b)
		l := fsmap.Lookup{Version: v, Target: []byte(test.target), Path: path, IndexPages: []string{"index.html"}}
		if got := show(t, fsmap.Locate(fs, &b, l)); got != test.want {
			t.Errorf("Locate(%q below %q) = %q, want %q", test.target, test.base, got, test.want)
		}
	}
}

// TestLocateOwnIndexPages: the names of index pages are a class attribute, and may be anything
// that os.path.join takes.
func TestLocateOwnIndexPages(t *testing.T) {
	fs := testTree()
	for _, test := range []struct{ base, page, want string }{
		{"/srv/plain", "b.txt", "file /srv/plain/b.txt: inside"},
		{"/srv/plain", "../a.txt", "file /srv/plain/../a.txt: hello"},
		{"/srv/plain", "/srv/both/index.htm", "file /srv/both/index.htm: htm"},
		{"/srv/plain", "", "directory /srv/plain/"},
		{"/srv/plain", "b.txt/", "directory /srv/plain/"},
	} {
		var b fsmap.Buffers
		path := fsmap.TranslatePath(cpython.V3_13, []byte(test.base), []byte("/"), &b)
		l := fsmap.Lookup{Version: cpython.V3_13, Target: []byte("/"), Path: path, IndexPages: []string{"none", test.page}}
		if got := show(t, fsmap.Locate(fs, &b, l)); got != test.want {
			t.Errorf("Locate below %q with index page %q = %q, want %q", test.base, test.page, got, test.want)
		}
	}
}

// A changingFS says of a file what was true before it was replaced by something else.
type changingFS struct {
	fsmap.FS
	open error
}

func (fs changingFS) Open([]byte, bool) (fsmap.File, fsmap.Info, error) {
	return nil, fsmap.Info{}, fs.open
}

func TestLocateOfAFileThatChanges(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{fsmap.ErrBlocks, "blocks"}, // it is a FIFO now
		{errors.New("gone"), "missing"},
	} {
		var b fsmap.Buffers
		got := show(t, locate(changingFS{testTree(), test.err}, &b, cpython.V3_13, "/a.txt", false))
		if got != test.want {
			t.Errorf("Locate with Open = %v: %q, want %q", test.err, got, test.want)
		}
	}
}
