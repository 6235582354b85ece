package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// A Case is one request with the answers of the releases.
type Case struct {
	Theme    string
	Name     string
	Why      string
	Tree     string
	Shows    []string // names of quirks
	Options  Options
	Releases []cpython.Version // asked of these
	Sockets  bool              // needs a real socket or a real file system
	Request  Request
	Records  []Record

	head []string // the lines above the first answer
}

// A Record is an answer that some releases gave.
type Record struct {
	Releases []cpython.Version
	Lines    []string
}

// FullName is the case's name with its theme.
func (c *Case) FullName() string { return c.Theme + "/" + c.Name }

// Recorded returns the recorded answer of a release.
func (c *Case) Recorded(v cpython.Version) (lines []string, ok bool) {
	for _, r := range c.Records {
		if slices.Contains(r.Releases, v) {
			return r.Lines, true
		}
	}
	return nil, false
}

// SetRecorded replaces the recorded answer of a release; nil lines drop it.
func (c *Case) SetRecorded(v cpython.Version, lines []string) {
	answers := map[cpython.Version][]string{}
	for _, r := range c.Records {
		for _, have := range r.Releases {
			answers[have] = r.Lines
		}
	}
	answers[v] = lines
	c.Records = nil
	for _, v := range cpython.Versions() {
		lines := answers[v]
		if lines == nil {
			continue
		}
		same := func(r Record) bool { return slices.Equal(r.Lines, lines) }
		if i := slices.IndexFunc(c.Records, same); i >= 0 {
			c.Records[i].Releases = append(c.Records[i].Releases, v)
		} else {
			c.Records = append(c.Records, Record{[]cpython.Version{v}, lines})
		}
	}
}

// A Theme is one case file.
type Theme struct {
	Name  string
	Cases []*Case

	lead []string // the lines above the first case
}

// About is what the comment above the first case says of the theme.
func (t *Theme) About() string {
	var words []string
	for _, line := range t.lead {
		words = append(words, strings.Fields(strings.TrimPrefix(line, "#"))...)
	}
	return strings.TrimPrefix(strings.Join(words, " "), t.Name+": ")
}

// LoadThemes reads all case files of a testdata directory, in the order of their names.
func LoadThemes(testdata string) ([]*Theme, error) {
	paths, err := filepath.Glob(filepath.Join(testdata, "cases", "*.txt"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("no case files in %s", testdata)
	}
	var themes []*Theme
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		t, err := ParseTheme(strings.TrimSuffix(filepath.Base(path), ".txt"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", path, err)
		}
		themes = append(themes, t)
	}
	return themes, refuseDuplicates(themes)
}

// refuseDuplicates finds two cases that ask the same.
func refuseDuplicates(themes []*Theme) error {
	var found error
	seen := map[string]string{}
	for _, t := range themes {
		for _, c := range t.Cases {
			key := c.Tree + "\x00" + c.Options.Key() + "\x00" + string(c.Request.Bytes) + fmt.Sprint(c.Request.EOF)
			if other, ok := seen[key]; ok {
				found = errors.Join(found, fmt.Errorf("%s asks the same as %s", c.FullName(), other))
			}
			seen[key] = c.FullName()
		}
	}
	return found
}

// ParseTheme reads one case file.
func ParseTheme(name, text string) (*Theme, error) {
	t := &Theme{Name: name}
	var blocks [][]string // each begins with a case line
	starts := []int{}
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if strings.HasPrefix(line, "case ") {
			// Comment lines right above belong to the case.
			var above []string
			if len(blocks) == 0 {
				t.lead, above = splitTrailingComments(t.lead)
			} else {
				last := len(blocks) - 1
				blocks[last], above = splitTrailingComments(blocks[last])
			}
			blocks, starts = append(blocks, append(above, line)), append(starts, i+1-len(above))
			continue
		}
		if len(blocks) == 0 {
			t.lead = append(t.lead, line)
		} else {
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], line)
		}
	}
	names := map[string]bool{}
	for i, block := range blocks {
		c, at, err := parseCase(name, block)
		if err == nil && names[c.Name] {
			err = fmt.Errorf("second case %q", c.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("%d: %w", starts[i]+at, err)
		}
		names[c.Name] = true
		t.Cases = append(t.Cases, c)
	}
	return t, nil
}

