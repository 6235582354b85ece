package server

import (
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// The colours of the banner, ANSIColors of 3.15's _colorize.
const (
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

// AppendBanner appends the line that test() of http.server (2.7: of BaseHTTPServer) prints before
// it serves. host and port are what the socket is bound to, as [TCPServer.Sockname] has them.
//
//	2.7   Serving HTTP on 0.0.0.0 port 8000 ...
//	3.x   Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...
//
// With colors, a release that ColorsTerminal colours it.
func AppendBanner(dst []byte, v cpython.Version, host string, port int, colors bool) []byte {
	serving, url, end := "", "", ""
	if colors && v.Has(cpython.ColorsTerminal) {
		serving, url, end = green, cyan, reset
	}
	dst = append(dst, serving+"Serving HTTP on "+host+" port "...)
	dst = strconv.AppendInt(dst, int64(port), 10)
	dst = append(dst, end...)
	if v.Has(cpython.ShowsURLInBanner) {
		dst = append(dst, " ("+url+"http://"+urlHost(v, host)+":"...)
		dst = strconv.AppendInt(dst, int64(port), 10)
		dst = append(dst, "/"+end+")"...)
	}
	return append(dst, " ...\n"...)
}

func urlHost(v cpython.Version, host string) string {
	if v.Has(cpython.BracketsHostInBanner) && strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// Goodbye is what test() prints on Control-C; with 2.7 it is nothing, for that dies of a traceback.
func Goodbye(v cpython.Version) string {
	if v.Has(cpython.SaysGoodbye) {
		return "\nKeyboard interrupt received, exiting.\n"
	}
	return ""
}
