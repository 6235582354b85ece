//go:build linux

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// The files of the tree, as request-targets.
const (
	smallPath  = "/1k.bin"
	middlePath = "/64k.bin"
	hugePath   = "/1g.bin"
	coldPath   = "/cold.bin"
	fifoPath   = "/fifo"
)

// folderSizes are the folders of the tree that hold so many files of 1 KiB.
var folderSizes = []int{10, 1000, 100_000}

// folderPath is the request-target of such a folder.
func folderPath(files int) string { return fmt.Sprintf("/files-%d/", files) }

// filePath is the request-target of a file in it.
func filePath(files, i int) string { return fmt.Sprintf("%sfile-%06d.bin", folderPath(files), i) }

// targetsMax bounds the files that are asked for in turn. They are spread over the folder.
const targetsMax = 10_000

// fileSizes are the plain files of the tree.
var fileSizes = map[string]int64{smallPath: 1 << 10, middlePath: 64 << 10, hugePath: 1 << 30, coldPath: 64 << 20}

// need makes those parts of the tree that are not there yet.
func need(root string, paths []string) error {
	for _, path := range paths {
		if _, err := os.Lstat(root + path); err == nil {
			continue
		}
		if err := makePart(root, path); err != nil {
			return err
		}
	}
	return nil
}

// makePart makes a file, a folder or the FIFO.
func makePart(root, path string) error {
	if size, ok := fileSizes[path]; ok {
		return writePattern(root+path, size)
	}
	for _, n := range folderSizes {
		if path == folderPath(n) {
			return makeFolder(root, n)
		}
	}
	return os.NewSyscallError("mkfifo", unix.Mkfifo(root+path, 0o644))
}

// makeFolder writes a folder of n files, each different from the others.
func makeFolder(root string, n int) error {
	if err := os.Mkdir(root+folderPath(n), 0o755); err != nil {
		return err
	}
	for i := range n {
		if err := os.WriteFile(root+filePath(n, i), block(uint64(i), 1<<10), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writePattern writes a file each MiB of which begins with its place, so that a part sent from the
// wrong place is seen.
func writePattern(name string, size int64) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	p := block(uint64(size), int(min(size, 1<<20)))
	for at := int64(0); at < size; at += int64(len(p)) {
		binary.BigEndian.PutUint64(p, uint64(at))
		_, _ = w.Write(p) // Flush has the error
	}
	if err := w.Flush(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// block is size bytes that a number stands for.
func block(number uint64, size int) []byte {
	seed := sha256.Sum256(binary.BigEndian.AppendUint64(nil, number))
	p := make([]byte, size)
	for i := range p {
		p[i] = seed[i%len(seed)] + byte(i/len(seed))
	}
	return p
}

// writeTargets writes the list of files that a folder's workload asks for in turn.
func writeTargets(name string, files int) error {
	var list strings.Builder
	step := max(files/targetsMax, 1)
	for i := 0; i < files; i += step {
		list.WriteString(filePath(files, i) + "\n")
	}
	return os.WriteFile(name, []byte(list.String()), 0o644)
}

// evict has the kernel forget what it holds of a file in memory.
func evict(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return err
	}
	return os.NewSyscallError("fadvise", unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED))
}
