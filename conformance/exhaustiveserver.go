package conformance

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
)

// The setups of plainSetups.
const (
	serves10 = iota // HTTP/1.0
	serves11        // HTTP/1.1
)

// serverFamilies are those whose inputs go to the whole server, and whose whole answers are compared.
var serverFamilies = []*Family{
	{
		Name: "substituted", Question: "serve", Setups: plainSetups, Share: 32,
		Why:    "Every byte in the place of every byte of a request of each kind.",
		Inputs: collect(jobs(substituted)),
	},
	{
		Name: "inserted", Question: "serve", Setups: plainSetups, Share: 32,
		Why:    "Every byte between every two bytes of a request of each kind.",
		Inputs: collect(jobs(inserted)),
	},
	{
		Name: "removed", Question: "serve", Setups: plainSetups, Share: 8,
		Why:    "A request of each kind without each of its stretches.",
		Inputs: collect(jobs(removed)),
	},
	{
		Name: "cut-off", Question: "serve", Setups: plainSetups, Share: 1,
		Why:    "The start of a request of each kind, of every length, with the end of the stream behind it and without.",
		Inputs: collect(jobs(cutOff)),
	},
	{
		Name: "target", Question: "serve", Setups: plainSetups, Share: 16,
		Why:    "Every target of up to 4 tokens that are names, or what may stand around them.",
		Inputs: collect(jobs(targets)),
	},
	{
		Name: "field-count", Question: "serve", Setups: plainSetups, Share: 1,
		Why:    "Every number of field lines up to 3 and from 95 to 105, of every kind, with every kind of ending.",
		Inputs: collect(jobs(fieldCounts)),
	},
	{
		Name: "length", Question: "serve", Setups: plainSetups, Share: 4,
		Why:    "Every length within 3 of each limit: a line of 65536 bytes, a buffer of 8192 and 131072.",
		Inputs: collect(jobs(lengths)),
	},
	{
		Name: "digits", Question: "serve", Setups: plainSetups, Share: 1,
		Why:    "Every number of digits within 3 of 10 and of 4300, in both numbers of the version.",
		Inputs: collect(jobs(digits)),
	},
	{
		Name: "title", Question: "serve", Setups: plainSetups, Share: 4,
		Why:    "Every escape, and every three over the bytes that UTF-8 tells apart, in the title of a directory page.",
		Inputs: collect(jobs(titles(3))),
	},
	{
		Name: "listed", Question: "serve", Setups: nameSetups, Share: 1,
		Why:    "Every name of one byte in the page of its directory: as a file, as a directory, as a link, as one that leads nowhere.",
		Inputs: collect(jobs(listed(len(entryKinds)))),
	},
	{
		Name: "fetched", Question: "serve", Setups: nameSetups, Share: 5,
		Why:    "Every name of one byte, asked for by every target that means it.",
		Inputs: collect(jobs(fetched)),
	},
	{
		Name: "title-ascii", Question: "serve", Setups: inASCII(plainSetups), Share: 4,
		Why:    "The same titles in the C locale, with rows of two escapes: many end in a traceback, which takes CPython long.",
		Inputs: collect(jobs(titles(2))),
	},
	{
		Name: "listed-ascii", Question: "serve", Setups: inASCII(nameSetups), Share: 1,
		Why:    "The same pages in the C locale.",
		Inputs: collect(jobs(listed(len(entryKinds)))),
	},
	{
		Name: "fetched-ascii", Question: "serve", Setups: inASCII(nameSetups), Share: 5,
		Why:    "The same targets in the C locale.",
		Inputs: collect(jobs(fetched)),
	},
	{
		Name: "listed-together", Question: "serve", Setups: togetherSetups, Share: 1,
		Why:    "Every name of one or two bytes of each class, of all kinds, in one page: so it is sorted.",
		Inputs: collect(jobs(listed(1))),
	},
	{
		Name: "listed-together-ascii", Question: "serve", Setups: inASCII(togetherSetups), Share: 1,
		Why:    "The same page in the C locale.",
		Inputs: collect(jobs(listed(1))),
	},
	{
		Name: "listed-pairs", Question: "serve", Setups: pairSetups, Share: 1,
		Why:    "Every name of two bytes, in the pages of directories that hold those with one first byte.",
		Inputs: collect(jobs(listed(len(firstBytes())))),
	},
}

