package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// check compares a server of anybody's: one that runs, or a command that is started for each tree.
func check(s *settings, args []string) error {
	picked, v, err := s.whatToCheck(args)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	c := &checker{tally: newTally(ctx, s, quoteAll(args), len(picked)), version: v}
	c.report.Python, c.report.Level = v.String(), s.level
	if s.isCommand {
		err = c.started(picked, args)
	} else {
		err = c.running(picked, args[0])
	}
	if ctx.Err() != nil {
		err = nil // whatever came of the case that was asked then
	}
	// Also where it cannot go on, what was found till then is told.
	if err == nil || len(c.report.Cases) > 0 {
		if finished := c.finish(); err == nil {
			return finished
		}
	}
	c.progress.clear()
	return err
}

// whatToCheck reads the command line.
func (s *settings) whatToCheck(args []string) (picked []*conformance.Case, v cpython.Version, err error) {
	all := strings.Join(args, " ")
	switch {
	case len(s.pythons) != 1:
		return nil, v, errors.New("check needs one --python RELEASE")
	case !slices.Contains(conformance.Levels, conformance.Level(s.level)):
		return nil, v, fmt.Errorf("no level %q: bytes, content or status", s.level)
	case s.isCommand && !strings.Contains(all, "{port}"):
		return nil, v, errors.New("the command needs {port} where it takes the port")
	case !s.isCommand && len(args) != 1:
		return nil, v, errors.New("check needs HOST:PORT, or -- COMMAND {port} {dir}")
	}
	if !s.isCommand {
		if _, port, err := net.SplitHostPort(all); err != nil || port == "" {
			return nil, v, fmt.Errorf("%q is no HOST:PORT", all)
		}
	}
	vs, err := s.versions()
	if err != nil {
		return nil, v, err
	}
	if _, picked, err = load(s, s.cases); err != nil {
		return nil, v, err
	}
	return picked, vs[0], nil
}

// A checker asks a server.
type checker struct {
	*tally
	version  cpython.Version
	answered bool // with one byte at least
	silent   int  // how many cases in a row it was before
}

func (c *checker) target(address, root string) *conformance.Target {
	return &conformance.Target{
		Version: c.version, Address: address, Root: root,
		Level: conformance.Level(c.level), Patience: c.patience,
	}
}

// running checks a server that serves one tree, in one way.
func (c *checker) running(picked []*conformance.Case, address string) error {
	name, root, err := c.whereTree()
	if err != nil {
		return err
	}
	t, err := conformance.LoadTree(c.testdata, name)
	if err != nil {
		return fmt.Errorf("no tree %q: %w", name, err)
	}
	if name != c.tree {
		stop := make(chan struct{})
		defer close(stop)
		t.Feed(c.tree, stop)
	}
	options := conformance.DefaultOptions()
	options.Protocol = c.protocol
	target := c.target(address, root)
	for _, k := range picked {
		if c.ctx.Err() != nil {
			break
		}
		switch {
		case k.Tree != name:
			c.passOver(k, "needs the tree "+k.Tree)
			continue
		case k.Options.Key() != options.Key():
			c.passOver(k, "needs a server that is started with "+orDefaults(k.Options.String()))
			continue
		}
		if err := c.one(target, k, quoteAll([]string{address})); err != nil {
			return err
		}
	}
	return nil
}

// whereTree reads --tree and --root: the name of the tree, and the path by which the server knows it, if that is told.
func (c *checker) whereTree() (name, root string, err error) {
	name, root = filepath.Base(c.tree), c.root
	if name == c.tree {
		return name, root, nil
	}
	if _, err := os.Stat(c.tree); err != nil {
		return "", "", err
	}
	if root == "" {
		root, err = filepath.Abs(c.tree)
	}
	return name, root, err
}

func orDefaults(options string) string {
	if options == "" {
		return "the defaults"
	}
	return options
}

// passOver counts a case that is not asked.
func (c *checker) passOver(k *conformance.Case, reason string) {
	c.count(k, c.version, &result{Outcome: passedOver, Reason: reason})
}

// mostSilent is how many cases a server may leave without one byte, from the first on, before it is given up: each of
// them takes all the patience.
const mostSilent = 10

// one asks a server one case. An error says that there is no server.
func (c *checker) one(target *conformance.Target, k *conformance.Case, server string) error {
	if reason := c.unasked(k); reason != "" {
		c.passOver(k, reason)
		return nil
	}
	d, err := target.Check(c.ctx, k)
	if err != nil {
		return err
	}
	if d == nil {
		c.answered = true
		c.count(k, c.version, &result{Outcome: equal})
		return nil
	}
	c.count(k, c.version, departing(k, d, c.rerun(k, server)))
	if c.answered = c.answered || d.Line > 1 || d.Got != string(conformance.Open); c.answered {
		return nil
	}
	if c.silent++; c.silent >= mostSilent {
		return fmt.Errorf("%s has not sent one byte in %d cases", target.Address, c.silent)
	}
	return nil
}

// departing is the result of a case whose answer parts from the record.
func departing(k *conformance.Case, d *conformance.Departure, rerun string) *result {
	return &result{Outcome: different, Why: k.Why, Tree: k.Tree, Request: k.Request.Spelled(), Rerun: rerun,
		Line: d.Line, Byte: d.Byte, Got: d.Got, Want: d.Want}
}

// unasked is the reason why no server can be asked a case, or "".
func (c *checker) unasked(k *conformance.Case) string {
	_, recorded := k.Recorded(c.version)
	switch {
	case !recorded:
		return "not asked of " + c.version.String()
	case !k.Checkable():
		return "needs a clock, files of the system, or an order of directories that a server cannot be given"
	case slices.Contains(byMediaType, k.Theme) && hasMimeTypes():
		return "this system has /etc/mime.types, and the reference environment has none"
	}
	return ""
}

// byMediaType are the themes about names that a mime.types of the system may know.
var byMediaType = []string{"types", "suffixes"}

// hasMimeTypes reports whether the system has a file that changes media types.
func hasMimeTypes() bool {
	_, err := os.Stat("/etc/mime.types")
	return err == nil
}

// rerun is the command that asks only this case.
func (c *checker) rerun(k *conformance.Case, server string) string {
	words := append(thisCommand(), "check", "--python", c.version.Series(), "--case", k.FullName())
	defaults := (&settings{}).flags()
	for _, o := range []struct{ name, value string }{
		{"testdata", c.testdata}, {"level", c.level}, {"patience", c.patience.String()},
		{"tree", c.tree}, {"root", c.root}, {"protocol", c.protocol},
	} {
		if o.value != defaults.Lookup(o.name).DefValue {
			words = append(words, "--"+o.name, o.value)
		}
	}
	return quoteAll(words) + " " + server
}

// thisCommand is how this program is run: go run builds it in a folder that is gone afterwards.
func thisCommand() []string {
	if strings.Contains(os.Args[0], "go-build") {
		return []string{"go", "run", "./cmd/conform"}
	}
	return []string{os.Args[0]}
}

// quoteAll spells words for a shell.
func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+%@") != "" {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
