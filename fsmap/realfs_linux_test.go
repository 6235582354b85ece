package fsmap_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

// plantReal makes the tree in a fresh directory, and makes that the working directory.
func plantReal(t *testing.T) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, p := range append(plant(), planted{"abslink", fsmap.Node{Link: dir + "/dir"}}) {
		if err := os.MkdirAll(filepath.Dir(p.path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := plantNode(p.path, p.node); err != nil {
			t.Fatal(err)
		}
	}
	for path, mode := range map[string]os.FileMode{"dark": 0o311, "closed": 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(dir+"/"+path, 0o755) })
	}
	return dir
}

func plantNode(path string, n fsmap.Node) error {
	switch {
	case n.Link != "":
		return os.Symlink(n.Link, path)
	case n.Kind == fsmap.Directory:
		return os.Mkdir(path, 0o755)
	case n.Kind == fsmap.FIFO:
		return unix.Mkfifo(path, 0o644)
	}
	mode := os.FileMode(0o644)
	if n.Unreadable {
		mode = 0
	}
	if err := os.WriteFile(path, n.Content, mode); err != nil {
		return err
	}
	modified := unix.NsecToTimespec(n.Sec*1e9 + int64(n.Nsec))
	return unix.UtimesNanoAt(unix.AT_FDCWD, path, []unix.Timespec{modified, modified}, 0)
}

// withoutPrivileges runs f on a thread for which permission bits count, even if it is root's.
// The thread ends with f, since the goroutine is never unlocked from it.
func withoutPrivileges(t *testing.T, f func()) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := dropOverrides()
		defer func() { done <- err }() // after a t.FailNow in f as well
		if err == nil {
			f()
		}
	}()
	if err := <-done; err != nil {
		t.Fatalf("capset: %v", err) // dropping needs no privilege
	}
}

// dropOverrides gives up the capabilities that make root's file access ignore permissions.
func dropOverrides() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if err := unix.Capget(&header, &sets[0]); err != nil {
		return err
	}
	sets[0].Effective &^= 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_DAC_READ_SEARCH
	return unix.Capset(&header, &sets[0])
}

func TestRealFS(t *testing.T) {
	dir := plantReal(t)
	var fs fsmap.RealFS
	withoutPrivileges(t, func() { askAll(t, &fs) })
	for range 2 { // the second answer comes from memory
		if wd, err := fs.Getwd(); string(wd) != dir || err != nil {
			t.Errorf("Getwd() = %q, %v, want %q", wd, err, dir)
		}
	}
}

// TestRealFSGetwd: a directory that is renamed is followed, $PWD is not asked, and a directory
// that is gone is an error.
func TestRealFSGetwd(t *testing.T) {
	var fs fsmap.RealFS
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/a", "/c"} {
		if err := os.Mkdir(dir+name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a", dir+"/link"); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir + "/link") // sets $PWD
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() error { return nil }, dir + "/a"},
		{func() error { return os.Rename(dir+"/a", dir+"/b") }, dir + "/b"},
		{func() error { return os.Chdir(dir + "/c") }, dir + "/c"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if wd, err := fs.Getwd(); string(wd) != step.want || err != nil {
			t.Errorf("Getwd() = %q, %v, want %q", wd, err, step.want)
		}
	}
	if err := os.Remove(dir + "/c"); err != nil {
		t.Fatal(err)
	}
	if wd, err := fs.Getwd(); err == nil {
		t.Errorf("Getwd() in a directory that is gone = %q, want an error", wd)
	}
}

// TestRealFSOrder: the order is the directory's. With many names it is not the sorted one.
func TestRealFSOrder(t *testing.T) {
	dir := t.TempDir()
	for i := range 1500 { // more than one buffer of the kernel's records
		if err := os.WriteFile(filepath.Join(dir, "name of some length to fill the buffer "+string(rune('A'+i))), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := f.Readdirnames(-1)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := new(fsmap.RealFS).ReadDir([]byte(dir))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("ReadDir gives %d names from %q on, want %d from %q on", len(got), got[0], len(want), want[0])
	}
}

// TestRealFSWaits: a FIFO is opened when its writer comes, and read to the end.
func TestRealFSWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
	var fs fsmap.RealFS
	go os.WriteFile(path, []byte("through the pipe"), 0)
	f, info, err := fs.Open([]byte(path), true)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info.Kind != fsmap.FIFO || info.Size != 0 {
		t.Errorf("Open = %+v, want a FIFO of size 0", info)
	}
	if got, err := io.ReadAll(f); string(got) != "through the pipe" || err != nil {
		t.Errorf("ReadAll = %q, %v, want %q", got, err, "through the pipe")
	}
}

