package conformance

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// ExportFormat tells what Export writes.
//
//go:embed EXPORT.md
var ExportFormat string

// The documents of an export. Their keys are those of EXPORT.md; text of the type latin is bytes.
type (
	exportedRelease struct {
		Release string `json:"release"`
		Series  string `json:"series"`
		Server  string `json:"server"`
	}
	exportedCase struct {
		Case      string           `json:"case"`
		Theme     string           `json:"theme"`
		Name      string           `json:"name"`
		Why       string           `json:"why"`
		Tree      string           `json:"tree"`
		Shows     []string         `json:"shows,omitempty"`
		Options   exportedOptions  `json:"options"`
		Releases  []string         `json:"releases"`
		Sockets   bool             `json:"sockets"`
		Checkable bool             `json:"checkable"`
		Request   []latin          `json:"request"`
		EOF       bool             `json:"eof"`
		Answers   []exportedAnswer `json:"answers"`
	}
	exportedOptions struct {
		Protocol    latin      `json:"protocol"`
		Clock       string     `json:"clock"`
		Zone        string     `json:"zone"`
		Directory   *latin     `json:"directory,omitempty"`
		Mime        string     `json:"mime,omitempty"`
		Encoding    string     `json:"encoding,omitempty"`
		Cwd         string     `json:"cwd,omitempty"`
		ContentType *latin     `json:"content_type,omitempty"`
		Headers     [][2]latin `json:"headers,omitempty"`
	}
	exportedAnswer struct {
		Releases  []string          `json:"releases"`
		Stretches []exportedStretch `json:"stretches"`
		End       Ending            `json:"end"`
		EndAfter  int               `json:"end_after"`
	}
	exportedStretch struct {
		After int           `json:"after"`
		Log   []exportedLog `json:"log,omitempty"`
		Sent  []piece       `json:"sent,omitempty"`
	}
	exportedLog struct {
		Line  []piece `json:"line"`
		Crash bool    `json:"crash,omitempty"`
	}
	piece struct {
		Bytes  latin  `json:"bytes,omitempty"`
		Word   string `json:"word,omitempty"`
		Length int    `json:"length,omitempty"`
		SHA256 string `json:"sha256,omitempty"`
	}
	exportedTree struct {
		Tree    string          `json:"tree"`
		Entries []exportedEntry `json:"entries"`
	}
	exportedEntry struct {
		Kind        string `json:"kind"`
		Path        latin  `json:"path"`
		Content     latin  `json:"content"`
		Mode        string `json:"mode"`
		Seconds     int64  `json:"seconds"`
		Nanoseconds int64  `json:"nanoseconds"`
	}
)

// latin is bytes, in JSON a string with one character for each.
type latin string

func (l latin) MarshalText() ([]byte, error) { return []byte(latin1(string(l))), nil }

// Export writes all cases and trees into a directory that is empty or not there.
func Export(testdata, dir string) (cases int, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		return 0, fmt.Errorf("%s is not empty (%w)", dir, err)
	}
	themes, err := LoadThemes(testdata)
	if err != nil {
		return 0, err
	}
	x := &exporter{testdata: testdata, dir: dir, taken: map[string]bool{}}
	x.releases()
	for _, t := range themes {
		for _, c := range t.Cases {
			x.aCase(c)
			cases++
		}
	}
	x.trees()
	x.mime()
	return cases, x.err
}

// An exporter writes documents until the first error.
type exporter struct {
	testdata, dir string
	taken         map[string]bool // names of files, in lower case
	err           error
}

// write writes a document under a free name.
func (x *exporter) write(folder, name string, document any) {
	if x.err != nil {
		return
	}
	file := filepath.Join(x.dir, folder, fileName(name))
	for n := 2; x.taken[strings.ToLower(file)]; n++ {
		file = filepath.Join(x.dir, folder, fileName(name)+"-"+strconv.Itoa(n))
	}
	x.taken[strings.ToLower(file)] = true
	if x.err = os.MkdirAll(filepath.Dir(file), 0o755); x.err != nil {
		return
	}
	f, err := os.Create(file + ".json")
	if x.err = err; err != nil {
		return
	}
	defer f.Close()
	e := json.NewEncoder(f)
	e.SetEscapeHTML(false) // markup stays readable
	e.SetIndent("", " ")
	x.err = e.Encode(document)
}

// fileName makes of a name one that every file system takes.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '.', r == '-':
			return r
		}
		return '_'
	}, name)
}

func (x *exporter) releases() {
	var all []exportedRelease
	for _, v := range cpython.Versions() {
		all = append(all, exportedRelease{v.String(), v.Series(), ServerField(v)})
	}
	x.write("", "releases", all)
}

