package fsmap

// hasDirname reports whether os.path.dirname(word) is not empty, for a word without a slash:
// ntpath finds one in "a\b" and in the drive of "c:x". Such words could lead out of the base.
func hasDirname(word []byte) bool {
	for i, c := range word {
		if c == '\\' || c == ':' && i == 1 {
			return true
		}
	}
	return false
}
