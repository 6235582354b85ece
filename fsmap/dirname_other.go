//go:build !windows

package fsmap

// hasDirname reports whether os.path.dirname(word) is not empty, for a word without a slash.
// Only the slash parts POSIX paths.
func hasDirname([]byte) bool { return false }
