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
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"simplehttp/cpython"
	"simplehttp/handler"
	"simplehttp/server"
)

// The exit statuses.
const (
	exitOK    = 0
	exitError = 1 // CPython dies of an exception
	exitUsage = 2 // argparse exits
)

// grace is how long requests under way may take to finish after SIGTERM.
const grace = 10 * time.Second

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
	warnOfMissing(o.directory)
	s := &server.TCPServer{Handler: newHandler(o), Env: newEnv(o), Bind: o.bind, Port: o.port}
	if err := serve(s, o.release); err != nil {
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

// serve prints the banner and serves until a signal ends it.
func serve(s *server.TCPServer, v cpython.Version) error {
	if err := s.Listen(); err != nil {
		return errors.New("cannot listen at " + place(s) + ": " + err.Error())
	}
	host, port := s.Sockname()
	banner := server.AppendBanner(nil, v, host, port, colored(os.Stdout))
	if _, err := os.Stdout.Write(banner); err != nil {
		return err
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go obey(signals, s, v)
	return s.ServeForever()
}

// place names the address that the command line asks for.
func place(s *server.TCPServer) string {
	host := "any address"
	if s.Bind != nil {
		host = strconv.Quote(*s.Bind)
	}
	return host + ", port " + strconv.Itoa(s.Port)
}

// obey ends the server at a signal. SIGINT is Control-C: CPython says a word and is gone, with all
// that is under way. SIGTERM, of which CPython dies at once, lets requests finish; a second
// one does not.
func obey(signals <-chan os.Signal, s *server.TCPServer, v cpython.Version) {
	first := true
	for sig := range signals {
		if sig == os.Interrupt {
			os.Exit(interrupted(v))
		}
		if !first {
			os.Exit(exitOK)
		}
		first = false
		go s.Shutdown(grace)
	}
}

// interrupted is what CPython prints at Control-C, and the exit status.
func interrupted(v cpython.Version) int {
	if goodbye := server.Goodbye(v); goodbye != "" {
		_, _ = os.Stdout.WriteString(goodbye)
		return exitOK
	}
	_, _ = os.Stderr.WriteString("KeyboardInterrupt\n") // the last line of its traceback
	return exitError
}

// newHandler returns the class that the command line asks for.
func newHandler(o options) *handler.Handler {
	h := handler.New(o.release)
	h.ProtocolVersion = o.protocol
	h.DefaultContentType = o.contentType
	for _, field := range o.headers {
		h.ExtraResponseHeaders = append(h.ExtraResponseHeaders, handler.Header{Keyword: field[0], Value: field[1]})
	}
	if o.directory != nil {
		h.Directory = *o.directory
		if *o.directory == "" {
			h.Directory = handler.EmptyDirectory
		}
	}
	return h
}

// warnOfMissing says that there is nothing to serve, which CPython only shows by its answers.
func warnOfMissing(directory *string) {
	if directory == nil || *directory == "" {
		return
	}
	if _, err := os.Stat(*directory); err != nil {
		complain(errors.New("warning: directory " + strconv.Quote(*directory) + " cannot be read; until it can be, every answer is 404"))
	}
}

// complain prints an error as one line on standard error.
func complain(err error) {
	_, _ = os.Stderr.WriteString("simplehttp: " + err.Error() + "\n")
}
