package conformance

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"simplehttp/cpython"
)

// oursAsTheirs stands in for a real release. It may change its answers.
type oursAsTheirs struct {
	ours   *Ours
	change func(*Reply)
}

func (o oursAsTheirs) Ask(jobs []Job) (replies []Reply, err error) {
	for _, j := range jobs {
		r := o.ours.Ask(j, len(j.Bytes)+1)
		if o.change != nil {
			o.change(&r)
		}
		replies = append(replies, r)
	}
	return replies, nil
}

// betweenOurs compares two releases without interpreters.
func betweenOurs(t *testing.T, a, b cpython.Version, change func(*Reply)) (*Between, []*Case) {
	t.Helper()
	setups, cases := fuzzSetup(t, a)
	setups = slices.DeleteFunc(setups, func(s Setup) bool { return s.Tree.Name != "plain" && s.Tree.Name != "paths" })
	w, err := newBetween(a, b, testdata, setups)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range []cpython.Version{a, b} {
		ours := newOurs(t, v, setups)
		w.theirs[i], w.roots[i] = oursAsTheirs{ours, change}, ours.Roots
	}
	return w, cases
}

// TestBetween holds that generated requests to neighbours differ by quirks and texts alone, and by those one expects.
func TestBetween(t *testing.T) {
	for _, row := range []struct {
		a, b   cpython.Version
		quirks []cpython.Quirk
		texts  []string
	}{
		{cpython.V2_7, cpython.V3_6, []cpython.Quirk{cpython.ReadsFieldsWithRFC822, cpython.SendsLengthOfError}, []string{"page", "type of an error page"}},
		{cpython.V3_8, cpython.V3_9, []cpython.Quirk{cpython.SendsLengthOfRedirect}, nil},
		{cpython.V3_13, cpython.V3_14, []cpython.Quirk{cpython.SkipsFieldsOfSimpleRequest}, []string{"page"}},
	} {
		w, cases := betweenOurs(t, row.a, row.b, nil)
		if err := w.Run(context.Background(), 1, 500, cases); err != nil {
			t.Fatal(err)
		}
		for _, f := range w.Unexplained {
			t.Errorf("%s and %s: %s", row.a, row.b, f.Text("not explained"))
		}
		for _, q := range row.quirks {
			if w.Quirks[q] == 0 {
				t.Errorf("%s and %s: %s explains nothing, only %v", row.a, row.b, q, w.Quirks)
			}
		}
		for _, text := range row.texts {
			if w.Texts[text] == 0 {
				t.Errorf("%s and %s: no %s differs, only %v", row.a, row.b, text, w.Texts)
			}
		}
	}
}

// TestBetweenFinds holds that a difference is found that no quirk explains, and that the table is left as it was.
func TestBetweenFinds(t *testing.T) {
	w, cases := betweenOurs(t, cpython.V3_9, cpython.V3_10, nil)
	other := w.theirs[1].(oursAsTheirs)
	other.change = func(r *Reply) { r.Wire = bytes.ReplaceAll(r.Wire, []byte("\r\nLocation: "), []byte("\r\nLOCATION: ")) }
	w.theirs[1], w.Wanted = other, 1
	if err := w.Run(context.Background(), 1, 2000, cases); err != nil {
		t.Fatal(err)
	}
	if len(w.Unexplained) != 1 || len(w.Unexplained[0].Job.Bytes) > 30 {
		t.Errorf("found %+v, want one short request", w.Unexplained)
	}
	for _, q := range cpython.Quirks() {
		if again := slices.Contains(w.flips, q); again != (cpython.V3_9.Has(q) != cpython.V3_10.Has(q)) {
			t.Errorf("%s is not as it was", q)
		}
	}
}

// TestTextsBetween gives pairs of lines that differ in a text, and pairs that do not.
func TestTextsBetween(t *testing.T) {
	for _, row := range []struct{ left, right, text string }{
		{`< "HTTP/1.0 414 Request-URI Too Long\r\n"`, `< "HTTP/1.0 414 URI Too Long\r\n"`, "reason-phrase"},
		{`< "HTTP/1.0 414 Too Long\r\n"`, `< "HTTP/1.0 400 Too Long\r\n"`, "-"},
		{`< "Content-type: text/a\r\n"`, `< "Content-type: text/b\r\n"`, "media type"},
		{`log "x - - [] code 400, message Bad\n"`, `log "x - - [] code 400, message Worse\n"`, "message of an error"},
		{`log "x - - [] code 400, message Bad\n"`, `log "x - - [] code 404, message Bad\n"`, "-"},
		{`< "<li><a href=\"a\">a</a>\n"`, `< "<li><a href=\"a\">a</a></li>\n"`, ""},
		{`< "<li><a href=\"a\">a</a>\n"`, `< "<li><a href=\"%61\">a</a>\n"`, "-"},
		{`< "<title>Directory listing for /</title>\n"`, `< "<title>Directory listing for /?</title>\n"`, "-"},
		{`< "Location: wss:/x\r\n"`, `< "Location: wss:///x\r\n"`, "scheme with an authority"},
		{`< "Location: x:/x\r\n"`, `< "Location: x:///x\r\n"`, "-"},
		{`closed after 5 bytes`, `closed after 6 bytes`, "-"},
	} {
		texts, diff := textsBetween([]string{row.left}, []string{row.right})
		got := "-"
		if diff == "" && len(texts) > 0 {
			got = texts[0]
		} else if diff == "" {
			got = ""
		}
		if got != row.text {
			t.Errorf("between %s and %s is the text %q, want %q", row.left, row.right, got, row.text)
		}
	}
}
