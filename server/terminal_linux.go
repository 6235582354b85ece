package server

import (
	"os"

	"golang.org/x/sys/unix"
)

// isTerminal is os.isatty.
func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
