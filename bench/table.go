//go:build linux

package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Units tell how a metric is printed: times in µs, memory in bytes, the rest as plain numbers.
var units = []struct {
	prefix string
	title  string
	format func(float64) string
}{
	{"cpu_", "CPU, %s", duration},
	{"cpu", "CPU", duration},
	{"rate", "requests/s", count},
	{"p50", "p50", duration},
	{"p99_growth", "growth of p99", ratio},
	{"p99_", "p99, %s", duration},
	{"p99", "p99", duration},
	{"growth_", "growth, %s", ratio},
	{"growth", "growth", ratio},
	{"rss", "RSS", size},
	{"pss", "PSS", size},
	{"peak", "RSS at most", size},
	{"size_all", "with libraries", size},
	{"size", "size", size},
	{"start", "start", duration},
	{"calls", "calls", ratio},
	{"scaling", "scaling", ratio},
	{"balance", "balance", ratio},
}

// unitOf returns the title of a metric and how to print it.
func unitOf(metric string) (title string, format func(float64) string) {
	for _, u := range units {
		if rest, ok := strings.CutPrefix(metric, u.prefix); ok {
			if strings.Contains(u.title, "%s") {
				return fmt.Sprintf(u.title, rest), u.format
			}
			return u.title, u.format
		}
	}
	return metric, ratio
}

func duration(microseconds float64) string {
	switch {
	case microseconds >= 1e6:
		return fmt.Sprintf("%.2f s", microseconds/1e6)
	case microseconds >= 1e4:
		return fmt.Sprintf("%.0f ms", microseconds/1e3)
	case microseconds >= 1e3:
		return fmt.Sprintf("%.2f ms", microseconds/1e3)
	case microseconds >= 100:
		return fmt.Sprintf("%.0f µs", microseconds)
	}
	return fmt.Sprintf("%.1f µs", microseconds)
}

func size(bytes float64) string { return fmt.Sprintf("%.2f MB", bytes/mega) }

func ratio(v float64) string { return fmt.Sprintf("%.2f", v) }

func count(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// rows is a workload's table: a row of titles, then one for each peer. The first metric has its
// spread, and the ratio of ours to it.
func rows(w *workload, results []result) [][]string {
	first := w.shows[0]
	title, _ := unitOf(first)
	head := []string{"", title, "±", "ours / it"}
	for _, metric := range w.shows[1:] {
		title, _ := unitOf(metric)
		head = append(head, title)
	}
	table := [][]string{head}
	mine, _ := report{Results: results}.median(w.name, ours, first)
	for _, r := range results {
		table = append(table, row(w, r, mine))
	}
	return table
}

// row is one peer's; mine is the first metric of ours.
func row(w *workload, r result, mine float64) []string {
	s, name := r.Metrics[w.shows[0]], r.Peer
	_, format := unitOf(w.shows[0])
	if r.Faults > 0 {
		name += fmt.Sprintf(" (%.0f faults)", r.Faults)
	}
	cells := []string{name, format(s.Median), fmt.Sprintf("%.0f %%", 100*s.relative()), "—"}
	if r.Peer != ours && s.Median > 0 && mine > 0 {
		cells[3] = ratio(mine / s.Median)
	}
	for _, metric := range w.shows[1:] {
		_, format := unitOf(metric)
		if s, ok := r.Metrics[metric]; ok {
			cells = append(cells, format(s.Median))
		} else {
			cells = append(cells, "")
		}
	}
	return cells
}

// textTable is a workload's table for a terminal.
func textTable(w *workload, results []result) string {
	return w.name + ": " + w.title + "\n" + aligned(rows(w, results))
}

// aligned lines columns up.
func aligned(table [][]string) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, cells := range table {
		fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	_ = t.Flush() // into memory
	return b.String()
}

// markdown is a table for a page.
func markdown(table [][]string) string {
	var b strings.Builder
	for i, cells := range table {
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			b.WriteString("|---" + strings.Repeat("|--:", len(cells)-1) + "|\n")
		}
	}
	return b.String()
}

// goalRows is the table of goals: what is to be reached, what was, and whether that is enough.
func goalRows(r report) [][]string {
	table := [][]string{{"", "to reach", "measured", ""}}
	for _, g := range goals {
		v, ok := r.value(g)
		if !ok {
			continue
		}
		verdict := "reached"
		if !g.reached(v) {
			verdict = "**missed**"
		}
		limit := "≤ "
		if g.AtLeast {
			limit = "≥ "
		}
		format := ratio
		if g.Peer == "" {
			_, format = unitOf(g.Metric)
		}
		table = append(table, []string{g.title(), limit + format(g.Limit), format(v), verdict})
	}
	return table
}

// title names a goal.
func (g goal) title() string {
	metric, _ := unitOf(g.Metric)
	text := g.Workload + ": " + metric
	if g.Peer != "" {
		text += " / " + g.Peer
	}
	return text
}

func goalsTable(r report) string { return "goals\n" + aligned(goalRows(r)) }
