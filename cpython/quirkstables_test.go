package cpython

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A keptTable is a table of texts that is kept by release, which is no quirk because it is not a behaviour.
type keptTable struct {
	about, file string
	shown       string    // a case whose answers show it
	lines       string    // in which lines, a regular expression
	starts      []Version // the releases with which it changes
}

// keptTables are all of them that a client sees, but the media types, which are read from their file.
var keptTables = []keptTable{
	{"the page of a directory", "listing/listing.go", "listing/empty directory", `^< " *<`, []Version{V3_6, V3_11, V3_14}},
	{"the page of an error", "response/errorpage.go", "errors/missing", `^< " *<[^p]`, []Version{V3_6, V3_11, V3_14}},
	{"the Content-Type of an error", "response/errorpage.go", "errors/missing", `^< "Content-Type: `, []Version{V3_6}},
	{"the reason-phrase of 414", "response/reason.go", "limits/request line of 65537", `^< "HTTP/`, []Version{V3_13}},
	{"ws and wss among the schemes with an authority", "cpython/urlsplit.go", "redirects/scheme ws", `^< "Location: `, []Version{V3_6}},
	{"rtsps among them", "cpython/urlsplit.go", "redirects/scheme rtsps", `^< "Location: `, []Version{V3_11}},
	{"itms-services among them", "cpython/urlsplit.go", "redirects/scheme itms-services", `^< "Location: `, []Version{V3_12}},
	{"the lower case of letters, which a listing is sorted by", "cpython/zunicode.go", "listingnames/order of newer letters", `^< "<li>`, []Version{V3_6, V3_7, V3_8, V3_14}},
	{"Invalid HTTP Version, or version", "reqparse/version.go", "version/http/2.0", `^log .* message `, []Version{V3_6}},
}

// TestKeptTables holds that what a case shows of a table changes with the releases with which the table does.
func TestKeptTables(t *testing.T) {
	all := readCases(t)
	for _, table := range keptTables {
		i := slices.IndexFunc(all, func(c *shownCase) bool { return c.name == table.shown })
		if i < 0 {
			t.Errorf("%s: there is no case %s", table.about, table.shown)
			continue
		}
		place := regexp.MustCompile(table.lines)
		of := func(v Version) []string {
			return slices.DeleteFunc(slices.Clone(all[i].answers[v]), func(line string) bool { return !place.MatchString(line) })
		}
		for _, v := range Versions()[1:] {
			before, now := of(v-1), of(v)
			if starts := slices.Contains(table.starts, v); len(now) == 0 || starts == slices.Equal(before, now) {
				t.Errorf("%s: changes with %s is %v, and %s shows %q before and %q then", table.about, v, starts, table.shown, before, now)
			}
		}
	}
}

