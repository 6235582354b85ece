package server

import (
	"strconv"
	"strings"
)

// Addr returns a TCPServer's Addr for a host, as --bind names it, and a port. A nil host is no
// --bind. The empty host is what it is to CPython: the same up to 3.7, and an error since; it is
// spelled "[]:8000".
func Addr(host *string, port int) string {
	text := ":" + strconv.Itoa(port)
	switch {
	case host == nil:
		return text
	case *host == "" || strings.Contains(*host, ":"):
		return "[" + *host + "]" + text
	}
	return *host + text
}

// splitAddr is Addr undone.
func splitAddr(addr string) (host *string, port int, err error) {
	i := strings.LastIndexByte(addr, ':')
	if i < 0 {
		return nil, 0, errorText("server: no port in the address " + "'" + addr + "'")
	}
	if port, err = strconv.Atoi(addr[i+1:]); err != nil {
		return nil, 0, errorText("server: the port in " + "'" + addr + "'" + " is no number")
	}
	name := addr[:i]
	if name == "" {
		return nil, port, nil
	}
	if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		name = name[1 : len(name)-1]
	} else if strings.Contains(name, ":") {
		return nil, 0, errorText("server: brackets are missing in the address " + "'" + addr + "'")
	}
	return &name, port, nil
}
