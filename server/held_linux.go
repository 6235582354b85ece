//go:build linux && !portable

package server

import (
	"time"

	"simplehttp/fsmap"
)

// holdTime is how long a loop keeps a file open that is not asked for any more: once to twice that.
const holdTime = time.Second

// holdFiles gives the loop a file system of its own, if it is that of the system.
func (l *loop) holdFiles(files fsmap.FS, wall func() (sec int64)) {
	if system, ok := files.(*fsmap.RealFS); ok {
		l.files.RealFS, l.files.Now = system, wall
		l.service = l.service.WithFS(&l.files)
	}
}

// sweepFiles closes what has not been asked for, when it is time.
func (l *loop) sweepFiles(now time.Duration) {
	switch {
	case !l.files.Holds():
		l.sweepAt = 0
	case l.sweepAt == 0:
		l.sweepAt = now + holdTime
	case now >= l.sweepAt:
		l.files.Sweep()
		l.sweepAt = now + holdTime
	}
}

// dropFiles closes what is held, for lack of descriptors or at the end.
func (l *loop) dropFiles() {
	l.files.Drop()
	l.sweepAt = 0
}
