package fsmap

import (
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// A HeldFS is a RealFS that holds descriptors of files for a moment, so that a file that is asked for
// again and again need not be opened, looked at and closed each time. Nothing is answered from
// memory: [RealFS.Stat] asks the path again for every request, and [HeldFS.Held] returns a descriptor
// only if the same file with the same size and times is there. What is in the file is read anew.
//
// It belongs to one goroutine, but for Open with wait set and the methods of RealFS, and Close of its
// files.
type HeldFS struct {
	*RealFS
	Now func() (sec int64) // the clock of the file systems: seconds since 1970

	slots [heldSlots]slot
	held  int // slots with a file
}

const (
	// heldSlots bounds the descriptors of one HeldFS.
	heldSlots = 64

	// settledTime is for how many seconds a file must have been left alone before it is held. The
	// time of the last change (st_ctime) tells a later change from that one only if the clock behind
	// it has moved on: by up to 10 ms in most file systems, by a second in old ones of ext2's
	// family, by two in FAT.
	settledTime = 3
)

// A slot remembers the last file that was opened of those whose number leads to it.
type slot struct {
	info  Info
	file  *heldFile // nil until the file is opened a second time
	asked bool      // since the last Sweep
}

// A heldFile is a descriptor that the slot and any number of realFiles share.
type heldFile struct {
	fd   int
	refs atomic.Int32
}

func (h *heldFile) release() error {
	if h.refs.Add(-1) > 0 {
		return nil
	}
	return unix.Close(h.fd)
}

// slot returns where a file is held, if anywhere.
func (fs *HeldFS) slot(id fileID) *slot {
	return &fs.slots[(id.inode^id.device)%heldSlots]
}

// Held returns the file that Stat has just seen, if it is open.
func (fs *HeldFS) Held(seen Info) (f File, ok bool) {
	s := fs.slot(seen.id)
	if s.file == nil || s.info != seen {
		return nil, false
	}
	s.asked = true
	s.file.refs.Add(1)
	shared := realFiles.Get().(*realFile)
	shared.fd, shared.held, shared.offset = s.file.fd, s.file, 0
	return shared, true
}

// Open is [RealFS.Open]. A file that is opened a second time is held, if it may be.
func (fs *HeldFS) Open(path []byte, wait bool) (File, Info, error) {
	f, info, err := fs.RealFS.Open(path, wait)
	if err == unix.EMFILE && !wait && fs.held > 0 {
		fs.Drop()
		f, info, err = fs.RealFS.Open(path, wait)
	}
	if err != nil || wait || info.Kind != Regular || info.id == (fileID{}) {
		return f, info, err
	}
	s := fs.slot(info.id)
	if s.info != info {
		fs.empty(s)
		s.info = info
		return f, info, nil
	}
	if opened := f.(*realFile); s.file == nil && info.id.changed+settledTime < fs.Now() && keepsTimes(opened.fd) {
		s.file = &heldFile{fd: opened.fd}
		s.file.refs.Store(2) // of the slot, and of opened
		s.asked = true
		opened.held = s.file
		fs.held++
	}
	return f, info, nil
}

// empty makes a slot free.
func (fs *HeldFS) empty(s *slot) {
	if s.file != nil {
		_ = s.file.release() // opened for reading: there is nothing to lose
		fs.held--
	}
	*s = slot{}
}

// Sweep closes what was not asked for since the last Sweep, and reports whether anything is still
// held. Call it now and then while something is: a descriptor keeps a removed file on its disk.
func (fs *HeldFS) Sweep() (held bool) {
	for i := range fs.slots {
		s := &fs.slots[i]
		if !s.asked {
			fs.empty(s)
		}
		s.asked = false
	}
	return fs.held > 0
}

// Holds reports whether anything is held.
func (fs *HeldFS) Holds() bool { return fs.held > 0 }

// Drop closes all that is held.
func (fs *HeldFS) Drop() {
	for i := range fs.slots {
		fs.empty(&fs.slots[i])
	}
}

// keepsTimes reports whether the file system is one of this machine, whose times tell at once of any
// change. One across a network learns of a change when the file is opened.
func keepsTimes(fd int) bool {
	var fs unix.Statfs_t
	if unix.Fstatfs(fd, &fs) != nil {
		return false
	}
	switch uint32(fs.Type) { // a signed word on some systems
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, unix.BCACHEFS_SUPER_MAGIC,
		unix.TMPFS_MAGIC, unix.OVERLAYFS_SUPER_MAGIC, unix.SQUASHFS_MAGIC, unix.EROFS_SUPER_MAGIC_V1:
		return true
	}
	return false
}
