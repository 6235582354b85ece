package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// A Judgement says why something that the cases do not reach, or do not tell apart, may stay so.
type Judgement struct {
	Name     string
	Releases []cpython.Version
	Why      string
}

// LoadJudgements reads a file of testdata whose lines are
//
//	WORD NAME
//	only 2.7.18 3.6.15
//	why  The reason.
//
// Several names may stand above one reason; only, from and until are those of a case.
func LoadJudgements(testdata, file, word string) ([]Judgement, error) {
	text, err := os.ReadFile(filepath.Join(testdata, file))
	if err != nil {
		return nil, err
	}
	var all []Judgement
	first := 0 // of those for which the next reason is
	for i, line := range strings.Split(string(text), "\n") {
		key, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		switch {
		case key == "" || key[0] == '#':
			continue
		case key == word:
			if len(all) > first && all[first].Why != "" {
				first = len(all)
			}
			all = append(all, Judgement{Name: rest, Releases: cpython.Versions()})
			continue
		}
		if err := judge(all[first:], key, rest); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	for _, j := range all {
		if j.Why == "" {
			return nil, fmt.Errorf("%s: %s has no why", file, j.Name)
		}
	}
	return all, nil
}

// judge reads a line that is about the names above it: releases about the last, reasons about all.
func judge(names []Judgement, key, rest string) error {
	if len(names) == 0 {
		return fmt.Errorf("nothing to be judged above %q", key)
	}
	switch key {
	case "only", "from", "until":
		last := &names[len(names)-1]
		c := Case{Releases: last.Releases}
		err := c.parseReleases(key, rest)
		last.Releases = c.Releases
		return err
	case "why":
		for i := range names {
			names[i].Why = strings.TrimSpace(names[i].Why + " " + rest)
		}
		return nil
	}
	return fmt.Errorf("no such line: %q", key)
}

// A Found is a list of names for each release that was measured.
type Found map[cpython.Version][]string

// Unjudged lists the names without a judgement, in the form of the file in which the judgement belongs.
func (f Found) Unjudged(judgements []Judgement, word string) []string {
	releases := map[string][]string{}
	var names []string
	for _, v := range cpython.Versions() {
		for _, name := range f[v] {
			judged := slices.ContainsFunc(judgements, func(j Judgement) bool {
				return j.Name == name && slices.Contains(j.Releases, v)
			})
			if judged {
				continue
			}
			if releases[name] == nil {
				names = append(names, name)
			}
			releases[name] = append(releases[name], v.String())
		}
	}
	var lines []string
	for _, name := range names {
		line := word + " " + name
		if len(releases[name]) < len(cpython.Versions()) {
			line += "\nonly " + strings.Join(releases[name], " ")
		}
		lines = append(lines, line)
	}
	return lines
}

// Stale lists the judgements of what is not so, in a release that was measured.
func (f Found) Stale(judgements []Judgement) []string {
	var lines []string
	for _, j := range judgements {
		var stale []string
		for _, v := range j.Releases {
			if names, measured := f[v]; measured && !slices.Contains(names, j.Name) {
				stale = append(stale, v.String())
			}
		}
		if stale != nil {
			lines = append(lines, fmt.Sprintf("%s: not so in %s, though it says: %s", j.Name, strings.Join(stale, " "), j.Why))
		}
	}
	return lines
}
