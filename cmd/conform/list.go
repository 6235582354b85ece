package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// list prints the releases with their interpreters, unless single cases or themes are asked for; then the themes
// and the cases.
func list(s *settings, names []string) error {
	themes, picked, err := load(s, names)
	if err != nil {
		return misuse("%w", err)
	}
	vs, err := s.versions()
	if err != nil {
		return misuse("%w", err)
	}
	if len(names) == 0 && len(s.themes) == 0 {
		fmt.Fprintln(s.out, "RELEASES")
		for _, v := range vs {
			fmt.Fprintf(s.out, "%-5s %-9s %s\n", v.Series(), v, s.whereIs(v))
		}
		fmt.Fprintln(s.out)
	}
	fmt.Fprintln(s.out, "THEMES")
	total := 0
	for _, t := range themes {
		n := 0
		for _, c := range picked {
			if c.Theme == t.Name {
				n++
			}
		}
		if total += n; n > 0 {
			fmt.Fprintf(s.out, "%-14s %4d\n", t.Name, n)
		}
	}
	fmt.Fprintf(s.out, "%-14s %4d\n\nCASES\n", "all", total)
	for _, c := range picked {
		fmt.Fprintf(s.out, "%s\n\t%s\n", c.FullName(), c.Why)
	}
	return nil
}

// whereIs is the path of a release's interpreter, or why there is none.
func (s *settings) whereIs(v cpython.Version) string {
	path, err := conformance.FindOracle(v, s.pyenv, s.modules)
	if err == nil {
		return path
	}
	reason := "cannot be asked: " + err.Error()
	if others := s.otherReleases(v); len(others) > 0 {
		reason += fmt.Sprintf("; here is %s, whose answers may differ", others)
	}
	return reason
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
