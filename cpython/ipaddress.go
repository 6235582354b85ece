package cpython

import "bytes"

// isIPv4Address reports whether ipaddress.IPv4Address(s) takes s.
//
//	IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet
//	dec-octet   = 0-255 without leading zeros                    ; RFC 3986, section 3.2.2
func isIPv4Address(s []byte) bool {
	for range 3 {
		octet, rest, found := bytes.Cut(s, []byte{'.'})
		if !found || !isOctet(octet) {
			return false
		}
		s = rest
	}
	return isOctet(s) // a fifth octet leaves a period in it
}

// isOctet is _BaseV4._parse_octet without the value.
func isOctet(s []byte) bool {
	if len(s) == 0 || len(s) > 3 || !isDigits(s) || len(s) > 1 && s[0] == '0' {
		return false
	}
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n <= 255
}

const (
	minParts     = 3 // _min_parts: an IPv6 address needs two colons
	hextetCount  = 8 // _HEXTET_COUNT
	maxIPv6Parts = hextetCount + 1
)

// isIPv6Address reports whether ipaddress.IPv6Address(s) takes s.
//
//	IPv6address = 8 h16 with colons between, or fewer and one "::"; ls32 may be IPv4address
//	h16         = 1*4HEXDIG                                      ; RFC 3986, section 3.2.2
//
// CPython also takes a scope, "%" and at least one character other than "%". The limit of
// 45 characters that later releases have can refuse no address that is valid otherwise.
func isIPv6Address(s []byte) bool {
	s, scope, found := bytes.Cut(s, []byte{'%'})
	if found && (len(scope) == 0 || bytes.IndexByte(scope, '%') >= 0) {
		return false
	}
	var parts [maxIPv6Parts + 1][]byte
	n, ok := splitHextets(&parts, s)
	if !ok {
		return false
	}
	high, low, ok := countHextets(parts[:n])
	if !ok {
		return false
	}
	for i, part := range parts[:n] {
		if (i < high || i >= n-low) && !isHextet(part) {
			return false
		}
	}
	return true
}

// splitHextets splits s at its colons into n parts. An IPv4 address at the end stands for
// two parts, whose values do not matter here.
func splitHextets(parts *[maxIPv6Parts + 1][]byte, s []byte) (n int, ok bool) {
	for rest, more := s, true; more; n++ {
		if n == maxIPv6Parts {
			return n, false
		}
		parts[n], rest, more = bytes.Cut(rest, []byte{':'})
	}
	if n < minParts {
		return n, false
	}
	if last := parts[n-1]; bytes.IndexByte(last, '.') >= 0 {
		if !isIPv4Address(last) {
			return n, false
		}
		parts[n-1], parts[n] = []byte("0"), []byte("0")
		n++
	}
	return n, n <= maxIPv6Parts
}

// countHextets is the middle of _BaseV6._ip_int_from_string: how many parts stand before
// the "::" and how many after it. Without "::" all eight stand before.
func countHextets(parts [][]byte) (high, low int, ok bool) {
	n, skip := len(parts), -1
	for i := 1; i < n-1; i++ {
		if len(parts[i]) > 0 {
			continue
		}
		if skip >= 0 {
			return 0, 0, false // At most one '::' permitted
		}
		skip = i
	}
	if skip < 0 {
		return n, 0, n == hextetCount // an empty first or last part is no hextet
	}
	high, low = skip, n-skip-1
	if len(parts[0]) == 0 {
		if high--; high > 0 {
			return 0, 0, false // Leading ':' only permitted as part of '::'
		}
	}
	if len(parts[n-1]) == 0 {
		if low--; low > 0 {
			return 0, 0, false // Trailing ':' only permitted as part of '::'
		}
	}
	return high, low, high+low < hextetCount
}

// isHextet is _BaseV6._parse_hextet without the value.
func isHextet(s []byte) bool { return 1 <= len(s) && len(s) <= 4 && isHexDigits(s) }

// isHexDigits reports whether s has hexadecimal digits only.
func isHexDigits(s []byte) bool {
	for _, c := range s {
		if unhex(c) < 0 {
			return false
		}
	}
	return true
}
