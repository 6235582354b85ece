package listing

import (
	"bytes"

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
	mergeSort(keys, make([]sortKey, len(keys)/2))
	indexes := make([]int, len(keys))
	for i := range keys {
		indexes[i] = keys[i].index
	}
	return indexes
}

// sortedAtOnce is how many keys are sorted by insertion.
const sortedAtOnce = 12

// mergeSort sorts keys, and leaves equal ones in their order; spare is half as long. The functions of
// package slices do the same in ten times the code, which would be a hundredth of the server.
func mergeSort(keys, spare []sortKey) {
	if len(keys) <= sortedAtOnce {
		insertionSort(keys)
		return
	}
	half := len(keys) / 2
	mergeSort(keys[:half], spare)
	mergeSort(keys[half:], spare)
	left, right := spare[:copy(spare, keys[:half])], keys[half:]
	for i := range keys {
		switch {
		case len(left) == 0:
			return
		case len(right) > 0 && right[0].less(&left[0]):
			keys[i], right = right[0], right[1:]
		default:
			keys[i], left = left[0], left[1:]
		}
	}
}

func insertionSort(keys []sortKey) {
	for end := 1; end < len(keys); end++ {
		for i := end; i > 0 && keys[i].less(&keys[i-1]); i-- {
			keys[i], keys[i-1] = keys[i-1], keys[i]
		}
	}
}

func (k *sortKey) less(other *sortKey) bool {
	if k.head != other.head {
		return k.head < other.head
	}
	return bytes.Compare(k.lower, other.lower) < 0
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
