//go:build linux

package load

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapFrom is the size from which a file is mapped: a large one need not fit into memory twice.
const mapFrom = 1 << 20

// Map returns the bytes of a file. They stay until the process ends.
func Map(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < mapFrom {
		return os.ReadFile(name)
	}
	p, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	return p, os.NewSyscallError("mmap", err)
}