// jobs makes inputs of jobs.
func jobs(all iter.Seq[Job]) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for j := range all {
			if !yield(AppendJob(nil, j)) {
				return
			}
		}
	}
}

// plainSetups serve the tree of most cases.
func plainSetups(testdata string) ([]Setup, error) {
	t, err := LoadTree(testdata, "plain")
	setups := []Setup{{t, DefaultOptions()}, {t, DefaultOptions()}}
	setups[serves11].Options.Protocol = "HTTP/1.1"
	return setups, err
}

// inASCII makes the setups of a server whose file names are ASCII.
func inASCII(all func(testdata string) ([]Setup, error)) func(string) ([]Setup, error) {
	return func(testdata string) ([]Setup, error) {
		setups, err := all(testdata)
		for i := range setups {
			setups[i].Options.Encoding = "ascii"
		}
		return setups, err
	}
}

// templates are a request of each kind.
var templates = []Job{
	{Setup: serves10, Bytes: []byte("GET /hello.txt HTTP/1.0\r\nHost: a\r\n\r\n")},
	{Setup: serves11, Bytes: []byte("HEAD /dir/?q#f HTTP/1.1\r\nConnection: close\r\n\r\n")},
	{Setup: serves11, Bytes: []byte("GET /dir HTTP/1.1\r\nExpect: 100-continue\r\nConnection:\r\n close\r\n\r\n")},
	{Setup: serves10, Bytes: []byte("GET /hello.txt HTTP/1.0\r\nIf-Modified-Since: Sun, 13 Sep 2020 12:26:40 GMT\r\n\r\n")},
	{Setup: serves10, Bytes: []byte("GET /h HTTP/1.0\nContent-Type: multipart/x;boundary=b\r--b\r\n\r\n")},
	{Setup: serves10, Bytes: []byte("GET /%68ello.txt\r\n")},
	{Setup: serves11, Bytes: []byte("POST //a HTTP/1.1\r\nA: b\r\n\r\nGET /x\r\n")},
	{Setup: serves10, Bytes: []byte("GET http://h/dir HTTP/1.0\r\nIf-None-Match: x\r\n\r\n")},
	{Setup: serves11, Bytes: []byte("GET /dir?a#b HTTP/1.1\r\nConnection: Keep-Alive\r\n\r\n")},
	{Setup: serves11, Bytes: []byte("GET /hello.txt/ HTTP/1.2\n\n")},
	{Setup: serves10, Bytes: []byte("GET /./dir/../emptydir/ HTTP/0.9\r\n\tfolded\r\nFrom x\r\n\r\n")},
}

func substituted(yield func(Job) bool) {
	for _, t := range templates {
		for i := range t.Bytes {
			for _, b := range allBytes() {
				j := Job{t.Setup, slices.Clone(t.Bytes), true}
				j.Bytes[i] = b
				if !yield(j) {
					return
				}
			}
		}
	}
}

func inserted(yield func(Job) bool) {
	for _, t := range templates {
		for i := range len(t.Bytes) + 1 {
			for _, b := range allBytes() {
				if !yield(Job{t.Setup, slices.Insert(slices.Clone(t.Bytes), i, b), true}) {
					return
				}
			}
		}
	}
}

func removed(yield func(Job) bool) {
	for _, t := range templates {
		for i := range t.Bytes {
			for k := i + 1; k <= len(t.Bytes); k++ {
				if !yield(Job{t.Setup, slices.Delete(slices.Clone(t.Bytes), i, k), true}) {
					return
				}
			}
		}
	}
}

func cutOff(yield func(Job) bool) {
	for _, t := range templates {
		for i := range len(t.Bytes) + 1 {
			if !yield(Job{t.Setup, t.Bytes[:i], false}) || !yield(Job{t.Setup, t.Bytes[:i], true}) {
				return
			}
		}
	}
}

