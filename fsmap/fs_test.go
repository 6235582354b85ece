package fsmap_test

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simplehttp/fsmap"
)

// A planted is one file of the tree that every FS is asked about. Paths are relative to it.
type planted struct {
	path string
	node fsmap.Node
}

const (
	maxName  = 255  // NAME_MAX
	maxPath  = 4095 // PATH_MAX without the NUL
	maxLinks = 40   // MAXSYMLINKS
)

var longName = strings.Repeat("n", maxName)

// plant is the tree. The chain of links is one longer than the system follows.
func plant() []planted {
	tree := []planted{
		{"file", fsmap.Node{Content: []byte("hello\n"), Sec: 1600000000, Nsec: 999999999}},
		{"old", fsmap.Node{Sec: -2, Nsec: 500000000}},
		{"secret", fsmap.Node{Content: []byte("x"), Unreadable: true}},
		{"dir/b", fsmap.Node{Content: []byte("b")}},
		{"dir/a", fsmap.Node{Content: []byte("a")}},
		{"dir/sub/file", fsmap.Node{}},
		{"dir/up", fsmap.Node{Link: "../file"}},
		{"dir/over", fsmap.Node{Link: "sub"}},
		{"dir/lost", fsmap.Node{Link: "nowhere"}},
		{"empty", fsmap.Node{Kind: fsmap.Directory}},
		{"dark/file", fsmap.Node{}},
		{"closed/file", fsmap.Node{}},
		{"closed/sub/file", fsmap.Node{}},
		{"closed/link", fsmap.Node{Link: "sub"}},
		{"link", fsmap.Node{Link: "file"}},
		{"linkdir", fsmap.Node{Link: "dir"}},
		{"slashed", fsmap.Node{Link: "dir/"}},
		{"fileslashed", fsmap.Node{Link: "file/"}},
		{"loop", fsmap.Node{Link: "loop"}},
		{"lost", fsmap.Node{Link: "nowhere"}},
		{"null", fsmap.Node{Link: "/dev/null"}},
		{"fifo", fsmap.Node{Kind: fsmap.FIFO}},
		{"bytes\xff", fsmap.Node{}},
		{"new\nline", fsmap.Node{}},
		{longName, fsmap.Node{}},
		{"chain1", fsmap.Node{Link: "file"}},
	}
	for i := 2; i <= maxLinks+1; i++ {
		tree = append(tree, planted{"chain" + strconv.Itoa(i), fsmap.Node{Link: "chain" + strconv.Itoa(i-1)}})
	}
	return tree
}

// plantMap makes the tree below dir in memory.
func plantMap(dir string) *fsmap.MapFS {
	fs := &fsmap.MapFS{Wd: dir}
	fs.Add("/dev/null", fsmap.Node{Kind: fsmap.Other})
	fs.Add(dir+"/dark", fsmap.Node{Kind: fsmap.Directory, Unreadable: true})
	fs.Add(dir+"/closed", fsmap.Node{Kind: fsmap.Directory, Unsearchable: true})
	for _, p := range plant() {
		fs.Add(dir+"/"+p.path, p.node)
	}
	fs.Add(dir+"/abslink", fsmap.Node{Link: dir + "/dir"})
	return fs
}

// A question is a path and what an FS says of it. Empty means an error.
type question struct {
	path string
	stat string // kind of file
	open string // content, in quotes
	list string // entries in order of name: / for a directory, @ for a link
}

var kindNames = map[fsmap.Kind]string{
	fsmap.Regular: "regular", fsmap.Directory: "directory", fsmap.FIFO: "fifo", fsmap.Other: "other",
}

const dirList = "a b lost@ over/@ sub/ up@"

