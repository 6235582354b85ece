// Command conform tells any server, ours or another's, where it differs from CPython's simple file server.
//
// It lists, records, confirms, replays, checks and exports the conformance cases, and compares generated requests.
// What it finds is printed to standard output. It ends with status 0; with 1 if answers differ; or with 2 if the
// command line is wrong, or what was asked for could not be done. `conform COMMAND --help` tells more.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// A command is one word of the command line. Which options it takes stands in options.go.
type command struct {
	name, args, about string
	run               func(*settings, []string) error
}

var commands = []command{
	{"list", "[THEME|CASE...]", "list releases, interpreters and themes; or the cases of a theme", list},
	{"record", "[THEME|CASE...]", "ask the real interpreters and write their answers into the case files", record},
	{"confirm", "[THEME|CASE...]", "ask the real interpreters again and compare with the record", confirm},
	{"replay", "[THEME|CASE...]", "ask our own handler, in memory, and compare with the record", replay},
	{"check", "HOST:PORT", "ask a server that runs, which serves the tree that --tree names", check},
	{"check", "-- COMMAND {port} {dir}", "start a server for each tree, and ask it", check},
	{"tree", "NAME DIR", "make a tree in a directory, for a server that is to be checked", tree},
	{"export", "DIR", "write all cases as JSON, for test suites in other languages", export},
	{"seeds", "DIR", "write seed corpora of the fuzz functions for libFuzzer", seeds},
}

// errDiffer is the reason for status 1.
var errDiffer = errors.New("differ")

// differ is an error that ends with status 1: all could be done, and the result is bad.
func differ(format string, args ...any) error {
	return fmt.Errorf("%w%w", quietly{errDiffer}, fmt.Errorf(format, args...))
}

// quietly is an error that errors.Is finds, and nobody reads.
type quietly struct{ error }

func (quietly) Error() string   { return "" }
func (q quietly) Unwrap() error { return q.error }

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command, and returns its status.
func run(args []string, out, errs io.Writer) int {
	s := settings{out: out, errs: errs}
	flags := s.flags()
	err := flags.Parse(args)
	name, rest := flags.Arg(0), flags.Args()
	if s.help || name == "help" {
		return printHelp(&s, rest)
	}
	if err == nil && name == "" {
		err = errors.New("no command is given")
	}
	i := find(name)
	if err == nil && i < 0 {
		err = fmt.Errorf("no command %q", name)
	}
	if err == nil {
		err = refuse(flags, name)
	}
	if err != nil {
		fmt.Fprintf(errs, "conform: %v; see conform%s --help\n", err, known(name))
		return 2
	}
	s.isCommand = flags.ArgsLenAtDash() == 1
	if err := commands[i].run(&s, rest[1:]); err != nil {
		fmt.Fprintln(errs, "conform:", err)
		return status(err)
	}
	return 0
}

// find is the number of the first command of that name, or -1.
func find(name string) int {
	for i, c := range commands {
		if c.name == name {
			return i
		}
	}
	return -1
}

// known is the name of a command that is one, with a blank before it.
func known(name string) string {
	if find(name) < 0 {
		return ""
	}
	return " " + name
}

// status is that of the process.
func status(err error) int {
	if errors.Is(err, errDiffer) {
		return 1
	}
	return 2
}
