package main

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"simplehttp/cpython"
	"simplehttp/listing"
	"simplehttp/mime"
)

// A question is a function of answers.py and its arguments.
type question struct {
	function string
	args     []string
}

// ours answers a question with our functions: "=" and the result, or "!" and the last line
// of the traceback.
func (q question) ours(v cpython.Version) string {
	switch arg := []byte(q.args[0]); q.function {
	case "isspace":
		answer := "="
		for _, c := range arg {
			answer += map[bool]string{true: "s", false: "."}[cpython.IsSpace(v, c)]
		}
		return answer
	case "repr":
		return "=" + string(cpython.AppendRepr(nil, v, arg))
	case "lower":
		return "=" + string(cpython.AppendLower(nil, v, arg))
	case "decode":
		if crash := cpython.DecodeError(v, arg); crash != "" {
			return "!" + crash
		}
		return "="
	case "int":
		n, ok := cpython.ParseIntText(v, q.args[0])
		if !ok {
			return "!ValueError"
		}
		return "=" + strconv.FormatInt(n, 10)
	case "guess":
		return ourGuess(v, q.args)
	case "listing":
		return ourListing(v, q.args)
	}
	panic("unknown function " + q.function)
}

func ourGuess(v cpython.Version, args []string) string {
	count, _ := strconv.Atoi(args[1])
	var files [][]byte
	for _, text := range args[2 : 2+count] {
		files = append(files, []byte(text))
	}
	table, err := mime.New(v, files)
	if err != nil {
		return "!" + err.Error()
	}
	var extensionsMap map[string]string
	if lines := strings.Split(args[0], "\n"); len(lines) > 1 {
		extensionsMap = map[string]string{}
		for i := 0; i+1 < len(lines); i += 2 {
			extensionsMap[lines[i]] = lines[i+1]
		}
	}
	var types []string
	for _, path := range args[2+count:] {
		mediaType, result := table.Guess([]byte(path), extensionsMap)
		sign := "="
		if result == mime.Crashed {
			sign = "!"
		}
		types = append(types, sign+mediaType)
	}
	return "=" + strings.Join(types, "\n")
}

func ourListing(v cpython.Version, args []string) string {
	page := listing.Page{Version: v, Target: []byte(args[0]), FSPath: []byte(args[1]), Encoding: args[2]}
	var entries []listing.Entry
	for _, e := range args[3:] {
		entries = append(entries, listing.Entry{
			Name: e[1:], IsDir: strings.Contains("dL", e[:1]), IsLink: strings.Contains("lL", e[:1])})
	}
	out, crash := page.Append([]byte("kept"), entries)
	if crash != "" {
		return "!" + crash
	}
	return "=" + strings.TrimPrefix(string(out), "kept")
}

