package conformance

import (
	"fmt"
	"os"
	"path/filepath"
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
	return root, os.Chtimes(root, time.Unix(defaultTime, 0), time.Unix(defaultTime, 0))
}

func (e *TreeEntry) make(root string, stop <-chan struct{}) error {
	name := root + "/" + e.Path
	switch e.Kind {
	case "dir":
		return os.Mkdir(name, 0o755)
	case "link":
		return os.Symlink(e.Content, name)
	case "fifo":
		if err := unix.Mkfifo(name, 0o644); err != nil {
			return err
		}
		go e.feed(name, stop)
		return nil
	case "socket":
		return unix.Mknod(name, unix.S_IFSOCK|0o644, 0)
	case "char":
		return makeNull(name)
	}
	return os.WriteFile(name, []byte(e.Content), 0o644)
}

func (e *TreeEntry) finish(root string) error {
	name := root + "/" + e.Path
	if e.Kind == "link" {
		return nil
	}
	if err := e.setTime(name); err != nil {
		return err
	}
	var now unix.Stat_t
	if err := unix.Stat(name, &now); err != nil {
		return err
	}
	if now.Mtim.Sec != e.Sec || now.Mtim.Nsec != e.Nsec {
		return fmt.Errorf("the file system does not hold the time %d.%09d", e.Sec, e.Nsec)
	}
	return unix.Chmod(name, e.Mode)
}

// makeNull makes the device of /dev/null, and tries it: a file system may be mounted without devices.
func makeNull(name string) error {
	if err := unix.Mknod(name, unix.S_IFCHR|0o644, int(unix.Mkdev(1, 3))); err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return f.Close()
}

func (e *TreeEntry) setTime(name string) error {
	times := []unix.Timespec{{Sec: e.Sec, Nsec: e.Nsec}, {Sec: e.Sec, Nsec: e.Nsec}}
	return unix.UtimesNanoAt(unix.AT_FDCWD, name, times, 0)
}

// feedPause is what a fifo's writer waits before it writes, for the reader to see the time of the
// fifo, which a write changes; and what it waits after, for the reader to see its end.
const feedPause = 50 * time.Millisecond

// feed writes the content into the fifo for every reader.
func (e *TreeEntry) feed(name string, stop <-chan struct{}) {
	for e.setTime(name) == nil {
		f, err := os.OpenFile(name, os.O_WRONLY, 0) // waits for a reader
		if err != nil {
			return
		}
		<-time.After(feedPause)
		f.WriteString(e.Content)
		f.Close()
		select {
		case <-stop:
			return
		case <-time.After(feedPause):
		}
	}
}

// Feed feeds the fifos of a tree that Materialize made, in another process, until stop is closed.
func (t *Tree) Feed(root string, stop <-chan struct{}) {
	for i := range t.Entries {
		if e := &t.Entries[i]; e.Kind == "fifo" {
			go e.feed(root+"/"+e.Path, stop)
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
