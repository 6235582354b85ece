package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/pflag"
)

// settings are the options, and where the output goes.
type settings struct {
	help bool

	// which cases and releases
	pythons []string
	themes  []string
	cases   []string

	// where things are
	testdata string
	pyenv    string
	modules  string

	// record and confirm
	missing bool
	memory  bool

	// the server that is checked, or that diff asks
	tree     string
	root     string
	protocol string
	level    string
	patience time.Duration
	open     bool

	// generated requests
	count    int
	duration time.Duration
	seed     uint64
	findings int
	encoding string
	found    string // the file

	// reports
	json  bool
	junit string

	isCommand bool // the arguments come after --
	out, errs io.Writer
}

// checkPatience is how long a server that is checked may be silent: longer than any of CPython's answers takes.
const checkPatience = 20 * time.Second

// flags are all options, in the order of the help. Which of them a command takes is in the table below.
func (s *settings) flags() *pflag.FlagSet {
	f := pflag.NewFlagSet("conform", pflag.ContinueOnError)
	f.SortFlags = false
	f.SetOutput(io.Discard)
	f.StringSliceVar(&s.pythons, "python", nil, "`RELEASE`, such as 3.9; several times, or with commas")
	f.StringSliceVar(&s.themes, "theme", nil, "only the cases of this `THEME`; several times, or with commas")
	f.StringArrayVar(&s.cases, "case", nil, "only this case, `THEME/NAME`; the wildcards * ? [ ] may be in it")
	f.StringVar(&s.tree, "tree", "plain", "the tree that is served: its name, or the `DIR` where conform tree made it")
	f.StringVar(&s.root, "root", "", "the `DIR` by which the server itself knows its tree")
	f.StringVar(&s.protocol, "protocol", "HTTP/1.0", "the protocol `VERSION` that the server was started with")
	f.StringVar(&s.level, "level", "bytes", "what has to be equal: `LEVEL` bytes, content or status")
	f.DurationVar(&s.patience, "patience", checkPatience, "how long the server may be silent, a `TIME` such as 500ms")
	toggle(f, &s.open, "open", "the client does not end its stream")
	toggle(f, &s.missing, "missing", "record only what has no answer yet")
	toggle(f, &s.memory, "memory", "ask 3.7 to 3.13 without sockets, in the way of 3.14 and 3.15")
	f.IntVar(&s.count, "count", 0, "so many requests, a `NUMBER` for each release or pair")
	f.DurationVar(&s.duration, "for", 0, "so long in all, a `TIME` such as 10m")
	f.Uint64Var(&s.seed, "seed", 1, "a `NUMBER`; equal ones make equal requests")
	f.IntVar(&s.findings, "findings", 20, "go on to the next release after such a `NUMBER` of differences; 0 for no end")
	f.StringVar(&s.encoding, "encoding", "", "`NAME` ascii for the C locale; UTF-8 without")
	f.StringVar(&s.found, "out", "bin/found.txt", "the `FILE` for what is found, in the form of a case file")
	toggle(f, &s.json, "json", "print one JSON document instead of text")
	f.StringVar(&s.junit, "junit", "", "also write a JUnit report into this `FILE`")
	f.StringVar(&s.pyenv, "pyenv", "", "where interpreters are, a `DIR` (default $PYENV_ROOT or ~/.pyenv)")
	f.StringVar(&s.modules, "modules", "conformance/oracle/node_modules", "where the Node packages of 3.14 and 3.15 are, a `DIR`")
	f.StringVar(&s.testdata, "testdata", "conformance/testdata", "where cases and trees are, a `DIR`")
	f.BoolFuncP("help", "h", "print this", func(string) error { s.help = true; return nil })
	return f
}

// toggle adds an option without a value. Of pflag's two kinds, this one is not printed with [=true|false].
func toggle(f *pflag.FlagSet, to *bool, name, usage string) {
	f.BoolFunc(name, usage, func(value string) (err error) {
		*to, err = strconv.ParseBool(value)
		return err
	})
}

// interpreters are the options of who asks them.
var interpreters = []string{"python", "pyenv", "modules"}

// takes are the options of each command, beside --testdata and --help.
var takes = map[string][]string{
	"list":            append([]string{"theme", "json"}, interpreters...),
	"record":          append([]string{"theme", "missing"}, interpreters...),
	"confirm":         append([]string{"theme", "memory", "json", "junit"}, interpreters...),
	"replay":          {"python", "theme", "json", "junit"},
	"check":           {"python", "theme", "case", "tree", "root", "protocol", "level", "patience", "json", "junit"},
	"fuzz":            append([]string{"count", "for", "seed", "findings", "encoding", "out"}, interpreters...),
	"between":         append([]string{"count", "for", "seed", "findings"}, interpreters...),
	"shrink":          append([]string{"out"}, interpreters...),
	"diff":            {"tree", "protocol", "open", "pyenv", "modules"},
	"quirks":          interpreters,
	"exhaustive":      interpreters,
	"oracle-coverage": interpreters[:2],
	"oracle-mutants":  interpreters[:2],
}

// isTaken reports whether a command takes an option.
func isTaken(command, option string) bool {
	return option == "testdata" || option == "help" || slices.Contains(takes[command], option)
}

// refuse is an error if an option is given that the command does not take.
func refuse(flags *pflag.FlagSet, command string) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && !isTaken(command, f.Name) {
			err = fmt.Errorf("%s takes no --%s", command, f.Name)
		}
	})
	return err
}
