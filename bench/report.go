//go:build linux

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A report is a whole run, as docs/performance.json holds it.
type report struct {
	Date     string            `json:"date"`
	Machine  string            `json:"machine"`
	Kernel   string            `json:"kernel"`
	Go       string            `json:"go"`
	CPUs     int               `json:"cpus"`
	Rounds   int               `json:"rounds"`
	Round    string            `json:"round"` // how long one is
	Versions map[string]string `json:"versions"`
	Missing  []absent          `json:"missing,omitempty"`
	Results  []result          `json:"results"`
}

// report gathers what was measured, and on what.
func (b *bench) report() report {
	return report{
		Date:     time.Now().UTC().Format(time.DateOnly),
		Machine:  machine(),
		Kernel:   kernel(),
		Go:       runtime.Version(),
		CPUs:     len(b.cpus),
		Rounds:   b.options.rounds,
		Round:    b.options.last.String(),
		Versions: b.versions(),
		Missing:  b.missing,
		Results:  b.results,
	}
}

// versionFlags make programs tell their version.
var versionFlags = map[string]string{
	"nginx": "-v", "lighttpd": "-v", "busybox": "--help", "python3.13": "-V", "python2.7": "-V",
}

func (b *bench) versions() map[string]string {
	all := map[string]string{}
	for i := range peers {
		flag := versionFlags[peers[i].name]
		if program, err := peers[i].program(b); err == nil && flag != "" {
			all[peers[i].name] = version(program, flag)
		}
	}
	return all
}

// machine is the model of the processor.
func machine() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // without it the model stays unknown
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func kernel() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown"
	}
	release := unix.ByteSliceToString(u.Release[:])
	number, _, _ := strings.Cut(release, "-")
	return "Linux " + number
}

// The files of a report.
const (
	reportName  = "performance.json"
	profileName = "profile.json"
	chartName   = "performance.svg"
)

// write puts the report and its chart into a folder. A run of some workloads alone replaces what the
// report there says of these: its other figures stand.
func (r report) write(folder string) error {
	if before, err := readReport(folder); err == nil {
		r.Results = merged(before.Results, r.Results)
	}
	if err := writeJSON(filepath.Join(folder, reportName), r); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, chartName), []byte(chart(r)), 0o644)
}

func writeJSON(name string, v any) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o644)
}

func readReport(folder string) (r report, err error) {
	text, err := os.ReadFile(filepath.Join(folder, reportName))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

// merged takes workloads that were measured now, and from before those that were not, in the order
// of the table of workloads: ratios are within one run, so that a workload is replaced whole.
func merged(before, now []result) (all []result) {
	for _, w := range workloads {
		from := before
		if ofWorkload(now, w.name) != nil {
			from = now
		}
		all = append(all, ofWorkload(from, w.name)...)
	}
	return all
}

// ofWorkload returns the results of one workload.
func ofWorkload(results []result, name string) (some []result) {
	for _, r := range results {
		if r.Workload == name {
			some = append(some, r)
		}
	}
	return some
}

// median is a figure of the report.
func (r report) median(workload, peer, metric string) (float64, bool) {
	for _, one := range r.Results {
		if one.Workload == workload && one.Peer == peer {
			s, ok := one.Metrics[metric]
			return s.Median, ok
		}
	}
	return 0, false
}

// value is what a goal is about: a figure of ours, or its ratio to that of a peer.
func (r report) value(g goal) (float64, bool) {
	mine, ok := r.median(g.Workload, ours, g.Metric)
	if !ok || g.Peer == "" {
		return mine, ok
	}
	theirs, ok := r.median(g.Workload, g.Peer, g.Metric)
	return mine / theirs, ok && theirs > 0
}

// reached reports whether a value is what the goal asks for.
func (g goal) reached(value float64) bool {
	if g.AtLeast {
		return value >= g.Limit
	}
	return value <= g.Limit
}
