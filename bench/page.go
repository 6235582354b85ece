//go:build linux

package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// pageText is PERFORMANCE.md with its figures left out. Prose is changed there.
//
//go:embed page.md
var pageText string

const pageName = "PERFORMANCE.md"

// writePage writes the page and the chart from the report in a folder. The page stands beside that
// folder.
func writePage(folder string) error {
	if folder == "" {
		folder = "docs"
	}
	r, err := readReport(folder)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, chartName), []byte(chart(r)), 0o644); err != nil {
		return err
	}
	text, err := page(r, folder)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(filepath.Dir(filepath.Clean(folder)), pageName), []byte(text), 0o644)
}

// page fills pageText with the figures of a report.
func page(r report, folder string) (string, error) {
	shares, err := readProfile(folder)
	if err != nil {
		return "", err
	}
	t := template.New("page").Option("missingkey=error").Funcs(template.FuncMap{
		"table":   r.table,
		"goals":   func() string { return strings.TrimSuffix(markdown(goalRows(r)), "\n") },
		"figure":  r.figure,
		"ratio":   r.ratio,
		"peers":   r.peersTable,
		"profile": func() string { return strings.TrimSuffix(markdown(profileRows(shares)), "\n") },
		"kernel":  func() string { return kernelShare(shares) },
		"network": func() string { return networkShare(shares) },
	})
	if t, err = t.Parse(pageText); err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, r)
	return b.String(), err
}

// notMeasured stands where a run has left a peer or a workload out.
const notMeasured = "(not measured)"

// table is a workload's table, under its title.
func (r report) table(name string) (string, error) {
	for i := range workloads {
		w := &workloads[i]
		if w.name != name {
			continue
		}
		text := notMeasured
		if results := ofWorkload(r.Results, name); len(results) > 0 {
			text = strings.TrimSuffix(markdown(rows(w, results)), "\n")
		}
		return "**" + w.title + "**\n\n" + text, nil
	}
	return "", fmt.Errorf("no workload %s", name)
}

// figure is one median, as text.
func (r report) figure(workload, peer, metric string) string {
	v, ok := r.median(workload, peer, metric)
	if !ok {
		return notMeasured
	}
	_, format := unitOf(metric)
	return format(v)
}

// ratio is the median of one peer over that of another.
func (r report) ratio(workload, metric, peer, other string) string {
	v, ok := r.median(workload, peer, metric)
	o, there := r.median(workload, other, metric)
	if !ok || !there || o == 0 {
		return notMeasured
	}
	return ratio(v / o)
}

// peersTable tells how the peers were set up.
func (r report) peersTable() string {
	table := [][]string{{"", "set up", "version"}}
	for _, p := range peers {
		table = append(table, []string{p.name, p.about, r.Versions[p.name]})
	}
	return strings.ReplaceAll(strings.TrimSuffix(markdown(table), "\n"), "--:", "---") // it is all words
}

// profileRows is the table of where the time goes.
func profileRows(shares []share) [][]string {
	table := [][]string{{"", "share", "most of it"}}
	for _, s := range shares {
		if s.Percent > 0 {
			table = append(table, []string{s.Part, fmt.Sprintf("%.0f %%", s.Percent), strings.Join(s.Most, ", ")})
		}
	}
	return table
}

// kernelShare is how much of the time the kernel takes, and networkShare how much of it its network.
func kernelShare(shares []share) string { return percentOf(shares, kernelPart) }

func networkShare(shares []share) string { return percentOf(shares, networkPart) }

// percentOf adds up the parts whose names begin so.
func percentOf(shares []share, prefix string) string {
	var sum float64
	for _, s := range shares {
		if strings.HasPrefix(s.Part, prefix) {
			sum += s.Percent
		}
	}
	if sum == 0 {
		return notMeasured
	}
	return fmt.Sprintf("%.0f %%", sum)
}
