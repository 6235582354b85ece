package fsmap_test

import (
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"simplehttp/fsmap"
)

// later is the clock of a HeldFS that holds any file that nobody changes any more.
func later() int64 { return time.Now().Unix() + 3600 }

// holding returns a HeldFS that has the file open.
func holding(t *testing.T, path string) *fsmap.HeldFS {
	t.Helper()
	fs := &fsmap.HeldFS{RealFS: new(fsmap.RealFS), Now: later}
	for range 2 {
		f, _, err := fs.Open([]byte(path), false)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(fs.Drop)
	return fs
}

// held reports whether fs has open what is at the path now.
func held(fs *fsmap.HeldFS, path string) bool {
	info, err := fs.Stat([]byte(path))
	if err != nil {
		return false
	}
	f, ok := fs.Held(info)
	if ok {
		f.Close()
	}
	return ok
}

// write makes a file whose times are told from those of any later change.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // two ticks of a clock of 100 Hz
}

// TestHeldFSAnswersAsTheFileIs: whatever is done to a file or to its path, the next request opens it anew.
func TestHeldFSAnswersAsTheFileIs(t *testing.T) {
	t.Chdir(t.TempDir())
	sameTimes := func() error {
		info, err := os.Stat("other")
		if err != nil {
			return err
		}
		return os.Chtimes("file", info.ModTime(), info.ModTime())
	}
	for _, row := range []struct {
		what   string
		change func() error
	}{
		{"replaced", func() error { return os.Rename("other", "file") }},
		{"removed", func() error { return os.Remove("file") }},
		{"removed and made again", func() error {
			if err := os.Remove("file"); err != nil {
				return err
			}
			return os.WriteFile("file", []byte("first"), 0o644)
		}},
		{"truncated", func() error { return os.Truncate("file", 2) }},
		{"overwritten", func() error { return os.WriteFile("file", []byte("later"), 0o644) }},
		{"overwritten under old times", func() error {
			if err := os.WriteFile("file", []byte("later"), 0o644); err != nil {
				return err
			}
			return sameTimes()
		}},
		{"given another mode", func() error { return os.Chmod("file", 0) }},
		{"given another owner", func() error { return os.Chown("file", os.Getuid(), os.Getgid()) }},
		{"given other times", sameTimes},
		{"made a link", func() error {
			if err := os.Remove("file"); err != nil {
				return err
			}
			return os.Symlink("other", "file")
		}},
		{"appended to", func() error {
			f, err := os.OpenFile("file", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteString("more")
			return err
		}},
	} {
		os.Remove("file")
		write(t, "other", "other")
		write(t, "file", "first")
		fs := holding(t, "file")
		if !held(fs, "file") {
			t.Fatalf("a file that is left alone is not held: is the file system one of keepsTimes?")
		}
		if err := row.change(); err != nil {
			t.Fatal(err)
		}
		if held(fs, "file") {
			t.Errorf("a file that was %s is held", row.what)
		}
	}
}

// TestHeldFSHoldsWhatIsAskedForAgain: not at once, not what changed just now, not what nobody asks for any more.
func TestHeldFSHoldsWhatIsAskedForAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "file", "content")
	before := openDescriptors(t)
	once := &fsmap.HeldFS{RealFS: new(fsmap.RealFS), Now: later}
	f, _, err := once.Open([]byte("file"), false)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if held(once, "file") {
		t.Error("a file is held that was opened once")
	}
	fresh := &fsmap.HeldFS{RealFS: new(fsmap.RealFS), Now: func() int64 { return time.Now().Unix() }}
	info, _ := os.Stat("file")
	for range 5 {
		if f, _, err := fresh.Open([]byte("file"), false); err == nil {
			f.Close()
		}
	}
	if fresh.Holds() && time.Since(info.ModTime()) < 2*time.Second {
		t.Error("a file is held that changed less than two seconds ago")
	}
	fresh.Drop()
	fs := holding(t, "file")
	for i, want := range []bool{true, true, false} {
		if i < 2 && !held(fs, "file") {
			t.Errorf("sweep %d: a file is not held that is asked for", i)
		}
		if got := fs.Sweep(); got != want {
			t.Errorf("Sweep() = %v, want %v", got, want)
		}
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were before", after, before)
	}
}

// TestHeldFSFiles: each file is read from its start, and outlives the hold.
func TestHeldFSFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "file", "content")
	before := openDescriptors(t)
	fs := holding(t, "file")
	info, err := fs.Stat([]byte("file"))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := fs.Held(info)
	b, _ := fs.Held(info)
	var part [3]byte
	if n, err := a.Read(part[:]); string(part[:n]) != "con" || err != nil {
		t.Errorf("Read = %q, %v, want con", part[:n], err)
	}
	fs.Drop()
	for f, want := range map[fsmap.File]string{a: "tent", b: "content"} {
		if got, err := io.ReadAll(f); string(got) != want || err != nil {
			t.Errorf("ReadAll = %q, %v, want %q", got, err, want)
		}
		if err := f.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	}
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d were before", after, before)
	}
}

// TestHeldFSIsBounded: of many files, some are held; and all are given up where descriptors run out.
func TestHeldFSIsBounded(t *testing.T) {
	t.Chdir(t.TempDir())
	const many = 300
	fs := &fsmap.HeldFS{RealFS: new(fsmap.RealFS), Now: later}
	before := openDescriptors(t)
	for i := range many {
		write := os.WriteFile(fmt.Sprint(i), nil, 0o644)
		if write != nil {
			t.Fatal(write)
		}
	}
	for i := range 2 * many {
		f, _, err := fs.Open([]byte(fmt.Sprint(i/2)), false)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	after := openDescriptors(t)
	if n := after - before; n < 1 || n > 64 {
		t.Errorf("%d of %d files are held, want some and 64 at most", n, many)
	}
	var old, low unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	low = old
	low.Cur = uint64(before) // the list of descriptors has been read with one of its own
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	f, _, err := fs.Open([]byte("0"), false)
	if e := unix.Setrlimit(unix.RLIMIT_NOFILE, &old); e != nil {
		t.Fatal(e)
	}
	if err != nil || fs.Holds() {
		t.Errorf("without a free descriptor: Open = %v, and files are held: %v; want neither", err, fs.Holds())
	}
	if err == nil {
		f.Close()
	}
	if end := openDescriptors(t); end != before {
		t.Errorf("%d descriptors are open, %d were before", end, before)
	}
}
