package listing

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// page27 and page315 are whole pages, as the eldest and the youngest release write them.
const (
	page27 = `<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html>
<title>Directory listing for /d&lt;/?q</title>
<body>
<h2>Directory listing for /d&lt;/?q</h2>
<hr>
<ul>
<li><a href="a/">a/</a>
<li><a href="A%20B">A B</a>
<li><a href="b">b@</a>
<li><a href="c/">c@</a>
<li><a href="%7E">~</a>
</ul>
<hr>
</body>
</html>
`
	page315 = `<!DOCTYPE HTML>
<html lang="en">
<head>
<meta charset="utf-8">
<style type="text/css">
:root {
color-scheme: light dark;
}
</style>
<title>Directory listing for /d&lt;/</title>
</head>
<body>
<h1>Directory listing for /d&lt;/</h1>
<hr>
<ul>
<li><a href="a/">a/</a></li>
<li><a href="A%20B">A B</a></li>
<li><a href="b">b@</a></li>
<li><a href="c/">c@</a></li>
<li><a href="~">~</a></li>
</ul>
<hr>
</body>
</html>
`
)

func TestAppend(t *testing.T) {
	entries := []Entry{
		{Name: "c", IsDir: true, IsLink: true}, {Name: "~"}, {Name: "a", IsDir: true}, {Name: "A B"}, {Name: "b", IsLink: true},
	}
	tests := []struct {
		v    cpython.Version
		want string
	}{
		{cpython.V2_7, page27},
		{cpython.V3_15, page315},
	}
	for _, tt := range tests {
		p := Page{Version: tt.v, Target: []byte("/d%3c/?q"), Encoding: "utf-8"}
		got, crash := p.Append([]byte("kept"), entries)
		if want := "kept" + tt.want; string(got) != want || crash != "" {
			t.Errorf("%s: Append = %q, %q, want %q", tt.v, got, crash, want)
		}
	}
}

// title returns what a page has between <title> and </title>.
func title(page []byte) string {
	_, after, _ := strings.Cut(string(page), "<title>Directory listing for ")
	before, _, _ := strings.Cut(after, "</title>")
	return before
}

func TestDisplaypath(t *testing.T) {
	const fsPath = "/srv/%41\xed\xb3\xbf/"
	tests := []struct {
		v      cpython.Version
		target string
		want   string
	}{
		{cpython.V2_7, "/a%20b/?q#f", "/a b/?q#f"},
		{cpython.V3_13, "/a%20b/?q#f", "/a b/?q#f"},
		{cpython.V3_14, "/a%20b/?q#f", "/a b/"},
		{cpython.V3_14, "/a/#f?q", "/a/"},
		{cpython.V2_7, "/\xe9%ff", "/\xe9\xff"},
		{cpython.V3_13, "/\xe9%c3%a9", "/éé"},
		{cpython.V3_6, "/?%ff", "/srv/A\xff/"},
		{cpython.V3_7, "/?%ff", "/srv/A\xff/"},
		{cpython.V3_8, "/?%ff", "/?\uFFFD"},
		{cpython.V3_13, "/?%ED%B3%BF", "/?\xff"},
		{cpython.V3_13, "/&%3Cb%3E\"'", "/&amp;&lt;b&gt;\"'"},
	}
	for _, tt := range tests {
		p := Page{Version: tt.v, Target: []byte(tt.target), FSPath: []byte(fsPath), Encoding: "utf-8"}
		got, crash := p.Append(nil, nil)
		if title(got) != tt.want || crash != "" {
			t.Errorf("%s: title of %q = %q, %q, want %q", tt.v, tt.target, title(got), crash, tt.want)
		}
	}
}

