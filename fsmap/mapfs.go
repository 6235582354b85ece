package fsmap

import (
	"bytes"
	"io"
	"strings"
)

// A MapFS is a file system in memory: a tree of Nodes, made with [MapFS.Add] and then only
// read. It answers as a Linux file system does, and the same test asks both.
//
// The zero value has an empty root directory, which is the working directory as well.
type MapFS struct {
	// Wd is the working directory, an absolute path; empty means "/". If there is no such
	// directory, Getwd fails, as it does in a directory that was removed.
	Wd string

	root Node
}

// A Node is a file, a directory, a symbolic link or something else. Its zero value is an empty
// regular file.
type Node struct {
	Kind    Kind   // zero means Regular
	Link    string // target of a symbolic link; if it is not empty, Kind does not matter
	Content []byte // of a regular file, or what a FIFO or device has to say
	Sec     int64  // time of the last modification
	Nsec    int32

	// Unreadable: no read permission, so that opening and listing fail. A socket, too, is an
	// unreadable Other.
	Unreadable bool
	// Unsearchable: a directory without search permission. Nothing below it can be reached.
	Unsearchable bool

	entries []mapEntry // of a directory, in order of Add
}

type mapEntry struct {
	name string
	node *Node
}

// A mapError is the text of an errno.
type mapError string

func (e mapError) Error() string { return string(e) }

const (
	errNotExist    = mapError("no such file or directory")
	errPermission  = mapError("permission denied")
	errNotDir      = mapError("not a directory")
	errIsDir       = mapError("is a directory")
	errNameTooLong = mapError("file name too long")
	errLoop        = mapError("too many levels of symbolic links")
	errInvalid     = mapError("invalid argument")
)

// Limits of Linux.
const (
	mapPathMax  = 4096 // PATH_MAX, with the NUL
	mapNameMax  = 255  // NAME_MAX, without it
	mapMaxLinks = 40   // MAXSYMLINKS of include/linux/namei.h
)

// Add puts n at path, an absolute path without links. Missing parents become directories.
// ReadDir gives entries in the order of their Add. It panics if the tree cannot hold n.
func (fs *MapFS) Add(path string, n Node) {
	if n.Kind == 0 {
		n.Kind = Regular
	}
	fs.root.Kind = Directory
	parent := &fs.root
	names := strings.Split(strings.Trim(path, "/"), "/")
	for _, name := range names[:len(names)-1] {
		next := parent.lookup(name)
		if next == nil {
			next = parent.add(name, Node{Kind: Directory})
		}
		if next.Kind != Directory || next.Link != "" {
			panic("fsmap: MapFS.Add below something that is no directory: " + path)
		}
		parent = next
	}
	last := names[len(names)-1]
	if parent.lookup(last) != nil || last == "" {
		panic("fsmap: MapFS.Add of a path that exists: " + path)
	}
	parent.add(last, n)
}

func (n *Node) add(name string, child Node) *Node {
	n.entries = append(n.entries, mapEntry{name, &child})
	return &child
}

// lookup returns the entry with that name, or nil.
func (n *Node) lookup(name string) *Node {
	for _, e := range n.entries {
		if e.name == name {
			return e.node
		}
	}
	return nil
}

// resolve follows path, and all links in it, to a Node.
func (fs *MapFS) resolve(path []byte) (*Node, error) {
	switch {
	case len(path) == 0:
		return nil, errNotExist
	case bytes.IndexByte(path, 0) >= 0:
		return nil, errInvalid
	case len(path) >= mapPathMax:
		return nil, errNameTooLong
	}
	rest := string(path)
	if rest[0] != '/' {
		rest = "/" + fs.Wd + "/" + rest
	}
	return fs.walk(rest)
}

// walk is link_path_walk of the kernel. A trailing slash wants a directory, and so does every
// part that is not the last, "." and ".." included.
func (fs *MapFS) walk(rest string) (*Node, error) {
	fs.root.Kind = Directory
	stack := []*Node{&fs.root} // the directories down to where we are, for ".."
	for links, more := 0, true; more; {
		var name string
		name, rest, more = strings.Cut(rest, "/")
		here := stack[len(stack)-1]
		if err := here.enter(name); err != nil {
			return nil, err
		}
		if name == "" || name == "." {
			continue
		}
		if name == ".." {
			stack = stack[:max(1, len(stack)-1)]
			continue
		}
		next := here.lookup(name)
		if next == nil {
			return nil, errNotExist
		}
		if next.Link == "" {
			stack = append(stack, next)
			continue
		}
		if links++; links > mapMaxLinks {
			return nil, errLoop
		}
		if next.Link[0] == '/' {
			stack = stack[:1]
		}
		if more {
			rest = next.Link + "/" + rest
		} else {
			rest, more = next.Link, true
		}
	}
	return stack[len(stack)-1], nil
}

// enter reports why name cannot be looked up in n.
func (n *Node) enter(name string) error {
	switch {
	case n.Kind != Directory:
		return errNotDir
	case n.Unsearchable && name != "":
		return errPermission
	case len(name) > mapNameMax:
		return errNameTooLong
	}
	return nil
}

// Getwd is os.getcwd().
func (fs *MapFS) Getwd() ([]byte, error) {
	if fs.Wd == "" {
		return []byte("/"), nil
	}
	n, err := fs.resolve([]byte(fs.Wd))
	if err == nil && n.Kind != Directory {
		err = errNotDir
	}
	return []byte(fs.Wd), err
}

// Stat is os.stat(path).
func (fs *MapFS) Stat(path []byte) (Info, error) {
	n, err := fs.resolve(path)
	if err != nil {
		return Info{}, err
	}
	return n.info(), nil
}

func (n *Node) info() Info {
	info := Info{Kind: n.Kind, Sec: n.Sec, Nsec: n.Nsec}
	if n.Kind == Regular {
		info.Size = int64(len(n.Content))
	}
	return info
}

// Open is open(path, 'rb') and os.fstat. A FIFO has got its writer already.
func (fs *MapFS) Open(path []byte, wait bool) (File, Info, error) {
	n, err := fs.resolve(path)
	switch {
	case err != nil:
		return nil, Info{}, err
	case n.Unreadable:
		return nil, Info{}, errPermission
	case n.Kind == Directory:
		return nil, Info{}, errIsDir
	case n.Kind != Regular && !wait:
		return nil, Info{}, ErrBlocks
	}
	return &mapFile{n.Content}, n.info(), nil
}

// A mapFile is what has not been read yet.
type mapFile struct{ rest []byte }

func (f *mapFile) Read(p []byte) (int, error) {
	if len(f.rest) == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func (f *mapFile) Close() error { return nil }

// ReadDir is os.listdir(path), with what list_directory asks about each name.
func (fs *MapFS) ReadDir(path []byte) ([]Entry, error) {
	n, err := fs.resolve(path)
	switch {
	case err != nil:
		return nil, err
	case n.Kind != Directory:
		return nil, errNotDir
	case n.Unreadable:
		return nil, errPermission
	}
	entries := make([]Entry, len(n.entries))
	for i, e := range n.entries {
		full := appendName(bytes.Clone(path), e.name)
		info, err := fs.Stat(full)
		entries[i] = Entry{
			Name:   e.name,
			IsDir:  err == nil && info.Kind == Directory,
			IsLink: e.node.Link != "" && !n.Unsearchable && len(full) < mapPathMax,
		}
	}
	return entries, nil
}
