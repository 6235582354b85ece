package main

import (
	"fmt"
	"slices"
	"strings"

	"simplehttp/cpython"
)

// mimeFile is mime/ztables.go: the strict types_map of all releases.
func mimeFile(facts map[cpython.Version]*Facts) (string, error) {
	type row struct{ ext, mediaType string }
	releases := map[row]cpython.Set{}
	for v, f := range facts {
		for ext, mediaType := range f.MIMETypes.TypesMap {
			releases[row{ext, mediaType}] |= cpython.Only(v)
		}
	}
	rows := make([]row, 0, len(releases))
	for r := range releases {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int {
		if a.ext != b.ext {
			return strings.Compare(a.ext, b.ext)
		}
		return oldest(releases[a]) - oldest(releases[b])
	})
	t := newTable("cpython.")
	t.rows.WriteString("// defaults is mimetypes.types_map before any file is read.\nvar defaults = []entry{\n")
	for _, r := range rows {
		fmt.Fprintf(&t.rows, "{%q, %q, %s},\n", r.ext, r.mediaType, t.set(releases[r]))
	}
	t.rows.WriteString("}\n")
	return "package mime\n\nimport \"simplehttp/cpython\"\n\n" + t.constants() + t.rows.String(), nil
}

// statusFile is response/zstatus.go: BaseHTTPRequestHandler.responses of all releases.
func statusFile(facts map[cpython.Version]*Facts) (string, error) {
	type row struct {
		code            int
		phrase, explain string
	}
	releases := map[row]cpython.Set{}
	for v, f := range facts {
		for _, r := range f.Responses {
			code, _ := r[0].(float64)
			phrase, ok1 := r[2].(string)
			explain, ok2 := r[3].(string)
			if code == 0 || !ok1 || !ok2 {
				return "", fmt.Errorf("%s: bad row %v", v, r)
			}
			releases[row{int(code), phrase, explain}] |= cpython.Only(v)
		}
	}
	rows := make([]row, 0, len(releases))
	for r := range releases {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int {
		if a.code != b.code {
			return a.code - b.code
		}
		return oldest(releases[a]) - oldest(releases[b])
	})
	t := newTable("cpython.")
	t.rows.WriteString("// reasons is BaseHTTPRequestHandler.responses: reason-phrase and explanation of each status.\nvar reasons = []reasonRow{\n")
	for _, r := range rows {
		fmt.Fprintf(&t.rows, "{%d, %q, %q, %s},\n", r.code, r.phrase, r.explain, t.set(releases[r]))
	}
	t.rows.WriteString("}\n")
	return "package response\n\nimport \"simplehttp/cpython\"\n\n" + t.constants() + t.rows.String(), nil
}

// oldest returns the oldest release in the set.
func oldest(s cpython.Set) int {
	for _, v := range cpython.Versions() {
		if s.Contains(v) {
			return int(v)
		}
	}
	return 0
}