func TestAppendCrash(t *testing.T) {
	const surrogate = `UnicodeEncodeError: 'utf-8' codec can't encode character '\ud800' in position `
	tests := []struct {
		v        cpython.Version
		encoding string
		target   string
		want     string
	}{
		{cpython.V2_7, "UTF-8", "/?%ED%A0%80", ""},
		{cpython.V3_6, "utf-8", "/?%ED%A0%80", surrogate + "204: surrogates not allowed"},
		{cpython.V3_13, "utf-8", "/?%ED%A0%80", surrogate + "94: surrogates not allowed"},
		{cpython.V3_14, "utf-8", "/?%ED%A0%80", ""},
		{cpython.V3_14, "utf-8", "/%ED%A0%80/..", surrogate + "162: surrogates not allowed"},
		{cpython.V3_6, "ascii", "/?\xe9", `UnicodeEncodeError: 'ascii' codec can't encode character '\xe9' in position 204: ordinal not in range(128)`},
		{cpython.V3_6, "ascii", "/?%ED%B3%A9", ""},
	}
	for _, tt := range tests {
		p := Page{Version: tt.v, Target: []byte(tt.target), Encoding: tt.encoding}
		got, crash := p.Append([]byte("kept"), nil)
		if crash != tt.want {
			t.Errorf("%s: Append for %q crashes with %q, want %q", tt.v, tt.target, crash, tt.want)
		}
		if crash != "" && string(got) != "kept" {
			t.Errorf("%s: Append for %q leaves %q, want kept", tt.v, tt.target, got)
		}
	}
}

