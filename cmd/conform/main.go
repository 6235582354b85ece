// Command conform records, confirms, replays and checks the conformance cases.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"
)

// A command is one word of the command line.
type command struct {
	name, args, about string
	run               func(*settings, []string) error
}

var commands = []command{
	{"list", "[CASE...]", "list the cases", list},
	{"record", "[CASE...]", "ask the real interpreters and write their answers into the case files", record},
	{"confirm", "[CASE...]", "ask the real interpreters again and compare with the record", confirm},
	{"replay", "[CASE...]", "ask our own handler, in memory, and compare with the record", replay},
	{"check", "HOST:PORT", "ask a server that runs, which serves the tree that --tree names", check},
	{"check", "-- COMMAND...", "start a server for each tree, with {port}, {dir} and {options} filled in, and ask it", check},
	{"tree", "NAME DIR", "make a tree in a directory, for a server that is to be checked", tree},
}

// settings are the options.
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
}

func main() {
	var s settings
	flags := pflag.NewFlagSet("conform", pflag.ContinueOnError)
	flags.StringVar(&s.testdata, "testdata", "conformance/testdata", "where cases and trees are")
	flags.StringSliceVar(&s.pythons, "python", nil, "only these releases, such as 3.9")
	flags.StringSliceVar(&s.themes, "theme", nil, "only these case files")
	flags.StringVar(&s.pyenv, "pyenv", "", "where interpreters are (default $PYENV_ROOT or ~/.pyenv)")
	flags.StringVar(&s.modules, "modules", "conformance/oracle/node_modules", "where the Node packages of 3.14 and 3.15 are")
	flags.BoolVar(&s.missing, "missing", false, "record only what has no answer yet")
	flags.BoolVar(&s.memory, "memory", false, "confirm 3.7 to 3.13 without sockets, in the way of 3.14 and 3.15")
	flags.StringArrayVar(&s.cases, "case", nil, "check: only this case")
	flags.StringVar(&s.tree, "tree", "plain", "check HOST:PORT: the tree that is served there")
	flags.StringVar(&s.root, "root", "", "check HOST:PORT: the path of the tree that is served there")
	fuzzFlags(flags)
	flags.Usage = func() { usage(flags) }
	switch err := flags.Parse(os.Args[1:]); {
	case err == pflag.ErrHelp:
		os.Exit(0)
	case err != nil || flags.NArg() == 0:
		usage(flags)
		os.Exit(2)
	}
	for _, c := range commands {
		if c.name == flags.Arg(0) {
			if err := c.run(&s, flags.Args()[1:]); err != nil {
				fmt.Fprintln(os.Stderr, "conform:", err)
				os.Exit(1)
			}
			return
		}
	}
	usage(flags)
	os.Exit(2)
}

func usage(flags *pflag.FlagSet) {
	fmt.Fprintln(os.Stderr, "usage: conform [options] COMMAND ...")
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "  %-8s %-14s %s\n", c.name, c.args, c.about)
	}
	fmt.Fprintf(os.Stderr, "options:\n%s", flags.FlagUsages())
}