// targetTokens are names of the tree, and what translate_path and send_head look for.
var targetTokens = []string{"/", "dir", "inner.txt", "hello.txt", "emptydir", ".", "..", "?", "#", "%2f", "%64ir", "%", "http:", "\xe9"}

func targets(yield func(Job) bool) {
	for request := range (words{targetTokens, 0, 4, "GET /", " HTTP/1.0" + crlf}).all() {
		if !yield(Job{serves10, []byte(request), true}) {
			return
		}
	}
}

// fieldLines are the kinds of lines between the request-line and the empty line.
var fieldLines = []string{"A: b\r\n", "A: b\n", "Connection: keep-alive\r\n", " folded\r\n", "no colon\r\n", ": no name\r\n", "From x\r\n", "A: b\r"}

// fieldEndings are what may end the lines. The last ends none of them.
var fieldEndings = []string{"\r\n", "\n", "\r\r\n", " \r\n\r\n", "\t\n\r\n", "x\r\n\r\n", "Connection: close\r\n\r\n", "Connection: close", " x\r\n\r\n", "\r", ""}

// fieldCounts is http.client._MAXHEADERS, 100, from below to above.
func fieldCounts(yield func(Job) bool) {
	for _, n := range []int{1, 2, 3, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105} {
		for _, line := range fieldLines {
			for _, ending := range fieldEndings {
				for _, eof := range []bool{false, true} {
					text := "GET /hello.txt HTTP/1.1\r\nA: b\r\n" + strings.Repeat(line, n-1) + ending
					if !yield(Job{serves11, []byte(text), eof}) {
						return
					}
				}
			}
		}
	}
}

