// Package simplehttp holds no code: its tests hold the rules that the whole tree keeps.
package simplehttp

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// mayImport is a statement of policy: which packages of this module a package may import. A package
// that is not listed may import none. Do not change it to make a build pass.
var mayImport = map[string][]string{
	"cpython":            {},
	"reqparse":           {"cpython"},
	"fsmap":              {"cpython"},
	"listing":            {"cpython"},
	"mime":               {"cpython"},
	"response":           {"cpython"},
	"handler":            {"cpython", "reqparse", "fsmap", "listing", "mime", "response"},
	"server":             {"cpython", "fsmap", "mime", "handler"},
	"conformance":        {"cpython", "reqparse", "fsmap", "handler", "server"},
	"conformance/tables": {"cpython"},
	"cmd/simplehttp":     {"cpython", "fsmap", "handler", "server"},
	"cmd/conform":        {"cpython", "conformance"},
	"bench":              {"bench/load"},
	"bench/floor":        {},
	"bench/load":         {},
	"cmd/httpload":       {"bench/load"},
	"cmd/instructions":   {"cpython", "reqparse", "fsmap", "handler"},
}

// systemPackages may be imported only by the packages that ask the system: fsmap in the files of its
// real file system.
var systemPackages = []string{"os", "syscall", "golang.org/x/sys/unix", "net"}

// asksSystem reports whether a file may import systemPackages.
func asksSystem(dir, file string) bool {
	switch {
	case dir == "fsmap":
		return strings.HasPrefix(file, "realfs")
	case dir == "server", strings.HasPrefix(dir, "cmd/"), strings.HasPrefix(dir, "conformance"), strings.HasPrefix(dir, "bench"):
		return true
	}
	return false
}

// forbiddenCalls come in through handler.Env; only server, cmd and tests may ask for them.
var forbiddenCalls = map[string]bool{
	"time.Now": true, "time.Local": true, "time.Since": true, "time.Sleep": true,
	"os.Getenv": true, "os.LookupEnv": true, "os.Environ": true,
}

// smallPackages are in the server binary, and do without what would make it large.
var smallPackages = []string{"cpython", "reqparse", "fsmap", "listing", "mime", "response", "handler", "server", "cmd/simplehttp"}

// A source is one parsed file of the tree.
type source struct {
	dir, name string // folder below the root, file in it
	file      *ast.File
	set       *token.FileSet
}

func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// isGenerated reports whether the file is data that a program wrote.
func (s source) isGenerated() bool { return strings.HasPrefix(s.name, "z") }

// sources parses every Go file below the root.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		all = append(all, source{filepath.ToSlash(filepath.Dir(path)), d.Name(), file, set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("found only %d Go files", len(all))
	}
	return all
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		for _, spec := range s.file.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			where := s.dir + "/" + s.name
			if path == "net/http" {
				t.Errorf("%s imports net/http, which this project does without, in tests too", where)
			}
			if s.isTest() {
				continue
			}
			if inside, ok := strings.CutPrefix(path, "simplehttp/"); ok && !contains(mayImport[s.dir], inside) {
				t.Errorf("%s imports %s; package %s may import only %q", where, path, s.dir, mayImport[s.dir])
			}
			if contains(systemPackages, path) && !asksSystem(s.dir, s.name) {
				t.Errorf("%s imports %s, but package %s does no I/O", where, path, s.dir)
			}
			if (path == "fmt" || path == "reflect") && contains(smallPackages, s.dir) {
				t.Errorf("%s imports %s, which would add to the size of the server", where, path)
			}
		}
	}
}

func TestForbiddenCalls(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || s.dir == "server" || strings.HasPrefix(s.dir, "cmd/") || strings.HasPrefix(s.dir, "conformance") ||
			strings.HasPrefix(s.dir, "bench") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && forbiddenCalls[pkg.Name+"."+sel.Sel.Name] {
				t.Errorf("%s: %s.%s: clock, zone and environment come in through handler.Env",
					s.set.Position(sel.Pos()), pkg.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

func TestPackageComments(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil && !strings.HasPrefix(s.file.Doc.Text(), "Code generated")
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

// The limits of the style: what does not fit is two things.
const (
	maxFileLines     = 600
	maxFunctionLines = 70
)

func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		if s.isGenerated() {
			continue
		}
		if n := s.set.Position(s.file.End()).Line; n > maxFileLines {
			t.Errorf("%s/%s has %d lines, more than %d", s.dir, s.name, n, maxFileLines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			first, last := s.set.Position(f.Pos()), s.set.Position(f.End())
			if n := last.Line - first.Line + 1; n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, more than %d", first, f.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

// TestReleasesStayInTables holds that behaviour is asked for by its name, not by a release: outside
// cpython, releases are named in tables, which are variables of a package.
func TestReleasesStayInTables(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || s.dir == "cpython" || strings.HasPrefix(s.dir, "cmd/") || strings.HasPrefix(s.dir, "conformance") {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "cpython" && isRelease(sel.Sel.Name) {
					t.Errorf("%s: cpython.%s: ask for a quirk, or put it into a table", s.set.Position(sel.Pos()), sel.Sel.Name)
				}
				return true
			})
		}
	}
}

// isRelease reports whether name is that of a cpython.Version: V3_13.
func isRelease(name string) bool {
	digits, ok := strings.CutPrefix(name, "V")
	return ok && strings.Trim(digits, "0123456789_") == ""
}

// TestServerLinksNoNet holds that the server has its sockets from the kernel itself.
func TestServerLinksNoNet(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "./cmd/simplehttp")
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH=amd64")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !contains(deps, "simplehttp/handler") {
		t.Fatalf("go list prints no dependencies: %q", out)
	}
	for _, dep := range deps {
		if dep == "net" || strings.HasPrefix(dep, "net/") || dep == "fmt" {
			t.Errorf("cmd/simplehttp depends on %s", dep)
		}
	}
}
