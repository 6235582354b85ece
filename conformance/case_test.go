package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// TestCaseFiles reads every case file, writes it, and finds it unchanged: what the recorder leaves alone stays as it is.
func TestCaseFiles(t *testing.T) {
	for _, theme := range loadThemes(t) {
		text, err := os.ReadFile(filepath.Join(testdata, "cases", theme.Name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if got := theme.Text(); got != string(text) {
			t.Errorf("%s.txt is not in the form that the recorder writes: %s", theme.Name,
				Diff(strings.Split(got, "\n"), strings.Split(string(text), "\n")))
		}
	}
}

// TestEveryReleaseRecorded finds answers that are missing, and answers of releases that are not asked.
func TestEveryReleaseRecorded(t *testing.T) {
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			for _, v := range cpython.Versions() {
				if _, ok := c.Recorded(v); ok != c.Asked(v) {
					t.Errorf("%s, %s: recorded is %v, asked is %v; run conform record --python %s '%s'",
						c.FullName(), v, ok, c.Asked(v), v.Series(), c.FullName())
				}
			}
		}
	}
}

// TestWhy asks for a sentence in every case.
func TestWhy(t *testing.T) {
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			if !strings.HasSuffix(c.Why, ".") || strings.ToLower(c.Name) != c.Name && !strings.Contains(c.Name, ".Z") {
				t.Errorf("%s: the name is to be in lower case, and the why to be a sentence: %q", c.FullName(), c.Why)
			}
		}
	}
}

// unseen are the quirks that no case can show, with the reason.
var unseen = map[string]string{
	"ColorsTerminal":       "a terminal shows it: the log of a case is a file",
	"BracketsHostInBanner": "the banner is no answer: package server tests it",
	"ResolvesBindAddress":  "a matter of starting: package server tests it",
	"SaysGoodbye":          "a matter of ending: the command tests it",
	"ShowsURLInBanner":     "the banner is no answer: package server tests it",
	"EscapesExplain":       "no explanation of the class itself has markup",
	"LogsAddressString":    "the class itself has the same address either way",
}

// TestEveryQuirkShown finds quirks without a case, and cases whose answers do not differ where a quirk begins or ends.
func TestEveryQuirkShown(t *testing.T) {
	shown := map[string]bool{}
	quirks := quirksByName(t)
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			for _, name := range c.Shows {
				q, ok := quirks[name]
				if !ok {
					t.Errorf("%s shows %s, which is no quirk", c.FullName(), name)
					continue
				}
				shown[name] = true
				checkShows(t, c, name, q)
			}
		}
	}
	for name := range quirks {
		if shown[name] == (unseen[name] != "") {
			t.Errorf("%s: shown by a case is %v, and the reason why it cannot be is %q", name, shown[name], unseen[name])
		}
	}
}

// checkShows compares the answers of neighbours of which one has the quirk.
func checkShows(t *testing.T, c *Case, name string, q cpython.Quirk) {
	t.Helper()
	all := cpython.Versions()
	for i, v := range all[1:] {
		before := all[i]
		if before.Has(q) == v.Has(q) {
			continue
		}
		old, ok1 := c.Recorded(before)
		now, ok2 := c.Recorded(v)
		if ok1 && ok2 && Diff(spelledOut(old, before), spelledOut(now, v)) == "" {
			t.Errorf("%s shows %s, but %s and %s answer alike", c.FullName(), name, before, v)
		}
	}
}

// spelledOut replaces the word server by what it stands for, without the release.
func spelledOut(lines []string, v cpython.Version) []string {
	lines = slices.Clone(lines)
	value, _, _ := strings.Cut(ServerField(v), " ")
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], " server ", " "+value+" ")
	}
	return lines
}

// quirksByName finds all quirks: those that the table names.
func quirksByName(t *testing.T) map[string]cpython.Quirk {
	t.Helper()
	text, err := os.ReadFile("../cpython/quirktable.go")
	if err != nil {
		t.Fatal(err)
	}
	n := len(regexp.MustCompile(`(?m)^\t[A-Z]\w*:\s+\{"`).FindAll(text, -1))
	quirks := map[string]cpython.Quirk{}
	for q := cpython.Quirk(1); int(q) <= n; q++ {
		quirks[q.String()] = q
	}
	return quirks
}

