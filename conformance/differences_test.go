package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// TestDifferences holds that every known difference is of a case that is there, and of releases that are asked it.
func TestDifferences(t *testing.T) {
	known, err := LoadDifferences(testdata)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]*Case{}
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			cases[c.FullName()] = c
		}
	}
	for _, k := range known {
		c := cases[k.Case]
		if c == nil {
			t.Errorf("differences.txt lists %s, and there is no such case", k.Case)
			continue
		}
		for _, v := range k.Releases {
			if !c.Asked(v) {
				t.Errorf("differences.txt lists %s for %s, which is not asked it", k.Case, v)
			}
		}
	}
}

func TestLoadDifferences(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"# nothing\n", ""},
		{"difference a/b c\nwhy  D.\nwhy  E.\n", "a/b c: D. E."},
		{"difference a/b\nonly 2.7.18 3.9.18\nwhy  D.\n\ndifference a/c\nwhy  F.\n", "a/b: D.; a/c: F."},
		{"difference a/b\n", "a/b has no why"},
		{"why  D.\n", "no such line"},
		{"difference a/b\nonly 4.0\nwhy  D.\n", "4.0"},
		{"difference a/b\nbecause  D.\n", "no such line"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "differences.txt"), []byte(row.text), 0o644); err != nil {
			t.Fatal(err)
		}
		known, err := LoadDifferences(dir)
		var got []string
		for _, k := range known {
			got = append(got, k.Case+": "+k.Why)
		}
		if err != nil {
			got = []string{err.Error()}
		}
		if text := strings.Join(got, "; "); text != row.want && (err == nil || !strings.Contains(text, row.want)) {
			t.Errorf("LoadDifferences(%q) = %q, want %q", row.text, text, row.want)
		}
	}
}

// TestFind gives a known difference to its case and releases alone.
func TestFind(t *testing.T) {
	known := []KnownDifference{{"a/b", []cpython.Version{cpython.V2_7}, "C."}}
	for _, row := range []struct {
		name string
		v    cpython.Version
		want bool
	}{
		{"b", cpython.V2_7, true}, {"b", cpython.V3_6, false}, {"c", cpython.V2_7, false},
	} {
		if _, ok := Find(known, &Case{Theme: "a", Name: row.name}, row.v); ok != row.want {
			t.Errorf("Find of a/%s, %s is %v", row.name, row.v, ok)
		}
	}
}
