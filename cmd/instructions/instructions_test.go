package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// committed is the record in the tree. These tests need no valgrind: they hold what the record says.
func committed(t *testing.T) record {
	t.Helper()
	r, err := readRecord(filepath.Base(recordPath))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// want returns the recorded count of name.
func (r record) want(t *testing.T, name string) int64 {
	t.Helper()
	count, ok := r.find(name)
	if !ok {
		t.Errorf("%q is not recorded; make instructions UPDATE=1", name)
	}
	return count
}

func TestRecordIsWhole(t *testing.T) {
	r := committed(t)
	var names []string
	for _, j := range jobs() {
		for _, e := range j.entries(make([]int64, len(quarters))) {
			names = append(names, e.name)
		}
	}
	if len(names) != len(r.entries) {
		t.Errorf("%d entries are recorded, want %d", len(r.entries), len(names))
	}
	for i, name := range names[:min(len(names), len(r.entries))] {
		if r.entries[i].name != name {
			t.Errorf("entry %d is %q, want %q", i, r.entries[i].name, name)
		}
	}
}

// timesFewer is how many times fewer instructions than net/textproto the parser needs at least.
const timesFewer = 4

func TestParserNeedsFewerThanTextproto(t *testing.T) {
	r := committed(t)
	for _, request := range requests {
		if request.name == "long target" {
			// Both do little but copy it. What makes net/textproto slower there is the memory that it
			// asks for, which the clock shows, and the number of instructions does not.
			continue
		}
		theirs := r.want(t, "textproto/"+request.name)
		for _, v := range releases {
			ours := r.want(t, "parse/"+request.name+"/"+v.Series())
			if ours*timesFewer > theirs {
				t.Errorf("%s, %s: %d instructions, net/textproto %d: less than %d times as many", request.name, v, ours, theirs, timesFewer)
			}
		}
	}
}

// TestCostGrowsAsTheInput: from one size to the next the input doubles, and so does what is added to
// the cost. With work that grows as the square of the size, it would be four times as much. Three is the
// border, since the counts of large input have some noise.
func TestCostGrowsAsTheInput(t *testing.T) {
	r := committed(t)
	for _, h := range hostile {
		name := "growth/" + h.name + "/" + h.release.Series()
		first, second := r.want(t, name+" 1/4"), r.want(t, name+" 2/4")
		if added, more := second-first, r.want(t, name+" 4/4")-second; added <= 0 || more > 3*added {
			t.Errorf("%s: from 1/4 to 2/4 of the input the cost grows by %d, from 2/4 to 4/4 by %d, want twice that", name, added, more)
		}
	}
}

func TestRecordIsReadAsWritten(t *testing.T) {
	entries := []entry{{"parse/100 fields/3.14", 1}, {"growth/line/2.7 1/4", 1234567890123}}
	name := filepath.Join(t.TempDir(), "record")
	if err := writeRecord(name, entries); err != nil {
		t.Fatal(err)
	}
	r, err := readRecord(name)
	if err != nil || r.toolchain != toolchain() || len(r.entries) != 2 || r.entries[0] != entries[0] || r.entries[1] != entries[1] {
		t.Errorf("readRecord = %v, %v, want %v", r, err, entries)
	}
	for _, text := range []string{"", "go1.26\n", recordHead + "go1.26\nparse/curl\n", recordHead + "go1.26\n\n"} {
		if _, err := parseRecord(text); err == nil {
			t.Errorf("parseRecord(%q) is no error", text)
		}
	}
}

func TestCompare(t *testing.T) {
	const first, second = "parse/a", "answer/b"
	r := record{entries: []entry{{first, 1000}, {second, 1000}}}
	for _, c := range []struct {
		a, b int64
		want string // part of what is printed, if that is an error
	}{
		{1000, 1000, ""},
		{1030, 970, ""},
		{1031, 1000, "costs more"},
		{1000, 969, "costs less"},
	} {
		var out strings.Builder
		err := compare(&out, r, []entry{{first, c.a}, {second, c.b}})
		if (err != nil) != (c.want != "") || !strings.Contains(out.String(), c.want) {
			t.Errorf("compare with %d and %d = %v, %q", c.a, c.b, err, out.String())
		}
	}
	for _, counts := range [][]entry{{{first, 1000}}, {{first, 1000}, {"parse/c", 1000}}} {
		if err := compare(&strings.Builder{}, r, counts); err == nil {
			t.Errorf("compare with %v is no error", counts)
		}
	}
}

func TestReadDump(t *testing.T) {
	name := filepath.Join(t.TempDir(), "count.1")
	for _, c := range []struct {
		text string
		want int64
	}{
		{"# callgrind format\nevents: Ir\nfn=(1) main\n0 12\n\ntotals: 4711\n", 4711},
		{"# callgrind format\nevents: Ir\n", 0},
		{"totals: many\n", 0},
	} {
		if err := os.WriteFile(name, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := readDump(name); got != c.want || (err == nil) != (c.want != 0) {
			t.Errorf("readDump of %q = %d, %v, want %d", c.text, got, err, c.want)
		}
	}
	if _, err := readDump(name + ".none"); err == nil {
		t.Error("readDump of no file is no error")
	}
}
