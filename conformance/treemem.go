package conformance

import (
	"errors"
	"sync/atomic"

	"simplehttp/fsmap"
)

// memoryRoot is where a tree lies in memory: as long as the path of MakeRoot.
const memoryRoot = "/dev/shm/conform00000000"

// Bits of a mode that count for the owner, as whom the server runs.
const (
	ownerReads    = 0o400
	ownerSearches = 0o100
)

// A memoryFS is a tree in memory, whose working directory may have been removed since.
type memoryFS struct {
	fsmap.MapFS
	removed atomic.Bool
}

// Getwd is os.getcwd().
func (fs *memoryFS) Getwd() ([]byte, error) {
	if fs.removed.Load() {
		return nil, errors.New("the working directory was removed")
	}
	return []byte(fs.Wd), nil
}

// InMemory makes the tree in memory.
func (t *Tree) InMemory() *memoryFS {
	fs := &memoryFS{}
	fs.Wd = memoryRoot + "/" + t.Name
	root := fs.Wd
	fs.Add(root, fsmap.Node{Kind: fsmap.Directory, Sec: defaultTime})
	for _, e := range t.Entries {
		fs.Add(root+"/"+e.Path, e.node())
	}
	return fs
}

func (e *TreeEntry) node() fsmap.Node {
	n := fsmap.Node{Sec: e.Sec, Nsec: int32(e.Nsec), Unreadable: e.Mode&ownerReads == 0}
	switch e.Kind {
	case "file":
		n.Content = []byte(e.Content)
	case "dir":
		n.Kind = fsmap.Directory
		n.Unsearchable = e.Mode&ownerSearches == 0
	case "link":
		return fsmap.Node{Link: e.Content}
	case "fifo":
		n.Kind, n.Content = fsmap.FIFO, []byte(e.Content)
	case "socket":
		n.Kind, n.Unreadable = fsmap.Other, true // open() of a socket is ENXIO
	case "char":
		n.Kind = fsmap.Other
	}
	return n
}
