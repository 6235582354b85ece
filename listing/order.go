package listing

import (
	"bytes"
	"slices"
	"sync"

	"simplehttp/cpython"
)

// A sortKey is str.lower() of a name, and where the name is among the entries. It has no pointers, which the
// garbage collector would follow for every move.
type sortKey struct {
	head       uint64 // eight bytes behind what all keys begin with; they mostly decide
	start, end int    // of all of it in sorter.lower
	index      int
}

// A sorter sorts the names of one directory. It is used again, unless that was a large one.
type sorter struct {
	lower []byte // all keys, one after the other
	keys  []sortKey
	spare []sortKey

	name, text []byte
}

var sorters = sync.Pool{New: func() any { return new(sorter) }}

// keptKeys is for how many names the memory of a sorter is kept.
const keptKeys = 4096

// release makes s, and all that it returned, ready for another directory.
func (s *sorter) release() {
	if len(s.keys) <= keptKeys {
		sorters.Put(s)
	}
}

// order puts the keys of the entries in the order of
//
//	list.sort(key=lambda a: a.lower())
//
// Python compares text by code point. In generalized UTF-8 that is the order of the bytes,
// because lone surrogates, as which undecodable bytes appear, have their own place there,
// between U+D7FF and U+E000. Python's sort is stable: names with the same key stay in the
// order of the directory.
func (s *sorter) order(v cpython.Version, codec cpython.Codec, entries []Entry) []sortKey {
	s.makeKeys(v, codec, entries)
	s.spare = slices.Grow(s.spare[:0], len(entries)/2)[:len(entries)/2]
	s.sort(s.keys)
	return s.keys
}

// sortedAtOnce is how many keys are sorted by insertion.
const sortedAtOnce = 12

// sort sorts keys by merging, and leaves equal ones in their order. The functions of package slices do the
// same in ten times the code, which would be a hundredth of the server.
func (s *sorter) sort(keys []sortKey) {
	if len(keys) <= sortedAtOnce {
		s.insert(keys)
		return
	}
	half := len(keys) / 2
	s.sort(keys[:half])
	s.sort(keys[half:])
	if !s.less(&keys[half], &keys[half-1]) {
		return
	}
	left, right := s.spare[:copy(s.spare, keys[:half])], keys[half:]
	for i := range keys {
		switch {
		case len(left) == 0:
			return
		case len(right) > 0 && s.less(&right[0], &left[0]):
			keys[i], right = right[0], right[1:]
		default:
			keys[i], left = left[0], left[1:]
		}
	}
}

// insert sorts keys by insertion.
func (s *sorter) insert(keys []sortKey) {
	for end := 1; end < len(keys); end++ {
		key, i := keys[end], end
		for ; i > 0 && s.less(&key, &keys[i-1]); i-- {
			keys[i] = keys[i-1]
		}
		keys[i] = key
	}
}

func (s *sorter) less(a, b *sortKey) bool {
	if a.head != b.head {
		return a.head < b.head
	}
	return bytes.Compare(s.lower[a.start:a.end], s.lower[b.start:b.end]) < 0
}

// makeKeys makes all keys.
func (s *sorter) makeKeys(v cpython.Version, codec cpython.Codec, entries []Entry) {
	s.lower = s.lower[:0]
	s.keys = slices.Grow(s.keys[:0], len(entries))
	for i := range entries {
		s.name = append(s.name[:0], entries[i].Name...)
		s.text = codec.AppendDecode(s.text[:0], s.name)
		start := len(s.lower)
		s.lower = cpython.AppendLower(s.lower, v, s.text)
		s.keys = append(s.keys, sortKey{0, start, len(s.lower), i})
	}
	s.setHeads()
}

// setHeads fills in the heads.
func (s *sorter) setHeads() {
	keys := s.keys
	if len(keys) == 0 {
		return
	}
	first := s.lower[keys[0].start:keys[0].end]
	common := len(first)
	for i := range keys {
		key := s.lower[keys[i].start:keys[i].end]
		common = min(common, len(key))
		for common > 0 && string(key[:common]) != string(first[:common]) {
			common--
		}
	}
	for i := range keys {
		keys[i].head = head(s.lower[keys[i].start+common : keys[i].end])
	}
}

// head returns the first eight bytes of a key as a number that compares as they do. A
// shorter key is filled with zeros, and where that makes two heads equal the keys decide.
func head(key []byte) uint64 {
	if len(key) >= 8 {
		_ = key[7]
		return uint64(key[0])<<56 | uint64(key[1])<<48 | uint64(key[2])<<40 | uint64(key[3])<<32 |
			uint64(key[4])<<24 | uint64(key[5])<<16 | uint64(key[6])<<8 | uint64(key[7])
	}
	var n uint64
	for i := range 8 {
		n <<= 8
		if i < len(key) {
			n |= uint64(key[i])
		}
	}
	return n
}