// longLines are lines, and what follows them, in which % is to be filled up to a length.
var longLines = []struct{ before, line, fill, after string }{
	{"", "GET /% HTTP/1.0\r\n", "a", "\r\n"},
	{"", "GET /% HTTP/1.0\n", "a", "\n"},
	{"", "GET /%\r\n", "a", ""},
	{"", "GET /%", "a", ""},
	{"", "GET / HTTP/1.0%", " ", "\r\n\r\n"},
	{"", "GET /%\r", "a", "\r\n"},
	{"", "%\r\n", "\r", "\r\n"},
	{"GET / HTTP/1.1\r\n", "A: %\r\n", "b", "\r\n"},
	{"GET / HTTP/1.1\r\n", "A: %\n", "b", "Connection: close\r\n\r\n"},
	{"GET / HTTP/1.1\r\nA: b\r\n", " %\r\n", "b", "\r\n"},
	{"GET / HTTP/1.1\r\n", "%\r\n", "b", "\r\n"},
	{"GET / HTTP/1.1\r\n", "%: b\r\n", "A", "\r\n"},
	{"GET / HTTP/1.1\r\n", "A:%", " ", ""},
	{"GET / HTTP/1.1\r\nConnection: close\r\n", "%\r\n", "\r", ""},
	{"GET / HTTP/1.1\r\n", "Connection: %close\r\n", " ", "\r\n"},
	{"GET /hello.txt HTTP/1.1\r\n\r\n", "GET /% HTTP/1.1\r\n", "a", "\r\n"},
	{"GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 98), "A: %\r\n", "b", "\r\n"},
	{"GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 99), "A: %\r\n", "b", "\r\n"},
	{"GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 100), "A: %\r\n", "b", "\r\n"},
}

// longRequests are requests in which % is filled until the whole has a length.
var longRequests = []string{
	"GET /hello.txt HTTP/1.1\r\nA: %\r\nB: %\r\nC: %\r\n\r\n",
	"GET /hello.txt HTTP/1.1\r\nA: %\r\nB: %\r\nC: %\r\n\r\nGET /x HTTP/1.0\r\n\r\n",
	"GET /hello.txt HTTP/1.1\r\nA: %\r\nB: %\r\nC: %\r\n",
}

// maxLine is http.client._MAXLINE.
const maxLine = 65536

func lengths(yield func(Job) bool) {
	near := func(limit int, one func(length int, eof bool) bool) bool {
		for length := limit - 3; length <= limit+3; length++ {
			if !one(length, false) || !one(length, true) {
				return false
			}
		}
		return true
	}
	for _, l := range longLines {
		if !near(maxLine, func(length int, eof bool) bool {
			line := strings.Replace(l.line, "%", strings.Repeat(l.fill, length-len(l.line)+1), 1)
			return yield(Job{serves11, []byte(l.before + line + l.after), eof})
		}) {
			return
		}
	}
	for _, text := range longRequests {
		for _, limit := range []int{8192, 131072} { // io.DEFAULT_BUFFER_SIZE, and that of 3.14 on
			if !near(limit, func(length int, eof bool) bool { return yield(Job{serves11, fill(text, length), eof}) }) {
				return
			}
		}
	}
}

// fill puts equal fills in the places of all % of a request, and what remains into the first.
func fill(text string, length int) []byte {
	places := strings.Count(text, "%")
	room := length - len(text) + places
	text = strings.Replace(text, "%", strings.Repeat("a", room/places+room%places), 1)
	return []byte(strings.ReplaceAll(text, "%", strings.Repeat("a", room/places)))
}

// digits makes numbers of the version long: at most ten digits, or so many as int() takes.
func digits(yield func(Job) bool) {
	for _, limit := range []int{10, 4300} {
		for n := limit - 3; n <= limit+3; n++ {
			zeros, nines := strings.Repeat("0", n), strings.Repeat("9", n)
			for _, number := range []string{zeros[1:] + "1", zeros, nines, "1" + zeros[1:], "+" + zeros[1:], "-" + zeros[1:], "1_" + zeros[2:], zeros + "x"} {
				for _, version := range []string{number + ".1", "1." + number, number + "." + number} {
					if !yield(Job{serves11, []byte("GET /hello.txt HTTP/" + version + crlf), true}) {
						return
					}
				}
			}
		}
	}
}

// titles lists the root directory by targets that name it in many ways, all of which a title shows. Its
// directory is a part that the next part, "..", takes away again. Rows of n escapes are in them.
func titles(n int) iter.Seq[Job] {
	return func(yield func(Job) bool) {
		one := func(texts iter.Seq[string], spellings ...string) bool {
			for target := range formats(texts, spellings...) {
				if !yield(Job{serves10, fmt.Appendf(nil, "GET %s HTTP/1.0"+crlf, target), true}) {
					return false
				}
			}
			return true
		}
		_ = one(escapes, "/%s/../", "/?%s", "/#%s", "/a%s%%C3/../") &&
			one(rawBytes, "/%s/../", "/?%s", "/?%%ff%s", "/%%E2%s/../") &&
			one(words{tokensOf("%%%02X", utf8Bytes), n, n, "", ""}.all(), "/%s/../", "/?%s")
	}
}

// isName reports whether the file system has such a name.
func isName(name string) bool {
	return !strings.ContainsAny(name, "/\x00") && name != "." && name != ".."
}

// treeOfNames has an entry of every name of a first part and one byte.
func treeOfNames(tree, first string, entry TreeEntry) *Tree {
	t := &Tree{Name: tree}
	for b := range rawBytes {
		if name := first + b; isName(name) {
			entry.Path = name
			t.Entries = append(t.Entries, entry)
		}
	}
	return t
}

// entryKinds are what a name may be.
var entryKinds = []TreeEntry{
	{Kind: "file", Content: "x\n", Mode: 0o644, Sec: defaultTime},
	{Kind: "dir", Mode: 0o755, Sec: defaultTime},
	{Kind: "link", Content: ".", Mode: 0o644, Sec: defaultTime},
	{Kind: "link", Content: "missing/file", Mode: 0o644, Sec: defaultTime},
}

// nameSetups serve a directory for each kind of entry.
func nameSetups(string) ([]Setup, error) {
	var setups []Setup
	for i, entry := range entryKinds {
		setups = append(setups, Setup{treeOfNames(fmt.Sprintf("names%d", i), "", entry), DefaultOptions()})
	}
	return setups, nil
}

// listed asks each setup for the page of its root.
func listed(setups int) iter.Seq[Job] {
	return func(yield func(Job) bool) {
		for setup := range setups {
			if !yield(Job{setup, []byte("GET / HTTP/1.0" + crlf), true}) {
				return
			}
		}
	}
}

func fetched(yield func(Job) bool) {
	for setup := range entryKinds {
		for b := range rawBytes {
			for _, target := range []string{"/" + b, fmt.Sprintf("/%%%02x", b), fmt.Sprintf("/%%%02X/", b), "/" + b + "/", "/%2e/" + b} {
				if !yield(Job{setup, []byte("GET " + target + " HTTP/1.0" + crlf), true}) {
					return
				}
			}
		}
	}
}

// firstBytes are those that a name may begin with.
func firstBytes() []string {
	return slices.DeleteFunc(slices.Collect(rawBytes), func(b string) bool { return strings.ContainsAny(b, "/\x00") })
}

// pairSetups serve a directory for each first byte of a name of two.
func pairSetups(string) ([]Setup, error) {
	var setups []Setup
	for _, first := range firstBytes() {
		setups = append(setups, Setup{treeOfNames(fmt.Sprintf("pairs%02x", first), first, entryKinds[0]), DefaultOptions()})
	}
	return setups, nil
}

// nameBytes are those that the page, its order and its escapes tell apart.
var nameBytes = append([]byte("\t\n\x1b !\"#%&'+.09:;<=>?@Z[\\_az{~"), utf8Bytes...)

// togetherSetups serve a directory of all names of one or two of these bytes. Kinds take turns.
func togetherSetups(string) ([]Setup, error) {
	t := &Tree{Name: "together"}
	for name := range (words{tokensOf("%s", nameBytes), 1, 2, "", ""}).all() {
		if !isName(name) {
			continue
		}
		entry := entryKinds[len(t.Entries)%len(entryKinds)]
		entry.Path = name
		t.Entries = append(t.Entries, entry)
	}
	return []Setup{{t, DefaultOptions()}}, nil
}

//go:embed tables/*.json
var tableFiles embed.FS

// knownExtensions are those of all releases, and of none but the suffixes that stand for others.
func knownExtensions() []string {
	all := map[string]bool{}
	names, err := fs.Glob(tableFiles, "tables/*.json")
	if err != nil || len(names) == 0 {
		panic("no tables are embedded")
	}
	for _, name := range names {
		text, err := tableFiles.ReadFile(name)
		var tables struct {
			Mimetypes struct {
				TypesMap     map[string]string `json:"types_map"`
				SuffixMap    map[string]string `json:"suffix_map"`
				EncodingsMap map[string]string `json:"encodings_map"`
			}
			Simple struct {
				ExtensionsMap map[string]string `json:"extensions_map"`
			}
		}
		if err == nil {
			err = json.Unmarshal(text, &tables)
		}
		if err != nil {
			panic(name + ": " + err.Error())
		}
		m := tables.Mimetypes
		for _, table := range []map[string]string{m.TypesMap, m.SuffixMap, m.EncodingsMap, tables.Simple.ExtensionsMap} {
			for ext := range table {
				all[ext] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// extensions spells each extension in lower and upper case, with a capital and as it is, before and behind suffixes.
func extensions(yield func([]byte) bool) {
	for _, ext := range knownExtensions() {
		lower := strings.ToLower(ext)
		capital := lower
		if len(lower) > 1 {
			capital = "." + strings.ToUpper(lower[1:2]) + lower[2:]
		}
		for _, spelled := range []string{lower, strings.ToUpper(ext), capital, ext} {
			for _, format := range []string{
				"a%s", "%s", ".%s", "a.b%s", "a%s.", "a%s.gz", "a%s.Z", "a%s.z", "a%s.GZ", "a%s.bz2", "a%s.xz", "a%s.br", "a%s.svgz",
				"a%s.tgz", "a%s.gz.gz", "a.gz%s", "/d%s/a", "a:b%s", "data:,%s",
			} {
				if !yield(fmt.Appendf(nil, format, spelled)) {
					return
				}
			}
		}
	}
}
