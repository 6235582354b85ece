package conformance

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// TestExhaustive compares ours with the recorded digests of every release. Of a large family it takes every so many-th
// block; `conform exhaustive replay` takes all of them.
func TestExhaustive(t *testing.T) {
	var releases []*Digests
	for _, v := range cpython.Versions() {
		recorded, err := LoadDigests(testdata, v)
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, recorded)
	}
	for _, f := range Families() {
		if f.Share == 0 {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			ours := make([]Answerer, len(releases))
			for i, r := range releases {
				ours[i] = &OursExhaustive{Version: r.Version, Testdata: testdata}
			}
			asked, differ, err := Replay(f, f.Share*thinning, releases, ours)
			if err != nil {
				t.Error(err)
			}
			for _, d := range differ {
				t.Error(d)
			}
			t.Logf("%d inputs for each release", asked)
		})
	}
}

// TestExhaustiveNotices replays one release's digests with another's answers.
func TestExhaustiveNotices(t *testing.T) {
	recorded, err := LoadDigests(testdata, cpython.V2_7)
	if err != nil {
		t.Fatal(err)
	}
	ours := &OursExhaustive{Version: cpython.V3_13, Testdata: testdata}
	for _, name := range []string{"line", "version", "repr", "utf-8", "extension"} {
		f := Families()[slices.IndexFunc(Families(), func(f *Family) bool { return f.Name == name })]
		if _, differ, err := Replay(f, f.Share, []*Digests{recorded}, []Answerer{ours}); err != nil || len(differ) == 0 {
			t.Errorf("family %s of 2.7, replayed as 3.13: %d blocks differ, error %v; want some", name, len(differ), err)
		}
	}
}

// shortCases are those of at most so many places, whose cuts are tried here; `conform exhaustive cuts` tries all.
func shortCases(t *testing.T) (short []*Case) {
	const places = 20
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			if len(c.Request.Steps()) <= places {
				short = append(short, c)
			}
		}
	}
	return short
}

// TestReplayCuts sends short cases in three pieces, as one of the releases that give the same answer.
func TestReplayCuts(t *testing.T) {
	trees := &Trees{Testdata: testdata}
	replayers := map[cpython.Version]*Replayer{}
	for _, v := range cpython.Versions() {
		replayers[v] = &Replayer{Version: v, Trees: trees}
	}
	short := shortCases(t)
	pairs := 0
	for i := 0; i < len(short); i += thinning {
		c := short[i]
		for _, record := range c.Records {
			v := record.Releases[i%len(record.Releases)]
			n, d, err := replayers[v].ReplayCuts(c)
			if err != nil {
				t.Errorf("%s, %s: %v", c.FullName(), v, err)
			}
			if d != nil {
				t.Error(d)
			}
			pairs += n
		}
	}
	t.Logf("%d pairs of cuts in %d cases", pairs, len(short))
}

func TestFamilies(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Families() {
		if seen[f.Name] || f.Why == "" || (f.Setups != nil) != (f.Question == "serve") {
			t.Errorf("family %q is a second one of its name, or lacks something", f.Name)
		}
		seen[f.Name] = true
		for input := range f.Inputs { // which can be left early
			if len(input) == 0 && f.Name != "line-cut" && f.Name != "path" && f.Name != "name" {
				t.Errorf("family %s begins with an empty input", f.Name)
			}
			break
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		tokens      string
		least, most int
		want        string
	}{
		{"a b", 0, 2, "<> <a> <b> <aa> <ab> <ba> <bb>"},
		{"a bc", 2, 2, "<aa> <abc> <bca> <bcbc>"},
		{"a", 1, 3, "<a> <aa> <aaa>"},
	} {
		var got []string
		for word := range words(strings.Fields(tt.tokens), tt.least, tt.most, "<", ">") {
			got = append(got, string(word))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("words(%q, %d, %d) = %q, want %q", tt.tokens, tt.least, tt.most, s, tt.want)
		}
	}
}

// TestEscapes counts: two digits, each one of 16 or, for six of them, in two letter cases.
func TestEscapes(t *testing.T) {
	all := escapes()
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 22*22 {
		t.Errorf("escapes() has %d texts, want %d", n, 22*22)
	}
}

// TestLengths looks for each length that is to be tried.
func TestLengths(t *testing.T) {
	lines, requests := map[int]bool{}, map[int]bool{}
	for j := range lengths {
		requests[len(j.Bytes)] = true
		for line := range bytes.Lines(j.Bytes) {
			lines[len(line)] = true
		}
	}
	for d := -3; d <= 3; d++ {
		if !lines[65536+d] || !requests[8192+d] || !requests[131072+d] {
			t.Errorf("lengths() has not all of %d, %d and %d bytes", 65536+d, 8192+d, 131072+d)
		}
	}
}

func TestJob(t *testing.T) {
	for _, j := range []Job{{0, []byte("x"), true}, {258, []byte{}, false}} {
		if got := parseJob(AppendJob(nil, j)); got.Setup != j.Setup || got.EOF != j.EOF || !bytes.Equal(got.Bytes, j.Bytes) {
			t.Errorf("parseJob(AppendJob(%v)) = %v", j, got)
		}
	}
}

func TestAnswerAt(t *testing.T) {
	a := &Answer{End: Closed, EndAt: 9}
	for _, place := range []int{2, 3, 5, 8} {
		a.Add(place, nil, []byte{byte('0' + place)})
	}
	for _, tt := range []struct {
		cuts []int
		want string
	}{
		{[]int{1, 2, 8}, "2:2 8:358 end 9"},
		{[]int{3, 5, 8}, "3:23 5:5 8:8 end 9"},
		{[]int{4, 6, 9}, "4:23 6:5 9:8 end 9"},
	} {
		var got []byte
		moved := a.at(tt.cuts)
		for _, s := range moved.Stretches {
			got = fmt.Appendf(got, "%d:%s ", s.At, s.Wire)
		}
		got = fmt.Appendf(got, "end %d", moved.EndAt)
		if string(got) != tt.want {
			t.Errorf("at(%v) = %q, want %q", tt.cuts, got, tt.want)
		}
	}
}
