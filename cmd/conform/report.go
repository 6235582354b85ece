package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// What can come of a case.
const (
	equal      = "equal"
	different  = "different"
	passedOver = "passed over"

	knownToDiffer = "known" // stands in differences.txt
)

// A result is what came of one case. The names in JSON are those of help/report.txt.
type result struct {
	Case    string   `json:"case"`
	Python  string   `json:"python,omitempty"`
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
	took        time.Duration
}

// A report is what came of all.
type report struct {
	Server     string    `json:"server"`
	Python     string    `json:"python,omitempty"`
	Level      string    `json:"level"`
	Asked      int       `json:"asked"`
	Equal      int       `json:"equal"`
	Different  int       `json:"different"`
	Known      int       `json:"known,omitempty"`
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
	case knownToDiffer:
		r.Known++
	default:
		r.PassedOver++
	}
	r.Asked = r.Equal + r.Different + r.Known
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
		fmt.Fprintf(w, "  %s%s%s\n", p.got, r.Reason, p.off)
	} else {
		from := max(0, r.Byte-1-before)
		fmt.Fprintf(w, "  line %d of the answer differs, from byte %d on\n", r.Line, r.Byte)
		fmt.Fprintf(w, "  got    %s%s%s\n", p.got, window(r.Got, from), p.off)
		fmt.Fprintf(w, "  want   %s%s%s\n", p.want, window(r.Want, from), p.off)
		fmt.Fprintf(w, "         %s^\n", strings.Repeat(" ", r.Byte-1-from+min(from, 1)))
	}
	fmt.Fprintf(w, "  rerun  %s\n\n", r.Rerun)
}

// summary prints how many cases of each theme came to what; or of each release, where several were asked.
func (r *report) summary(w io.Writer) {
	const row = "%-14s %6v %6v %10v %12v\n"
	first, rows, counts := "theme", []string{}, map[string]*report{}
	for _, c := range r.Cases {
		name := c.theme
		if c.Python != "" {
			first, name = "release", c.Python
		}
		if counts[name] == nil {
			counts[name] = &report{}
			rows = append(rows, name)
		}
		counts[name].add(c)
	}
	fmt.Fprintf(w, row, first, "asked", "equal", "different", "passed over")
	for _, name := range rows {
		n := counts[name]
		fmt.Fprintf(w, row, name, n.Asked, n.Equal, n.Different, n.PassedOver)
	}
	fmt.Fprintf(w, row, "all", r.Asked, r.Equal, r.Different, r.PassedOver)
	if r.Known > 0 {
		fmt.Fprintf(w, "%d more differ as differences.txt says\n", r.Known)
	}
	if r.Python != "" {
		fmt.Fprintf(w, "compared with CPython %s, level %s\n", r.Python, r.Level)
	}
	r.reasons(w)
}

// reasons prints why cases were passed over, and how many for each reason.
func (r *report) reasons(w io.Writer) {
	var reasons []string
	counts := map[string]int{}
	for _, c := range r.Cases {
		if c.Outcome != passedOver {
			continue
		}
		if counts[c.Reason]++; counts[c.Reason] == 1 {
			reasons = append(reasons, c.Reason)
		}
	}
	for _, reason := range reasons {
		fmt.Fprintf(w, "%6d passed over: %s\n", counts[reason], reason)
	}
}

func (r *report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// The elements of a JUnit report that the schemas of its readers agree about: a suite for each theme.
type (
	junitSuites struct {
		XMLName  xml.Name      `xml:"testsuites"`
		Name     string        `xml:"name,attr"`
		Tests    int           `xml:"tests,attr"`
		Failures int           `xml:"failures,attr"`
		Errors   int           `xml:"errors,attr"`
		Time     seconds       `xml:"time,attr"`
		Suites   []*junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     seconds     `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    seconds       `xml:"time,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// seconds is a duration as the schemas want it: up to three digits and a fraction.
type seconds time.Duration

func (s seconds) MarshalXMLAttr(name xml.Name) (xml.Attr, error) {
	return xml.Attr{Name: name, Value: strconv.FormatFloat(time.Duration(s).Seconds(), 'f', 3, 64)}, nil
}

func (s *seconds) UnmarshalXMLAttr(attr xml.Attr) error {
	d, err := time.ParseDuration(attr.Value + "s")
	*s = seconds(d)
	return err
}

func (r *report) writeJUnit(name string) error {
	all := junitSuites{Name: strings.TrimSpace(r.Server + " as CPython " + r.Python), Tests: len(r.Cases), Failures: r.Different}
	suites := map[string]*junitSuite{}
	for _, c := range r.Cases {
		name := strings.TrimSpace(c.Python + " " + c.theme)
		suite := suites[name]
		if suite == nil {
			suite = &junitSuite{Name: name}
			suites[name] = suite
			all.Suites = append(all.Suites, suite)
		}
		suite.add(c)
		all.Time += seconds(c.took)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append([]byte(xml.Header), append(text, '\n')...), 0o644)
}

func (s *junitSuite) add(c *result) {
	j := junitCase{Class: s.Name, Name: c.name, Time: seconds(c.took)}
	switch c.Outcome {
	case different:
		s.Failures++
		var text strings.Builder
		c.print(&text, palette{})
		j.Failure = &junitMessage{Type: "difference", Message: c.headline(), Text: text.String()}
	case passedOver:
		s.Skipped++
		j.Skipped = &junitMessage{Message: c.Reason}
	}
	s.Tests++
	s.Time += j.Time
	s.Cases = append(s.Cases, j)
}

// headline says in one line what differs.
func (r *result) headline() string {
	if r.Line == 0 {
		return r.Reason
	}
	return fmt.Sprintf("line %d, byte %d: got %s, want %s", r.Line, r.Byte, window(r.Got, 0), window(r.Want, 0))
}
