package cpython

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write QUIRKS.md anew")

// comments returns the comment of each Quirk.
func comments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "quirks.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].IsExported() {
			found[spec.Names[0].Name] = spec.Doc.Text()
		}
		return true
	})
	return found
}

var (
	evidencePattern = regexp.MustCompile(`^(\d\S+) [\w/]+\.(py|c)(:\d+)?$`)
	rfcPattern      = regexp.MustCompile(`^(nothing|\d{4}, [\d.]+: .+)$`)
	namePattern     = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)
	badName         = regexp.MustCompile(`^(No|Fix|Old|New|Legacy)[A-Z]|And[A-Z]|V\d`)
)

// TestQuirkTable holds that every row is complete, and true as far as a test without CPython can tell.
func TestQuirkTable(t *testing.T) {
	documented := comments(t)
	seen := map[string]bool{}
	for q := Quirk(1); q < quirkEnd; q++ {
		r := quirks[q]
		if !namePattern.MatchString(r.name) || badName.MatchString(r.name) || seen[r.name] {
			t.Errorf("quirk %d has the name %q", q, r.name)
		}
		seen[r.name] = true
		if documented[r.name] == "" {
			t.Errorf("%s has no comment; the table names another constant", r.name)
		}
		if r.releases == 0 || r.releases == all {
			t.Errorf("%s is in all releases or in none", r.name)
		}
		m := evidencePattern.FindStringSubmatch(r.evidence)
		if m == nil {
			t.Errorf("%s: evidence %q is not of the form RELEASE FILE:LINE", r.name, r.evidence)
		} else if _, ok := ParseVersion(m[1]); !ok {
			t.Errorf("%s: evidence of no pinned release: %q", r.name, r.evidence)
		}
		if !rfcPattern.MatchString(r.rfc) {
			t.Errorf("%s: rfc %q is not of the form NUMBER, SECTION: RULE", r.name, r.rfc)
		}
	}
	for name := range documented {
		if !seen[name] {
			t.Errorf("%s has no row", name)
		}
	}
}

// TestQuirkComments holds that every comment answers the five questions.
func TestQuirkComments(t *testing.T) {
	for name, text := range comments(t) {
		for _, part := range []string{name + ": ", "\nWithout it ", "\nExample: ", "\nTouches ", "\nSeen in "} {
			if !strings.Contains("\n"+text, part) {
				t.Errorf("the comment of %s lacks %q", name, strings.TrimSpace(part))
			}
		}
	}
}

// TestQuirkOwners holds that the package in a quirk's row asks for it, and no other does.
func TestQuirkOwners(t *testing.T) {
	owners := map[string]map[string]bool{}
	use := regexp.MustCompile(`\bHas\((?:cpython\.)?([A-Z]\w+)\)`)
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		dir, _ := filepath.Rel("..", filepath.Dir(path))
		if strings.HasPrefix(dir, "conformance") {
			return nil // asks as the one who checks, not as the one who serves
		}
		for _, m := range use.FindAllSubmatch(text, -1) {
			name := string(m[1])
			if owners[name] == nil {
				owners[name] = map[string]bool{}
			}
			owners[name][filepath.ToSlash(dir)] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for q := Quirk(1); q < quirkEnd; q++ {
		r := quirks[q]
		if !owners[r.name][r.owner] {
			t.Errorf("%s: its owner %s does not ask for it; asked by %v", r.name, r.owner, owners[r.name])
		}
		for dir := range owners[r.name] {
			if dir != r.owner && !shared[r.name] {
				t.Errorf("%s belongs to %s, and %s asks for it", r.name, r.owner, dir)
			}
		}
	}
}

// shared are the quirks that more than their owner asks for, because they show in two places.
var shared = map[string]bool{
	"ReadsPathAsBytes": true, // says what a str is: every package that holds text has to know
	"ColorsTerminal":   true, // banner and log
}

// TestQuirksPage holds that QUIRKS.md is what the table prints. With -update it is written.
func TestQuirksPage(t *testing.T) {
	var tables strings.Builder
	writeTables(t, &tables)
	writeChanges(t, &tables)
	want := append(quirksPage(comments(t), shownBy(t), onTheWire(t)), tables.String()...)
	if *update {
		if err := os.WriteFile("../QUIRKS.md", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("../QUIRKS.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("QUIRKS.md is not what the quirk table prints: run make docs\n%s", diff)
	}
}

// shownBy returns the cases that show each quirk, as links to their files.
func shownBy(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../conformance/testdata/cases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	shown := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, theme := "", strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(text)) {
			keyword, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch keyword {
			case "case":
				name = rest
			case "shows":
				for _, quirk := range strings.Fields(rest) {
					link := "[" + theme + "/" + name + "](conformance/testdata/cases/" + theme + ".txt)"
					shown[quirk] = append(shown[quirk], link)
				}
			}
		}
	}
	return shown
}

// quirksPage prints the table for people.
func quirksPage(documented map[string]string, shown map[string][]string, wire map[string]string) []byte {
	var b strings.Builder
	b.WriteString("# Quirks\n\n" +
		"What differs between eleven releases of CPython's simple file server, one row a quirk, one column a release.\n" +
		"`x` marks the releases that have it. [Tables](#tables) are the texts that differ, and [from release to release](#from-release-to-release)\n" +
		"tells all that a release changed. This page is printed from `cpython/quirks.go` and `cpython/quirktable.go` by `make docs`;\n" +
		"`make quirks` asks the interpreters themselves, and `make between` looks for what is missing here.\n\n" +
		"*On the wire* shows the request of a recorded case, and of the answers of two releases the lines that differ, spelled as in\n" +
		"the case files ([how](conformance/doc.go)); `at` tells after what of the request an answer came, and … where something is cut.\n\n" +
		"| Quirk |")
	for _, v := range Versions() {
		b.WriteString(" " + v.Series() + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat(":-:|", len(Versions())) + "\n")
	for q := Quirk(1); q < quirkEnd; q++ {
		r := quirks[q]
		b.WriteString("| [" + r.name + "](#" + strings.ToLower(r.name) + ") |")
		for _, v := range Versions() {
			if r.releases.Contains(v) {
				b.WriteString(" x |")
			} else {
				b.WriteString("   |")
			}
		}
		b.WriteString("\n")
	}
	for q := Quirk(1); q < quirkEnd; q++ {
		writeQuirk(&b, quirks[q], documented[quirks[q].name])
		if cases := shown[quirks[q].name]; len(cases) > 0 {
			b.WriteString("- **Shown by:** " + strings.Join(cases, ", ") + "\n")
		}
		b.WriteString(wire[quirks[q].name])
	}
	return []byte(b.String())
}

// writeQuirk prints one quirk: its comment as a list of what it answers.
func writeQuirk(b *strings.Builder, r row, comment string) {
	text := strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(comment, r.name+": ")), "\n", " ")
	for _, word := range []string{"Without it ", "Example: ", "Touches ", "Seen in "} {
		bold := "\n- **" + strings.TrimRight(word, ": ") + ":** "
		text = strings.Replace(text, " "+word, bold, 1)
	}
	b.WriteString("\n## " + r.name + "\n\n- **With it:** " + text + "\n")
	if r.rfc != "nothing" {
		number, rest, _ := strings.Cut(r.rfc, ", ")
		b.WriteString("- **RFC " + number + "**, section " + rest + ".\n")
	}
	b.WriteString("- **Evidence:** " + r.evidence + ". Asked by `" + r.owner + "`.\n")
}
