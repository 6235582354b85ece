package cpython

// A DirEntry is one name in a directory, as the system spells it, with what list_directory asks about it:
// os.DirEntry.
type DirEntry struct {
	Name   string
	IsDir  bool // os.path.isdir: follows links
	IsLink bool // os.path.islink: does not
}
