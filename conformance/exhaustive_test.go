package conformance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		if thinning > 1 && f.Question != "serve" { // functions, in which the race detector has nothing to find
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

// TestReplayCuts sends cases in three pieces, as one of the releases that give the same answer, cut at some of all
// pairs of places; `conform exhaustive cuts` tries all.
func TestReplayCuts(t *testing.T) {
	const share = 251
	trees := &Trees{Testdata: testdata}
	replayers := map[cpython.Version]*Replayer{}
	for _, v := range cpython.Versions() {
		replayers[v] = &Replayer{Version: v, Trees: trees}
	}
	pairs, number := 0, 0
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			number++
			for _, record := range c.Records {
				v := record.Releases[number%len(record.Releases)]
				n, d, err := replayers[v].ReplayCuts(c, share*thinning)
				if err != nil {
					t.Errorf("%s, %s: %v", c.FullName(), v, err)
				}
				if d != nil {
					t.Error(d)
				}
				pairs += n
			}
		}
	}
	t.Logf("%d pairs of cuts in %d cases", pairs, number)
}

// TestCutPairs counts the pairs of some cases: all of them, and a share.
func TestCutPairs(t *testing.T) {
	r := &Replayer{Version: cpython.V3_13, Trees: &Trees{Testdata: testdata}}
	tried := 0
	for _, c := range loadThemes(t)[0].Cases {
		n := len(c.Request.Steps())
		if n > 30 {
			continue
		}
		tried++
		for _, share := range []int{1, 2, 7, 5000} {
			all := n * (n - 1) / 2
			pairs, _, err := r.ReplayCuts(c, share)
			if err != nil || pairs != (all+share-1)/share {
				t.Errorf("%s: ReplayCuts(%d) tries %d pairs of %d, error %v", c.FullName(), share, pairs, all, err)
			}
		}
	}
	if tried == 0 {
		t.Error("no case is short")
	}
}

// TestCountsPage holds that the page tells what is recorded.
func TestCountsPage(t *testing.T) {
	var releases []*Digests
	for _, v := range cpython.Versions() {
		recorded, err := LoadDigests(testdata, v)
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, recorded)
	}
	page, err := os.ReadFile(filepath.Join(testdata, CountsFile))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(CountsPage(releases)), string(page)); diff != "" {
		t.Errorf("%s is not what conform exhaustive counts writes: -want +got:\n%s", CountsFile, diff)
	}
}

func TestFamilies(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Families() {
		if seen[f.Name] || f.Why == "" || f.Share == 0 || (f.Setups != nil) != (f.Question == "serve") {
			t.Errorf("family %q is a second one of its name, or lacks something", f.Name)
		}
		seen[f.Name] = true
		if f.Inputs.Len() == 0 {
			t.Errorf("family %q is empty", f.Name)
		}
	}
}

// TestBlocks wants every input of small families in one block, and once.
func TestBlocks(t *testing.T) {
	for n := range 300 {
		f := &Family{Question: "serve", Inputs: words{tokensOf("%02x", allBytes()), 1, 2, "", ""}}
		f.Inputs = firstOf{f.Inputs, 5*n + 1}
		seen := map[string]bool{}
		for number := range f.Blocks() {
			for _, input := range f.Block(number) {
				if seen[string(input)] {
					t.Fatalf("of %d inputs %s comes twice", f.Inputs.Len(), input)
				}
				seen[string(input)] = true
			}
		}
		if len(seen) != f.Inputs.Len() {
			t.Errorf("of %d inputs %d come", f.Inputs.Len(), len(seen))
		}
	}
}

// A firstOf is a part of inputs.
type firstOf struct {
	Inputs
	n int
}

func (f firstOf) Len() int { return f.n }

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
		for word := range (words{strings.Fields(tt.tokens), tt.least, tt.most, "<", ">"}).all() {
			got = append(got, word)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("words(%q, %d, %d) = %q, want %q", tt.tokens, tt.least, tt.most, s, tt.want)
		}
	}
}

// TestEscapes counts: two digits, each one of 16 or, for six of them, in two letter cases.
func TestEscapes(t *testing.T) {
	all := slices.Sorted(escapes)
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
