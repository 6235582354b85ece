package fsmap

import (
	"errors"

	"simplehttp/cpython"
)

// An FS answers the few questions that send_head and list_directory ask. Paths are bytes,
// relative to the working directory unless they begin with a slash, and follow the rules of
// POSIX path resolution: symbolic links are followed, a trailing slash wants a directory, and
// the empty path names nothing. A path with a NUL is an error.
//
// What went wrong does not matter to CPython's answer, so that errors need not be of any type;
// only [ErrBlocks] means something.
type FS interface {
	// Getwd is os.getcwd(): the absolute path of the working directory. The result is not to
	// be written to.
	Getwd() ([]byte, error)

	// Stat is os.stat(path). It does not wait for anybody, but for a disk.
	Stat(path []byte) (Info, error)

	// Open is open(path, 'rb') and os.fstat() of the result. A directory cannot be opened, as
	// in Python. Opening a FIFO waits until somebody writes to it, and opening a device may
	// wait as well; unless wait is set, Open returns ErrBlocks for all but regular files.
	Open(path []byte, wait bool) (File, Info, error)

	// ReadDir is os.listdir(path), with os.path.isdir() and os.path.islink() of each entry. The
	// order is the directory's own.
	ReadDir(path []byte) ([]Entry, error)
}

// A Holder is an FS that may have a file open already.
type Holder interface {
	FS
	// Held returns the file that Stat has just seen, if it is open: the same as Open would.
	Held(seen Info) (f File, ok bool)
}

// ErrBlocks is what [FS].Open returns where it would have to wait and may not.
var ErrBlocks = errors.New("opening may wait")

// A Kind says what sort of file it is.
type Kind uint8

const (
	Regular   Kind = iota + 1 // a file with content and a size
	Directory                 // cannot be opened, can be listed
	FIFO                      // opening waits for a writer
	Other                     // device or socket
)

// Info is what stat tells about a file.
type Info struct {
	Kind Kind
	Size int64 // st_size
	Sec  int64 // st_mtime, whole seconds, rounded down
	Nsec int32 // and the nanoseconds to be added

	id fileID // zero where the FS has none
}

// A fileID tells a file from all others, and from what it was before its last change.
type fileID struct {
	device, inode uint64
	changed       int64 // st_ctime
	changedNsec   uint32
}

// An Entry is one name in a directory.
type Entry = cpython.DirEntry

// A File is an open file, read from its start. It must be closed once. A File of the operating
// system also has a method Fd() int.
type File interface {
	Read(p []byte) (int, error)
	Close() error
}