var questions = []question{
	{"file", "regular", `"hello` + "\n" + `"`, ""},
	{"./file", "regular", `"hello` + "\n" + `"`, ""},
	{"dir/../file", "regular", `"hello` + "\n" + `"`, ""},
	{"dir//a", "regular", `"a"`, ""},
	{"file/", "", "", ""},
	{"file/.", "", "", ""},
	{"file/..", "", "", ""},
	{"file/x", "", "", ""},
	{"nope", "", "", ""},
	{"nope/..", "", "", ""},
	{"nope/../file", "", "", ""},
	{"", "", "", ""},
	{"file\x00", "", "", ""},
	{"\x00", "", "", ""},
	{"secret", "regular", "", ""},
	{"dir", "directory", "", dirList},
	{"dir/", "directory", "", dirList},
	{"dir/.", "directory", "", dirList},
	{"dir/sub/..", "directory", "", dirList},
	{"dir//", "directory", "", dirList},
	{"empty", "directory", "", "nothing"},
	{"dir/up", "regular", `"hello` + "\n" + `"`, ""},
	{"dir/over", "directory", "", "file"},
	{"dir/over/../a", "regular", `"a"`, ""},
	{"dir/lost", "", "", ""},
	{"link", "regular", `"hello` + "\n" + `"`, ""},
	{"link/", "", "", ""},
	{"linkdir", "directory", "", dirList},
	{"linkdir/", "directory", "", dirList},
	{"linkdir/../link", "regular", `"hello` + "\n" + `"`, ""},
	{"abslink/a", "regular", `"a"`, ""},
	{"slashed", "directory", "", dirList},
	{"fileslashed", "", "", ""},
	{"loop", "", "", ""},
	{"loop/x", "", "", ""},
	{"lost", "", "", ""},
	{"chain40", "regular", `"hello` + "\n" + `"`, ""},
	{"chain41", "", "", ""},
	{"dark", "directory", "", ""},
	{"dark/file", "regular", `""`, ""},
	{"closed", "directory", "", "file link sub"},
	{"closed/", "directory", "", "file link sub"},
	{"closed/.", "", "", ""},
	{"closed/..", "", "", ""},
	{"closed/file", "", "", ""},
	{"closed/sub", "", "", ""},
	{"null", "other", `""`, ""},
	{"bytes\xff", "regular", `""`, ""},
	{"new\nline", "regular", `""`, ""},
	{longName, "regular", `""`, ""},
	{longName + "n", "", "", ""},
	{longName + "n/../file", "", "", ""},
	{strings.Repeat("./", (maxPath-4)/2) + "file", "regular", `"hello` + "\n" + `"`, ""},
	{strings.Repeat("./", (maxPath-4)/2) + "/file", "regular", `"hello` + "\n" + `"`, ""}, // 4095 bytes
	{strings.Repeat("./", (maxPath-4)/2) + "//file", "", "", ""},
	{strings.Repeat("./", 5000), "", "", ""},
	// Near the limit, only short names can be asked about: up to one byte, and up to three.
	{strings.Repeat("./", 2044) + "./dir", "directory", "", "a b lost over sub up"},
	{"./" + strings.Repeat("/", 4088) + "dir", "directory", "", "a b lost over sub up"},
	{"." + strings.Repeat("/", 4087) + "dir/", "directory", "", "a b lost over sub/ up@"},
}

// ask puts one question to an FS.
func ask(t *testing.T, fs fsmap.FS, path string) question {
	t.Helper()
	q := question{path: path}
	info, err := fs.Stat([]byte(path))
	if err == nil {
		q.stat = kindNames[info.Kind]
	}
	if f, opened, err := fs.Open([]byte(path), true); err == nil {
		content, err := io.ReadAll(f)
		if err != nil {
			t.Errorf("%q: Read = %v", path, err)
		}
		if err := f.Close(); err != nil {
			t.Errorf("%q: Close = %v", path, err)
		}
		if opened != info {
			t.Errorf("%q: Open tells %+v, Stat %+v", path, opened, info)
		}
		q.open = `"` + string(content) + `"`
	}
	if entries, err := fs.ReadDir([]byte(path)); err == nil {
		q.list = listing(entries)
	}
	return q
}

