//go:build !linux

package fsmap

import (
	"os"
	"syscall"
)

// RealFS is the file system of the operating system. The zero value is ready, and may be used
// by any number of goroutines.
type RealFS struct{}

// Getwd is os.getcwd(). It asks the kernel, and not $PWD, which may know the directory by
// another name.
func (*RealFS) Getwd() ([]byte, error) {
	wd, err := syscall.Getwd()
	return []byte(wd), err
}

// Stat is os.stat(path).
func (*RealFS) Stat(path []byte) (Info, error) {
	fi, err := os.Stat(string(path))
	if err != nil {
		return Info{}, err
	}
	return infoOf(fi), nil
}

func infoOf(fi os.FileInfo) Info {
	info := Info{Kind: Other, Size: fi.Size(), Sec: fi.ModTime().Unix(), Nsec: int32(fi.ModTime().Nanosecond())}
	switch mode := fi.Mode(); {
	case mode.IsRegular():
		info.Kind = Regular
	case mode.IsDir():
		info.Kind = Directory
	case mode&os.ModeNamedPipe != 0:
		info.Kind = FIFO
	}
	return info
}

// Open is open(path, 'rb') and os.fstat. Whether it may wait is looked at beforehand: where
// every connection has a goroutine of its own, a moment between the two calls does no harm.
func (fs *RealFS) Open(path []byte, wait bool) (File, Info, error) {
	if info, err := fs.Stat(path); err == nil && info.Kind != Regular && info.Kind != Directory && !wait {
		return nil, Info{}, ErrBlocks
	}
	f, err := os.Open(string(path))
	if err != nil {
		return nil, Info{}, err
	}
	fi, err := f.Stat()
	if err == nil && fi.IsDir() {
		err = syscall.EISDIR
	}
	if err != nil {
		f.Close()
		return nil, Info{}, err
	}
	return f, infoOf(fi), nil
}

// ReadDir is os.listdir(path), with what list_directory asks about each name. The order is the
// directory's: os.File.ReadDir does not sort, as os.ReadDir does.
func (fs *RealFS) ReadDir(path []byte) ([]Entry, error) {
	f, err := os.Open(string(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(list))
	dir := string(appendName(append([]byte(nil), path...), ""))
	// Without search permission, all that CPython asks about the names fails.
	_, err = os.Stat(dir + ".")
	for i, d := range list {
		entries[i].Name = d.Name()
		if err != nil {
			continue
		}
		entries[i].IsLink = d.Type()&os.ModeSymlink != 0
		entries[i].IsDir = d.IsDir()
		if entries[i].IsLink {
			info, err := fs.Stat([]byte(dir + d.Name()))
			entries[i].IsDir = err == nil && info.Kind == Directory
		}
	}
	return entries, nil
}
