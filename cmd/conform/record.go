package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// load reads the case files and picks from each the cases that are asked for. A name is that of a theme, or
// THEME/NAME, which may hold the wildcards of path.Match.
func load(s *settings, names []string) (themes []*conformance.Theme, picked []*conformance.Case, err error) {
	themes, err = conformance.LoadThemes(s.testdata)
	if err != nil {
		return nil, nil, err
	}
	unused := map[string]bool{}
	for _, name := range slices.Concat(names, s.themes) {
		unused[name] = true
	}
	for _, t := range themes {
		delete(unused, t.Name)
		for _, c := range t.Cases {
			wanted := len(names) == 0
			for _, name := range names {
				if match, _ := path.Match(name, c.FullName()); match || name == c.FullName() || name == t.Name {
					delete(unused, name)
					wanted = true
				}
			}
			if wanted && (len(s.themes) == 0 || slices.Contains(s.themes, t.Name)) {
				picked = append(picked, c)
			}
		}
	}
	for name := range unused {
		return nil, nil, fmt.Errorf("no such theme or case: %q", name)
	}
	if len(picked) == 0 {
		return nil, nil, errors.New("no case is in both the themes and the names")
	}
	return themes, picked, nil
}

// versions are the releases that are asked for.
func (s *settings) versions() ([]cpython.Version, error) {
	if len(s.pythons) == 0 {
		return cpython.Versions(), nil
	}
	var vs []cpython.Version
	for _, name := range s.pythons {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			return nil, fmt.Errorf("no release %q", name)
		}
		vs = append(vs, v)
	}
	return vs, nil
}

// record asks the releases that are there, and saves after each.
func record(s *settings, names []string) error {
	themes, picked, err := load(s, names)
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	// A theme of which nothing is asked is not written: somebody may be at work in its file.
	themes = slices.DeleteFunc(themes, func(t *conformance.Theme) bool { return countOf(t, picked) == 0 })
	progress := newProgress(s.errs, len(picked)*len(cpython.Versions()))
	var failed error
	err = eachRelease(ctx, s, func(v cpython.Version, o conformance.Oracle, trees *conformance.Trees) {
		asked := 0
		for _, c := range picked {
			if ctx.Err() != nil {
				break
			}
			if !c.Asked(v) {
				c.SetRecorded(v, nil)
				continue
			}
			if _, have := c.Recorded(v); have && s.missing {
				continue
			}
			asked++
			progress.step(v.String() + " " + c.FullName())
			lines, err := conformance.AskLines(o, c, trees)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s, %s: %w", c.FullName(), v, err))
				continue
			}
			c.SetRecorded(v, lines)
		}
		progress.clear()
		fmt.Fprintf(s.out, "%s: asked %d cases\n", v, asked)
		failed = errors.Join(failed, save(s, themes))
	})
	return errors.Join(err, failed)
}

// save writes the case files that changed.
func save(s *settings, themes []*conformance.Theme) (failed error) {
	for _, t := range themes {
		changed, err := t.Save(s.testdata)
		failed = errors.Join(failed, err)
		if changed {
			fmt.Fprintf(s.out, "%s.txt changed\n", t.Name)
		}
	}
	return failed
}

// confirm compares, and fails if a release answers otherwise than recorded.
func confirm(s *settings, names []string) error {
	_, picked, err := load(s, names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	ctx, stop := interruptible()
	defer stop()
	t := newTally(ctx, s, "CPython", len(picked)*len(vs))
	err = eachRelease(ctx, s, func(v cpython.Version, o conformance.Oracle, trees *conformance.Trees) {
		for _, c := range picked {
			if !c.Asked(v) || s.memory && c.Sockets || ctx.Err() != nil {
				continue
			}
			d, err := conformance.Confirm(o, c, v, trees)
			switch {
			case err != nil:
				t.count(c, v, &result{Outcome: different, Reason: err.Error(), Why: c.Why, Tree: c.Tree, Request: c.Request.Spelled()})
			case d != nil:
				t.count(c, v, differing(d))
			default:
				t.count(c, v, &result{Outcome: equal})
			}
		}
	})
	return errors.Join(err, t.finish())
}

// eachRelease runs f with an oracle of every release that is asked for. Without --python, a release that is not here
// is passed over, with a word.
func eachRelease(ctx context.Context, s *settings, f func(cpython.Version, conformance.Oracle, *conformance.Trees)) error {
	vs, err := s.versions()
	if err != nil {
		return err
	}
	trees := &conformance.Trees{Testdata: s.testdata}
	asked := 0
	for _, v := range vs {
		if ctx.Err() != nil {
			return errInterrupted
		}
		o, err := oracle(s, v)
		if err != nil && len(s.pythons) == 0 {
			fmt.Fprintf(s.errs, "%s: not asked: %v\n", v, err)
			continue
		}
		if err != nil {
			return err
		}
		asked++
		f(v, o, trees)
		o.Close()
	}
	if asked == 0 {
		return errNobody
	}
	return nil
}

// errInterrupted is the reason of who was told to end.
var errInterrupted = errors.New("interrupted")

func oracle(s *settings, v cpython.Version) (conformance.Oracle, error) {
	if !conformance.HasSockets(v) {
		return conformance.NewWebAssembly(v, s.modules, s.testdata)
	}
	python, err := conformance.FindPython(v, s.pyenv)
	if err != nil {
		return nil, err
	}
	if s.memory {
		return conformance.NewMemory(v, python, s.testdata)
	}
	return conformance.NewInterpreters(v, python, s.testdata)
}
