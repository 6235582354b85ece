package cpython

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// How much of a case QUIRKS.md shows.
const (
	wireRequest = 4   // lines of the request
	wireAnswer  = 4   // lines of each of the two answers
	wireWidth   = 110 // characters of a line
)

// A shownCase is what a case file has of one case, as it stands there.
type shownCase struct {
	name, tree string
	shows      []string
	with       []string
	request    []string
	answers    map[Version][]string
}

// readCases reads the case files, in the order of their names: the little of their format that the page needs.
// Package conformance, which reads all of it, imports this one.
func readCases(t *testing.T) (all []*shownCase) {
	t.Helper()
	files, err := filepath.Glob("../conformance/testdata/cases/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		theme := strings.TrimSuffix(filepath.Base(file), ".txt")
		all = append(all, parseCases(t, theme, strings.Split(string(text), "\n"))...)
	}
	return all
}

func parseCases(t *testing.T, theme string, lines []string) (all []*shownCase) {
	t.Helper()
	var c *shownCase
	var answering []Version // whose answer the lines are
	for _, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case word == "case":
			c = &shownCase{name: theme + "/" + rest, answers: map[Version][]string{}}
			all, answering = append(all, c), nil
		case c == nil, line == "", word[0] == '#':
		case word == "answer":
			answering = nil
			for _, name := range strings.Fields(rest) {
				v, ok := ParseVersion(name)
				if !ok {
					t.Fatalf("%s: no release %q", c.name, name)
				}
				answering = append(answering, v)
			}
		case answering != nil:
			for _, v := range answering {
				c.answers[v] = append(c.answers[v], line)
			}
		case word == "shows":
			c.shows = append(c.shows, strings.Fields(rest)...)
		case word == "with":
			c.with = append(c.with, rest)
		case word == "tree":
			c.tree = rest
		case word == ">":
			c.request = append(c.request, line)
		}
	}
	return all
}

// onTheWire prints for each quirk what the first case that shows it tells: the request, and where the answers of a
// release with the quirk and of one without part.
func onTheWire(t *testing.T) map[string]string {
	t.Helper()
	all := readCases(t)
	printed := map[string]string{}
	for q := Quirk(1); q < quirkEnd; q++ {
		name := quirks[q].name
		i := slices.IndexFunc(all, func(c *shownCase) bool { return slices.Contains(c.shows, name) })
		if i < 0 {
			continue
		}
		with, without := all[i].across(q)
		if with == nil {
			t.Errorf("%s: %s says that it shows it, and no two releases that differ in it have answers that differ", name, all[i].name)
			continue
		}
		printed[name] = all[i].print(with, without)
	}
	return printed
}

// A shownAnswer is the answer of one release.
type shownAnswer struct {
	release Version
	lines   []string
}

// answer is the answer of a release, with the value of its Server field written out, or nil.
func (c *shownCase) answer(v Version) *shownAnswer {
	if c.answers[v] == nil {
		return nil
	}
	server := "SimpleHTTP/0.6 Python/"
	if v.Has(NamesServerWithoutVersion) {
		server = "SimpleHTTP Python/"
	}
	a := &shownAnswer{release: v}
	if !strings.HasPrefix(c.answers[v][0], "at ") {
		a.lines = append(a.lines, "at end") // what case files leave out
	}
	for _, line := range c.answers[v] {
		line = strings.Replace(line, "127.0.0.1 - - [13/Sep/2020 12:26:40] ", "… ", 1)
		a.lines = append(a.lines, strings.Replace(line, `" server "`, server+v.String(), 1))
	}
	return a
}

// across finds the releases nearest to each other, the latest of those, of which one has the quirk and the other
// has not, and whose answers differ in more than the release. without is nil if no release without it is asked.
func (c *shownCase) across(q Quirk) (with, without *shownAnswer) {
	nearest := len(Versions())
	var only *shownAnswer
	asked := false // without the quirk
	for i, v := range Versions() {
		a := c.answer(v)
		asked = asked || a != nil && !v.Has(q)
		if a == nil || !v.Has(q) {
			continue
		}
		only = a
		for j, u := range Versions() {
			b := c.answer(u)
			far := max(i-j, j-i)
			if b == nil || u.Has(q) || far > nearest || q != NamesServerWithoutVersion && slices.Equal(c.answers[v], c.answers[u]) {
				continue
			}
			with, without, nearest = a, b, far
		}
	}
	if !asked {
		return only, nil
	}
	return with, without
}

// print prints the request, and of the answers the lines that differ.
func (c *shownCase) print(with, without *shownAnswer) string {
	var b strings.Builder
	b.WriteString("- **On the wire:** `" + c.name + "`")
	for _, option := range c.with {
		b.WriteString(", with " + option)
	}
	if without == nil {
		b.WriteString(", " + with.release.String() + " with it; no release without it is asked:\n\n```\n")
		writeLines(&b, "", c.request, wireRequest)
		with.write(&b, &shownAnswer{})
	} else {
		b.WriteString(", " + with.release.String() + " with it, " + without.release.String() + " without it:\n\n```\n")
		writeLines(&b, "", c.request, wireRequest)
		with.write(&b, without)
		without.write(&b, with)
	}
	b.WriteString("```\n")
	return b.String()
}

// write writes the lines that the other answer has not. Lines that tell the release or the time are left out where
// there are others.
func (a *shownAnswer) write(b *strings.Builder, other *shownAnswer) {
	var telling, rest []string
	for _, line := range a.lines {
		switch {
		case slices.Contains(other.lines, line):
		case strings.HasPrefix(line, `< "Server: `), strings.HasPrefix(line, `< "Date: `):
			rest = append(rest, line)
		default:
			telling = append(telling, line)
		}
	}
	if len(telling) == 0 && len(a.lines) == len(other.lines) {
		telling = rest // that is all that differs
	}
	if len(telling) == 0 {
		telling = []string{"(nothing instead)"}
	}
	series := a.release.Series()
	writeLines(b, series+strings.Repeat(" ", 6-len(series)), telling, wireAnswer)
}

// writeLines writes lines, and marks where more or longer ones were.
func writeLines(b *strings.Builder, label string, lines []string, most int) {
	for i, line := range lines {
		if i == most-1 && len(lines) > most {
			b.WriteString(label + "…\n")
			return
		}
		if utf8.RuneCountInString(line) > wireWidth {
			line = string([]rune(line)[:wireWidth]) + " …"
		}
		b.WriteString(label + line + "\n")
	}
}
