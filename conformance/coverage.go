package conformance

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Coverage is what the cases reach of our own packages.
type Coverage struct {
	Packages  []PackageCoverage
	Uncovered []string // blocks: the function and the text of the first line; or functions that nothing calls
}

// A PackageCoverage counts the statements of a package.
type PackageCoverage struct {
	Name                string
	Covered, Statements int
}

// module is the path of this module, which is no part of the path of a file.
const module = "simplehttp/"

// A profiled is a line of a profile: a block of statements, and how often it ran.
type profiled struct {
	file                            string
	line, column, statements, count int
}

// ReadCoverage reads a profile of go test, whose lines are
//
//	simplehttp/PACKAGE/FILE.go:LINE.COLUMN,LINE.COLUMN STATEMENTS COUNT
//
// The sources are read below root.
func ReadCoverage(profile, root string) (*Coverage, error) {
	blocks, err := parseProfile(profile)
	if err != nil {
		return nil, err
	}
	c := &Coverage{}
	files := map[string]*sourceFile{}
	called := map[string]bool{} // functions of which a block ran
	names := make([]string, len(blocks))
	for i, b := range blocks {
		c.count(path.Dir(b.file), b)
		if files[b.file] == nil {
			if files[b.file], err = readSource(filepath.Join(root, b.file)); err != nil {
				return nil, err
			}
		}
		if names[i], err = files[b.file].function(b); err != nil {
			return nil, err
		}
		called[names[i]] = called[names[i]] || b.count > 0
	}
	for i, b := range blocks {
		switch {
		case b.count > 0 || b.statements == 0:
		case called[names[i]]:
			c.Uncovered = append(c.Uncovered, names[i]+" `"+files[b.file].text(b)+"`")
		case !slices.Contains(c.Uncovered, names[i]+" is never called"):
			c.Uncovered = append(c.Uncovered, names[i]+" is never called")
		}
	}
	tellApart(c.Uncovered)
	slices.Sort(c.Uncovered)
	return c, nil
}

func parseProfile(profile string) (blocks []profiled, err error) {
	lines := bufio.NewScanner(strings.NewReader(profile))
	for lines.Scan() {
		place, counts, _ := strings.Cut(lines.Text(), " ")
		name, span, ok := strings.Cut(strings.TrimPrefix(place, module), ":")
		if !ok || span == "" {
			continue // the first line, which is the mode
		}
		b := profiled{file: name}
		if _, err := fmt.Sscanf(span+" "+counts, "%d.%d,", &b.line, &b.column); err != nil {
			return nil, fmt.Errorf("profile: %q: %w", lines.Text(), err)
		}
		if _, err := fmt.Sscan(counts, &b.statements, &b.count); err != nil {
			return nil, fmt.Errorf("profile: %q: %w", lines.Text(), err)
		}
		blocks = append(blocks, b)
	}
	return blocks, lines.Err()
}

func (c *Coverage) count(name string, b profiled) {
	i := slices.IndexFunc(c.Packages, func(p PackageCoverage) bool { return p.Name == name })
	if i < 0 {
		i = len(c.Packages)
		c.Packages = append(c.Packages, PackageCoverage{Name: name})
	}
	c.Packages[i].Statements += b.statements
	if b.count > 0 {
		c.Packages[i].Covered += b.statements
	}
}

// tellApart tells equal names apart by numbers.
func tellApart(names []string) {
	seen := map[string]int{}
	for i, name := range names {
		if seen[name]++; seen[name] > 1 {
			names[i] += " " + strconv.Itoa(seen[name])
		}
	}
}

// A sourceFile is a file of ours.
type sourceFile struct {
	name  string
	lines []string
	set   *token.FileSet
	tree  *ast.File
}

func readSource(name string) (*sourceFile, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f := &sourceFile{name: name, lines: strings.Split(string(text), "\n"), set: token.NewFileSet()}
	f.tree, err = parser.ParseFile(f.set, name, text, 0)
	return f, err
}

// function names the function of a block, behind its package.
func (f *sourceFile) function(b profiled) (string, error) {
	for _, d := range f.tree.Decls {
		if f.set.Position(d.Pos()).Line > b.line || f.set.Position(d.End()).Line < b.line {
			continue
		}
		name := path.Dir(b.file) + "."
		function, ok := d.(*ast.FuncDecl)
		if !ok {
			return name + "var", nil // a function in the value of a variable
		}
		if function.Recv != nil {
			kind := function.Recv.List[0].Type
			if star, ok := kind.(*ast.StarExpr); ok {
				kind = star.X
			}
			name += fmt.Sprint(kind) + "."
		}
		return name + function.Name.Name, nil
	}
	return "", fmt.Errorf("%s:%d: no function is there: the profile is of another state of the file", f.name, b.line)
}

// text is the line that leads to a block: the one with its brace, or the first one behind a brace at a line's end.
func (f *sourceFile) text(b profiled) string {
	line := f.lines[b.line-1]
	if b.column > len(line) {
		line = f.lines[b.line]
	}
	return strings.TrimSpace(line)
}
