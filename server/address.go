package server

import "strconv"

// An ipAddress is an address to bind to, or of a client: of IPv6, or of IPv4 in its last 4 bytes.
type ipAddress struct {
	ip    [16]byte
	v6    bool
	scope uint32 // of a link-local IPv6 address; 0 for none
}

// String spells the address as getsockname does in CPython: without a scope (since 3.7; earlier
// releases bind no IPv6 address here).
func (a ipAddress) String() string {
	if a.v6 {
		return string(appendIPv6(nil, a.ip))
	}
	return string(appendIPv4(nil, [4]byte(a.ip[12:])))
}

// ipv4 makes an address of four bytes.
func ipv4(b [4]byte) ipAddress {
	var a ipAddress
	copy(a.ip[12:], b[:])
	return a
}

// appendIPv4 is inet_ntop(AF_INET).
func appendIPv4(dst []byte, ip [4]byte) []byte {
	for i, b := range ip {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = strconv.AppendUint(dst, uint64(b), 10)
	}
	return dst
}

// appendIPv6 is inet_ntop(AF_INET6) of the GNU C library: RFC 5952, and dotted for IPv4-mapped
// addresses (::ffff:127.0.0.1) as well as for the forgotten IPv4-compatible ones (::1.2.3.4).
func appendIPv6(dst []byte, ip [16]byte) []byte {
	start, length := longestZeros(ip)
	for i := 0; i < 8; i++ {
		if length > 1 && i == start {
			dst = append(dst, ':', ':')
			i += length - 1
			continue
		}
		if i > 0 && (length < 2 || i != start+length) {
			dst = append(dst, ':')
		}
		if i == 6 && start == 0 && (length == 6 || length == 5 && group(ip, 5) == 0xffff) {
			return appendIPv4(dst, [4]byte(ip[12:]))
		}
		dst = strconv.AppendUint(dst, uint64(group(ip, i)), 16)
	}
	return dst
}

// group is one of the eight numbers of an IPv6 address.
func group(ip [16]byte, i int) uint16 { return uint16(ip[2*i])<<8 | uint16(ip[2*i+1]) }

// longestZeros finds the first of the longest runs of zero groups.
func longestZeros(ip [16]byte) (start, length int) {
	for i := 0; i < 8; i++ {
		n := 0
		for i+n < 8 && group(ip, i+n) == 0 {
			n++
		}
		if n > length {
			start, length = i, n
		}
		i += n
	}
	return start, length
}

// parseIPv4 is inet_aton: one to four numbers, decimal, octal after 0, hexadecimal after 0x, of
// which the last fills the bytes that are left. 127.1 is 127.0.0.1, and so is 0x7f000001.
func parseIPv4(s string) (a ipAddress, ok bool) {
	var ip [4]byte
	for i := range 4 {
		word, rest, more := cutByte(s, '.')
		n, ok := parseCNumber(word)
		if !ok {
			return ipAddress{}, false
		}
		if !more {
			if n >= 1<<(8*(4-i)) {
				return ipAddress{}, false
			}
			for j := 3; j >= i; j-- {
				ip[j] = byte(n)
				n >>= 8
			}
			return ipv4(ip), true
		}
		if n > 0xff {
			return ipAddress{}, false
		}
		ip[i], s = byte(n), rest
	}
	return ipAddress{}, false
}

// parseCNumber reads a number as strtoul with base 0, from a digit to the end of s.
func parseCNumber(s string) (n uint64, ok bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	base := 10
	switch {
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x':
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, s = 8, s[1:]
	}
	if s[0] == '+' || s[0] == '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, 64)
	return n, err == nil
}

// parseIPv6 is inet_pton(AF_INET6).
func parseIPv6(s string) (a ipAddress, ok bool) {
	front, back, gap := cutGap(s)
	head, ok1 := parseGroups(front, !gap)
	tail, ok2 := parseGroups(back, true)
	n := len(head) + len(tail)
	if !ok1 || !ok2 || !gap && n != 16 || gap && n > 14 {
		return ipAddress{}, false
	}
	copy(a.ip[:], head)
	copy(a.ip[16-len(tail):], tail)
	a.v6 = true
	return a, true
}

// cutGap cuts s at its first "::".
func cutGap(s string) (front, back string, gap bool) {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == ':' && s[i+1] == ':' {
			return s[:i], s[i+2:], true
		}
	}
	return s, "", false
}

// parseGroups reads hexadecimal numbers between colons, and a dotted IPv4 address at the end if
// it may have one.
func parseGroups(s string, mayDot bool) (b []byte, ok bool) {
	for s != "" {
		word, rest, more := cutByte(s, ':')
		if more && rest == "" || len(b) > 14 {
			return nil, false
		}
		if !more && mayDot && len(word) > 4 {
			ip, ok := parseDotted(word)
			return append(b, ip[:]...), ok
		}
		n, err := strconv.ParseUint(word, 16, 16)
		if err != nil || len(word) > 4 || word[0] == '+' {
			// A dotted address may be as short as 1.2.3.4, which is more than four characters.
			return nil, false
		}
		b = append(b, byte(n>>8), byte(n))
		s = rest
	}
	return b, true
}

// parseDotted is inet_pton(AF_INET): four decimal numbers without leading zeros.
func parseDotted(s string) (ip [4]byte, ok bool) {
	for i := range ip {
		word, rest, more := cutByte(s, '.')
		n, err := strconv.ParseUint(word, 10, 8)
		if err != nil || word[0] == '+' || len(word) > 1 && word[0] == '0' || more != (i < 3) {
			return ip, false
		}
		ip[i], s = byte(n), rest
	}
	return ip, true
}

// cutByte is strings.Cut at a byte.
func cutByte(s string, c byte) (before, after string, found bool) {
	for i := range len(s) {
		if s[i] == c {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}
