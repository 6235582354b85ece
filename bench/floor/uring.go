//go:build linux

package main

import (
	"errors"
	"os"
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What of linux/io_uring.h is used here; package unix has only the numbers of the system calls.
const (
	setupSubmitAll    = 1 << 7
	setupCoopTaskrun  = 1 << 8
	setupSingleIssuer = 1 << 12
	setupDeferTaskrun = 1 << 13
	enterGetEvents    = 1 << 0

	offsetRings   = 0
	offsetEntries = 0x10000000

	opAccept = 13
	opClose  = 19
	opSend   = 26
	opRecv   = 27

	linked          = 1 << 2 // the next entry waits for this one
	silent          = 1 << 6 // no completion unless it fails
	acceptMultishot = 1 << 0
	completionMore  = 1 << 1

	ringEntries = 4096
)

// ringParams is struct io_uring_params.
type ringParams struct {
	sqEntries, cqEntries, flags, sqThreadCPU, sqThreadIdle, features, wqFd uint32

	_  [3]uint32
	sq struct{ head, tail, mask, entries, flags, dropped, array, _, _, _ uint32 }
	cq struct{ head, tail, mask, entries, overflow, cqes, flags, _, _, _ uint32 }
}

// A submission is struct io_uring_sqe.
type submission struct {
	op, flags uint8
	ioprio    uint16
	fd        int32
	off, addr uint64
	length    uint32
	opFlags   uint32
	userData  uint64
	_         [3]uint64
}

// A completion is struct io_uring_cqe.
type completion struct {
	userData uint64
	result   int32
	flags    uint32
}

// A ring is the two queues that are shared with the kernel.
type ring struct {
	fd             int
	sqTail, sqHead *uint32
	cqTail, cqHead *uint32
	sqMask, cqMask uint32
	submissions    []submission
	completions    []completion
	unsubmitted    uint32
}

// newRing asks for queues that only this thread uses.
func newRing() (*ring, error) {
	var p ringParams
	p.flags = setupSubmitAll | setupCoopTaskrun | setupSingleIssuer | setupDeferTaskrun
	fd, _, e := unix.Syscall(unix.SYS_IO_URING_SETUP, ringEntries, uintptr(unsafe.Pointer(&p)), 0)
	if e != 0 {
		return nil, os.NewSyscallError("io_uring_setup", e)
	}
	size := max(p.sq.array+4*p.sqEntries, p.cq.cqes+p.cqEntries*uint32(unsafe.Sizeof(completion{})))
	rings, err := unix.Mmap(int(fd), offsetRings, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	entries, err := unix.Mmap(int(fd), offsetEntries, int(p.sqEntries)*int(unsafe.Sizeof(submission{})),
		unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	word := func(at uint32) *uint32 { return (*uint32)(unsafe.Pointer(&rings[at])) }
	array := unsafe.Slice(word(p.sq.array), p.sqEntries)
	for i := range array {
		array[i] = uint32(i) // the entries are used in order
	}
	return &ring{
		fd:     int(fd),
		sqTail: word(p.sq.tail), sqHead: word(p.sq.head), sqMask: *word(p.sq.mask),
		cqTail: word(p.cq.tail), cqHead: word(p.cq.head), cqMask: *word(p.cq.mask),
		submissions: unsafe.Slice((*submission)(unsafe.Pointer(&entries[0])), p.sqEntries),
		completions: unsafe.Slice((*completion)(unsafe.Pointer(&rings[p.cq.cqes])), p.cqEntries),
	}, nil
}

// submit puts an entry into the queue; enter hands it over.
func (r *ring) submit(s submission) {
	if r.unsubmitted == r.sqMask+1 {
		_ = r.enter(0)
	}
	tail := *r.sqTail
	r.submissions[tail&r.sqMask] = s
	atomic.StoreUint32(r.sqTail, tail+1)
	r.unsubmitted++
}

// enter hands the entries over and waits for so many completions. The wait is hidden from the Go
// scheduler: nothing else is to run.
func (r *ring) enter(completions uintptr) error {
	n, _, e := unix.RawSyscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd), uintptr(r.unsubmitted), completions, enterGetEvents, 0, 0)
	if e != 0 && e != unix.EINTR {
		return os.NewSyscallError("io_uring_enter", e)
	}
	if e == 0 {
		r.unsubmitted -= uint32(n)
	}
	return nil
}

// serveUring serves over io_uring: one multishot accept, and for each client a chain of receive,
// send and close, of which the kernel tells nothing unless it fails. A turn is one system call,
// whatever the number of clients.
func (f *floor) serveUring() error {
	if f.keep || f.size > 0 {
		return errors.New("io_uring serves one answer per connection, from memory")
	}
	r, err := newRing()
	if err != nil {
		return err
	}
	u := &uringLoop{floor: f, ring: r, in: make([]byte, receiveSize)}
	var pins runtime.Pinner
	pins.Pin(&u.in[0])
	pins.Pin(&f.answer[0])
	u.accept()
	for {
		if err := r.enter(1); err != nil {
			return err
		}
		u.drain()
	}
}

// A uringLoop serves over io_uring.
type uringLoop struct {
	*floor
	*ring
	in []byte // where requests go; nobody reads them
}

// accept asks for all clients to come.
func (u *uringLoop) accept() {
	u.submit(submission{op: opAccept, fd: int32(u.listener), ioprio: acceptMultishot, opFlags: unix.SOCK_CLOEXEC, userData: opAccept})
}

// drain takes the completions that are there.
func (u *uringLoop) drain() {
	head, tail := *u.cqHead, atomic.LoadUint32(u.cqTail)
	for ; head != tail; head++ {
		c := u.completions[head&u.cqMask]
		if c.userData != opAccept {
			continue // of a client that has gone; its chain ends with the close all the same, or was cut
		}
		if c.result >= 0 {
			u.answerTo(c.result)
		}
		if c.flags&completionMore == 0 {
			u.accept()
		}
	}
	atomic.StoreUint32(u.cqHead, head)
}

// answerTo queues all that there is to do for a client.
func (u *uringLoop) answerTo(fd int32) {
	u.submit(submission{op: opRecv, flags: linked | silent, fd: fd, addr: address(u.in), length: uint32(len(u.in))})
	u.submit(submission{op: opSend, flags: linked | silent, fd: fd, addr: address(u.answer), length: uint32(len(u.answer)), opFlags: unix.MSG_NOSIGNAL})
	u.submit(submission{op: opClose, flags: silent, fd: fd})
}

func address(p []byte) uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(p)))) }
