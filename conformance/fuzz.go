package conformance

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"simplehttp/cpython"
)

// An Asker answers jobs: a Worker, or ours as a release.
type Asker interface {
	Ask(jobs []Job) ([]Reply, error)
}

// A Fuzzer compares our handler with a real release, on generated requests.
type Fuzzer struct {
	Version  cpython.Version
	Setups   []Setup
	Ours     *Ours
	Theirs   Asker
	Roots    []string // of theirs
	Masks    []Mask
	Wanted   int // so many findings are enough; 0 for no limit
	Findings []Finding
	Asked    int
	Masked   map[string]int // how often each mask was needed
	Tell     func()         // is called after each batch, unless it is nil

	seen map[string]bool
}

// A Mask is a difference that is not ours: theirs is not what a real server would say.
type Mask struct {
	Name, Why string
	Hides     func(ours, theirs *Reply) bool
}

// A Finding is a smallest request that is answered differently.
type Finding struct {
	Version cpython.Version
	Setup   Setup
	Job     Job
	Diff    string
}

// batchSize is how many requests are sent to a worker at once.
const batchSize = 250

// Run asks requests of a generator until it has asked count, if that is not zero, ctx is done, or there are as
// many findings as wanted.
func (f *Fuzzer) Run(ctx context.Context, g *Generator, count int) error {
	chunks := rand.New(rand.NewPCG(1, 2))
	for ctx.Err() == nil && (count == 0 || f.Asked < count) && !f.enough() {
		jobs := make([]Job, batchSize)
		for i := range jobs {
			jobs[i] = g.Next()
		}
		if err := f.compare(jobs, chunks); err != nil {
			return err
		}
		if f.Asked += len(jobs); f.Tell != nil {
			f.Tell()
		}
	}
	return nil
}

// enough reports whether there are as many findings as wanted.
func (f *Fuzzer) enough() bool { return f.Wanted > 0 && len(f.Findings) >= f.Wanted }

// Compare asks some jobs.
func (f *Fuzzer) Compare(jobs []Job) error {
	f.Asked += len(jobs)
	return f.compare(jobs, rand.New(rand.NewPCG(1, 2)))
}

// compare asks both sides, at the same time, and shrinks what differs.
func (f *Fuzzer) compare(jobs []Job, chunks *rand.Rand) error {
	type result struct {
		replies []Reply
		err     error
	}
	done := make(chan result, 1)
	go func() {
		replies, err := f.Theirs.Ask(jobs)
		done <- result{replies, err}
	}()
	ours := make([]Reply, len(jobs))
	for i, j := range jobs {
		chunk := len(j.Bytes) + 1
		if chunks.IntN(4) == 0 {
			chunk = 1 + chunks.IntN(1+len(j.Bytes))
		}
		ours[i] = f.Ours.Ask(j, chunk)
	}
	theirs := <-done
	if theirs.err != nil {
		return theirs.err
	}
	for i := range jobs {
		kind := f.differs(jobs[i], &ours[i], &theirs.replies[i])
		if kind == "" || f.enough() {
			continue
		}
		if err := f.find(jobs[i], kind); err != nil {
			return err
		}
	}
	return nil
}

// differs names what differs between two replies to a job, or returns "".
func (f *Fuzzer) differs(j Job, ours, theirs *Reply) string {
	if ours.Equal(theirs) {
		return ""
	}
	ours.moveRoot(f.Ours.Roots[j.Setup], f.Roots[j.Setup])
	if ours.Equal(theirs) {
		return ""
	}
	for _, m := range f.Masks {
		if m.Hides(ours, theirs) {
			if f.Masked == nil {
				f.Masked = map[string]int{}
			}
			f.Masked[m.Name]++
			return ""
		}
	}
	return kindOfDifference(ours, theirs)
}

// kindOfDifference lists the parts that differ, and what is not ordinary: a request is not shrunk to one
// that differs for other reasons.
func kindOfDifference(ours, theirs *Reply) string {
	var kind []string
	for _, part := range []struct{ name, ours, theirs string }{
		{"wire", string(ours.Wire), string(theirs.Wire)}, {"log", string(ours.Log), string(theirs.Log)},
		{"crash", firstWord(ours.Crash), firstWord(theirs.Crash)}, {"crash text", string(ours.Crash), string(theirs.Crash)},
		{"end", string(ours.End), string(theirs.End)}, {"taken", fmt.Sprint(ours.Took), fmt.Sprint(theirs.Took)},
	} {
		if part.ours == part.theirs {
			continue
		}
		kind = append(kind, part.name)
		if part.name == "crash" || part.name == "end" {
			kind = append(kind, part.ours, part.theirs)
		}
	}
	return strings.Join(kind, " ")
}