func TestParseThemeRefuses(t *testing.T) {
	const good = "case a\nwhy  B.\ntree plain\n> \"x\"\n"
	if _, err := ParseTheme("x", good); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ text, want string }{
		{good + "\n" + good, `6: second case "a"`},
		{"case a\ntree plain\n> \"x\"\n", `1: case "a" has no why`},
		{"case a\nwhy  B.\n> \"x\"\n", `1: case "a" has no tree`},
		{"case a\nwhy  B.\ntree plain\n", `1: case "a" sends nothing`},
		{good + "wat\n", `5: no such line: "wat"`},
		{good + "from 4.2\n", `5: no release "4.2"`},
		{good + "only\n", `5: no release is named`},
		{good + "with colour red\n", `5: no option "colour"`},
		{good + "with clock noon\n", `5: strconv.ParseFloat: parsing "noon": invalid syntax`},
		{good + "> eof\n> \"y\"\n", `6: "\"y\"" after eof`},
		{good + "> x\n", `5: no element at "x"`},
		{good + "> x*\"y\"\n", `5: repetition "x" is not a number`},
		{good + "> \"é\"\n", `5: "é" is not ASCII in quotes`},
	} {
		if _, err := ParseTheme("x", row.text); err == nil || err.Error() != row.want {
			t.Errorf("ParseTheme(%q) = %v, want %s", row.text, err, row.want)
		}
	}
}

func TestSetRecorded(t *testing.T) {
	c := &Case{}
	c.SetRecorded(cpython.V3_13, []string{"new"})
	c.SetRecorded(cpython.V2_7, []string{"old"})
	c.SetRecorded(cpython.V3_12, []string{"new"})
	c.SetRecorded(cpython.V3_6, []string{"gone"})
	c.SetRecorded(cpython.V3_6, nil)
	want := []Record{
		{[]cpython.Version{cpython.V2_7}, []string{"old"}},
		{[]cpython.Version{cpython.V3_12, cpython.V3_13}, []string{"new"}},
	}
	same := func(a, b Record) bool { return slices.Equal(a.Releases, b.Releases) && slices.Equal(a.Lines, b.Lines) }
	if !slices.EqualFunc(c.Records, want, same) {
		t.Errorf("Records = %v, want %v", c.Records, want)
	}
}

func TestPlace(t *testing.T) {
	var r Request
	for _, line := range []string{`"GET / HTTP/1.0\r\n"`, `"A: " 3*"b"`, `"\r\n"`, `eof`} {
		if err := r.parseLine(line); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		at   int
		want string
	}{
		{0, "start"}, {1, "line 1 byte 1"}, {15, "line 1 byte 15"}, {16, "line 1"}, {17, "line 2 byte 1"},
		{22, "line 2"}, {23, "line 3 byte 1"}, {24, "end"}, {25, "eof"},
	} {
		if got := r.Place(row.at); got != row.want {
			t.Errorf("Place(%d) = %q, want %q", row.at, got, row.want)
		}
		if got, err := r.parsePlace(row.want); got != row.at || err != nil {
			t.Errorf("parsePlace(%q) = %d, %v, want %d", row.want, got, err, row.at)
		}
	}
	if at, err := r.parsePlace("line 9"); err == nil {
		t.Errorf("parsePlace of a line that is not there = %d", at)
	}
}

func TestSteps(t *testing.T) {
	short, long := Request{}, Request{}
	if err := short.parseLine(`"abc"`); err != nil {
		t.Fatal(err)
	}
	if got := short.Steps(); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("Steps of a short request = %v, want every byte", got)
	}
	if err := long.parseLine(`"A: " 70000*"b" "\r\n"`); err != nil {
		t.Fatal(err)
	}
	steps := long.Steps()
	for _, at := range []int{1, 3, 8192, 65535, 65536, 65537, 70003, 70005} {
		if !slices.Contains(steps, at) {
			t.Errorf("Steps of a long request leave out %d", at)
		}
	}
	if len(steps) > 100 || steps[len(steps)-1] != long.end() {
		t.Errorf("Steps of a long request are %d, the last of them %d", len(steps), steps[len(steps)-1])
	}
}
