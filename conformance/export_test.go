package conformance

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simplehttp/cpython"
)

// UnmarshalText is the reverse of MarshalText, for these tests.
func (l *latin) UnmarshalText(text []byte) error {
	var b []byte
	for _, r := range string(text) {
		b = append(b, byte(r))
	}
	*l = latin(b)
	return nil
}

func readDocument(t *testing.T, file string, document any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, document); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// readBack makes a case of an exported one.
func (e *exportedCase) readBack(t *testing.T) *Case {
	t.Helper()
	c := &Case{
		Theme: e.Theme, Name: e.Name, Why: e.Why, Tree: e.Tree, Shows: e.Shows, Sockets: e.Sockets,
		Options: e.Options.readBack(), Releases: readReleases(t, e.Releases), Request: Request{EOF: e.EOF},
	}
	for _, line := range e.Request {
		c.Request.Bytes = append(c.Request.Bytes, line...)
		c.Request.lines = append(c.Request.lines, len(c.Request.Bytes))
	}
	for _, a := range e.Answers {
		c.Records = append(c.Records, Record{readReleases(t, a.Releases), a.readBack(&c.Request)})
	}
	return c
}

func readReleases(t *testing.T, names []string) (vs []cpython.Version) {
	t.Helper()
	for _, name := range names {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			t.Fatalf("no release %q", name)
		}
		vs = append(vs, v)
	}
	return vs
}

func (e exportedOptions) readBack() Options {
	o := Options{
		Protocol: string(e.Protocol), Clock: e.Clock, Zone: e.Zone, Mime: e.Mime, Encoding: e.Encoding, Cwd: e.Cwd,
		HasDirectory: e.Directory != nil, HasType: e.ContentType != nil,
	}
	if o.HasDirectory {
		o.Directory = string(*e.Directory)
	}
	if o.HasType {
		o.ContentType = string(*e.ContentType)
	}
	for _, h := range e.Headers {
		o.Headers = append(o.Headers, [2]string{string(h[0]), string(h[1])})
	}
	return o
}

// standIns are what the words of an answer are spelled by while it is put together.
var standIns = Words{Server: "\x00the Server field\x00", Root: "\x00the directory\x00"}

// readBack spells the lines of an answer.
func (a exportedAnswer) readBack(r *Request) []string {
	answer := &Answer{End: a.End, EndAt: a.EndAfter}
	hash := map[int]string{} // the last line of what was sent at a place
	for _, s := range a.Stretches {
		var log []LogLine
		for _, l := range s.Log {
			text, _ := joined(l.Line)
			log = append(log, LogLine{text, l.Crash})
		}
		wire, rest := joined(s.Sent)
		answer.Stretches = append(answer.Stretches, Stretch{s.After, log, wire})
		hash[s.After] = rest
	}
	// The lines with a hash are put where their stretch ends.
	var lines []string
	place := r.end()
	for _, line := range append(answer.Lines(r, standIns), "") {
		word, rest, _ := strings.Cut(line, " ")
		if word != "log" && word != "crash" && word != "<" && hash[place] != "" {
			lines = append(lines, hash[place])
			hash[place] = ""
		}
		if word == "at" {
			place, _ = r.parsePlace(rest)
		}
		lines = append(lines, line)
	}
	return lines[:len(lines)-1]
}

// joined are the bytes of pieces, and the line for those of which only the hash is known.
func joined(pieces []piece) (b []byte, hash string) {
	for _, p := range pieces {
		switch {
		case p.Word == "server":
			b = append(b, standIns.Server...)
		case p.Word == "root":
			b = append(b, standIns.Root...)
		case p.Length > 0:
			hash = "< " + strconv.Itoa(p.Length) + " bytes sha256 " + p.SHA256
		}
		b = append(b, p.Bytes...)
	}
	return b, hash
}

// TestExport reads back what was exported, and finds every case as it was.
func TestExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "export")
	count, err := Export(testdata, dir)
	if err != nil {
		t.Fatal(err)
	}
	exported := map[string]*Case{}
	err = filepath.WalkDir(filepath.Join(dir, "cases"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		var e exportedCase
		readDocument(t, name, &e)
		exported[e.Case] = e.readBack(t)
		return nil
	})
	if err != nil || len(exported) != count {
		t.Fatalf("read back %d of %d cases: %v", len(exported), count, err)
	}
	for _, theme := range loadThemes(t) {
		for _, c := range theme.Cases {
			want := *c
			want.head, want.Request.edges = nil, nil // how it is written by hand
			got := exported[c.FullName()]
			if got == nil {
				t.Errorf("%s is not exported", c.FullName())
				continue
			}
			if diff := cmp.Diff(&want, got, cmp.AllowUnexported(Case{}, Request{})); diff != "" {
				t.Errorf("%s, read back: %s", c.FullName(), diff)
			}
			delete(exported, c.FullName())
		}
	}
	for name := range exported {
		t.Errorf("%s is exported, and no case", name)
	}
}

// TestExportTrees reads the trees and the releases back.
func TestExportTrees(t *testing.T) {
	dir := t.TempDir()
	if _, err := Export(testdata, dir); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(testdata, "trees", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no trees: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		want, err := LoadTree(testdata, name)
		if err != nil {
			t.Fatal(err)
		}
		var e exportedTree
		readDocument(t, filepath.Join(dir, "trees", name+".json"), &e)
		got := &Tree{Name: e.Tree}
		for _, n := range e.Entries {
			mode, err := strconv.ParseUint(n.Mode, 8, 32)
			if err != nil {
				t.Errorf("tree %s: mode %q", name, n.Mode)
			}
			got.Entries = append(got.Entries, TreeEntry{n.Kind, string(n.Path), string(n.Content), uint32(mode), n.Seconds, n.Nanoseconds})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tree %s, read back: %s", name, diff)
		}
	}
	var releases []exportedRelease
	readDocument(t, filepath.Join(dir, "releases.json"), &releases)
	if len(releases) != len(cpython.Versions()) {
		t.Errorf("exported %d releases, want %d", len(releases), len(cpython.Versions()))
	}
	if _, err := Export(testdata, dir); err == nil {
		t.Error("Export writes into a directory that is not empty")
	}
}
