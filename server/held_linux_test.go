//go:build linux && !portable

package server

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"simplehttp/cpython"
	"simplehttp/handler"
)

// newHolder serves a directory on a loop that holds every file that is asked for twice.
func newHolder(t *testing.T, directory string) *rig {
	t.Helper()
	h := handler.New(cpython.V3_13)
	h.Directory = directory
	env := SystemEnv(cpython.V3_13)
	service, err := h.Bind(env)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{stage: newStage(), t: t, served: make(chan error, 1)}
	if r.engine, err = listen(cpython.V3_13, ipv4([4]byte{127, 0, 0, 1}), 0); err != nil {
		t.Fatal(err)
	}
	_, r.port = r.engine.sockname()
	go func() {
		r.served <- r.engine.serve(options{
			newConn: func() exchange { return new(handler.Conn) },
			service: service,
			files:   env.FS,
			wall:    func() int64 { return now().Sec + 3600 },
			log:     &logWriter{w: io.Discard},
			loops:   1,
		})
	}()
	t.Cleanup(r.close)
	return r
}

// get returns the answer for a name: its status and its content.
func (r *rig) get(name string) (status int, content []byte) {
	r.t.Helper()
	answer := r.dial().send("GET /" + name + " HTTP/1.0\r\n\r\n").readAll()
	head, content, ok := bytes.Cut(answer, []byte("\r\n\r\n"))
	if !ok {
		r.t.Fatalf("the answer for %s has no end of its head: %q", name, answer)
	}
	if _, err := fmt.Sscanf(string(head), "HTTP/1.0 %d", &status); err != nil {
		r.t.Fatalf("%q: %v", head, err)
	}
	field := "Content-Length: " + strconv.Itoa(len(content))
	if !bytes.Contains(append(head, '\r'), []byte(field+"\r")) {
		r.t.Fatalf("%d bytes of content came for %s after\n%s", len(content), name, head)
	}
	return status, content
}

// TestFileAsItIs: a file that changed a moment before the request is answered as it is now, though it is held.
func TestFileAsItIs(t *testing.T) {
	directory := t.TempDir()
	path := func(name string) string { return filepath.Join(directory, name) }
	r := newHolder(t, directory)
	changes := []struct {
		what   string
		change func(name string) error
		status int
		want   string
	}{
		{"replaced", func(name string) error { return os.Rename(path("new "+name), path(name)) }, 200, "newer"},
		{"truncated", func(name string) error { return os.Truncate(path(name), 2) }, 200, "fi"},
		{"overwritten", func(name string) error { return os.WriteFile(path(name), []byte("other"), 0) }, 200, "other"},
		{"removed", func(name string) error { return os.Remove(path(name)) }, 404, ""},
		{"made a directory", func(name string) error {
			if err := os.Remove(path(name)); err != nil {
				return err
			}
			return os.Mkdir(path(name), 0o755)
		}, 301, ""},
		{"made a link to nowhere", func(name string) error {
			if err := os.Remove(path(name)); err != nil {
				return err
			}
			return os.Symlink("nowhere", path(name))
		}, 404, ""},
	}
	if os.Getuid() != 0 { // root may read what nobody may
		changes = append(changes, struct {
			what   string
			change func(name string) error
			status int
			want   string
		}{"forbidden", func(name string) error { return os.Chmod(path(name), 0) }, 404, ""})
	}
	const rounds = 20
	for i := range rounds * len(changes) {
		for name, content := range map[string]string{strconv.Itoa(i): "first", "new " + strconv.Itoa(i): "newer"} {
			if err := os.WriteFile(path(name), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	time.Sleep(20 * time.Millisecond) // any change from now on has another time
	for i := range rounds * len(changes) {
		name, row := strconv.Itoa(i), changes[i%len(changes)]
		for range 3 {
			if status, content := r.get(name); status != 200 || string(content) != "first" {
				t.Fatalf("before it was %s: %d, %q", row.what, status, content)
			}
		}
		if err := row.change(name); err != nil {
			t.Fatal(err)
		}
		status, content := r.get(name)
		if status != row.status || status == 200 && string(content) != row.want {
			t.Errorf("%s: %d, %q, want %d, %q", row.what, status, content, row.status, row.want)
		}
	}
}

// TestReplacedFileRace: while a file is replaced again and again, every answer is one whole version of it, and
// none that had been replaced when the request was made.
func TestReplacedFileRace(t *testing.T) {
	const requests = 1500
	directory := t.TempDir()
	r := newHolder(t, directory)
	var done atomic.Int64 // versions that are in place
	version := func(n int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("%d ", n)), 1+n%97) }
	put := func(n int) {
		if err := os.WriteFile(filepath.Join(directory, "new"), version(n), 0o644); err != nil {
			t.Error(err)
		}
		if err := os.Rename(filepath.Join(directory, "new"), filepath.Join(directory, "file")); err != nil {
			t.Error(err)
		}
		done.Store(int64(n))
	}
	put(0)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for n := 1; ; n++ {
			select {
			case <-stop:
				return
			default:
				put(n)
			}
			if n%3 == 0 { // long enough to be held
				time.Sleep(100 * time.Microsecond)
			}
		}
	}()
	for range requests {
		before := int(done.Load())
		status, content := r.get("file")
		var got int
		if _, err := fmt.Sscan(string(content), &got); err != nil || status != 200 || !bytes.Equal(content, version(got)) {
			t.Fatalf("%d, %.40q: no version of the file", status, content)
		}
		if got < before {
			t.Fatalf("version %d came for a request that was made when %d was there", got, before)
		}
	}
	close(stop)
	<-ended
}

// TestHeldFilesAreClosed: a file that nobody asks for is closed, without another request.
func TestHeldFilesAreClosed(t *testing.T) {
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "file"), []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := newHolder(t, directory)
	isOpen := func() bool {
		list, _ := os.ReadDir("/proc/self/fd")
		for _, entry := range list {
			if target, _ := os.Readlink("/proc/self/fd/" + entry.Name()); target == filepath.Join(directory, "file") {
				return true
			}
		}
		return false
	}
	eventually(t, "a file that is asked for is held", func() bool {
		r.get("file")
		return isOpen()
	})
	eventually(t, "a file that nobody asks for is closed", func() bool { return !isOpen() })
}
