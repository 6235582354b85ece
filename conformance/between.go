package conformance

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// A Between asks two real releases the same generated requests. Where their answers differ, the quirk table has to
// explain it: ours answers as each of the two; and there is a smallest set of quirks that makes of our answer for the
// one that for the other, but for texts, which come from tables that are kept by release.
type Between struct {
	A, B cpython.Version

	Asked       int
	Differ      int                   // requests to which the two answer differently, beyond their Server field
	Quirks      map[cpython.Quirk]int // how many of them each quirk explains, alone or with others
	Texts       map[string]int        // and in how many each kind of text differs
	Masked      map[string]int
	Wanted      int       // so many unexplained are enough; 0 for no limit
	Unexplained []Finding // of release B
	Tell        func()    // is called after each batch, unless it is nil

	testdata string
	setups   []Setup
	ours     [2]*Ours
	theirs   [2]Asker
	roots    [2][]string // of theirs
	closing  []func()
	flips    []cpython.Quirk   // in which the two differ
	usual    [][]cpython.Quirk // sets that have explained a difference
	mixed    map[string]*Ours
	seen     map[string]bool // differences that are among the unexplained
}

// NewBetween starts both interpreters, for the setups that both have.
func NewBetween(a, b cpython.Version, from Source, testdata string, cases []*Case) (*Between, error) {
	setups, err := commonSetups(a, b, cases, &Trees{Testdata: testdata})
	if err != nil {
		return nil, err
	}
	w, err := newBetween(a, b, testdata, setups)
	if err != nil {
		return nil, err
	}
	for i, v := range []cpython.Version{a, b} {
		worker, err := NewWorker(v, from, testdata, setups)
		if err != nil {
			w.Close()
			return nil, err
		}
		w.theirs[i], w.roots[i] = worker, worker.Roots
		w.closing = append(w.closing, worker.Close)
	}
	return w, nil
}

