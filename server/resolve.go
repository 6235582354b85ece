package server

import (
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// A resolver finds what resolve cannot know from the text of an address.
type resolver struct {
	lookUp  func(name string) []ipAddress // the addresses of a name, in the order of their table
	scope   func(name string) uint32      // if_nametoindex
	reaches func(a ipAddress) bool        // the system has a route to a
}

// resolve finds the address that --bind names; nil is no --bind.
//
// Releases that ResolvesBindAddress take the first result of getaddrinfo(AI_PASSIVE); the others
// bind an AF_INET socket, for which the socket module asks getaddrinfo for AF_INET only. Without
// --bind the first result is 0.0.0.0 with the GNU C library, whatever /etc/gai.conf says.
func resolve(v cpython.Version, bind *string, port int, r resolver) (ipAddress, error) {
	any := v.Has(cpython.ResolvesBindAddress)
	if port < 0 || port > 65535 {
		return ipAddress{}, portError(any)
	}
	switch {
	case bind == nil:
		return ipAddress{}, nil
	case any:
		return getaddrinfo(*bind, false, r)
	case *bind == "":
		return ipAddress{}, nil
	case *bind == "<broadcast>":
		return ipv4([4]byte{255, 255, 255, 255}), nil
	}
	return getaddrinfo(*bind, true, r)
}

// portError is what CPython says of a port that is none. The C library of newer releases takes
// ports beyond 65535 modulo 65536; that is refused here.
func portError(resolves bool) error {
	if resolves {
		return servnameError
	}
	return errorText("getsockaddrarg: port must be 0-65535.")
}

// getaddrinfo is the first result of the C library's function for SOCK_STREAM and AI_PASSIVE; if
// inet, for AF_INET, else for either family.
func getaddrinfo(host string, inet bool, r resolver) (ipAddress, error) {
	if a, ok := parseIPv4(host); ok {
		return a, nil
	}
	text, scope, scoped := strings.Cut(host, "%")
	if a, ok := parseIPv6(text); ok {
		mapped, isMapped := unmap(a)
		switch {
		case inet && !isMapped:
			return ipAddress{}, addrfamilyError
		case scoped && !a.setScope(scope, r):
			return ipAddress{}, nonameError
		case inet:
			return mapped, nil
		}
		return a, nil
	}
	return lookUp(host, inet, r)
}

// unmap returns the IPv4 address of an IPv4-mapped one: AF_INET takes no other.
func unmap(a ipAddress) (mapped ipAddress, ok bool) {
	start, length := longestZeros(a.ip)
	return ipv4([4]byte(a.ip[12:])), start == 0 && length == 5 && group(a.ip, 5) == 0xffff
}

// setScope sets the scope of fe80::1%eth0: a number, or the name of an interface for link-local
// addresses, and for multicast within a link or an interface (ff02::, ff01::).
func (a *ipAddress) setScope(text string, r resolver) bool {
	linkLocal := a.ip[0] == 0xfe && a.ip[1]&0xc0 == 0x80
	multicast := a.ip[0] == 0xff && (a.ip[1]&0x0f == 2 || a.ip[1]&0x0f == 1)
	if linkLocal || multicast {
		if a.scope = r.scope(text); a.scope != 0 {
			return true
		}
	}
	if text == "" || text[0] < '0' || text[0] > '9' {
		return false
	}
	n, err := strconv.ParseUint(text, 10, 32)
	a.scope = uint32(n)
	return err == nil
}

// lookUp returns the address of a name. Of several, RFC 6724 prefers IPv6, where it can be
// reached: localhost is ::1 if /etc/hosts says so.
func lookUp(name string, inet bool, r resolver) (ipAddress, error) {
	var first *ipAddress
	for _, a := range r.lookUp(name) {
		switch {
		case a.v6 && inet:
			continue
		case a.v6 && r.reaches(a):
			return a, nil
		case first == nil || first.v6 && !a.v6:
			first = &a
		}
	}
	if first == nil {
		return ipAddress{}, nonameError
	}
	return *first, nil
}

// A gaiError is socket.gaierror.
type gaiError struct {
	code int
	text string // gai_strerror
}

// The failures of getaddrinfo, with the codes of the GNU C library.
var (
	nonameError     = gaiError{-2, "Name or service not known"}
	servnameError   = gaiError{-8, "Servname not supported for ai_socktype"}
	addrfamilyError = gaiError{-9, "Address family for hostname not supported"}
)

// Error is the error as the last line of CPython's traceback has it.
func (e gaiError) Error() string { return "[Errno " + strconv.Itoa(e.code) + "] " + e.text }

// errorText is an error that is a text.
type errorText string

func (e errorText) Error() string { return string(e) }
