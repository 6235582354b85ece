package fsmap

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOldStat compares what is asked on kernels without statx with statx itself.
func TestOldStat(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("file", []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", "link"); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, test := range []struct {
		dir   int
		name  string
		flags int
	}{
		{unix.AT_FDCWD, "file", 0},
		{unix.AT_FDCWD, "link", 0},
		{unix.AT_FDCWD, "link", unix.AT_SYMLINK_NOFOLLOW},
		{unix.AT_FDCWD, ".", 0},
		{unix.AT_FDCWD, "/dev/null", 0},
		{unix.AT_FDCWD, "none", 0},
		{unix.AT_FDCWD, "", 0},
		{int(f.Fd()), "", unix.AT_EMPTY_PATH},
	} {
		name, err := unix.BytePtrFromString(test.name)
		if err != nil {
			t.Fatal(err)
		}
		want, wantErr := statx(test.dir, name, test.flags)
		want.id = fileID{} // without statx, no file is held
		got, gotErr := oldStat(test.dir, test.name, test.flags)
		if got != want || gotErr != wantErr {
			t.Errorf("oldStat(%q) = %+v, %v, want %+v, %v", test.name, got, gotErr, want, wantErr)
		}
	}
}
