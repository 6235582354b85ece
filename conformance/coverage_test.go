package conformance

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simplehttp/cpython"
)

const coveredSource = `package leaf

type parser struct{}

func (p *parser) Feed(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	if len(b) > 1 {
		return 0
	}
	return len(b)
}

func unused() {
	println("never")
	println("run")
}
`

// TestReadCoverage reads a profile: a block that did not run is named by its function and the line that leads to
// it, equal names are told apart, and a function of which nothing ran is named once.
func TestReadCoverage(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "leaf"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "leaf", "leaf.go"), []byte(coveredSource), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := ReadCoverage(`mode: set
simplehttp/leaf/leaf.go:5.37,6.17 1 1
simplehttp/leaf/leaf.go:6.17,8.3 1 0
simplehttp/leaf/leaf.go:9.2,9.16 1 1
simplehttp/leaf/leaf.go:9.16,11.3 1 0
simplehttp/leaf/leaf.go:12.2,12.15 1 1
simplehttp/leaf/leaf.go:15.15,18.2 2 0
`, root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"leaf.parser.Feed `if len(b) == 0 {`", "leaf.parser.Feed `if len(b) > 1 {`", "leaf.unused is never called"}
	if !slices.Equal(c.Uncovered, want) {
		t.Errorf("Uncovered = %q, want %q", c.Uncovered, want)
	}
	if len(c.Packages) != 1 || c.Packages[0] != (PackageCoverage{"leaf", 3, 7}) {
		t.Errorf("Packages = %v, want 3 of 7 statements of leaf", c.Packages)
	}
	if _, err := ReadCoverage("simplehttp/leaf/leaf.go:99.1,99.2 1 0\n", root); err == nil {
		t.Error("a profile of another state of the file was read")
	}
}

// TestJudgements reads names with reasons, and finds what has none, and reasons for what is not so.
func TestJudgements(t *testing.T) {
	dir := t.TempDir()
	text := "# A comment.\nplace a `x`\nplace b\nonly 2.7.18\nwhy  One\nwhy  reason.\n\nplace c\nfrom 3.13\nwhy  Another.\n"
	if err := os.WriteFile(filepath.Join(dir, "judged.txt"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	judgements, err := LoadJudgements(dir, "judged.txt", "place")
	if err != nil {
		t.Fatal(err)
	}
	if len(judgements) != 3 || judgements[1].Why != "One reason." || len(judgements[1].Releases) != 1 || len(judgements[2].Releases) != 3 {
		t.Fatalf("judgements %v", judgements)
	}
	found := Found{cpython.V2_7: {"a `x`", "b"}, cpython.V3_13: {"b", "d"}}
	if got, want := found.Unjudged(judgements, "place"), []string{"place b\nonly 3.13.0", "place d\nonly 3.13.0"}; !slices.Equal(got, want) {
		t.Errorf("Unjudged = %q, want %q", got, want)
	}
	stale := strings.Join(found.Stale(judgements), "\n")
	if want := "a `x`: not so in 3.13.0, though it says: One reason.\nc: not so in 3.13.0, though it says: Another."; stale != want {
		t.Errorf("Stale = %q, want %q", stale, want)
	}
}

// TestJudgedFiles reads the files that hold the reasons.
func TestJudgedFiles(t *testing.T) {
	for file, word := range map[string]string{"unreached.txt": "point", "mutants.txt": "mutant", "uncovered.txt": "block"} {
		judgements, err := LoadJudgements(testdata, file, word)
		if err != nil {
			t.Error(err)
		}
		for _, j := range judgements {
			if !strings.HasSuffix(j.Why, ".") {
				t.Errorf("%s: %s: the reason is no sentence: %q", file, j.Name, j.Why)
			}
		}
	}
}

// TestCountMutants counts what was told apart, what was not and is listed, and what counts for nothing.
func TestCountMutants(t *testing.T) {
	name := "theme/name"
	trial := &Trial{Version: cpython.V3_8, Cases: map[string]int{}}
	same := mutant{Function: "f", Text: "x = 1", Change: "1 becomes 0", Reached: true, Tried: true}
	trial.count([]mutant{
		same, same,
		{Function: "f", Text: "y", Reached: true, Tried: true, Case: &name},
		{Function: "f", Text: "z", Reached: true, Stillborn: true},
		{Function: "g"},
	})
	if trial.Tried != 3 || trial.Told != 1 || trial.Unreached != 1 || trial.Cases[name] != 1 {
		t.Errorf("%+v", trial)
	}
	if want := []string{"f `x = 1` 1 becomes 0", "f `x = 1` 1 becomes 0 2"}; !slices.Equal(trial.Survivors, want) {
		t.Errorf("Survivors = %q, want %q", trial.Survivors, want)
	}
}
