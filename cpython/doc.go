// Package cpython is what has to be known about CPython itself: the eleven pinned releases, the
// quirks in which they differ, and the functions of Python's own library that the server calls.
//
// A [Version] is a release, a [Quirk] a named yes/no difference, and v.Has(q) the question that all
// other packages ask. No other package names a release but in tables of texts.
//
// The functions have CPython's names and steps: [Urlsplit], [AppendUnquote] and [AppendQuote] of
// urllib; [AppendNormpath] and [Splitext] of posixpath; [AppendRepr] and [AppendLower] of str;
// [ParseInt], which is int(); [ParseDateToDatetime] of email.utils; [AppendFSEncode] and
// [AppendFSDecode] of os.
//
// Python's str goes in and comes out as bytes. What comes from the wire is Latin-1; other text of a
// 3.x release is generalized UTF-8, in which a lone surrogate, U+D800 to U+DFFF, is three bytes as
// any other character of its size, so that nothing is lost of file names that are not UTF-8. The
// str of 2.7 is bytes.
//
// The package does no I/O, and imports nothing of this module.
package cpython
