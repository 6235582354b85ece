package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// check compares a server of anybody's: one that runs, or a command that is started for each tree.
func check(s *settings, args []string) error {
	picked, v, err := s.whatToCheck(args)
	if err != nil {
		return err
	}
	// Whoever interrupts it gets what was found till then, and no trees and servers are left behind; a second
	// interrupt ends it at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	c := &checker{
		settings: s, ctx: ctx, version: v, progress: newProgress(s.errs, len(picked)), colours: colours(s.out),
		report: report{Server: quoteAll(args), Python: v.String(), Level: s.level, Cases: []*result{}},
	}
	if s.isCommand {
		err = c.started(picked, args)
	} else {
		err = c.running(picked, args[0])
	}
	c.progress.clear()
	if err != nil {
		return misuse("%w", err)
	}
	return c.finish()
}

// whatToCheck reads the command line.
func (s *settings) whatToCheck(args []string) (picked []*conformance.Case, v cpython.Version, err error) {
	all := strings.Join(args, " ")
	switch {
	case len(s.pythons) != 1:
		return nil, v, misuse("check needs one --python RELEASE")
	case !slices.Contains(conformance.Levels, conformance.Level(s.level)):
		return nil, v, misuse("no level %q: bytes, content or status", s.level)
	case s.isCommand && !strings.Contains(all, "{port}"):
		return nil, v, misuse("the command needs {port} where it takes the port")
	case !s.isCommand && len(args) != 1:
		return nil, v, misuse("check needs HOST:PORT, or -- COMMAND {port} {dir}")
	case !s.isCommand && !strings.Contains(all, ":"):
		return nil, v, misuse("%q is no HOST:PORT", all)
	}
	vs, err := s.versions()
	if err != nil {
		return nil, v, misuse("%w", err)
	}
	if _, picked, err = load(s, s.cases); err != nil {
		return nil, v, misuse("%w", err)
	}
	return picked, vs[0], nil
}

// A checker asks, and counts what comes of it.
type checker struct {
	*settings
	ctx      context.Context
	version  cpython.Version
	report   report
	progress *progress
	colours  palette
}

func (c *checker) target(address, root string) *conformance.Target {
	return &conformance.Target{
		Version: c.version, Address: address, Root: root,
		Level: conformance.Level(c.level), Patience: c.patience,
	}
}

// running checks a server that serves one tree, in one way.
func (c *checker) running(picked []*conformance.Case, address string) error {
	name, root := filepath.Base(c.tree), c.root
	if root == "" && name != c.tree {
		var err error
		if root, err = filepath.Abs(c.tree); err != nil {
			return err
		}
	}
	if _, err := conformance.LoadTree(c.testdata, name); err != nil {
		return fmt.Errorf("no tree %q: %w", name, err)
	}
	options := conformance.DefaultOptions()
	options.Protocol = diffing.protocol
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

func orDefaults(options string) string {
	if options == "" {
		return "the defaults"
	}
	return options
}

// passOver counts a case that is not asked.
func (c *checker) passOver(k *conformance.Case, reason string) {
	c.progress.step(k.FullName())
	c.report.add(&result{Case: k.FullName(), theme: k.Theme, name: k.Name, Outcome: passedOver, Reason: reason})
}

// one asks a server one case. An error says that there is no server.
func (c *checker) one(target *conformance.Target, k *conformance.Case, server string) error {
	if reason := c.unasked(k); reason != "" {
		c.passOver(k, reason)
		return nil
	}
	d, err := target.Check(k)
	if err != nil {
		return err
	}
	c.progress.step(k.FullName())
	if d == nil {
		c.report.add(&result{Case: k.FullName(), theme: k.Theme, name: k.Name, Outcome: equal})
		return nil
	}
	c.difference(differs(k, d, "", c.rerun(k, server)))
	return nil
}

// difference counts a case that differs, and prints it.
func (c *checker) difference(r *result) {
	c.report.add(r)
	if !c.json {
		c.progress.clear()
		r.print(c.out, c.colours)
	}
}

// unasked is the reason why no server can be asked a case, or "".
func (c *checker) unasked(k *conformance.Case) string {
	_, recorded := k.Recorded(c.version)
	switch {
	case !recorded:
		return "not asked of " + c.version.String()
	case !k.Checkable():
		return "needs a clock, files of the system, or an order of directories that a server cannot be given"
	case k.Theme == "types" && hasMimeTypes():
		return "this system has /etc/mime.types, and the reference environment has none"
	}
	return ""
}

// hasMimeTypes reports whether the system has a file that changes media types.
func hasMimeTypes() bool {
	_, err := os.Stat("/etc/mime.types")
	return err == nil
}

// rerun is the command that asks only this case.
func (c *checker) rerun(k *conformance.Case, server string) string {
	words := []string{"go", "run", "./cmd/conform", "check", "--python", c.version.Series(), "--case", k.FullName()}
	defaults, _ := (&settings{}).flags()
	for _, o := range []struct{ name, value string }{
		{"testdata", c.testdata}, {"level", c.level}, {"patience", c.patience.String()},
		{"tree", c.tree}, {"root", c.root}, {"protocol", diffing.protocol},
	} {
		if o.value != defaults.Lookup(o.name).DefValue {
			words = append(words, "--"+o.name, o.value)
		}
	}
	return quoteAll(words) + " " + server
}

// finish prints what came of all.
func (c *checker) finish() error {
	if c.junit != "" {
		if err := c.report.writeJUnit(c.junit); err != nil {
			return misuse("%w", err)
		}
	}
	if c.json {
		if err := c.report.writeJSON(c.out); err != nil {
			return misuse("%w", err)
		}
	} else {
		c.report.summary(c.out)
	}
	switch {
	case c.ctx.Err() != nil:
		return misuse("interrupted after %d cases", len(c.report.Cases))
	case c.report.Different > 0:
		return fmt.Errorf("%d of %d answers differ from those of CPython %s", c.report.Different, c.report.Asked, c.version)
	}
	return nil
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