// newBetween has nobody to ask yet.
func newBetween(a, b cpython.Version, testdata string, setups []Setup) (w *Between, err error) {
	w = &Between{
		A: a, B: b, testdata: testdata, setups: setups, mixed: map[string]*Ours{}, seen: map[string]bool{},
		Quirks: map[cpython.Quirk]int{}, Texts: map[string]int{}, Masked: map[string]int{},
	}
	for _, q := range cpython.Quirks() {
		if a.Has(q) != b.Has(q) {
			w.flips = append(w.flips, q)
		}
	}
	for i, v := range []cpython.Version{a, b} {
		if w.ours[i], err = NewOurs(v, testdata, setups); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// commonSetups are the ways of serving that two releases share, with the trees that both can answer.
func commonSetups(a, b cpython.Version, cases []*Case, trees *Trees) (common []Setup, err error) {
	narrow, wide := a, b
	if HasSockets(a) {
		narrow, wide = b, a
	}
	setups, err := FuzzSetups(narrow, cases, trees, "")
	if err != nil {
		return nil, err
	}
	others, err := FuzzSetups(wide, cases, trees, "")
	for _, s := range setups {
		if slices.ContainsFunc(others, func(o Setup) bool { return o.Tree.Name == s.Tree.Name && o.Options.Key() == s.Options.Key() }) {
			common = append(common, s)
		}
	}
	return common, err
}

// Close ends the interpreters.
func (w *Between) Close() {
	for _, closing := range w.closing {
		closing()
	}
}

// Run asks requests of a generator until it has asked count, if that is not zero, ctx is done, or enough is found.
func (w *Between) Run(ctx context.Context, seed uint64, count int, cases []*Case) error {
	g := NewGenerator(seed, w.setups, cases)
	enough := func() bool { return w.Wanted > 0 && len(w.Unexplained) >= w.Wanted }
	for ctx.Err() == nil && (count == 0 || w.Asked < count) && !enough() {
		jobs := make([]Job, batchSize)
		for i := range jobs {
			jobs[i] = g.Next()
		}
		a, b, err := w.ask(jobs)
		if err != nil {
			return err
		}
		for i, j := range jobs {
			if enough() {
				break
			}
			if err := w.judge(j, &a[i], &b[i]); err != nil {
				return err
			}
		}
		if w.Asked += len(jobs); w.Tell != nil {
			w.Tell()
		}
	}
	return nil
}

// ask asks both releases, at the same time.
func (w *Between) ask(jobs []Job) (a, b []Reply, err error) {
	failed := make(chan error, 1)
	go func() {
		var err error
		a, err = w.theirs[0].Ask(jobs)
		failed <- err
	}()
	b, err = w.theirs[1].Ask(jobs)
	if e := <-failed; e != nil {
		err = e
	}
	return a, b, err
}

// judge counts what explains the difference between two answers, and shrinks the request if nothing does.
func (w *Between) judge(j Job, a, b *Reply) error {
	e := w.explain(j, a, b)
	if !e.differ {
		return nil
	}
	w.Differ++
	if e.mask != "" {
		w.Masked[e.mask]++
		return nil
	}
	if e.why == "" {
		for _, q := range e.quirks {
			w.Quirks[q]++
		}
		for _, text := range e.texts {
			w.Texts[text]++
		}
		return nil
	}
	var failed error
	again := func(j Job) explanation {
		a, b, err := w.ask([]Job{j})
		if err != nil {
			failed = err
			return explanation{}
		}
		return w.explain(j, &a[0], &b[0])
	}
	holds := func(j Job) bool { return failed == nil && again(j).why == e.why }
	if holds(j) {
		j = Shrink(j, holds)
	}
	last := again(j)
	if key := withoutDigits(last.diff); !w.seen[key] {
		w.seen[key] = true
		w.Unexplained = append(w.Unexplained, Finding{w.B, w.setups[j.Setup], j, e.why + "\n" + last.diff})
	}
	return failed
}

// An explanation says why two releases differ in a request.
type explanation struct {
	differ bool
	quirks []cpython.Quirk
	texts  []string
	mask   string // both answer in a way that cannot be compared
	why    string // it is not explained, or ""
	diff   string // where the answers part
}

func (w *Between) explain(j Job, a, b *Reply) (e explanation) {
	req := NewRequest(j.Bytes, j.EOF)
	linesA, linesB := w.lines(0, j, a), w.lines(1, j, b)
	if e.differ = !slices.Equal(linesA, linesB); !e.differ {
		return e
	}
	for i, theirs := range []*Reply{a, b} {
		ours := w.ours[i].Ask(j, len(j.Bytes)+1)
		ours.moveRoot(w.ours[i].Roots[j.Setup], w.roots[i][j.Setup])
		for _, m := range Masks {
			if !ours.Equal(theirs) && m.Hides(&ours, theirs) {
				e.mask = m.Name
				return e
			}
		}
		if !ours.Equal(theirs) {
			v := []cpython.Version{w.A, w.B}[i]
			words := Words{Server: ServerField(v), Root: w.roots[i][j.Setup]}
			e.why, e.diff = "ours is not "+v.String(), Diff(ours.Lines(&req, words), theirs.Lines(&req, words))
			return e
		}
	}
	e.quirks = w.smallest(j, linesB)
	// What is left is to be texts: between the answer of A, and ours with the texts of B and all quirks as A has
	// them; or, for the tables have no rows where a release has no use for them, the other way round.
	if e.texts, e.diff = textsBetween(linesA, w.mixedLines(w.B, w.A, w.flips, j)); e.diff == "" {
		return e
	}
	first := e.diff
	if e.texts, e.diff = textsBetween(w.mixedLines(w.A, w.B, e.quirks, j), linesB); e.diff != "" {
		e.why = fmt.Sprintf("not explained by %v and texts", e.quirks)
		e.diff = first + "\nor " + e.diff
	}
	return e
}

// lines spells a reply of a real release; what tells the release and the place of the tree is told by words.
func (w *Between) lines(i int, j Job, r *Reply) []string {
	v := []cpython.Version{w.A, w.B}[i]
	return r.allLines(Words{Server: ServerField(v), Root: w.roots[i][j.Setup]})
}

// allLines spells a reply line by line, however long it is.
func (r *Reply) allLines(words Words) (lines []string) {
	add := func(word string, text []byte) {
		for line := range bytes.Lines(text) {
			lines = append(lines, word+" "+string(AppendQuoted(nil, line, words)))
		}
	}
	add("log", r.Log)
	add("crash", r.Crash)
	add("<", r.Wire)
	return append(lines, fmt.Sprintf("%s after %d bytes", r.End, r.Took))
}

// smallest finds a set of quirks that cannot be made smaller: with them as B has them, and all others as A has
// them, our answer with the texts of B is that of B.
func (w *Between) smallest(j Job, want []string) []cpython.Quirk {
	enough := func(set []cpython.Quirk) bool {
		rest := slices.DeleteFunc(slices.Clone(w.flips), func(q cpython.Quirk) bool { return slices.Contains(set, q) })
		return slices.Equal(w.mixedLines(w.B, w.A, rest, j), want)
	}
	if enough(nil) {
		return nil
	}
	for _, set := range w.usual { // most differences have one of a few reasons
		if enough(set) {
			return reduced(set, enough)
		}
	}
	set := reduced(w.flips, enough)
	w.usual = append(w.usual, set)
	return set
}

// reduced leaves out of a set that is enough what is not needed.
func reduced(set []cpython.Quirk, enough func([]cpython.Quirk) bool) []cpython.Quirk {
	for _, q := range slices.Clone(set) {
		fewer := slices.DeleteFunc(slices.Clone(set), func(x cpython.Quirk) bool { return x == q })
		if len(set) > 1 && enough(fewer) {
			set = fewer
		}
	}
	return set
}

// mostMixed bounds how many mixtures are kept.
const mostMixed = 1 << 12

// mixedLines is our answer as release v, but with some quirks as another release has them.
func (w *Between) mixedLines(v, other cpython.Version, quirks []cpython.Quirk, j Job) []string {
	for _, q := range quirks {
		defer v.Assume(q, v.Has(q))
		v.Assume(q, other.Has(q))
	}
	key := fmt.Sprint(v, quirks, j.Setup)
	ours := w.mixed[key]
	if ours == nil {
		var err error
		if ours, err = NewOurs(v, w.testdata, w.setups[j.Setup:j.Setup+1]); err != nil {
			return []string{err.Error()}
		}
		if len(w.mixed) >= mostMixed {
			clear(w.mixed)
		}
		w.mixed[key] = ours
	}
	reply := ours.Ask(Job{Bytes: j.Bytes, EOF: j.EOF}, len(j.Bytes)+1)
	return reply.allLines(Words{Server: ServerField(v), Root: ours.Roots[0]})
}

// textPlaces are the places in which an answer shows a text: the name of the text, and what of a line it is. The
// names in a listing and in its title are not: they are not of the page.
var textPlaces = []struct {
	name  string
	place *regexp.Regexp
	keep  string
}{
	{"reason-phrase", regexp.MustCompile(`^(< "HTTP/\d\.\d \d{3} ).*`), "$1"},
	{"reason-phrase", regexp.MustCompile(`^(< ".* 414 )(?:Request-)?URI Too Long.*`), "$1"}, // whatever the protocol is called
	{"media type", regexp.MustCompile(`^(< "Content-type: ).*`), "$1"},
	{"type of an error page", regexp.MustCompile(`^(< "Content-Type: )text/html.*`), "$1"},
	{"", regexp.MustCompile(`^(< "Content-Length: ).*`), "$1"}, // follows from the others
	{"message of an error", regexp.MustCompile(`^(log .* code \d{3}, message ).*`), "$1"},
	{"exception", regexp.MustCompile(`^crash .*`), "crash"},
	{"", regexp.MustCompile(`^(< ".*</a>)(?:</li>)?\\n"$`), "$1"},
	{"page", regexp.MustCompile(`^< "<title>(Directory listing for .*)</title>.*`), "$1"},
	{"scheme with an authority", regexp.MustCompile(`^(< "Location: (?:ws|wss|rtsps|itms-services):)/*(.*)`), "$1$2"},
	{"page", regexp.MustCompile(`^(< "[^<]*)</h[12]>\\n"$`), "$1"},                // behind a line end in a target
	{"page", regexp.MustCompile(`^(< "[^<]*[^< ])(?:<head>|<!DOCTYPE ).*`), "$1"}, // behind the end of a file
	{"page", regexp.MustCompile(`^< "(?: *<|\\n"| {8}|http:).*`), ""},
	{"page", regexp.MustCompile(`^< " *(?:[\w: -]+[{;]|\})\\n"$`), ""}, // its style
}

// textsBetween names the texts in which two answers differ, or tells where something else does.
func textsBetween(left, right []string) (texts []string, diff string) {
	plainLeft, plainRight := withoutTexts(left), withoutTexts(right)
	if diff := Diff(plainLeft, plainRight); diff != "" {
		if Diff(sortedBeyondASCII(plainLeft), sortedBeyondASCII(plainRight)) != "" {
			return nil, diff
		}
		texts = append(texts, "order of letters beyond ASCII")
	}
	for len(left) > 0 || len(right) > 0 {
		l, r := nextCommonLine(left, right)
		for _, line := range slices.Concat(left[:l], right[:r]) {
			name, _ := withoutText(line)
			if name != "" && !slices.Contains(texts, name) {
				texts = append(texts, name)
			}
		}
		left, right = left[min(l+1, len(left)):], right[min(r+1, len(right)):]
	}
	return texts, ""
}

// sortedBeyondASCII sorts the entries of listings that are not ASCII: their order hangs on the Unicode of the release.
func sortedBeyondASCII(lines []string) []string {
	var others, entries []string
	for _, line := range lines {
		if strings.HasPrefix(line, `< "<li>`) && strings.Contains(line, `\x`) {
			entries = append(entries, line)
		} else {
			others = append(others, line)
		}
	}
	slices.Sort(entries)
	return append(others, entries...)
}

// withoutTexts is what of an answer is no text.
func withoutTexts(lines []string) (plain []string) {
	for _, line := range lines {
		if _, rest := withoutText(line); rest != "" {
			plain = append(plain, rest)
		}
	}
	return plain
}

// withoutText is what of a line is no text, and the name of the text that it shows.
func withoutText(line string) (name, rest string) {
	for _, p := range textPlaces {
		if m := p.place.FindStringSubmatchIndex(line); m != nil {
			return p.name, string(p.place.ExpandString(nil, p.keep, line, m))
		}
	}
	return "", line
}

// nextCommonLine finds the nearest line that both have: how many lines of each come before it.
func nextCommonLine(left, right []string) (l, r int) {
	for sum := range len(left) + len(right) {
		for l := max(0, sum-len(right)+1); l <= min(sum, len(left)-1); l++ {
			if left[l] == right[sum-l] {
				return l, sum - l
			}
		}
	}
	return len(left), len(right)
}
