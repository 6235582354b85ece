//go:build linux && !portable

package server

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// system is what an event loop asks of the kernel. There is one real one, kernel; tests put one
// beneath the loop that cuts every transfer short, interrupts it, and fails it.
//
// The calls return at once, except for those whose names end in Wait.
type system interface {
	// Sockets. from receives the client's address. accept and recv return EAGAIN where there is
	// nothing, send where there is no room.
	accept(listener int, from *unix.RawSockaddrAny) (fd int, e unix.Errno)
	recv(fd int, p []byte) (n int, e unix.Errno)
	discard(fd, limit int) (n int, e unix.Errno) // recv that throws the bytes away
	send(fd int, p []byte, flags int) (n int, e unix.Errno)
	finish(fd int) // shutdown(SHUT_WR)
	noDelay(fd int)
	reset(fd int)          // the close to come sends a reset, and gives up what is not sent
	unsent(fd int) (n int) // bytes that the client has not acknowledged
	unread(fd int) (n int) // bytes that recv would return
	close(fd int)

	// Files. They are read at an offset, so that a descriptor may be shared; -1 is the position of
	// what has no offsets, such as a FIFO. readNow reads what is in memory, and returns EAGAIN where
	// the next byte is not, EOPNOTSUPP where the file system cannot tell. sendfile may wait for the
	// disk, which resident foresees: it is readNow of one byte.
	readNow(file int, p []byte, offset int64) (n int, e unix.Errno)
	readWait(file int, p []byte, offset int64) (n int, e unix.Errno)
	resident(file int, offset int64) unix.Errno
	sendfile(fd, file int, offset int64, limit int) (n int, e unix.Errno)
	sendfileWait(fd, file int, offset int64, limit int) (n int, e unix.Errno)
	inMemory(file int) bool // the file system has no disk below it

	// Events. poll holds the thread and the scheduler's processor while it waits; pollWait gives
	// the processor to others. A timeout of -1 is none.
	watch(epoll, op, fd int, event *unix.EpollEvent) unix.Errno
	poll(epoll int, events []unix.EpollEvent, milliseconds int) (n int, e unix.Errno)
	pollWait(epoll int, events []unix.EpollEvent, milliseconds int) (n int, e unix.Errno)
	now() time.Duration // since some moment
}

// kernel is the real system. A call that cannot wait goes through RawSyscall: Syscall tells the
// Go scheduler before and after, which costs as much as a short system call itself.
type kernel struct{}

func (kernel) accept(listener int, from *unix.RawSockaddrAny) (fd int, e unix.Errno) {
	size := uint32(unix.SizeofSockaddrAny)
	r, _, e := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(listener), uintptr(unsafe.Pointer(from)),
		uintptr(unsafe.Pointer(&size)), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
	return int(r), e
}

func (kernel) recv(fd int, p []byte) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), unix.MSG_DONTWAIT, 0, 0)
	return count(r, e), e
}

// discard relies on tcp(7): MSG_TRUNC with recv throws the bytes away, and copies nothing.
func (kernel) discard(fd, limit int) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), 0, uintptr(limit), unix.MSG_DONTWAIT|unix.MSG_TRUNC, 0, 0)
	return count(r, e), e
}

func (kernel) send(fd int, p []byte, flags int) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)),
		uintptr(flags|unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL), 0, 0)
	return count(r, e), e
}

func (kernel) finish(fd int) {
	unix.RawSyscall(unix.SYS_SHUTDOWN, uintptr(fd), unix.SHUT_WR, 0)
}

func (kernel) noDelay(fd int) {
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // without it the answer comes a little later
}

func (kernel) reset(fd int) {
	_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}) // without it the kernel tries on
}

func (kernel) unsent(fd int) (n int) {
	n, _ = unix.IoctlGetInt(fd, unix.SIOCOUTQ) // 0 of a socket that is gone already
	return n
}

func (kernel) unread(fd int) (n int) {
	n, _ = unix.IoctlGetInt(fd, unix.SIOCINQ)
	return n
}

func (kernel) close(fd int) {
	unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)
}

func (kernel) readNow(file int, p []byte, offset int64) (n int, e unix.Errno) {
	vector := unix.Iovec{Base: unsafe.SliceData(p)}
	vector.SetLen(len(p))
	// The two words of the offset overlap where a word has 64 bits, and the upper one is ignored.
	r, _, e := unix.RawSyscall6(unix.SYS_PREADV2, uintptr(file), uintptr(unsafe.Pointer(&vector)), 1,
		uintptr(offset), uintptr(offset>>32), unix.RWF_NOWAIT)
	return count(r, e), e
}

func (kernel) readWait(file int, p []byte, offset int64) (n int, e unix.Errno) {
	if offset < 0 {
		r, _, e := unix.Syscall(unix.SYS_READ, uintptr(file), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
		return count(r, e), e
	}
	vector := unix.Iovec{Base: unsafe.SliceData(p)}
	vector.SetLen(len(p))
	r, _, e := unix.Syscall6(unix.SYS_PREADV, uintptr(file), uintptr(unsafe.Pointer(&vector)), 1,
		uintptr(offset), uintptr(offset>>32), 0)
	return count(r, e), e
}

func (k kernel) resident(file int, offset int64) unix.Errno {
	var b [1]byte
	_, e := k.readNow(file, b[:], offset)
	return e
}

func (kernel) sendfile(fd, file int, offset int64, limit int) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(sysSendfile, uintptr(fd), uintptr(file), uintptr(unsafe.Pointer(&offset)), uintptr(limit), 0, 0)
	return count(r, e), e
}

func (kernel) sendfileWait(fd, file int, offset int64, limit int) (n int, e unix.Errno) {
	r, _, e := unix.Syscall6(sysSendfile, uintptr(fd), uintptr(file), uintptr(unsafe.Pointer(&offset)), uintptr(limit), 0, 0)
	return count(r, e), e
}

// inMemory: tmpfs and ramfs (the initramfs is one of them) do not know RWF_NOWAIT, and need not.
func (kernel) inMemory(file int) bool {
	var fs unix.Statfs_t
	if unix.Fstatfs(file, &fs) != nil {
		return false
	}
	kind := uint32(fs.Type) // a signed word on some systems
	return kind == unix.TMPFS_MAGIC || kind == unix.RAMFS_MAGIC
}

func (kernel) watch(epoll, op, fd int, event *unix.EpollEvent) unix.Errno {
	_, _, e := unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(epoll), uintptr(op), uintptr(fd), uintptr(unsafe.Pointer(event)), 0, 0)
	return e
}

func (kernel) poll(epoll int, events []unix.EpollEvent, milliseconds int) (n int, e unix.Errno) {
	r, _, e := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(unsafe.SliceData(events))),
		uintptr(len(events)), uintptr(milliseconds), 0, 0)
	return count(r, e), e
}

func (kernel) pollWait(epoll int, events []unix.EpollEvent, milliseconds int) (n int, e unix.Errno) {
	r, _, e := unix.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(epoll), uintptr(unsafe.Pointer(unsafe.SliceData(events))),
		uintptr(len(events)), uintptr(milliseconds), 0, 0)
	return count(r, e), e
}

// started is where now counts from.
var started = time.Now()

func (kernel) now() time.Duration { return time.Since(started) }

// count is the result of a call that returns a number of bytes or events: 0 if it failed.
func count(r uintptr, e unix.Errno) int {
	if e != 0 {
		return 0
	}
	return int(r)
}