// linknames returns the values of href, in order.
func linknames(page []byte) string {
	var names []string
	for _, s := range strings.Split(string(page), `<li><a href="`)[1:] {
		name, _, _ := strings.Cut(s, `"`)
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func TestOrder(t *testing.T) {
	tests := []struct {
		v        cpython.Version
		encoding string
		names    string
		want     string
	}{
		{cpython.V2_7, "UTF-8", "b A a B", "A a b B"},
		{cpython.V3_13, "utf-8", "b A a B", "A a b B"},
		{cpython.V3_13, "utf-8", "a B A b", "a A B b"},
		{cpython.V2_7, "UTF-8", "É é Z", "Z %C3%89 %C3%A9"},
		{cpython.V3_13, "utf-8", "é É Z", "Z %C3%A9 %C3%89"},
		{cpython.V2_7, "UTF-8", "\xff \U00010000 \uE000 \uD7FF", "%ED%9F%BF %EE%80%80 %F0%90%80%80 %FF"},
		{cpython.V3_13, "utf-8", "\xff \U00010000 \uE000 \uD7FF", "%ED%9F%BF %ED%B3%BF %EE%80%80 %F0%90%80%80"},
		{cpython.V3_6, "ascii", "\xc3\xa9 z \xc3\x89", "z %ED%B3%83%ED%B2%89 %ED%B3%83%ED%B2%A9"},
		{cpython.V3_6, "utf-8", "ა Ა", "%E1%83%90 %E1%B2%90"},
		{cpython.V3_7, "utf-8", "ა Ა", "%E1%83%90 %E1%B2%90"},
		{cpython.V3_6, "utf-8", "Ა ა", "%E1%83%90 %E1%B2%90"}, // no capital yet, and further on
		{cpython.V3_7, "utf-8", "Ა ა", "%E1%B2%90 %E1%83%90"}, // the same key: directory order
		{cpython.V3_13, "utf-8", "longername longernamE longer", "longer longername longernamE"},
		{cpython.V3_13, "utf-8", "longernameb longernameA longernamé", "longernameA longernameb longernam%C3%A9"},
	}
	for _, tt := range tests {
		var entries []Entry
		for name := range strings.SplitSeq(tt.names, " ") {
			entries = append(entries, Entry{Name: name})
		}
		p := Page{Version: tt.v, Target: []byte("/"), Encoding: tt.encoding}
		page, _ := p.Append(nil, entries)
		if got := linknames(page); got != tt.want {
			t.Errorf("%s: order of %q = %q, want %q", tt.v, tt.names, got, tt.want)
		}
	}
}

// manyEntries are names of which a third have equal keys.
func manyEntries(n int) []Entry {
	entries := make([]Entry, n)
	for i := range entries {
		entries[i] = Entry{Name: "photo-" + strconv.Itoa(i*7919%n/3) + ".JPG"[:i%5]}
	}
	return entries
}

// TestAppendManyEntries would not end if anything about it were quadratic.
func TestAppendManyEntries(t *testing.T) {
	const n = 100_000
	p := Page{Version: cpython.Default, Target: []byte("/"), Encoding: "utf-8"}
	page, _ := p.Append(nil, manyEntries(n))
	if got := strings.Count(string(page), "<li>"); got != n {
		t.Errorf("the page has %d entries, want %d", got, n)
	}
}

// FuzzAppend checks that a page tells its names: what an entry shows and what it links to lead back to the
// bytes of the name, and the entries are sorted. names are parted by slashes; those at odd places are directories.
func FuzzAppend(f *testing.F) {
	f.Add([]byte("/?%ff"), "a\xff", "utf-8")
	f.Add([]byte("/%ED%A0%80"), "ΑΣ/b/A<&>\"/.x", "ascii")
	f.Add([]byte("/<&>/"), "\xed\xb2\x80/%41/\r\n/İ/i\u0307", "utf-8")
	f.Fuzz(func(t *testing.T, target []byte, names, encoding string) {
		if encoding != "ascii" {
			encoding = "utf-8"
		}
		var entries []Entry
		for i, name := range strings.Split(names, "/") {
			if name != "" {
				entries = append(entries, Entry{Name: name, IsDir: i%2 == 1})
			}
		}
		for _, v := range cpython.Versions() {
			p := Page{Version: v, Target: target, FSPath: []byte("/srv/"), Encoding: encoding}
			page, crash := p.Append(nil, entries)
			if crash == "" {
				checkPage(t, &p, string(page), entries)
			} else if v.Has(cpython.ReadsPathAsBytes) || len(page) > 0 {
				t.Errorf("%s: Append for %q = %q, %q", v, target, page, crash)
			}
		}
	})
}

// checkPage reads the entries of a page.
func checkPage(t *testing.T, p *Page, page string, entries []Entry) {
	t.Helper()
	want := map[string]int{}
	for _, e := range entries {
		want[e.Name]++
	}
	_, list, _ := strings.Cut(page, "<ul>\n")
	codec := cpython.FileSystemCodec(p.Version, p.Encoding)
	var before []byte
	for range entries {
		var href, shown string
		_, list, _ = strings.Cut(list, `<li><a href="`)
		href, list, _ = strings.Cut(list, `">`)
		shown, list, _ = strings.Cut(list, "</a>")
		name := strings.TrimSuffix(unescape.Replace(shown), "/")
		text := codec.AppendDecode(nil, []byte(name))
		linked, _ := cpython.AppendUnquote(nil, p.Version, []byte(href))
		if got := strings.TrimSuffix(string(linked), "/"); got != string(text) || want[name] == 0 {
			t.Errorf("%s: %q is linked as %q, of entries %v", p.Version, name, href, entries)
		}
		want[name]--
		lower := cpython.AppendLower(nil, p.Version, text)
		if bytes.Compare(before, lower) > 0 {
			t.Errorf("%s: %q comes behind %q", p.Version, lower, before)
		}
		before = lower
	}
	if strings.Contains(list, "<li>") || !strings.HasSuffix(list, "</html>\n") {
		t.Errorf("%s: the page of %v ends in %q", p.Version, entries, list)
	}
}

// unescape undoes html.escape(name, quote=False).
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			entries := manyEntries(n)
			p := Page{Version: cpython.Default, Target: []byte("/"), Encoding: "utf-8"}
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = p.Append(dst[:0], entries)
			}
		})
	}
}
