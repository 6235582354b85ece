package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// rootLength is how long the path of every directory with trees is, so that a path in an answer has
// the same length wherever it was recorded.
const rootLength = 24

// MakeRoot makes a new directory for trees, in memory if it can be: such a file system holds every
// time, where others stop at 1901 and 2446.
func MakeRoot() (string, error) {
	for _, parent := range []string{"/dev/shm", "/tmp"} {
		for n := os.Getpid(); n < os.Getpid()+100; n++ {
			prefix := parent + "/conform"
			dir := prefix + fmt.Sprintf("%0*d", rootLength-len(prefix), n)
			if err := os.Mkdir(dir, 0o755); err == nil {
				return dir, nil
			}
		}
	}
	return "", fmt.Errorf("no directory for trees can be made in /dev/shm or /tmp")
}

// Materialize makes the tree below parent, which then also feeds its fifos until stop is closed.
func (t *Tree) Materialize(parent string, stop <-chan struct{}) (root string, err error) {
	root = filepath.Join(parent, t.Name)
	if err := os.Mkdir(root, 0o755); err != nil {
		return "", err
	}
	for _, e := range t.Entries {
		if err := e.make(root, stop); err != nil {
			return "", fmt.Errorf("tree %s: %q: %w", t.Name, e.Path, err)
		}
	}
	// Modes and times last, children first: making a name changes the directory's time, and needs its mode.
	for i := len(t.Entries) - 1; i >= 0; i-- {
		if err := t.Entries[i].finish(root); err != nil {
			return "", fmt.Errorf("tree %s: %q: %w", t.Name, t.Entries[i].Path, err)
		}
	}
	return root, os.Chtimes(root, time.Unix(1600000000, 0), time.Unix(1600000000, 0))
}

func (e *TreeEntry) make(root string, stop <-chan struct{}) error {
	name := root + "/" + e.Path
	switch e.Kind {
	case "dir":
		return os.Mkdir(name, 0o755)
	case "link":
		return os.Symlink(strings.ReplaceAll(e.Content, "\x00root", root), name)
	case "fifo":
		if err := unix.Mkfifo(name, 0o644); err != nil {
			return err
		}
		go feed(name, e.Content, stop)
		return nil
	case "socket":
		return unix.Mknod(name, unix.S_IFSOCK|0o644, 0)
	case "char":
		return os.Symlink("/dev/null", name)
	}
	return os.WriteFile(name, []byte(e.Content), 0o644)
}

func (e *TreeEntry) finish(root string) error {
	name := root + "/" + e.Path
	if e.Kind != "file" && e.Kind != "dir" {
		return nil
	}
	times := []unix.Timespec{{Sec: e.Sec, Nsec: e.Nsec}, {Sec: e.Sec, Nsec: e.Nsec}}
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, name, times, 0); err != nil {
		return err
	}
	return unix.Chmod(name, e.Mode)
}

// feed writes content into the fifo for every reader.
func feed(name, content string, stop <-chan struct{}) {
	for {
		f, err := os.OpenFile(name, os.O_WRONLY, 0) // waits for a reader
		if err != nil {
			return
		}
		f.WriteString(content)
		f.Close()
		select {
		case <-stop:
			return
		case <-time.After(20 * time.Millisecond): // the reader sees its end of file meanwhile
		}
	}
}

// RemoveRoot removes a directory that MakeRoot made.
func RemoveRoot(root string) error {
	filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(name, 0o755)
		}
		return nil
	})
	return os.RemoveAll(root)
}
