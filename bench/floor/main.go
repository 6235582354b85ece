//go:build linux

// Command floor is the least that a server can do: it accepts, reads, sends the same bytes to
// everyone, and closes. What it costs is what the kernel costs, and a measure for real servers.
//
//	floor --port 8000 --file 1k.bin             # from memory, over epoll
//	floor --port 8000 --file 1k.bin --keep      # one answer per empty line, and no close
//	floor --port 8000 --file 1g.bin --sendfile  # the loop of a small file server
//	floor --port 8000 --file 1k.bin --uring     # the same over io_uring
//
// What goes in is a file; what comes out is that file, whatever is asked. It parses nothing, logs
// nothing, and must not be used for anything else than measuring. The loop is that of package
// server: accept and read at once, since TCP_DEFER_ACCEPT lets clients in with their request, and
// a short wait that the Go scheduler is not told of before a long one that it is told of.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"

	"github.com/spf13/pflag"
	"golang.org/x/sys/unix"
)

// A floor is what all loops share.
type floor struct {
	listener int
	answer   []byte // head, and content unless it is sent from file
	file     int
	size     int64
	keep     bool
}

const backlog = 4096

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run() error {
	port := pflag.Int("port", 8000, "listen at this port of 127.0.0.1")
	name := pflag.String("file", "", "the file to send")
	keep := pflag.Bool("keep", false, "keep connections, and answer once per empty line")
	sendfile := pflag.Bool("sendfile", false, "send the file with sendfile, not from memory")
	uring := pflag.Bool("uring", false, "use io_uring instead of epoll")
	pflag.Parse()
	f := &floor{keep: *keep}
	if err := f.open(*name, !*sendfile); err != nil {
		return err
	}
	if err := f.listen(*port); err != nil {
		return err
	}
	runtime.LockOSThread()
	if *uring {
		return f.serveUring()
	}
	return f.serveEpoll()
}

// open prepares the answer.
func (f *floor) open(name string, inMemory bool) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	f.size = info.Size()
	f.answer = []byte("HTTP/1.0 200 OK\r\nServer: floor\r\nContent-type: application/octet-stream\r\nContent-Length: " +
		strconv.FormatInt(f.size, 10) + "\r\n\r\n")
	if f.keep {
		f.answer[len("HTTP/1.")] = '1'
	}
	if !inMemory {
		f.file, err = unix.Dup(int(file.Fd()))
		return err
	}
	content, err := os.ReadFile(name)
	f.answer = append(f.answer, content...)
	f.size = 0
	return err
}

func (f *floor) listen(port int) (err error) {
	f.listener, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	for _, option := range []struct{ level, name, value int }{
		{unix.SOL_SOCKET, unix.SO_REUSEADDR, 1},
		{unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 1},
	} {
		if err := unix.SetsockoptInt(f.listener, option.level, option.name, option.value); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	if err := unix.Bind(f.listener, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return os.NewSyscallError("bind", err)
	}
	return os.NewSyscallError("listen", unix.Listen(f.listener, backlog))
}
