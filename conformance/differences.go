package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// A KnownDifference is a case in which ours is known to answer otherwise, and why that will stand.
// That it is merely hard to do is no reason.
type KnownDifference struct {
	Case     string // its full name
	Releases []cpython.Version
	Why      string
}

// LoadDifferences reads testdata/differences.txt, whose lines are
//
//	difference THEME/NAME
//	only 2.7.18
//	why  The reason.
func LoadDifferences(testdata string) ([]KnownDifference, error) {
	path := filepath.Join(testdata, "differences.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var known []KnownDifference
	for i, line := range strings.Split(string(text), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		last := len(known) - 1
		switch {
		case word == "" || word[0] == '#':
		case word == "difference":
			known = append(known, KnownDifference{Case: rest, Releases: cpython.Versions()})
		case word == "why" && last >= 0:
			known[last].Why = strings.TrimSpace(known[last].Why + " " + rest)
		case word == "only" && last >= 0:
			if known[last].Releases, err = parseVersions(rest); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, i+1, err)
			}
		default:
			return nil, fmt.Errorf("%s:%d: no such line: %q", path, i+1, line)
		}
	}
	for _, k := range known {
		if k.Why == "" {
			return nil, fmt.Errorf("%s: %s has no why", path, k.Case)
		}
	}
	return known, nil
}

// Find returns the known difference of a case and a release.
func Find(known []KnownDifference, c *Case, v cpython.Version) (KnownDifference, bool) {
	i := slices.IndexFunc(known, func(k KnownDifference) bool {
		return k.Case == c.FullName() && slices.Contains(k.Releases, v)
	})
	if i < 0 {
		return KnownDifference{}, false
	}
	return known[i], true
}
