//go:build linux

package main

import (
	"fmt"
	"html"
	"strings"
)

// charted are the workloads whose CPU per request the chart shows.
var charted = []string{"1k", "64k", "404", "keep", "pipeline", "list-1000", "list-100000", "1g"}

// The measures of the chart, in pixels.
const (
	chartWidth   = 960
	columns      = 2
	columnWidth  = chartWidth / columns
	barLeft      = 120 // room for the names
	barRight     = 134 // room for the figures
	barWidth     = columnWidth - barLeft - barRight
	barStep      = 22
	barHeight    = 14
	panelHead    = 52
	panelFoot    = 14
	chartHead    = 64
	longestRatio = 4 // a bar that is longer is cut
)

// chartStyle has colours for light and dark.
const chartStyle = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 17px } .panel { font-weight: 600 } .quiet { fill: #59636e; stroke: #ffffff; stroke-width: 4px; paint-order: stroke }
.ours { fill: #0a7d52 } .peer { fill: #8c959f } .floor { fill: #c9d1d9 } .page { fill: #ffffff } .line { stroke: #0a7d52; stroke-dasharray: 2 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .quiet { fill: #9198a1; stroke: #0d1117 }
.ours { fill: #3fb984 } .peer { fill: #6e7681 } .floor { fill: #3d444d } .page { fill: #0d1117 } .line { stroke: #3fb984 }
}
</style>
`

// chart draws CPU per request of all peers, one panel a workload, as SVG.
func chart(r report) string {
	var panels strings.Builder
	var tops [columns]int
	for i := range tops {
		tops[i] = chartHead
	}
	for _, name := range charted {
		results := ofWorkload(r.Results, name)
		if len(results) == 0 {
			continue
		}
		column := 0
		for i, top := range tops {
			if top < tops[column] {
				column = i
			}
		}
		panels.WriteString(panel(name, results, column*columnWidth, tops[column]))
		tops[column] += panelHead + len(results)*barStep + panelFoot
	}
	height := max(tops[0], tops[1])
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", chartWidth, height, chartWidth, height)
	b.WriteString("<title>Server CPU time per request</title>\n" + chartStyle)
	fmt.Fprintf(&b, `<rect class="page" width="%d" height="%d"/>`+"\n", chartWidth, height)
	b.WriteString(`<text class="title" x="16" y="30">Server CPU time per request; shorter is better</text>` + "\n")
	fmt.Fprintf(&b, `<text class="quiet" x="16" y="50">%s, %s, %s; in parentheses: times that of simplehttp</text>`+"\n",
		html.EscapeString(r.Machine), html.EscapeString(r.Kernel), html.EscapeString(r.Date))
	return b.String() + panels.String() + "</svg>\n"
}

// panel draws one workload.
func panel(name string, results []result, x, y int) string {
	var b strings.Builder
	mine, _ := report{Results: results}.median(name, ours, "cpu")
	fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", x, y)
	fmt.Fprintf(&b, `<text class="panel" x="16" y="30">%s</text>`+"\n", html.EscapeString(chartTitles[name]))
	at := barLeft + barWidth/longestRatio
	fmt.Fprintf(&b, `<line class="line" x1="%d" x2="%d" y1="%d" y2="%d"/>`+"\n", at, at, panelHead-10, panelHead-8+len(results)*barStep)
	for i, one := range results {
		b.WriteString(bar(one, mine, panelHead-8+i*barStep))
	}
	return b.String() + "</g>\n"
}

// chartTitles are short.
var chartTitles = map[string]string{
	"1k": "1 KiB, a connection per request", "64k": "64 KiB, a connection per request", "404": "404, a connection per request",
	"keep": "1 KiB, connections kept", "pipeline": "1 KiB, pipelined", "1g": "1 GiB",
	"list-1000": "listing of 1,000 entries", "list-100000": "listing of 100,000 entries",
}

// bar draws one peer. mine is the figure of ours, one longestRatio-th of the longest bar.
func bar(r result, mine float64, y int) string {
	cpu := r.Metrics["cpu"].Median
	times := 0.0
	if mine > 0 {
		times = cpu / mine
	}
	long := min(times, longestRatio) / longestRatio * barWidth
	class := "peer"
	if r.Peer == ours {
		class = "ours"
	} else if strings.HasPrefix(r.Peer, "floor") || r.Peer == "sendfile" {
		class = "floor"
	}
	label := duration(cpu)
	if r.Peer != ours {
		label += fmt.Sprintf(" (%.2f)", times)
	}
	if times > longestRatio {
		label = "… " + label
	}
	return fmt.Sprintf(`<text x="%d" y="%d" text-anchor="end">%s</text><rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/><text class="quiet" x="%.1f" y="%d">%s</text>`+"\n",
		barLeft-8, y+barHeight-2, html.EscapeString(r.Peer), class, barLeft, y, long, barHeight, barLeft+long+6, y+barHeight-2, html.EscapeString(label))
}