func firstWord(s []byte) string {
	word, _, _ := strings.Cut(string(s), " ")
	return word
}

// ask asks both sides one job. Where their reply is not the same when asked again, there is no difference.
func (f *Fuzzer) ask(j Job) (ours, theirs Reply, err error) {
	replies, err := f.Theirs.Ask([]Job{j})
	if err != nil {
		return ours, theirs, err
	}
	return f.Ours.Ask(j, len(j.Bytes)+1), replies[0], nil
}

// find shrinks a job that is answered differently, and keeps it unless it is known already.
func (f *Fuzzer) find(j Job, kind string) error {
	var failed error
	holds := func(j Job) bool {
		ours, theirs, err := f.ask(j)
		if err != nil {
			failed = err
		}
		return failed == nil && f.differs(j, &ours, &theirs) == kind
	}
	if !holds(j) {
		// It depends on how we are fed, or on what they remember of earlier requests.
		kind = "not again: " + kind
	} else {
		j = Shrink(j, holds)
	}
	ours, theirs, err := f.ask(j)
	if err != nil || failed != nil {
		return fmt.Errorf("asking %.200q: %w", j.Bytes, errors.Join(failed, err))
	}
	f.differs(j, &ours, &theirs) // moves our root
	words := Words{Server: ServerField(f.Version), Root: f.Roots[j.Setup]}
	req := NewRequest(j.Bytes, j.EOF)
	f.keep(Finding{f.Version, f.Setups[j.Setup], j, kind + "\n" + Diff(ours.Lines(&req, words), theirs.Lines(&req, words))})
	return nil
}

// keep adds a finding unless there is one like it.
func (f *Fuzzer) keep(found Finding) {
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	key := withoutDigits(found.Diff)
	if !f.seen[key] {
		f.seen[key] = true
		f.Findings = append(f.Findings, found)
	}
}

// withoutDigits makes equal what differs in numbers only.
func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// NewRequest is a request of a case that sends such bytes.
func NewRequest(b []byte, eof bool) Request {
	r := Request{Bytes: b, EOF: eof}
	at := 0
	for line := range strings.Lines(string(b)) {
		at += len(line)
		r.lines = append(r.lines, at)
	}
	r.edges = r.lines
	return r
}

// Text spells the finding as a case to be recorded. What was found stands in comments.
func (f *Finding) Text(name string) string {
	var b strings.Builder
	for line := range strings.Lines(f.Diff) {
		b.WriteString("# " + strings.TrimSpace(line) + "\n")
	}
	fmt.Fprintf(&b, "case %s\nwhy  Found by comparing with %s on generated requests.\ntree %s\n", name, f.Version, f.Setup.Tree.Name)
	for _, line := range f.Setup.Options.lines() {
		b.WriteString("with " + line + "\n")
	}
	for line := range strings.Lines(string(f.Job.Bytes)) {
		b.WriteString("> " + string(AppendQuoted(nil, []byte(line), Words{})) + "\n")
	}
	if f.Job.EOF {
		b.WriteString("> eof\n")
	}
	return b.String()
}

// lines are the with lines for what is not the default.
func (o Options) lines() []string {
	var lines []string
	d := DefaultOptions()
	add := func(key, value, normal string) {
		if value != normal {
			lines = append(lines, key+" "+string(AppendQuoted(nil, []byte(value), Words{})))
		}
	}
	add("protocol", o.Protocol, d.Protocol)
	add("clock", o.Clock, d.Clock)
	add("encoding", o.Encoding, d.Encoding)
	if o.HasDirectory {
		add("directory", o.Directory, "\x00")
	}
	if o.HasType {
		add("content-type", o.ContentType, "\x00")
	}
	for _, h := range o.Headers {
		lines = append(lines, "header "+string(AppendQuoted(nil, []byte(h[0]), Words{}))+" "+string(AppendQuoted(nil, []byte(h[1]), Words{})))
	}
	return lines
}
