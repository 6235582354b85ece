package cpython

import "bytes"

// AppendNormpath is posixpath.normpath: empty parts and "." are dropped, ".." takes the
// part before it away. Text only: it does not ask the file system. NUL is a character like
// others in all pinned releases. dst must not overlap path.
func AppendNormpath(dst, path []byte) []byte {
	if len(path) == 0 {
		return append(dst, '.')
	}
	start := len(dst)
	for range initialSlashes(path) {
		dst = append(dst, '/')
	}
	root := len(dst)
	for rest, more := path, true; more; {
		var comp []byte
		comp, rest, more = bytes.Cut(rest, []byte{'/'})
		if len(comp) == 0 || string(comp) == "." {
			continue
		}
		if string(comp) == ".." && !keepsParent(dst[root:], root > start) {
			dst = dropLast(dst, root)
			continue
		}
		if len(dst) > root {
			dst = append(dst, '/')
		}
		dst = append(dst, comp...)
	}
	if len(dst) == start {
		return append(dst, '.')
	}
	return dst
}

// initialSlashes counts the slashes that normpath leaves in front. POSIX allows one or two
// to mean something of their own, but takes three or more for one.
func initialSlashes(path []byte) int {
	n := 0
	for n < len(path) && path[n] == '/' {
		n++
	}
	if n > 2 {
		return 1
	}
	return n
}

// keepsParent reports whether a ".." after comps is kept: in front of a relative path there
// is nothing that it could take away.
func keepsParent(comps []byte, absolute bool) bool {
	if len(comps) == 0 {
		return !absolute
	}
	return string(comps) == ".." || bytes.HasSuffix(comps, []byte("/.."))
}

// dropLast takes the last component of dst[root:] away, if there is one.
func dropLast(dst []byte, root int) []byte {
	slash := bytes.LastIndexByte(dst[root:], '/')
	if slash < 0 {
		return dst[:root]
	}
	return dst[:root+slash]
}

// Splitext is posixpath.splitext: ext is empty or begins with the last period of the last
// component, save for the periods that the component begins with.
func Splitext(path []byte) (root, ext []byte) {
	name := bytes.LastIndexByte(path, '/') + 1
	dot := bytes.LastIndexByte(path, '.')
	for i := name; i < dot; i++ {
		if path[i] != '.' {
			return path[:dot], path[dot:]
		}
	}
	return path, nil
}
