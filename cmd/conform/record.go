package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// load reads the case files and picks from each the cases that are asked for. A CASE is THEME/NAME,
// and may hold the wildcards of path.Match.
func load(s *settings, names []string) (themes []*conformance.Theme, picked []*conformance.Case, err error) {
	themes, err = conformance.LoadThemes(s.testdata)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range themes {
		for _, c := range t.Cases {
			wanted := (len(s.themes) == 0 || slices.Contains(s.themes, t.Name)) &&
				(len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
					match, _ := path.Match(name, c.FullName())
					return match || name == c.FullName()
				}))
			if wanted {
				picked = append(picked, c)
			}
		}
	}
	if len(picked) == 0 {
		return nil, nil, errors.New("no such case")
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
	var failed error
	err = eachRelease(s, func(v cpython.Version, o conformance.Oracle, trees *conformance.Trees) {
		asked := 0
		for _, c := range picked {
			if !c.Asked(v) {
				c.SetRecorded(v, nil)
				continue
			}
			if _, have := c.Recorded(v); have && s.missing {
				continue
			}
			asked++
			lines, err := conformance.AskLines(o, c, trees)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s, %s: %w", c.FullName(), v, err))
				continue
			}
			c.SetRecorded(v, lines)
		}
		fmt.Printf("%s: asked %d cases\n", v, asked)
	})
	for _, t := range themes {
		changed, err := t.Save(s.testdata)
		failed = errors.Join(failed, err)
		if changed {
			fmt.Printf("%s.txt changed\n", t.Name)
		}
	}
	return errors.Join(err, failed)
}

// confirm compares, and fails if a release answers otherwise than recorded.
func confirm(s *settings, names []string) error {
	_, picked, err := load(s, names)
	if err != nil {
		return err
	}
	var failed error
	different := 0
	err = eachRelease(s, func(v cpython.Version, o conformance.Oracle, trees *conformance.Trees) {
		asked := 0
		for _, c := range picked {
			if !c.Asked(v) || s.memory && c.Sockets {
				continue
			}
			asked++
			d, err := conformance.Confirm(o, c, v, trees)
			failed = errors.Join(failed, err)
			if d != nil {
				different++
				fmt.Println(d)
			}
		}
		fmt.Printf("%s: asked %d cases\n", v, asked)
	})
	if different > 0 {
		failed = errors.Join(failed, fmt.Errorf("%d answers differ from the record", different))
	}
	return errors.Join(err, failed)
}

// eachRelease runs f with an oracle of every release that is asked for. Without --python, a release that is not here is passed over, with a word.
func eachRelease(s *settings, f func(cpython.Version, conformance.Oracle, *conformance.Trees)) error {
	vs, err := s.versions()
	if err != nil {
		return err
	}
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		o, err := oracle(s, v)
		if err != nil && len(s.pythons) == 0 {
			fmt.Fprintf(os.Stderr, "%s: not asked: %v\n", v, err)
			continue
		}
		if err != nil {
			return err
		}
		f(v, o, trees)
		o.Close()
	}
	return nil
}

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
