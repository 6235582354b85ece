package fsmap

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// RealFS is the file system of the operating system. The zero value is ready, and may be used
// by any number of goroutines.
//
// Stat and Open are on the way of every request. They do not allocate, save for paths of 256
// bytes and more, and they are plain system calls that tell the Go scheduler of themselves, so
// that a slow disk holds up the thread that asks, and no other.
type RealFS struct {
	wd atomic.Pointer[[]byte] // the last result of Getwd
}

// pathMax is PATH_MAX of <linux/limits.h>; it counts the NUL.
const pathMax = 4096

// shortPath is the length, with the NUL, of paths that need no allocation.
const shortPath = 256

// cString returns path with a NUL after it, in buf if it fits.
func cString(buf *[shortPath]byte, path []byte) (*byte, error) {
	if bytes.IndexByte(path, 0) >= 0 {
		return nil, unix.EINVAL
	}
	if len(path) >= pathMax {
		return nil, unix.ENAMETOOLONG
	}
	if len(path) >= shortPath {
		long := make([]byte, len(path)+1)
		copy(long, path)
		return &long[0], nil
	}
	buf[copy(buf[:], path)] = 0
	return &buf[0], nil
}

// Getwd is os.getcwd(). It asks the kernel, and not $PWD, which may know the directory by
// another name.
func (fs *RealFS) Getwd() ([]byte, error) {
	var buf [pathMax]byte
	n, _, errno := unix.Syscall(unix.SYS_GETCWD, uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0)
	if errno != 0 {
		return nil, errno
	}
	wd := bytes.TrimSuffix(buf[:n], []byte{0})
	if len(wd) == 0 || wd[0] != '/' {
		return nil, unix.ENOENT // "(unreachable)", which glibc makes ENOENT
	}
	if last := fs.wd.Load(); last != nil && bytes.Equal(*last, wd) {
		return *last, nil
	}
	fresh := bytes.Clone(wd)
	fs.wd.Store(&fresh)
	return fresh, nil
}

// Stat is os.stat(path).
func (fs *RealFS) Stat(path []byte) (Info, error) { return statAt(path, 0) }

// statAt is fstatat relative to the working directory. flags may be AT_SYMLINK_NOFOLLOW.
func statAt(path []byte, flags int) (Info, error) {
	var buf [shortPath]byte
	name, err := cString(&buf, path)
	if err != nil {
		return Info{}, err
	}
	return statx(unix.AT_FDCWD, name, flags)
}

// statx asks for what Info holds. It has the same layout everywhere and 64-bit times on 32-bit
// systems. AT_NO_AUTOMOUNT is what stat(2) has built in.
func statx(dir int, name *byte, flags int) (Info, error) {
	const mask = unix.STATX_TYPE | unix.STATX_SIZE | unix.STATX_MTIME | unix.STATX_INO | unix.STATX_CTIME
	var st unix.Statx_t
	_, _, errno := unix.Syscall6(unix.SYS_STATX, uintptr(dir), uintptr(unsafe.Pointer(name)),
		uintptr(flags|unix.AT_NO_AUTOMOUNT), mask, uintptr(unsafe.Pointer(&st)), 0)
	switch errno {
	case 0:
		return infoOf(&st), nil
	case unix.ENOSYS, unix.EPERM:
		// Kernels before 4.11 do not know statx, and old seccomp filters refuse it.
		return oldStat(dir, unix.BytePtrToString(name), flags)
	}
	return Info{}, errno
}

func infoOf(st *unix.Statx_t) Info {
	return Info{
		Kind: kindOf(uint32(st.Mode)), Size: int64(st.Size), Sec: st.Mtime.Sec, Nsec: int32(st.Mtime.Nsec),
		id: fileID{uint64(st.Dev_major)<<32 | uint64(st.Dev_minor), st.Ino, st.Ctime.Sec, st.Ctime.Nsec},
	}
}

