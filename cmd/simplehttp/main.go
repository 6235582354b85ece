// Command simplehttp serves a directory as a release of CPython does: python -m http.server, or
// python -m SimpleHTTPServer.
//
//	simplehttp [PORT] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [--python RELEASE]
//
// What goes in is the command line, the environment (TZ, the locale, NO_COLOR and what else 3.15
// asks for colours) and the system's mime.types files. What comes out is CPython's banner on
// standard output and its log on standard error. The package only wires these to package server.
package main

import (
	"errors"
	"os"
	"path/filepath"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
	"simplehttp/server"
)

// The exit statuses.
const (
	exitOK    = 0
	exitError = 1 // CPython dies of an exception
	exitUsage = 2 // argparse exits
)

func main() {
	os.Exit(run(os.Args))
}

// run is main with the exit status as its result.
func run(args []string) int {
	o, err := parseOptions(args[1:], releaseNamed(args[0]))
	switch {
	case err != nil:
		complain(err)
		return exitUsage
	case o.help:
		_, _ = os.Stdout.WriteString(help)
		return exitOK
	case o.version:
		_, _ = os.Stdout.WriteString(versionText(o.release))
		return exitOK
	}
	env := server.SystemEnv(o.release)
	h, err := newHandler(o, env.FS)
	if err != nil {
		complain(err)
		return exitError
	}
	warnOfMissing(env.FS, o.directory)
	if o.noMimeFiles {
		env.MimeFiles = nil
	}
	s := &server.TCPServer{Addr: server.Addr(o.bind, o.port), Handler: h, Env: &env, Limits: limitsOf(o)}
	if err := s.Listen(); err != nil {
		complain(errors.New("cannot listen at " + s.Addr + ": " + err.Error()))
		return exitError
	}
	err = server.Test(s)
	if err == server.ErrInterrupted {
		_, _ = os.Stderr.WriteString(err.Error() + "\n") // the last line of CPython's traceback
		return exitError
	}
	if err != nil {
		complain(err)
		return exitError
	}
	return exitOK
}

// releaseNamed returns the release that serves under the name of the program: a link named
// SimpleHTTPServer is the module of 2.7.
func releaseNamed(program string) cpython.Version {
	if filepath.Base(program) == "SimpleHTTPServer" {
		return cpython.V2_7
	}
	return cpython.Default
}

// newHandler returns the class that the command line asks for. The current directory, the default of
// --directory, is fixed here, before there is a socket or a banner.
func newHandler(o options, files fsmap.FS) (*handler.Handler, error) {
	h := handler.New(o.release)
	h.ProtocolVersion = o.protocol
	h.DefaultContentType = o.contentType
	for _, field := range o.headers {
		h.ExtraResponseHeaders = append(h.ExtraResponseHeaders, handler.Header{Keyword: field[0], Value: field[1]})
	}
	switch {
	case o.directory == nil:
		if err := h.FixDirectory(files); err != nil {
			return nil, errors.New("cannot find the current directory: " + err.Error())
		}
	case *o.directory == "":
		h.Directory = handler.EmptyDirectory
	default:
		h.Directory = *o.directory
	}
	return h, nil
}

// warnOfMissing says that there is nothing to serve, which CPython only shows by its answers.
func warnOfMissing(files fsmap.FS, directory *string) {
	if directory == nil || *directory == "" {
		return
	}
	if _, err := files.Stat([]byte(*directory)); err != nil {
		complain(errors.New("warning: directory " + "'" + *directory + "'" + " cannot be read; until it can be, every answer is 404"))
	}
}

// complain prints an error as one line on standard error.
func complain(err error) {
	_, _ = os.Stderr.WriteString("simplehttp: " + err.Error() + "\n")
}