// TestRealFSDescriptors: a descriptor is not inherited, reads from the start, and is closed once.
func TestRealFSDescriptors(t *testing.T) {
	dir := plantReal(t)
	var fs fsmap.RealFS
	before := openDescriptors(t)
	f, _, err := fs.Open([]byte(dir+"/file"), false)
	if err != nil {
		t.Fatal(err)
	}
	fd := f.(interface{ Fd() int }).Fd()
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); flags&unix.FD_CLOEXEC == 0 || err != nil {
		t.Errorf("F_GETFD = %#x, %v, want FD_CLOEXEC", flags, err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if err := f.Close(); err == nil {
		t.Error("the second Close() = nil, want an error")
	}
	for _, path := range []string{"dir", "fifo", "null", "nope"} {
		if f, _, err := fs.Open([]byte(path), false); err == nil {
			t.Errorf("Open(%q) = %v, want an error", path, f)
		}
		fs.ReadDir([]byte(path))
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were before", after, before)
	}
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// TestRealFSSocket: connecting is not opening. It is an error, ENXIO, also where waiting is allowed.
func TestRealFSSocket(t *testing.T) {
	t.Chdir(t.TempDir())
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: "socket"}); err != nil {
		t.Fatal(err)
	}
	var fs fsmap.RealFS
	if info, err := fs.Stat([]byte("socket")); info.Kind != fsmap.Other || err != nil {
		t.Errorf("Stat = %+v, %v, want Other", info, err)
	}
	if _, _, err := fs.Open([]byte("socket"), true); !errors.Is(err, unix.ENXIO) {
		t.Errorf("Open = %v, want ENXIO", err)
	}
}

// TestLocateRealFSAllocatesNothing for a file, an index page, and what is not there.
func TestLocateRealFSAllocatesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/index.html", []byte("<p>"), 0o644); err != nil {
		t.Fatal(err)
	}
	fs := new(fsmap.RealFS)
	pages := []string{"index.html", "index.htm"}
	var b fsmap.Buffers
	for _, target := range [][]byte{[]byte("/index.html?x"), []byte("/"), []byte("/none")} {
		serve := func() {
			path := fsmap.TranslatePath(cpython.V3_14, []byte(dir), target, &b)
			r := fsmap.Locate(fs, &b, fsmap.Lookup{Version: cpython.V3_14, Target: target, Path: path, IndexPages: pages})
			if r.File != nil {
				r.File.Close()
			}
		}
		if n := testing.AllocsPerRun(200, serve); n >= 1 {
			t.Errorf("Locate(%q) allocates %v times, want 0", target, n)
		}
	}
	if n := testing.AllocsPerRun(200, func() { fs.Getwd() }); n >= 1 {
		t.Errorf("Getwd() allocates %v times, want 0", n)
	}
}

func BenchmarkLocateRealFS(b *testing.B) {
	dir := b.TempDir()
	if err := os.WriteFile(dir+"/file.html", []byte("<p>"), 0o644); err != nil {
		b.Fatal(err)
	}
	fs := new(fsmap.RealFS)
	var buffers fsmap.Buffers
	target := []byte("/file.html")
	b.ReportAllocs()
	for b.Loop() {
		path := fsmap.TranslatePath(cpython.V3_14, []byte(dir), target, &buffers)
		r := fsmap.Locate(fs, &buffers, fsmap.Lookup{Version: cpython.V3_14, Target: target, Path: path})
		r.File.Close()
	}
}

func BenchmarkTranslatePath(b *testing.B) {
	var buffers fsmap.Buffers
	base, target := []byte("/srv/www"), []byte("/images/a%20file.html?x=y")
	b.ReportAllocs()
	for b.Loop() {
		fsmap.TranslatePath(cpython.V3_14, base, target, &buffers)
	}
}
