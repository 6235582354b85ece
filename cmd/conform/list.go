package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// The document of list --json.
type (
	listed struct {
		Releases []listedRelease `json:"releases"`
		Themes   []listedTheme   `json:"themes"`
		Cases    []listedCase    `json:"cases"`
	}
	listedRelease struct {
		Release     string `json:"release"`
		Series      string `json:"series"`
		Interpreter string `json:"interpreter,omitempty"`
		Missing     string `json:"missing,omitempty"`
	}
	listedTheme struct {
		Theme string `json:"theme"`
		About string `json:"about"`
		Cases int    `json:"cases"`
	}
	listedCase struct {
		Case string `json:"case"`
		Why  string `json:"why"`
		Tree string `json:"tree"`
	}
)

// list prints the releases with their interpreters and the themes; or, where some are named, their cases.
func list(s *settings, names []string) error {
	themes, picked, err := load(s, names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	var l listed
	for _, v := range vs {
		l.Releases = append(l.Releases, s.whereIs(v))
	}
	for _, t := range themes {
		if n := countOf(t, picked); n > 0 {
			l.Themes = append(l.Themes, listedTheme{t.Name, t.About(), n})
		}
	}
	for _, c := range picked {
		l.Cases = append(l.Cases, listedCase{c.FullName(), c.Why, c.Tree})
	}
	switch {
	case s.json:
		e := json.NewEncoder(s.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(l)
	case len(names)+len(s.themes) == 0:
		l.printOverview(s.out)
	default:
		l.printCases(s.out)
	}
	return nil
}

// countOf counts the cases of a theme.
func countOf(t *conformance.Theme, picked []*conformance.Case) (n int) {
	for _, c := range picked {
		if c.Theme == t.Name {
			n++
		}
	}
	return n
}

func (l *listed) printOverview(w io.Writer) {
	fmt.Fprintln(w, "RELEASES")
	for _, r := range l.Releases {
		where := r.Interpreter
		if where == "" {
			where = "cannot be asked: " + r.Missing
		}
		fmt.Fprintf(w, "%-5s %-9s  %s\n", r.Series, r.Release, where)
	}
	fmt.Fprintln(w, "\nTHEMES")
	for _, t := range l.Themes {
		fmt.Fprintf(w, "%-14s %4d  %.100s\n", t.Theme, t.Cases, t.About)
	}
	fmt.Fprintf(w, "%-14s %4d\n\nconform list THEME lists the cases of a theme, conform list THEME/NAME tells about one.\n", "all", len(l.Cases))
}

func (l *listed) printCases(w io.Writer) {
	for _, c := range l.Cases {
		fmt.Fprintf(w, "%s\n\t%s\n", c.Case, c.Why)
	}
}

// whereIs is where a release's interpreter is, or why there is none.
func (s *settings) whereIs(v cpython.Version) listedRelease {
	r := listedRelease{Release: v.String(), Series: v.Series()}
	path, err := conformance.FindOracle(v, s.pyenv, s.modules)
	if err == nil {
		r.Interpreter = path
		return r
	}
	r.Missing = err.Error()
	if others := s.otherReleases(v); len(others) > 0 {
		r.Missing += fmt.Sprintf("; here is %s, whose answers may differ", others)
	}
	return r
}

// otherReleases are the interpreters beside the one that is missing which are of the same series.
func (s *settings) otherReleases(v cpython.Version) (others []string) {
	paths, _ := filepath.Glob(filepath.Join(conformance.PyenvRoot(s.pyenv), "versions", v.Series()+".*", "bin", "python"))
	for _, path := range paths {
		if release, err := conformance.PythonRelease(path); err == nil && !slices.Contains(others, release) && release != v.String() {
			others = append(others, release)
		}
	}
	return others
}