// mediaTypes reads the types that are not the same in all releases: of each extension, the releases of each type.
func mediaTypes(t *testing.T) (extensions []string, types map[string]map[string]Set) {
	t.Helper()
	text, err := os.ReadFile("../mime/ztables.go")
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]Set{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\w+)\s+(?:cpython\.Set)?\s*= (0x[0-9a-f]+)$`).FindAllStringSubmatch(string(text), -1) {
		n, err := strconv.ParseUint(m[2], 0, 16)
		if err != nil {
			t.Fatal(err)
		}
		sets[m[1]] = Set(n)
	}
	table, _, _ := strings.Cut(string(text[strings.Index(string(text), "var defaults"):]), "\n}\n")
	types = map[string]map[string]Set{}
	for _, m := range regexp.MustCompile(`(?m)^\t\{"(.*)", "(.*)", (\w+)\},$`).FindAllStringSubmatch(table, -1) {
		set, ok := sets[m[3]]
		if !ok {
			t.Fatalf("mime/ztables.go has no set %s", m[3])
		}
		if set == all {
			continue
		}
		if types[m[1]] == nil {
			types[m[1]] = map[string]Set{}
			extensions = append(extensions, m[1])
		}
		types[m[1]][m[2]] |= set
	}
	if len(extensions) < 50 {
		t.Fatalf("mime/ztables.go has only %d extensions that differ", len(extensions))
	}
	return extensions, types
}

// series spells a set as runs of releases.
func (s Set) series() string {
	var runs []string
	for v := V2_7; int(v) < len(releases); v++ {
		if !s.Contains(v) || s.Contains(v-1) {
			continue
		}
		last := v
		for int(last)+1 < len(releases) && s.Contains(last+1) {
			last++
		}
		if last == v {
			runs = append(runs, v.Series())
		} else {
			runs = append(runs, v.Series()+" to "+last.Series())
		}
	}
	return strings.Join(runs, ", ")
}

// writeTables prints the tables.
func writeTables(t *testing.T, b *strings.Builder) {
	b.WriteString("\n# Tables\n\nTexts that differ between releases are kept in tables. The case shows each of them on the wire.\n\n" +
		"| Table | Changes with | Kept in | Case |\n|---|---|---|---|\n")
	for _, table := range keptTables {
		var starts []string
		for _, v := range table.starts {
			starts = append(starts, v.Series())
		}
		theme, _, _ := strings.Cut(table.shown, "/")
		b.WriteString("| " + table.about + " | " + strings.Join(starts, ", ") + " | `" + table.file + "` | [" + table.shown +
			"](conformance/testdata/cases/" + theme + ".txt) |\n")
	}
	b.WriteString("\n## Media types\n\nWhat `mimetypes` makes of an extension, where not all releases agree. Up to 3.8 the handler says text/plain\n" +
		"of .py, .c and .h; GuessesByMimetypes tells about compressed files.\n\n| Extension | Media type | Releases |\n|---|---|---|\n")
	extensions, types := mediaTypes(t)
	for _, ext := range extensions {
		var rows []string
		none := all
		for mediaType, set := range types[ext] {
			rows = append(rows, "| "+mediaType+" | "+set.series()+" |\n")
			none &^= set
		}
		slices.Sort(rows)
		if none != 0 {
			rows = append(rows, "| none | "+none.series()+" |\n")
		}
		for _, row := range rows {
			b.WriteString("| " + ext + " " + row)
		}
	}
}

// writeChanges prints what comes and goes with each release.
func writeChanges(t *testing.T, b *strings.Builder) {
	b.WriteString("\n# From release to release\n")
	for _, v := range Versions()[1:] {
		b.WriteString("\n## " + (v - 1).Series() + " to " + v.Series() + "\n\n")
		var comes, goes, tables []string
		for q := Quirk(1); q < quirkEnd; q++ {
			link := "[" + quirks[q].name + "](#" + strings.ToLower(quirks[q].name) + ")"
			switch {
			case v.Has(q) && !(v - 1).Has(q):
				comes = append(comes, link)
			case !v.Has(q) && (v - 1).Has(q):
				goes = append(goes, link)
			}
		}
		for _, table := range keptTables {
			if slices.Contains(table.starts, v) {
				tables = append(tables, table.about)
			}
		}
		if n := typesChanged(t, v); n > 0 {
			tables = append(tables, "[media types](#media-types): "+strconv.Itoa(n))
		}
		for _, part := range []struct {
			title string
			words []string
		}{{"Comes", comes}, {"Goes", goes}, {"Texts that change", tables}} {
			if len(part.words) > 0 {
				b.WriteString("- **" + part.title + ":** " + strings.Join(part.words, "; ") + "\n")
			}
		}
		if len(comes)+len(goes)+len(tables) == 0 {
			b.WriteString("Nothing but the Server field.\n")
		}
	}
}

// typesChanged counts the extensions that have another type with v.
func typesChanged(t *testing.T, v Version) (n int) {
	_, types := mediaTypes(t)
	for _, sets := range types {
		for _, set := range sets {
			if set.Contains(v) != set.Contains(v-1) {
				n++
				break
			}
		}
	}
	return n
}
