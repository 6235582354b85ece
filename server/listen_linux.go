//go:build linux && !portable

package server

import (
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"simplehttp/cpython"
)

const (
	// backlog is how many clients wait in the kernel until they are accepted. CPython asks for 5
	// (3.15: for SOMAXCONN), and a sixth has to try again a second later. Nobody builds on that.
	// The kernel lowers it to net.core.somaxconn.
	backlog = 4096
	// deferTime is for how many seconds the kernel keeps a client that has sent nothing from being
	// accepted. Nothing is to be said to it before; and the call that accepts it finds its request.
	// The kernel lets a client through that closes, and one that is still silent after the time.
	deferTime = 1
)

// A listener is a listening socket that several loops share.
//
// They could each have a socket of their own with SO_REUSEPORT, set after the first is bound so
// that a port in use is still an error. But then the kernel gives a client to one loop for good,
// were it busy and others idle, and clients in the queue of a loop that stops are reset.
type listener struct {
	fd   int
	refs atomic.Int32
}

// release closes the socket if no other loop uses it.
func (l *listener) release() {
	if l.refs.Add(-1) == 0 {
		_ = unix.Close(l.fd) // nothing is written to it
	}
}

// openListener does what the constructor of CPython's TCPServer does, in its order.
func openListener(v cpython.Version, a ipAddress, port int) (*listener, error) {
	family := unix.AF_INET
	if a.v6 {
		family = unix.AF_INET6
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, osError(err)
	}
	if v.Has(cpython.ResolvesBindAddress) {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0) // fails with IPv4, for CPython too
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err = unix.Bind(fd, a.sockaddr(port)); err == nil {
		err = unix.Listen(fd, backlog)
	}
	if err != nil {
		_ = unix.Close(fd)
		return nil, osError(err)
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, deferTime) // saves time, if it works
	return &listener{fd: fd}, nil
}

// sockaddr is the address for the kernel.
func (a ipAddress) sockaddr(port int) unix.Sockaddr {
	if a.v6 {
		return &unix.SockaddrInet6{Port: port, Addr: a.ip, ZoneId: a.scope}
	}
	return &unix.SockaddrInet4{Port: port, Addr: [4]byte(a.ip[12:])}
}

// sockname is getsockname.
func (l *listener) sockname() (host string, port int) {
	var name unix.RawSockaddrAny
	size := uint32(unix.SizeofSockaddrAny)
	_, _, e := unix.RawSyscall(unix.SYS_GETSOCKNAME, uintptr(l.fd), uintptr(unsafe.Pointer(&name)), uintptr(unsafe.Pointer(&size)))
	if e != 0 {
		return "", 0
	}
	ip, port := addressOf(&name)
	return ip.String(), port
}

// An osErrno is an OSError, spelled as CPython spells it.
type osErrno unix.Errno

func osError(err error) error {
	if e, ok := err.(unix.Errno); ok {
		return osErrno(e)
	}
	return err
}

// Error is the error as the last line of CPython's traceback has it.
func (e osErrno) Error() string {
	text := unix.Errno(e).Error() // the C library's, in lower case
	return "[Errno " + strconv.Itoa(int(e)) + "] " + strings.ToUpper(text[:1]) + text[1:]
}

func (e osErrno) Unwrap() error { return unix.Errno(e) }

// systemResolver asks /etc/hosts, and the kernel.
func systemResolver() resolver {
	return resolver{
		lookUp:  func(name string) []ipAddress { return ReadHosts().lookUp(name) },
		scope:   interfaceIndex,
		reaches: reaches,
	}
}

// interfaceIndex is if_nametoindex; 0 if there is none.
func interfaceIndex(name string) uint32 {
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	defer func() { _ = unix.Close(fd) }()
	if unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, request) != nil {
		return 0
	}
	return request.Uint32()
}

// reaches asks for a route to a as getaddrinfo does: by connecting a datagram socket, which sends
// nothing.
func reaches(a ipAddress) bool {
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(fd) }()
	return unix.Connect(fd, a.sockaddr(1)) == nil
}
