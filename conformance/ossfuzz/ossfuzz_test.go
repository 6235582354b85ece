// Package ossfuzz holds no code: what is in its folder builds the fuzz functions for OSS-Fuzz, and its test holds that
// none is left out.
package ossfuzz

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// fuzzFunctions finds all Fuzz functions of the tree, as the lines of build.sh name them.
func fuzzFunctions(t *testing.T) (found []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(name))
		if strings.HasSuffix(file.Name.Name, "_test") {
			folder += "/external"
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz") {
				found = append(found, filepath.ToSlash(folder)+" "+f.Name.Name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// leftOut are the functions that build.sh names in a comment.
var leftOut = regexp.MustCompile(`(?m)^#\t(\S+ Fuzz\S+)$`)

// listed are the targets in build.sh, and those that it leaves out.
func listed(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("build.sh")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?s)\ntargets='\n(.*?)\n'\n`).FindSubmatch(text)
	if m == nil {
		t.Fatal("build.sh has no list of targets")
	}
	all := strings.Split(string(m[1]), "\n")
	if !slices.IsSorted(all) {
		t.Errorf("the list of targets in build.sh is not sorted: %q", all)
	}
	for _, m := range leftOut.FindAllSubmatch(text, -1) {
		all = append(all, string(m[1]))
	}
	slices.Sort(all)
	return all
}

func TestTargets(t *testing.T) {
	want, got := fuzzFunctions(t), listed(t)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("build.sh lists\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNames holds what the builder needs to find a function: its name is its target's, so no other function has it,
// and in its folder only one file names it. And that each has seeds.
func TestNames(t *testing.T) {
	seeders, err := os.ReadFile(root + "/conformance/seeds.go")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("build.sh")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, target := range fuzzFunctions(t) {
		if strings.Contains(string(script), "#\t"+target+"\n") {
			continue // left out
		}
		folder, function, _ := strings.Cut(target, " ")
		if seen[function] {
			t.Errorf("two functions are called %s", function)
		}
		seen[function] = true
		files, _ := filepath.Glob(filepath.Join(root, strings.TrimSuffix(folder, "/external"), "*.go"))
		var naming []string
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), function) {
				naming = append(naming, file)
			}
		}
		if len(naming) != 1 {
			t.Errorf("%s is named in %q, want one file", function, naming)
		}
		if !strings.Contains(string(seeders), "\t\""+function+"\": ") {
			t.Errorf("%s has no seeds in conformance/seeds.go", function)
		}
	}
}

func TestScript(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash to check the script with")
	}
	if out, err := exec.Command(bash, "-n", "build.sh").CombinedOutput(); err != nil {
		t.Errorf("build.sh: %v: %s", err, out)
	}
}
