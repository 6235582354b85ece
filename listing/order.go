package listing

import (
	"bytes"
	"cmp"
	"slices"

	"simplehttp/cpython"
)

// A sortKey is str.lower() of a name, and where the name is among the entries.
type sortKey struct {
	head  uint64 // the first eight bytes of lower, which nearly always decide
	lower []byte
	index int
}

// order returns the indexes of the entries in the order of
//
//	list.sort(key=lambda a: a.lower())
//
// Python compares text by code point. In generalized UTF-8 that is the order of the bytes,
// because lone surrogates, as which undecodable bytes appear, have their own place there,
// between U+D7FF and U+E000. Python's sort is stable: names with the same key stay in the
// order of the directory, and so the index decides in the end.
func order(v cpython.Version, codec cpython.Codec, entries []Entry) []int {
	keys := sortKeys(v, codec, entries)
	slices.SortFunc(keys, func(a, b sortKey) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		if c := bytes.Compare(a.lower, b.lower); c != 0 {
			return c
		}
		return a.index - b.index
	})
	indexes := make([]int, len(keys))
	for i := range keys {
		indexes[i] = keys[i].index
	}
	return indexes
}

// sortKeys makes all keys, in one piece of memory.
func sortKeys(v cpython.Version, codec cpython.Codec, entries []Entry) []sortKey {
	size := 0
	for i := range entries {
		size += len(entries[i].Name)
	}
	// Bytes that cannot be decoded need three, and a few lower cases are longer than their
	// capitals: then append moves on to a larger piece, and the keys made so far stay good.
	all := make([]byte, 0, size)
	keys := make([]sortKey, len(entries))
	var name, text []byte
	for i := range entries {
		name = append(name[:0], entries[i].Name...)
		text = codec.AppendDecode(text[:0], name)
		start := len(all)
		all = cpython.AppendLower(all, v, text)
		lower := all[start:len(all):len(all)]
		keys[i] = sortKey{head(lower), lower, i}
	}
	return keys
}

// head returns the first eight bytes of a key as a number that compares as they do. A
// shorter key is filled with zeros, and where that makes two heads equal the keys decide.
func head(key []byte) uint64 {
	var n uint64
	for i := range 8 {
		n <<= 8
		if i < len(key) {
			n |= uint64(key[i])
		}
	}
	return n
}
