package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"

	"simplehttp/conformance"
)

// What can come of a case.
const (
	equal      = "equal"
	different  = "different"
	passedOver = "passed over"
)

// A result is what came of one case. The names in JSON are those of help/check.txt.
type result struct {
	Case    string   `json:"case"`
	Outcome string   `json:"outcome"`
	Reason  string   `json:"reason,omitempty"`
	Why     string   `json:"why,omitempty"`
	Tree    string   `json:"tree,omitempty"`
	Request []string `json:"request,omitempty"`
	Line    int      `json:"line,omitempty"`
	Byte    int      `json:"byte,omitempty"`
	Got     string   `json:"got,omitempty"`
	Want    string   `json:"want,omitempty"`
	Rerun   string   `json:"rerun,omitempty"`

	theme, name string
}

// A report is what came of all.
type report struct {
	Server     string    `json:"server"`
	Python     string    `json:"python"`
	Level      string    `json:"level"`
	Asked      int       `json:"asked"`
	Equal      int       `json:"equal"`
	Different  int       `json:"different"`
	PassedOver int       `json:"passed_over"`
	Cases      []*result `json:"cases"`
}

func (r *report) add(c *result) {
	r.Cases = append(r.Cases, c)
	switch c.Outcome {
	case equal:
		r.Equal++
	case different:
		r.Different++
	default:
		r.PassedOver++
	}
	r.Asked = r.Equal + r.Different
}

// differs makes the result of a case whose answer parts from the record, or did not come for a reason.
func differs(k *conformance.Case, d *conformance.Departure, reason, rerun string) *result {
	r := &result{Case: k.FullName(), theme: k.Theme, name: k.Name, Outcome: different, Reason: reason,
		Why: k.Why, Tree: k.Tree, Request: k.Request.Spelled(), Rerun: rerun}
	if d != nil {
		r.Line, r.Byte, r.Got, r.Want = d.Line, d.Byte, d.Got, d.Want
	}
	return r
}

// printed is how much of a line is printed, and before how much of it that differs.
const (
	printed = 160
	before  = 60
)

// window cuts a line to what is printed, from an offset on, with a mark where something is cut off.
func window(line string, from int) string {
	if from > 0 {
		line = "…" + line[min(from, len(line)):]
	}
	if len(line) > printed {
		line = line[:printed] + "…"
	}
	return line
}

// print prints a case that differs.
func (r *result) print(w io.Writer, p palette) {
	fmt.Fprintf(w, "%s%s%s\n  why    %s\n", p.title, r.Case, p.off, r.Why)
	for _, line := range r.Request {
		fmt.Fprintf(w, "  >      %s\n", window(line, 0))
	}
	if r.Line == 0 {
		fmt.Fprintf(w, "  %sno answer: %s%s\n", p.got, r.Reason, p.off)
	} else {
		from := max(0, r.Byte-1-before)
		fmt.Fprintf(w, "  line %d of the answer differs, from byte %d on\n", r.Line, r.Byte)
		fmt.Fprintf(w, "  got    %s%s%s\n", p.got, window(r.Got, from), p.off)
		fmt.Fprintf(w, "  want   %s%s%s\n", p.want, window(r.Want, from), p.off)
		fmt.Fprintf(w, "         %s^\n", strings.Repeat(" ", r.Byte-1-from+min(from, 1)))
	}
	fmt.Fprintf(w, "  rerun  %s\n\n", r.Rerun)
}

// summary prints how many cases of each theme came to what.
func (r *report) summary(w io.Writer) {
	const row = "%-14s %6v %6v %10v %12v\n"
	fmt.Fprintf(w, row, "theme", "asked", "equal", "different", "passed over")
	var themes []string
	counts := map[string]*report{}
	for _, c := range r.Cases {
		if counts[c.theme] == nil {
			counts[c.theme] = &report{}
			themes = append(themes, c.theme)
		}
		counts[c.theme].add(c)
	}
	for _, theme := range themes {
		n := counts[theme]
		fmt.Fprintf(w, row, theme, n.Asked, n.Equal, n.Different, n.PassedOver)
	}
	fmt.Fprintf(w, row, "all", r.Asked, r.Equal, r.Different, r.PassedOver)
	fmt.Fprintf(w, "compared with CPython %s, level %s\n", r.Python, r.Level)
}

func (r *report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// The elements of a JUnit report that readers of it agree about: a suite for each theme.
type (
	junitSuites struct {
		XMLName  xml.Name      `xml:"testsuites"`
		Name     string        `xml:"name,attr"`
		Tests    int           `xml:"tests,attr"`
		Failures int           `xml:"failures,attr"`
		Skipped  int           `xml:"skipped,attr"`
		Suites   []*junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func (r *report) writeJUnit(name string) error {
	all := junitSuites{Name: r.Server + " as CPython " + r.Python, Tests: len(r.Cases), Failures: r.Different, Skipped: r.PassedOver}
	suites := map[string]*junitSuite{}
	for _, c := range r.Cases {
		suite := suites[c.theme]
		if suite == nil {
			suite = &junitSuite{Name: c.theme}
			suites[c.theme] = suite
			all.Suites = append(all.Suites, suite)
		}
		suite.add(c)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append([]byte(xml.Header), append(text, '\n')...), 0o644)
}

func (s *junitSuite) add(c *result) {
	j := junitCase{Class: c.theme, Name: c.name}
	switch c.Outcome {
	case different:
		s.Failures++
		var text strings.Builder
		c.print(&text, palette{})
		j.Failure = &junitMessage{Message: c.headline(), Text: text.String()}
	case passedOver:
		s.Skipped++
		j.Skipped = &junitMessage{Message: c.Reason}
	}
	s.Tests++
	s.Cases = append(s.Cases, j)
}

// headline says in one line what differs.
func (r *result) headline() string {
	if r.Line == 0 {
		return r.Reason
	}
	return fmt.Sprintf("line %d, byte %d: got %s, want %s", r.Line, r.Byte, window(r.Got, 0), window(r.Want, 0))
}
