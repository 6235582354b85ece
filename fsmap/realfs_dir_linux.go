package fsmap

import (
	"bytes"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// direntBufferSize is what glibc reads directories with, and Python through it.
const direntBufferSize = 32768

const (
	direntMax   = 1024 // more than any record has
	direntUsual = 40   // what many records have
)

// ReadDir is os.listdir(path), with what list_directory asks about each name.
//
// CPython stats every name twice. The kernel tells the type along with the name, so that only
// links, and names in file systems that do not know types, are asked about. Two things make
// all of CPython's questions fail, and are looked at here: a directory without search
// permission, and a path that becomes too long.
func (fs *RealFS) ReadDir(path []byte) ([]Entry, error) {
	fd, err := openFile(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	dot := [2]byte{'.'}
	_, err = statx(fd, &dot[0], 0)
	r := dirReader{searchable: err == nil, path: path}
	if len(path) > 0 && !endsInSlash(path) {
		r.path = append(bytes.Clone(path), '/')
	}
	var buf []byte
	for {
		if len(buf) < direntMax {
			buf = make([]byte, direntBufferSize)
		}
		n, err := unix.Getdents(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return r.entries, nil
		}
		r.add(buf[:n])
		buf = buf[n:] // the names point into what was read
	}
}

// A dirReader collects the entries of one directory.
type dirReader struct {
	path       []byte // of the directory, ends in a slash
	searchable bool
	entries    []Entry
}

// add takes the records of one getdents64 call, which must not be written to afterwards.
//
//	struct linux_dirent64 {
//		ino64_t        d_ino;
//		off64_t        d_off;
//		unsigned short d_reclen;
//		unsigned char  d_type;
//		char           d_name[];  // up to a NUL
//	};
func (r *dirReader) add(records []byte) {
	const (
		reclenOffset = int(unsafe.Offsetof(unix.Dirent{}.Reclen))
		typeOffset   = int(unsafe.Offsetof(unix.Dirent{}.Type))
		nameOffset   = int(unsafe.Offsetof(unix.Dirent{}.Name))
	)
	r.entries = slices.Grow(r.entries, len(records)/direntUsual)
	for len(records) > nameOffset {
		// Not as a unix.Dirent, whose name has 256 bytes: the last record of a call ends earlier.
		reclen := *(*uint16)(unsafe.Pointer(&records[reclenOffset]))
		direntType := records[typeOffset]
		name := records[nameOffset:reclen]
		records = records[reclen:]
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		if string(name) != "." && string(name) != ".." {
			r.entries = append(r.entries, r.entry(unsafe.String(unsafe.SliceData(name), len(name)), direntType))
		}
	}
}

// entry answers os.path.isdir and os.path.islink for a name.
func (r *dirReader) entry(name string, direntType uint8) Entry {
	e := Entry{Name: name}
	if !r.searchable || len(r.path)+len(name) >= pathMax {
		return e
	}
	switch direntType {
	case unix.DT_DIR:
		e.IsDir = true
	case unix.DT_LNK:
		e.IsLink = true
		e.IsDir = r.kind(name, 0) == Directory
	case unix.DT_UNKNOWN:
		e.IsLink = r.kind(name, unix.AT_SYMLINK_NOFOLLOW) == symlink
		e.IsDir = r.kind(name, 0) == Directory
	}
	return e
}

// kind asks by the whole path, as CPython does: the links that lead to the directory count for
// the limit of links, too. It is 0 where nothing is known.
func (r *dirReader) kind(name string, flags int) Kind {
	info, err := statAt(append(r.path[:len(r.path):len(r.path)], name...), flags)
	if err != nil {
		return 0
	}
	return info.Kind
}