func (x *exporter) aCase(c *Case) {
	e := exportedCase{
		Case: c.FullName(), Theme: c.Theme, Name: c.Name, Why: c.Why, Tree: c.Tree, Shows: c.Shows,
		Options: c.Options.export(), Releases: names(c.Releases), Sockets: c.Sockets, Checkable: c.Checkable(),
		Request: []latin{}, EOF: c.Request.EOF, Answers: []exportedAnswer{},
	}
	start := 0
	for _, end := range c.Request.lines {
		e.Request = append(e.Request, latin(c.Request.Bytes[start:end]))
		start = end
	}
	for _, r := range c.Records {
		a, err := exportAnswer(&c.Request, r.Lines)
		if err != nil && x.err == nil {
			x.err = fmt.Errorf("%s: %w", c.FullName(), err)
		}
		a.Releases = names(r.Releases)
		e.Answers = append(e.Answers, a)
	}
	x.write(filepath.Join("cases", c.Theme), c.Name, e)
}

// names are the full names of releases.
func names(vs []cpython.Version) []string {
	all := []string{}
	for _, v := range vs {
		all = append(all, v.String())
	}
	return all
}

func (o Options) export() exportedOptions {
	e := exportedOptions{
		Protocol: latin(o.Protocol), Clock: o.Clock, Zone: o.Zone, Mime: o.Mime, Encoding: o.Encoding, Cwd: o.Cwd,
	}
	if o.HasDirectory {
		d := latin(o.Directory)
		e.Directory = &d
	}
	if o.HasType {
		t := latin(o.ContentType)
		e.ContentType = &t
	}
	for _, h := range o.Headers {
		e.Headers = append(e.Headers, [2]latin{latin(h[0]), latin(h[1])})
	}
	return e
}

// exportAnswer reads the lines of an answer.
func exportAnswer(r *Request, lines []string) (a exportedAnswer, err error) {
	a.Stretches = []exportedStretch{}
	place := r.end()
	stretch := func() *exportedStretch {
		if n := len(a.Stretches); n == 0 || a.Stretches[n-1].After != place {
			a.Stretches = append(a.Stretches, exportedStretch{After: place})
		}
		return &a.Stretches[len(a.Stretches)-1]
	}
	for _, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "at":
			place, err = r.parsePlace(rest)
		case "log", "crash":
			var l exportedLog
			l.Line, err = elementPieces([]piece{}, rest)
			l.Crash = word == "crash"
			s := stretch()
			s.Log = append(s.Log, l)
		case "<":
			s := stretch()
			s.Sent, err = elementPieces(s.Sent, rest)
		default:
			a.End, a.EndAfter = Ending(word), place
		}
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

// elementPieces appends the elements of a line.
func elementPieces(all []piece, line string) ([]piece, error) {
	if isHash(line) {
		var p piece
		_, err := fmt.Sscanf(line, "%d bytes sha256 %s", &p.Length, &p.SHA256)
		return append(all, p), err
	}
	for rest := line; rest != ""; {
		word, after, _ := strings.Cut(rest, " ")
		if word == "server" || word == "root" {
			all, rest = append(all, piece{Word: word}), strings.TrimLeft(after, " ")
			continue
		}
		element, after, err := nextElement(rest, Words{})
		if err != nil {
			return nil, err
		}
		if n := len(all); n > 0 && all[n-1].Bytes != "" {
			all[n-1].Bytes += latin(element)
		} else if len(element) > 0 {
			all = append(all, piece{Bytes: latin(element)})
		}
		rest = strings.TrimLeft(after, " ")
	}
	return all, nil
}

func (x *exporter) trees() {
	files, err := filepath.Glob(filepath.Join(x.testdata, "trees", "*.txt"))
	if err != nil && x.err == nil {
		x.err = err
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t, err := LoadTree(x.testdata, name)
		if err != nil {
			x.err = err
			return
		}
		e := exportedTree{Tree: name, Entries: []exportedEntry{}}
		for _, n := range t.Entries {
			mode := strconv.FormatUint(uint64(n.Mode), 8)
			e.Entries = append(e.Entries, exportedEntry{n.Kind, latin(n.Path), latin(n.Content), mode, n.Sec, n.Nsec})
		}
		x.write("trees", name, e)
	}
}

func (x *exporter) mime() {
	if x.err == nil {
		x.err = os.CopyFS(filepath.Join(x.dir, "mime"), os.DirFS(filepath.Join(x.testdata, "mime")))
	}
}