// fixed are the questions that somebody thought of.
func fixed() []question {
	var all []question
	ask := func(function string, args ...string) { all = append(all, question{function, args}) }
	var latin1 []byte
	for c := range 256 {
		latin1 = append(latin1, byte(c))
	}
	ask("isspace", string(latin1))
	ask("repr", string(latin1))
	for _, s := range []string{"", "it's", `"`, `it's "so"`, "\\\t\n\r\x00\x1b\x7f", "\x80\x9f\xa0\xa1\xac\xad\xae\xff"} {
		ask("repr", s)
	}
	for _, s := range []string{
		"", "ABC", "ÄÖÜ", "İ", "iİI", "ΣΑΣ", "ΑΣ", "ΑΣ.", "Α.Σ", "Α.Σ.Α", "1Σ", "Α\u0301Σ\u00ad", "ΣΣ", "ǅ", "K", "Å",
		"A\xed\xa0\x80Σ", "A\xed\xb3\xbfΣ", "Ꭰ", "Ა", "\U0001E900", "\U00010570", "Ɤ", "Ꟁ", "\U00016EA0",
	} {
		ask("lower", s)
	}
	for _, s := range []string{
		"", "8000", " 8000\n", "+80", "-1", "- 1", "+-1", "8_0", "_80", "80_", "8__0", "0x50", "80L", "08", "٣", "８０", "\u00a080", "\u200380",
		"\u205f\u30008\u1680", "\x1c8", "\x1c８", "8\x00", "\x7f8", "８\x1f", "99999999999999999999", "-99999999999999999999", "²", "𝟘𝟡", "\U00011F50",
		"\U0001E4F1", "\U00016AC3", strings.Repeat("1", 4300), strings.Repeat("1", 4301), strings.Repeat("0", 4300) + "_1",
		strings.Repeat("１", 4301), "\xed\xb2\x80", "8.0", "1e3", "--", "+", " ",
	} {
		ask("int", s)
	}
	for _, s := range []string{"a\xffb", "\xc0\x80", "\xe2\x28", "\xe2\x82x", "\xf0\x90\x80x", "\xed\xa0\x80", "\xf5", "\x80", "é€\U00010000", "\xf4\x90"} {
		ask("decode", s)
	}
	paths := []string{
		"/srv/a.html", "/srv/A.HTML", "/srv/a", "/srv/.txt", "/srv/...txt", "/srv/a.", "/srv/a.d/b", "/srv/a.tgz", "/srv/a.TGZ", "/srv/a.svgz",
		"/srv/a.Z", "/srv/a.z", "/srv/a.gz", "/srv/a.GZ", "/srv/a.txt.br", "/srv/a.txt.BR", "/srv/a.br", "/srv/a.html.gz", "/srv/a.py", "/srv/a.c",
		"/srv/a.tar.gz", "/srv/a.tgz.br", "/srv/a.dumb", "/srv/a.DUMB", "/srv/a.js", "/srv/a.İ", "/srv/a.jsK", "/srv/a.x/", "/srv/.svgz",
		"data:text/html,a.html", "data:a.html", "DATA:image/png;base64,/a.txt", "data:a=b/c,d", "data:,x.html", "a:b.html", "a:b", "a.txt:b", ":a.html",
		"/srv/data:text/html,x", "a/data:x.html", "/srv/a.\xed\xb3\xbf", "rel.html", "",
	}
	files := []string{
		"text/x-dumb dumb Dumb\n# text/no no\ntext/html #html\n  text/x-c\tc h #x\nx/y\n",
		"x/crlf a.b\r\nx/cr z\rx/lf Z\nx/vt\x0bvt\x1cfs\u0085nel\u00a0nbsp\u2028ls .html\n\xc3\xa9/\xc3\xa9 \xc3\xa9",
	}
	bad := "x/y z\nx/\xff q\n"
	extensions := ".html\nx/mine\n.DUMB\nx/dumb"
	for _, args := range [][]string{{"", "0"}, {"", "2", files[0], files[1]}, {"", "1", bad}, {extensions, "0"}, {extensions + "\n\nx/default", "1", bad}} {
		ask("guess", append(args, append(paths, "/a.vt", "/a.fs", "/a.nel", "/a.nbsp", "/a.ls", "/a.é", "/a.É", "/a.z", "/a.Z", "/a.b")...)...)
	}
	names := []string{
		"-a", "-B", "dc", "lD", "Lsub", "-<&>\"'", "-a b", "-~tilde", "-\xff\xfe", "-\xc3\xa9", "-É", "-İ", "-ΑΣ", "-ας", "-\xed\xa0\x80", "-\xef\xbf\xbd",
		"-\U0001F600", "-new\nline", "-\x01\x7f", "-%41", "-a?b#c", "-A", "-b", "d.hidden", "-b:c", "-\xee\x80\x80", "-Z", "-Ა", "-ა", "-\xc2\x85", "-\\",
	}
	for _, target := range []string{
		"/", "/a%20b/", "/caf%C3%A9/", "/\xe9/", "/?q=<&>", "/#f?x", "/?%ff", "/%ff%ed%b2%80/../", "/?%ED%A0%80", "/%ED%B2%80/",
		"/?%ED%B2%80%ED%A0%80%ED%B2%81x%ED%A0%81", "/?%ED%A0%80%ed%b2%80", "/?%ff%ED%A0%80", "//x/..", "/%3Cscript%3E/", "/%2", "/?%F0%9F%98%80%C3%A9",
	} {
		for _, encoding := range []string{"utf-8", "ascii"} {
			ask("listing", append([]string{target, "/srv/%41%ff/\xed\xb3\xbf%c3é", encoding}, names[:3]...)...)
		}
	}
	ask("listing", append([]string{"/", "/srv/", "utf-8"}, names...)...)
	ask("listing", append([]string{"/", "/srv/", "ascii"}, names...)...)
	ask("listing", "/emptydir/", "/srv/", "utf-8")
	return all
}

