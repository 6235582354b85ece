package cpython

// AppendFSDecode is os.fsdecode: a file name as the system has it, decoded as UTF-8 with
// errors='surrogateescape'. A byte hh that is not part of a character becomes U+DChh, and
// that includes each byte of an encoded surrogate. The result is generalized UTF-8.
func AppendFSDecode(dst, name []byte) []byte {
	for len(name) > 0 {
		n := validRun(name)
		dst = append(dst, name[:n]...)
		if name = name[n:]; len(name) == 0 {
			break
		}
		// All bytes of an ill-formed subpart are escaped, but none of them can begin a
		// character, so that one at a time comes to the same.
		c := name[0]
		dst = append(dst, 0xED, 0xB0|c>>6, 0x80|c&0x3F) // U+DC00 + c
		name = name[1:]
	}
	return dst
}

// validRun returns how many bytes at the start of b are UTF-8.
func validRun(b []byte) int {
	for i := asciiRun(b); ; i += asciiRun(b[i:]) {
		if i == len(b) {
			return i
		}
		n, ok := scanUTF8(b[i:])
		if !ok {
			return i
		}
		i += n
	}
}

// AppendFSEncode is os.fsencode: the way back from text, in generalized UTF-8, to a file
// name. U+DC80..DCFF become the bytes 80..FF. For any other surrogate ok is false, where
// CPython raises UnicodeEncodeError, and out ends before it.
func AppendFSEncode(dst, s []byte) (out []byte, ok bool) {
	for len(s) > 0 {
		r, lone := surrogateAt(s)
		if !lone {
			dst = append(dst, s[0])
			s = s[1:]
			continue
		}
		if r < 0xDC80 || r > 0xDCFF {
			return dst, false
		}
		dst = append(dst, byte(r))
		s = s[3:]
	}
	return dst, true
}
