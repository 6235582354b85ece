// Command conform lists, records, confirms, replays, checks and exports the conformance cases.
//
// Every command prints what it finds to standard output, and ends with status 0; with 1 if answers differ; or with
// 2 if the command line is wrong, or a check could not be made. `conform COMMAND --help` tells more.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"
)

// A command is one word of the command line.
type command struct {
	name, args, about string
	run               func(*settings, []string) error
}

var commands = []command{
	{"list", "[CASE...]", "list the releases, where their interpreters are, the themes and the cases", list},
	{"record", "[CASE...]", "ask the real interpreters and write their answers into the case files", record},
	{"confirm", "[CASE...]", "ask the real interpreters again and compare with the record", confirm},
	{"replay", "[CASE...]", "ask our own handler, in memory, and compare with the record", replay},
	{"check", "HOST:PORT", "ask a server that runs, which serves the tree that --tree names", check},
	{"check", "-- COMMAND...", "start a server for each tree, with {port}, {dir} and {options} filled in, and ask it", check},
	{"tree", "NAME DIR", "make a tree in a directory, for a server that is to be checked", tree},
	{"export", "DIR", "write all cases as JSON, for test suites in other languages", export},
	{"seeds", "DIR", "write seed corpora of the fuzz functions for libFuzzer", seeds},
}

// settings are the options, and where the output goes.
type settings struct {
	testdata string
	pythons  []string
	themes   []string
	pyenv    string
	modules  string
	missing  bool
	memory   bool
	cases    []string
	tree     string
	root     string
	level    string
	patience time.Duration
	json     bool
	junit    string

	isCommand bool // the arguments come after --
	out, errs io.Writer
}

// errMisuse is the reason for status 2.
var errMisuse = errors.New("misuse")

// misuse is an error that ends with status 2.
func misuse(format string, args ...any) error {
	return fmt.Errorf("%w%w", quietly{errMisuse}, fmt.Errorf(format, args...))
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
	flags, help := s.flags()
	err := flags.Parse(args)
	switch {
	case err != nil:
		fmt.Fprintln(errs, "conform:", err)
		return 2
	case *help:
		printHelp(out, flags)
		return 0
	case flags.NArg() == 0:
		usage(errs, flags)
		return 2
	}
	s.isCommand = flags.ArgsLenAtDash() == 1
	for _, c := range commands {
		if c.name != flags.Arg(0) {
			continue
		}
		err := c.run(&s, flags.Args()[1:])
		if err != nil {
			fmt.Fprintln(errs, "conform:", err)
		}
		return status(err)
	}
	fmt.Fprintf(errs, "conform: no command %q\n", flags.Arg(0))
	usage(errs, flags)
	return 2
}

// status is that of the process.
func status(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errMisuse):
		return 2
	}
	return 1
}

// checkPatience is how long a server that is checked may be silent: longer than any of CPython's answers takes.
const checkPatience = 5 * time.Second

func (s *settings) flags() (flags *pflag.FlagSet, help *bool) {
	flags = pflag.NewFlagSet("conform", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.testdata, "testdata", "conformance/testdata", "where cases and trees are")
	flags.StringSliceVar(&s.pythons, "python", nil, "only these releases, such as 3.9")
	flags.StringSliceVar(&s.themes, "theme", nil, "only these case files")
	flags.StringVar(&s.pyenv, "pyenv", "", "where interpreters are (default $PYENV_ROOT or ~/.pyenv)")
	flags.StringVar(&s.modules, "modules", "conformance/oracle/node_modules", "where the Node packages of 3.14 and 3.15 are")
	flags.BoolVar(&s.missing, "missing", false, "record only what has no answer yet")
	flags.BoolVar(&s.memory, "memory", false, "confirm 3.7 to 3.13 without sockets, in the way of 3.14 and 3.15")
	flags.StringArrayVar(&s.cases, "case", nil, "check: only this case")
	flags.StringVar(&s.tree, "tree", "plain", "check HOST:PORT: the tree that is served there, its name or where it was made")
	flags.StringVar(&s.root, "root", "", "check HOST:PORT: the path by which the server knows its tree")
	flags.StringVar(&s.level, "level", "bytes", "check: what has to be equal: bytes, content or status")
	flags.DurationVar(&s.patience, "patience", checkPatience, "check: how long the server may be silent")
	flags.BoolVar(&s.json, "json", false, "check: print one JSON document")
	flags.StringVar(&s.junit, "junit", "", "check: also write a JUnit report into this file")
	help = flags.BoolP("help", "h", false, "tell about conform, or about the command")
	fuzzFlags(flags)
	return flags, help
}

// printHelp tells about the command that is named, or about all.
func printHelp(w io.Writer, flags *pflag.FlagSet) {
	if page := pages[flags.Arg(0)]; page != "" {
		fmt.Fprint(w, page)
		return
	}
	usage(w, flags)
}

func usage(w io.Writer, flags *pflag.FlagSet) {
	fmt.Fprintln(w, "usage: conform [options] COMMAND ...")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-8s %-14s %s\n", c.name, c.args, c.about)
	}
	fmt.Fprintf(w, "options:\n%s", flags.FlagUsages())
}