// alphabet has the pieces that random text is made of: those that matter to some rule.
var alphabet = []string{
	"a", "A", "z", "Z", "1", " ", ".", "'", "\"", ":", "-", "_", "/", "%41", "%c3%a9", "%ff", "%ed%a0%80", "%ED%B2%80", "&", "<", ">", "?", "#", "~",
	"\\", "\t", "\n", "\x01", "\x1c", "\x7f", "\u0085", "\u00a0", "\u00ad", "é", "É", "Σ", "Σ", "Σ", "σ", "ς", "İ", "\u0301", "\u0345", "ǅ", "K", "٣",
	"\u2003", "\uffff", "\ue000", "\ud7ff", "\U00010400", "\U0001E922", "\U0001D7D8", "Ა", "Ꭰ",
}

// random returns a question with random arguments.
func random(r *rand.Rand) question {
	switch n := r.IntN(20); {
	case n < 8:
		return question{"lower", []string{randomText(r, 10)}}
	case n < 11:
		return question{"int", []string{randomNumber(r)}}
	case n < 12:
		return question{"repr", []string{randomBytes(r, 8)}}
	case n < 13:
		return question{"decode", []string{randomBytes(r, 6) + "end"}}
	case n < 14:
		return randomGuess(r) // the slow one: the interpreter loads its modules again each time
	}
	return randomListing(r)
}

// randomText is generalized UTF-8 of up to n pieces, some of them any code point at all.
func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		switch r.IntN(5) {
		case 0:
			b.WriteRune(rune(r.IntN(0x20000)))
		case 1:
			b.Write([]byte{0xED, 0xA0 | byte(r.IntN(32)), 0x80 | byte(r.IntN(64))})
		default:
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
	}
	return b.String()
}

// randomBytes are up to n pieces that need not be UTF-8.
func randomBytes(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		if r.IntN(3) == 0 {
			b.WriteByte(byte(r.IntN(256)))
			continue
		}
		b.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

func randomNumber(r *rand.Rand) string {
	pieces := []string{"0", "1", "9", "12345678901", "_", "+", "-", " ", "\x1c", "\u00a0", "٣", "８", "x", "\u3000", "\x00", "𝟗"}
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	if r.IntN(4) == 0 {
		b.WriteRune(rune(r.IntN(0x1FFFF)))
	}
	return b.String()
}

// names of files, and extensions that some table may know
var extensions = []string{
	".html", ".HTML", ".txt", ".gz", ".GZ", ".Z", ".z", ".bz2", ".xz", ".br", ".BR", ".svgz", ".SVGZ", ".tgz", ".taz", ".tz", ".tbz2", ".txz", ".tar",
	".py", ".c", ".js", ".Js", ".wav", ".rtf", ".h5", ".", "..", ".dumb", ".DUMB", ".é", ".É", ".İ", ".K", ".svg", ".7z", ".md", ".ttc",
}

func randomGuess(r *rand.Rand) question {
	types := []string{"x/a", "text/plain", "#", "#x", "text/é"}
	args := []string{""}
	if r.IntN(4) == 0 {
		args[0] = extensions[r.IntN(len(extensions))] + "\nx/map"
		if r.IntN(2) == 0 {
			args[0] += "\n\nx/default"
		}
	}
	files := r.IntN(3)
	args = append(args, strconv.Itoa(files))
	for range files {
		var b strings.Builder
		for range r.IntN(12) {
			pieces := []string{types[r.IntN(len(types))], extensions[r.IntN(len(extensions))][1:], "\n", "\r", "\r\n", "#", " ", "\t", "\x0b", "\u00a0", "\x1d"}
			b.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(2) == 0 {
				b.WriteString(" ")
			}
		}
		if r.IntN(12) == 0 {
			b.WriteString("\xff!")
		}
		args = append(args, b.String())
	}
	for range 10 {
		path := []string{"/srv/", "", "data:", "a:", "/d.tar/", "data:text/html,", "x.html:"}[r.IntN(7)] + []string{"a", "", ".", "..", "a.b"}[r.IntN(5)]
		for range r.IntN(4) {
			path += extensions[r.IntN(len(extensions))]
		}
		args = append(args, path)
	}
	return question{"guess", args}
}

func randomListing(r *rand.Rand) question {
	args := []string{"/" + randomBytes(r, 6), "/srv/" + randomText(r, 5), "utf-8"}
	if r.IntN(4) == 0 {
		args[2] = "ascii"
	}
	seen := map[string]bool{}
	for range r.IntN(12) {
		name := strings.NewReplacer("/", "", "\x00", "").Replace(randomBytes(r, 4))
		if name == "" || name == "." || name == ".." || seen[name] {
			continue
		}
		seen[name] = true
		args = append(args, string("-dlL"[r.IntN(4)])+name)
	}
	return question{"listing", args}
}
