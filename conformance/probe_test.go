package conformance

import (
	"testing"

	"simplehttp/cpython"
)

// anOracle answers with what it was given.
type anOracle func(c *Case) (*Answer, Words, error)

func (o anOracle) Ask(c *Case, _ *Tree) (*Answer, Words, error) { return o(c) }
func (anOracle) Close()                                         {}

// TestProbes asks our own handler for a quirk that a request shows, one that the module tells, and one that is hidden.
func TestProbes(t *testing.T) {
	for _, row := range []struct {
		v     cpython.Version
		q     cpython.Quirk
		mark  string
		shown bool // by a case
	}{
		{cpython.V3_6, cpython.HonorsIfModifiedSince, "-", true},
		{cpython.V3_7, cpython.HonorsIfModifiedSince, "x", true},
		{cpython.V3_7, cpython.SaysGoodbye, "x", false},
		{cpython.V3_7, cpython.TakesCapitalIPvFuture, "?", false},
	} {
		had := row.v.Has(row.q)
		p, r := probesOf(t, row.v)
		got := p.Ask(row.q, row.v, anOracle(func(c *Case) (*Answer, Words, error) { return r.Ask(c, c.Request.Steps()) }))
		if got.Mark() != row.mark || (got.Case != "") != row.shown || (got.Reason != "") != (row.mark == "?") {
			t.Errorf("%s is asked for %s: %+v, want %s", row.v, row.q, got, row.mark)
		}
		if row.v.Has(row.q) != had {
			t.Errorf("the table of %s is not as it was", row.v)
		}
	}
}

// TestProbesDoubtTheTable has a table that is wrong about the release that is asked: its answer tells.
func TestProbesDoubtTheTable(t *testing.T) {
	const v, q = cpython.V3_9, cpython.SendsLengthOfRedirect
	p, r := probesOf(t, v)
	type given struct {
		answer *Answer
		words  Words
		err    error
	}
	answers := map[*Case]given{}
	for _, c := range p.cases {
		if shows(c, q) == 1 {
			answer, words, err := r.Ask(c, c.Request.Steps())
			answers[c] = given{answer, words, err}
		}
	}
	defer v.Assume(q, v.Has(q))
	v.Assume(q, false)
	got := p.Ask(q, v, anOracle(func(c *Case) (*Answer, Words, error) { return answers[c].answer, answers[c].words, answers[c].err }))
	if !got.Has || got.Reason != "" {
		t.Errorf("the table is wrong about %s, and the probe says %+v", v, got)
	}
}

// probesOf are probes that need no interpreter, and our handler as that release.
func probesOf(t *testing.T, v cpython.Version) (*Probes, *Replayer) {
	t.Helper()
	trees := &Trees{Testdata: testdata}
	p := NewProbes(Source{}, trees, loadThemes(t))
	p.inside[v] = map[string]bool{"SaysGoodbye": true}
	return p, &Replayer{Version: v, Trees: trees}
}