// listing shows entries in order of name.
func listing(entries []fsmap.Entry) string {
	if len(entries) == 0 {
		return "nothing"
	}
	var names []string
	for _, e := range entries {
		name := e.Name
		if e.IsDir {
			name += "/"
		}
		if e.IsLink {
			name += "@"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// shorten keeps messages about long paths readable.
func shorten(path string) string {
	if len(path) > 80 {
		return path[:40] + "..." + path[len(path)-20:]
	}
	return path
}

// askAll is what every FS has to pass. Its working directory is the tree.
func askAll(t *testing.T, fs fsmap.FS) {
	for _, want := range questions {
		if got := ask(t, fs, want.path); got != want {
			got.path, want.path = shorten(got.path), shorten(want.path)
			t.Errorf("%T: got  %q\nwant %q", fs, got, want)
		}
	}
	for _, test := range []struct {
		path string
		want fsmap.Info
	}{
		{"file", fsmap.Info{Kind: fsmap.Regular, Size: 6, Sec: 1600000000, Nsec: 999999999}},
		{"link", fsmap.Info{Kind: fsmap.Regular, Size: 6, Sec: 1600000000, Nsec: 999999999}},
		{"old", fsmap.Info{Kind: fsmap.Regular, Sec: -2, Nsec: 500000000}}, // 1.5 seconds before 1970
	} {
		info, err := fs.Stat([]byte(test.path))
		got := fsmap.Info{Kind: info.Kind, Size: info.Size, Sec: info.Sec, Nsec: info.Nsec} // what is exported
		if got != test.want || err != nil {
			t.Errorf("%T: Stat(%q) = %+v, %v, want %+v", fs, test.path, got, err, test.want)
		}
	}
	for path, want := range map[string]error{"fifo": fsmap.ErrBlocks, "null": fsmap.ErrBlocks, "file": nil} {
		f, _, err := fs.Open([]byte(path), false)
		if err != want {
			t.Errorf("%T: Open(%q, false) = %v, want %v", fs, path, err, want)
		}
		if err == nil {
			f.Close()
		}
	}
}

func TestMapFS(t *testing.T) {
	fs := plantMap("/some/where")
	askAll(t, fs)
	if wd, err := fs.Getwd(); string(wd) != "/some/where" || err != nil {
		t.Errorf("Getwd() = %q, %v, want %q", wd, err, "/some/where")
	}
	fs.Wd = "/gone"
	if wd, err := fs.Getwd(); err == nil {
		t.Errorf("Getwd() in a directory that is gone = %q, want an error", wd)
	}
}

// TestMapFSOrder: entries come as they were added.
func TestMapFSOrder(t *testing.T) {
	var fs fsmap.MapFS
	for _, name := range []string{"/c", "/a/x", "/b"} {
		fs.Add(name, fsmap.Node{})
	}
	want := []fsmap.Entry{{Name: "c"}, {Name: "a", IsDir: true}, {Name: "b"}}
	if got, err := fs.ReadDir([]byte("/")); !slices.Equal(got, want) || err != nil {
		t.Errorf("ReadDir = %v, %v, want %v", got, err, want)
	}
	if wd, err := fs.Getwd(); string(wd) != "/" || err != nil {
		t.Errorf("Getwd() = %q, %v, want /", wd, err)
	}
}

func TestMapFSAddPanics(t *testing.T) {
	for _, path := range []string{"/a", "/a/b", "/", "/d", "/l/x"} {
		var fs fsmap.MapFS
		fs.Add("/a", fsmap.Node{})
		fs.Add("/d/x", fsmap.Node{})
		fs.Add("/l", fsmap.Node{Link: "d"})
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Add(%q) did not panic", path)
				}
			}()
			fs.Add(path, fsmap.Node{})
		}()
	}
}