// oldStat is statx where there is none.
func oldStat(dir int, name string, flags int) (Info, error) {
	var st unix.Stat_t
	var err error
	if flags&unix.AT_EMPTY_PATH != 0 {
		err = unix.Fstat(dir, &st)
	} else {
		err = unix.Fstatat(dir, name, &st, flags)
	}
	if err != nil {
		return Info{}, err
	}
	return Info{Kind: kindOf(st.Mode), Size: st.Size, Sec: int64(st.Mtim.Sec), Nsec: int32(st.Mtim.Nsec)}, nil
}

// symlink is the Kind of a link itself. It comes only where a link is not followed.
const symlink Kind = 0xFF

func kindOf(mode uint32) Kind {
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		return Regular
	case unix.S_IFDIR:
		return Directory
	case unix.S_IFIFO:
		return FIFO
	case unix.S_IFLNK:
		return symlink
	}
	return Other
}

// Open is open(path, 'rb') and os.fstat.
//
// Without wait the file is opened with O_NONBLOCK. That means nothing for a regular file, but
// if the path has become a FIFO since it was asked about, nobody waits.
func (fs *RealFS) Open(path []byte, wait bool) (File, Info, error) {
	flags := unix.O_RDONLY
	if !wait {
		flags |= unix.O_NONBLOCK
	}
	fd, err := openFile(path, flags)
	if err == unix.EAGAIN {
		return nil, Info{}, ErrBlocks // somebody holds a lease, and is asked to give it up
	}
	if err != nil {
		return nil, Info{}, err
	}
	var empty byte
	info, err := statx(fd, &empty, unix.AT_EMPTY_PATH)
	switch {
	case err != nil:
	case info.Kind == Directory:
		err = unix.EISDIR
	case info.Kind != Regular && !wait:
		err = ErrBlocks
	}
	if err != nil {
		unix.Close(fd)
		return nil, Info{}, err
	}
	f := realFiles.Get().(*realFile)
	f.fd = fd
	return f, info, nil
}

// openFile is openat relative to the working directory. A signal during a long wait is no
// reason to give up, as in Python since PEP 475.
func openFile(path []byte, flags int) (fd int, err error) {
	var buf [shortPath]byte
	name, err := cString(&buf, path)
	if err != nil {
		return -1, err
	}
	for {
		dir := unix.AT_FDCWD
		r, _, errno := unix.Syscall6(unix.SYS_OPENAT, uintptr(dir), uintptr(unsafe.Pointer(name)),
			uintptr(flags|unix.O_CLOEXEC|unix.O_LARGEFILE), 0, 0, 0)
		if errno == 0 {
			return int(r), nil
		}
		if errno != unix.EINTR {
			return -1, errno
		}
	}
}

// A realFile is an open file. Closed ones are used again: a request opens one, and allocates
// nothing.
type realFile struct {
	fd     int
	held   *heldFile // if others share fd
	offset int64     // to read on at, if others share fd
}

var realFiles = sync.Pool{New: func() any { return new(realFile) }}

// Fd returns the file descriptor, which belongs to the file still. Others may share it: read at an
// offset.
func (f *realFile) Fd() int { return f.fd }

// Read reads on from where the last Read has come to.
func (f *realFile) Read(p []byte) (int, error) {
	for {
		n, err := f.read(p)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, err
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

func (f *realFile) read(p []byte) (n int, err error) {
	if f.held == nil {
		return unix.Read(f.fd, p)
	}
	n, err = unix.Pread(f.fd, p, f.offset)
	f.offset += int64(max(n, 0))
	return n, err
}

// Close closes the file, which must not be used afterwards.
func (f *realFile) Close() error {
	if f.fd < 0 {
		return unix.EBADF
	}
	fd, held := f.fd, f.held
	*f = realFile{fd: -1}
	realFiles.Put(f)
	if held != nil {
		return held.release()
	}
	return unix.Close(fd)
}
