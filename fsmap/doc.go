// Package fsmap maps a request-target to what it turns out to be: a file, a redirect, a
// directory to list, nothing, or an exception. It is translate_path and the first half of
// send_head of CPython's simple file server.
//
// In go the request-target, as bytes, the directory that is served, and an [FS] that answers
// questions about files. [TranslatePath] makes a path of the target; [Locate] asks the FS and
// returns a [Resource]:
//
//	var b fsmap.Buffers
//	path := fsmap.TranslatePath(cpython.V3_13, []byte("/srv"), []byte("/a%20b.txt?x"), &b)
//	// path.Name is "/srv/a b.txt"
//	r := fsmap.Locate(fs, &b, fsmap.Lookup{Version: cpython.V3_13, Target: target, Path: path})
//	// r.Kind is fsmap.FileResource, r.File is open
//
// The package does no I/O of its own: whatever is asked of a file system goes through FS.
// There are two of them. [RealFS] is the operating system's, and the only one that makes
// system calls; [MapFS] is a tree in memory, for tests and for places without files.
//
// It does not read files, print listings, guess types or compare times, and it knows nothing
// of methods and fields.
package fsmap