// splitTrailingComments parts lines into those before and those of the comment at the end.
func splitTrailingComments(lines []string) (before, comments []string) {
	n := len(lines)
	for n > 0 && strings.HasPrefix(lines[n-1], "#") {
		n--
	}
	return lines[:n:n], lines[n:]
}

// parseCase reads one case; at is the index of the line that an error is about.
func parseCase(theme string, lines []string) (c *Case, at int, err error) {
	c = &Case{Theme: theme, Releases: cpython.Versions(), Options: DefaultOptions()}
	for i, line := range lines {
		if err := c.parseLine(line); err != nil {
			return nil, i, err
		}
		if len(c.Records) == 0 {
			c.head = append(c.head, line)
		}
	}
	c.head = trimBlank(c.head)
	switch {
	case c.Why == "":
		return nil, 0, fmt.Errorf("case %q has no why", c.Name)
	case c.Tree == "":
		return nil, 0, fmt.Errorf("case %q has no tree", c.Name)
	case c.Request.lines == nil && !c.Request.EOF:
		return nil, 0, fmt.Errorf("case %q sends nothing", c.Name)
	}
	return c, 0, nil
}

func (c *Case) parseLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if len(c.Records) > 0 && word != "answer" {
		if line == "" {
			return nil
		}
		last := &c.Records[len(c.Records)-1]
		last.Lines = append(last.Lines, line)
		return nil
	}
	switch word {
	case "", "#":
		return nil
	case "case":
		c.Name = rest
	case "why":
		c.Why = strings.TrimSpace(c.Why + " " + rest)
	case "tree":
		c.Tree = rest
	case "shows":
		c.Shows = append(c.Shows, strings.Fields(rest)...)
	case "with":
		return c.Options.parse(rest)
	case "from", "until", "only":
		return c.parseReleases(word, rest)
	case "sockets":
		c.Sockets = true
	case ">":
		return c.Request.parseLine(rest)
	case "answer":
		set, err := parseVersions(rest)
		c.Records = append(c.Records, Record{Releases: set})
		return err
	default:
		return fmt.Errorf("no such line: %q", line)
	}
	return nil
}

func (c *Case) parseReleases(word, rest string) error {
	set, err := parseVersions(rest)
	if err != nil {
		return err
	}
	c.Releases = slices.DeleteFunc(c.Releases, func(v cpython.Version) bool {
		switch word {
		case "from":
			return v < set[0]
		case "until":
			return v > set[0]
		}
		return !slices.Contains(set, v)
	})
	return nil
}

func parseVersions(s string) ([]cpython.Version, error) {
	var set []cpython.Version
	for _, name := range strings.Fields(s) {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			return nil, fmt.Errorf("no release %q", name)
		}
		set = append(set, v)
	}
	if len(set) == 0 {
		return nil, fmt.Errorf("no release is named")
	}
	return set, nil
}

func trimBlank(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// Text is the case file: what was written by hand as it was, and the records in their one form.
func (t *Theme) Text() string {
	var b strings.Builder
	put := func(lines []string) {
		for _, line := range lines {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	if lead := trimBlank(t.lead); len(lead) > 0 {
		put(append(lead[:len(lead):len(lead)], ""))
	}
	for i, c := range t.Cases {
		if i > 0 {
			b.WriteByte('\n')
		}
		put(c.head)
		for _, r := range c.Records {
			names := make([]string, len(r.Releases))
			for j, v := range r.Releases {
				names[j] = v.String()
			}
			put([]string{"", "answer " + strings.Join(names, " ")})
			put(r.Lines)
		}
	}
	return b.String()
}

// Save writes the case file if it differs from what is there.
func (t *Theme) Save(testdata string) (changed bool, err error) {
	path := filepath.Join(testdata, "cases", t.Name+".txt")
	text := t.Text()
	if old, err := os.ReadFile(path); err == nil && string(old) == text {
		return false, nil
	}
	return true, os.WriteFile(path, []byte(text), 0o644)
}
