// Package mime guesses the media type of a file from its name, as guess_type of CPython's
// SimpleHTTPRequestHandler does.
//
// A release and the contents of the system's mime.types files go in, once, and give a
// [Table]. Then a path goes in, and the value of Content-type comes out: [Table.Guess].
//
// Up to 3.8 the handler looks the extension up in one table, made when the program starts;
// later ones have a small table of their own, and ask the module mimetypes, which knows
// suffixes such as .tgz, for the rest. The default tables of all releases are one generated
// table, in ztables.go.
//
// The package does no I/O: it opens neither the file that it names the type of, nor the
// mime.types files. It never looks at a file's content.
package mime
