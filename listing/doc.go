// Package listing writes the page that stands for a directory without an index page:
// list_directory of CPython's SimpleHTTPRequestHandler, from the sorting of the names to the
// last newline.
//
// A [Page] and the entries of the directory, in the order in which the system gave them, go
// in; HTML comes out, byte for byte as that release writes it: [Page.Append].
//
// The package does no I/O: who reads the directory, and what happens if that fails, is the
// handler's affair, and so are the field lines of the response.
package listing
