package conformance

import (
	"math/rand/v2"
	"path"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// A Generator makes requests: by a grammar that knows where the releases part ways, and by changing the
// requests of the cases. Equal seeds give equal requests.
type Generator struct {
	rng    *rand.Rand
	setups []Setup
	names  [][]string // of each setup, the names in its tree
	corpus [][]Job    // of each setup, the requests of cases that it serves
	shared []Job      // the requests of all cases
}

// FuzzSetups are all ways in which the cases of a release are served, as far as one interpreter can serve
// them: in one encoding (that of Options), UTC, without media types of the system, and a directory that is
// still there. Every tree is also served with HTTP/1.1.
func FuzzSetups(v cpython.Version, cases []*Case, trees *Trees, encoding string) ([]Setup, error) {
	var setups []Setup
	seen := map[string]bool{}
	add := func(name string, o Options) error {
		if o.Encoding == "" {
			o.Encoding = encoding
		}
		key := name + o.Key()
		if seen[key] || !o.oneEnvironment(encoding) {
			return nil
		}
		seen[key] = true
		t, err := trees.Load(name)
		setups = append(setups, Setup{answerable(t, v), o})
		return err
	}
	for _, c := range cases {
		if !slices.Contains(c.Releases, v) || c.Tree == "big" {
			continue
		}
		persistent := c.Options
		persistent.Protocol = "HTTP/1.1"
		for _, o := range []Options{c.Options, persistent} {
			if err := add(c.Tree, o); err != nil {
				return nil, err
			}
		}
	}
	return setups, nil
}

// oneEnvironment reports whether one interpreter can serve these options beside others, from the tree alone.
func (o Options) oneEnvironment(encoding string) bool {
	outside := o.HasDirectory && (o.Directory == "" || path.IsAbs(o.Directory))
	return o.Encoding == encoding && o.Mime == "" && o.Cwd == "" && o.Zone == "UTC" && !outside
}

// answerable is the tree without what a worker cannot answer: an open of a FIFO waits for a writer; without a
// real file system, a socket opens, and the end of the range of times is that of another C library.
func answerable(t *Tree, v cpython.Version) *Tree {
	if t == nil {
		return nil
	}
	plain := *t
	plain.Entries = slices.DeleteFunc(slices.Clone(t.Entries), func(e TreeEntry) bool {
		return e.Kind == "fifo" || !HasSockets(v) && (e.Kind == "socket" || e.Sec > 1<<40 || e.Sec < -1<<40)
	})
	return &plain
}

// NewGenerator makes requests for setups; cases lend theirs.
func NewGenerator(seed uint64, setups []Setup, cases []*Case) *Generator {
	g := &Generator{rng: rand.New(rand.NewPCG(seed, 0)), setups: setups, corpus: make([][]Job, len(setups))}
	for i, s := range setups {
		var names []string
		for _, e := range s.Tree.Entries {
			names = append(names, e.Path)
		}
		g.names = append(g.names, names)
		for _, c := range cases {
			if c.Tree == s.Tree.Name && c.Options.Key() == s.Options.Key() {
				g.corpus[i] = append(g.corpus[i], Job{i, c.Request.Bytes, c.Request.EOF})
			}
		}
	}
	for _, c := range cases {
		g.shared = append(g.shared, Job{Bytes: c.Request.Bytes, EOF: c.Request.EOF})
	}
	return g
}

// one reports true once in n times.
func (g *Generator) one(n int) bool { return g.rng.IntN(n) == 0 }

// pick returns one of the words.
func (g *Generator) pick(words []string) string { return words[g.rng.IntN(len(words))] }

// Next makes a job.
func (g *Generator) Next() Job {
	j := Job{Setup: g.rng.IntN(len(g.setups)), EOF: !g.one(4)}
	switch {
	case g.one(4):
		g.fromCase(&j)
	default:
		for {
			j.Bytes = g.appendRequest(j.Bytes, j.Setup)
			if !g.one(4) {
				break
			}
		}
	}
	if g.one(4) {
		for range 1 + g.rng.IntN(4) {
			j.Bytes = g.mutate(j.Bytes)
		}
	}
	return j
}

// fromCase takes the request of a case, of the same setup if there is one.
func (g *Generator) fromCase(j *Job) {
	corpus := g.corpus[j.Setup]
	if len(corpus) == 0 || g.one(4) {
		corpus = g.shared
	}
	if len(corpus) == 0 {
		return
	}
	c := corpus[g.rng.IntN(len(corpus))]
	j.Bytes, j.EOF = slices.Clone(c.Bytes), c.EOF
	for range 1 + g.rng.IntN(3) {
		j.Bytes = g.mutate(j.Bytes)
	}
}

// pieces are what is put into requests by chance: characters that some function of Python or of the
// protocol treats in its own way, and words that begin something.
var pieces = []string{
	"\r", "\n", "\r\n", " ", "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\x00", "\x7f", "\x80", "\xff", "\xad", "\xb2",
	":", ";", ",", "=", "\"", "'", "\\", "/", "//", ".", "..", "%", "%2", "%2f", "%2F", "%00", "%ff", "%c3%a9", "%ed%a0%80", "%ed%b2%80", "?", "#", "[", "]", "@", "&", "<", ">",
	"*", "+", "-", "_", "~", "(", ")", "|", "0", "1", "9", "a", "Z", "HTTP/", "HTTP/1.0", "HTTP/1.1", "From ", "\r\n ", "\n\t", "\xc3\xa9", "\xe2\x80\xa8", "GMT", "--", "--b", "\r\n\r\n",
}

// mutate changes one place.
func (g *Generator) mutate(b []byte) []byte {
	if len(b) == 0 {
		return append(b, g.pick(pieces)...)
	}
	at := g.rng.IntN(len(b))
	end := min(len(b), at+1+g.rng.IntN(1+g.rng.IntN(12)))
	switch g.rng.IntN(8) {
	case 0: // cut
		return slices.Delete(b, at, end)
	case 1: // double
		return slices.Insert(b, at, slices.Clone(b[at:end])...)
	case 2: // another byte
		b[at] = byte(g.rng.IntN(256))
		return b
	case 3: // end here
		return b[:at]
	case 4: // replace
		return slices.Replace(b, at, end, []byte(g.pick(pieces))...)
	case 5: // move a line
		return g.moveLine(b)
	}
	return slices.Insert(b, at, []byte(g.pick(pieces))...)
}

// moveLine puts a line where another begins, or copies it there.
func (g *Generator) moveLine(b []byte) []byte {
	lines := slices.Collect(strings.Lines(string(b)))
	from, to := g.rng.IntN(len(lines)), g.rng.IntN(len(lines))
	line := lines[from]
	if g.one(2) {
		lines = slices.Delete(lines, from, from+1)
	}
	return []byte(strings.Join(slices.Insert(lines, min(to, len(lines)), line), ""))
}

var (
	methods = []string{
		"get", "Get", "POST", "PUT", "OPTIONS", "DELETE", "BREW", "G", "", "GET\x00", "G\xc9T", "G\x1bT", "'GET'", "G\"T", "G'\"T", "G\\T", "\xad", "GET,", "__init__", "HTTP/1.0", "/",
		"<GET>", "&", "G\xa0T", "G\x85T", "%GET",
	}
	versions = []string{
		"HTTP/0.9", "HTTP/1.2", "HTTP/1.10", "HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/1", "HTTP/1.", "HTTP/.1", "HTTP/1.1.1", "http/1.1", "HTTP/01.01", "HTTP/+1.-1", "HTTP/1_0.0",
		"HTTP/1.\xb2", "HTTP/1.\xb9", "HTTP/\xbd.1", "HTTP/1.1\x00", "HTTP/ 1.1", "HTTP/1 .1", "HTTP/-1.0", "HTTP/1.-0", "HTTP/0.0", "HTTP/0.99", "HTTP/", "HTTP", "HTTP/x.y", "HTTP/1.x",
		"HTTP/9999999999.0", "HTTP/99999999999.0", "HTTP/1.0000000001", "HTTP/0000000001.1", "HTTP/00000000001.1", "HTTP/1.1?", "HTTPS/1.1", "XHTTP/1.1", "HTTP//1.1", "HTTP/1.1/",
		"HTTP/1.1__0", "HTTP/_1.1", "HTTP/1._1", "HTTP/1.\xa01", "HTTP/1.1\x1f", "HTTP/1,1", "HTTP/1.1 ",
	}
	blanks   = []string{"  ", "\t", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", " \t ", "\r", "\x00", ""}
	lineEnds = []string{"\n", "\n", "\r\r\n", "\r", "", " \r\n", "\t\n", "\x00\r\n", "\x85\r\n", "\xa0\n", "\f\r\n", "\r\n\r\n"}
)

// seldom returns the usual word most of the time, else one of others.
func (g *Generator) seldom(usual string, n int, others []string) string {
	if g.one(n) {
		return g.pick(others)
	}
	return usual
}

// appendRequest appends a request: a request-line, fields and the blank line, each now and then
// otherwise.
func (g *Generator) appendRequest(b []byte, setup int) []byte {
	b = g.appendRequestLine(b, setup)
	b = g.appendFields(b)
	if g.one(20) {
		return b
	}
	b = append(b, g.seldom("\r\n", 12, lineEnds)...)
	if g.one(10) {
		b = append(b, "content of the request"...)
	}
	return b
}

func (g *Generator) appendRequestLine(b []byte, setup int) []byte {
	if g.one(30) {
		b = append(b, g.pick(blanks)...)
	}
	if g.one(40) { // any words
		for range g.rng.IntN(6) {
			b = append(b, g.pick([]string{"GET", "/", "x", "HTTP/1.0", "HTTP/1.1", "HTTP/x", g.pick(methods), g.pick(versions)})...)
			b = append(b, g.seldom(" ", 4, blanks)...)
		}
		return append(b, g.seldom("\r\n", 12, lineEnds)...)
	}
	method, version := "GET", "HTTP/1.0"
	if g.one(5) {
		method = "HEAD"
	}
	if g.one(2) {
		version = "HTTP/1.1"
	}
	b = append(b, g.seldom(method, 20, methods)...)
	b = append(b, g.seldom(" ", 25, blanks)...)
	b = g.appendTarget(b, setup)
	if !g.one(25) {
		b = append(b, g.seldom(" ", 25, blanks)...)
		b = g.appendVersion(b, version)
	}
	if g.one(60) {
		b = append(b, g.pick([]string{" x", " HTTP/1.1", " HTTP/x", "  "})...)
	}
	return append(b, g.seldom("\r\n", 20, lineEnds)...)
}

func (g *Generator) appendVersion(b []byte, usual string) []byte {
	if g.one(200) { // around the limits of digits
		n := g.pick([]string{"9", "10", "11", "4299", "4300", "4301"})
		b = append(b, "HTTP/1."...)
		return append(b, strings.Repeat(g.pick([]string{"0", "1"}), number(n))...)
	}
	return append(b, g.seldom(usual, 12, versions)...)
}

var (
	prefixes = []string{
		"/", "//", "///", "/./", "/../", "/x/../", "/%2e%2e/", "/%2e/", "", "http://h", "http:", "http:/", "x://", "x:", "ftp://u@h:80", "http:80", "1:", "+:", "//h", "//[", "x://[", "data:", "mailto:", "\x01/", "\x1f/",
		"\\", "/\\", "/%5c", "?", "#", "*", "/%00", "\xc3\xa9", "%2f", "%2F/", "/;", "file://", "HTTP://H/", "://", "/ ", "/%20", "\x80", "/http://h/", "/x:", "https:/h", "ws://h/", "///../", "/%2f", "urn:x:",
	}
	suffixes = []string{
		"/", "//", "/.", "/..", "/./", "/../", "/x", "%2f", "%2F", "%2f/", "/%2f", "%5c", "?", "?q", "?q=1&r=<s>", "??", "#", "#f", "?#", "#?", "#f?q/", "?/", "?q/", "#/", "?%2f", ";p", ";/", "%00", "\x00", "%00/", "%ff",
		"\xff", "%ed%a0%80", "%ed%b2%80", "%ED%BF%BF", "%ed%a0%80%ed%b0%80", "%c3", "%c3%a9", "%E9", "\xc3\xa9", "\xe9", "%", "%%", "%2", "%2g", "%u0041", "%f0%9f%90%8d", "%c0%af", "%20", "+", "&", "\"", "<", ">", "'", ":", "@", "%3f", "%23",
		"%0a", "%0d", "%09", "%7f", "\x7f", "\x01", "~", "%7e", "%7E", ".html", ".txt", ".", "..", "/index.html", "/index.htm", "/index.html/", "\xed\xa0\x80", "%f4%90%80%80", "%e2%82", "%e2%82%ac", "\xe2%82%ac", "\xad", "\xa0",
	}
)

// appendTarget appends a request-target: mostly a name in the tree, spelled in one way or other, with
// things around it.
func (g *Generator) appendTarget(b []byte, setup int) []byte {
	switch {
	case g.one(12):
		return append(b, '/')
	case g.one(14):
		return g.appendAuthority(b)
	case g.one(15):
		for range g.rng.IntN(6) {
			b = append(b, g.pick(append(prefixes, suffixes...))...)
		}
		return b
	case g.one(300):
		b = append(b, '/')
		return append(b, strings.Repeat(g.pick([]string{"a", "/", "%41", "a/", "../", "\xe9"}), g.pickNumber(253, 258, 4070, 4100, 21000, 65500, 65540))...)
	}
	if g.one(25) { // a directory, whatever is in front
		b = append(b, g.pick(prefixes)...)
		b = append(b, g.pick(prefixes)...)
		b = append(b, g.pick([]string{"/../../../..", "x/../../../.", "/../../../../?q", ":/../../../..", "/../../../..#f"})...)
	}
	if !g.one(16) { // without a slash in front, a name may be a URL of its own
		b = append(b, g.seldom("/", 8, prefixes)...)
	}
	if names := g.names[setup]; len(names) > 0 && !g.one(10) {
		name := g.pick(names)
		for g.one(6) {
			name = path.Dir(name)
		}
		b = g.appendSpelled(b, name)
	}
	if g.one(2) {
		b = append(b, g.seldom("/", 4, suffixes)...)
	}
	for g.one(8) {
		b = append(b, g.pick(suffixes)...)
	}
	return b
}

// appendSpelled appends a name with what must be escaped, and now and then what need not be.
func (g *Generator) appendSpelled(b []byte, name string) []byte {
	digits := "0123456789abcdef"
	if g.one(2) {
		digits = "0123456789ABCDEF"
	}
	eager := g.one(6)
	raw := g.one(8)
	for i := range len(name) {
		c := name[i]
		plain := c > ' ' && c < 0x7f && !strings.ContainsRune("%?#\"<>\\", rune(c))
		if plain && !(eager && g.one(3)) || raw && !g.one(4) {
			b = append(b, c)
			continue
		}
		b = append(b, '%', digits[c>>4], digits[c&15])
	}
	return b
}

// appendAuthority appends a target with an authority, mostly one in brackets, and mostly of a directory, for
// only then is it parsed.
func (g *Generator) appendAuthority(b []byte) []byte {
	b = append(b, g.pick([]string{"//", "http://", "x://", "x://", "/x://", "///", "1://", "", "http:///", "HTTP://", "\x01x://", "ftp://", "x+y.z-1://", "\xe9://", "80://", "x:80//", "file://", "svn+ssh://"})...)
	if g.one(2) {
		b = append(b, g.seldom("[", 8, []string{"u@[", "a[", "[[", "@[", "]["})...)
		b = g.appendAddress(b)
		b = append(b, g.seldom("]", 8, []string{"]:80", "]:", "]x", "]]", "][", "", "]:x]"})...)
	} else {
		parts := []string{"[", "]", "[", "]", "::1", "::", ":", "1", "v1.a", "v", ".", "1.2.3.4", "@", "u@", ":80", "h", "%", "\xe9", "%2f", "\xbd", ";", "&", "?", "#", "\\"}
		for range 1 + g.rng.IntN(6) {
			b = append(b, g.pick(parts)...)
		}
	}
	if g.one(4) {
		return append(b, g.pick([]string{"/..", "/../", "/", "", "/x", "/%2e%2e", "/dir", "?", "//..", "/.", "#"})...)
	}
	return append(b, g.pick([]string{"/../../..", "/../../../..", "/../../../", "/../../../../%2e", "/../../..?q", "/../../..#f", "/../../../dir", "/../../../.?a#b", "/../../..;p/..", "/../../..//", "/../../..%2f"})...)
}

// appendAddress appends what may stand in brackets.
func (g *Generator) appendAddress(b []byte) []byte {
	if g.one(4) {
		b = append(b, g.pick([]string{"v", "V", "v1", "vF", "vg", "V1a"})...)
		b = append(b, g.seldom(".", 5, []string{"", "..", ":"})...)
		return append(b, g.pick([]string{"a", "", "-", ":", "a:b", "%", "\xe9", "a@b", ".", "a]"})...)
	}
	for i := range g.rng.IntN(10) {
		if i > 0 || g.one(6) {
			b = append(b, ':')
		}
		b = append(b, g.seldom(g.pick([]string{"1", "0", "abcd", "", "FFFF", "12"}), 8, []string{"12345", "00000", "g", "1.2.3.4", "01.2.3.4", "256.1.1.1", "1.2.3", "1.2.3.4.5", "-1", "+1", " ", "1_0", "\xb2", "0x1", "1.2.3.04", "1..3.4", "1.2.3.1000", "%eth0", "::"})...)
	}
	if g.one(5) {
		b = append(b, g.pick([]string{"%eth0", "%", "%25eth0", "%a%b", "/64", ":", "::", ":1.2.3.4", "\xe9", ".", "%\xe9"})...)
	}
	return b
}

// pickNumber returns a number that is one of those, or near.
func (g *Generator) pickNumber(near ...int) int {
	return max(0, near[g.rng.IntN(len(near))]+g.rng.IntN(7)-3)
}

func number(digits string) (n int) {
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}
