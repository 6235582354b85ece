//go:build linux

package main

import "time"

// A workload is one question that peers are measured by.
type workload struct {
	name  string
	title string
	peers []string
	keep  bool     // the servers speak HTTP/1.1
	file  string   // what a floor sends; "" is smallPath
	needs []string // of the tree, beside smallPath and file
	cpus  []int    // numbers in the list of CPUs that servers may use; nil is the first alone
	fresh bool     // measure starts its own servers
	slow  bool     // rounds are long: half as many are enough
	shows []string // metrics, in the order of the table

	measure func(*bench, *workload, *peer, *running) (metrics, error)
}

// Metrics are what one measurement comes to, by name. Times are in microseconds, memory in bytes.
type metrics map[string]float64

// throughput are the metrics of a workload that asks as fast as answers come.
var throughput = []string{"cpu", "rate", "p50", "p99"}

var (
	everyone = []string{ours, "nginx", "nginx-cache", "lighttpd", "busybox", "python3.13", "python2.7"}
	kept     = []string{ours, "nginx", "nginx-cache", "lighttpd", "python3.13", "floor"}
)

// with returns the peers of a list and some more.
func with(list []string, more ...string) []string {
	return append(append([]string{}, list...), more...)
}

// clients is how many clients the ordinary workloads have.
const clients = 64

var workloads = []workload{
	{name: "1k", title: "File of 1 KiB, HTTP/1.0, 64 clients, a connection per request",
		peers: with(everyone, "nginx-deferred", "floor", "floor-uring", "sendfile"), shows: throughput,
		measure: asks(ask{path: smallPath, clients: clients})},
	{name: "64k", title: "File of 64 KiB, HTTP/1.0, 64 clients, a connection per request",
		peers: with(everyone, "sendfile"), file: middlePath, shows: throughput,
		measure: asks(ask{path: middlePath, clients: clients})},
	{name: "1g", title: "File of 1 GiB, one client",
		peers: with(everyone, "sendfile"), file: hugePath, shows: throughput, slow: true,
		measure: asks(ask{path: hugePath, clients: 1, count: 1, patient: true})},
	{name: "404", title: "File that is not there, HTTP/1.0, 64 clients",
		peers: everyone, shows: throughput,
		measure: asks(ask{path: "/nothing", status: 404, clients: clients})},
	{name: "list-1000", title: "Listing of 1,000 entries, 8 clients",
		peers: []string{ours, "nginx", "lighttpd", "python3.13", "python2.7"}, shows: throughput,
		needs: []string{folderPath(1000)}, measure: asks(ask{path: folderPath(1000), clients: 8})},
	{name: "list-100000", title: "Listing of 100,000 entries, one client",
		peers: []string{ours, "nginx", "lighttpd", "python3.13"}, shows: throughput, slow: true,
		needs: []string{folderPath(100_000)}, measure: asks(ask{path: folderPath(100_000), clients: 1, count: 2, patient: true})},
	{name: "keep", title: "File of 1 KiB, HTTP/1.1, 64 connections that are kept",
		peers: kept, keep: true, shows: throughput,
		measure: asks(ask{path: smallPath, clients: clients, keep: true})},
	{name: "pipeline", title: "File of 1 KiB, HTTP/1.1, 64 connections, 8 requests on the way on each",
		peers: kept, keep: true, shows: throughput,
		measure: asks(ask{path: smallPath, clients: clients, keep: true, depth: 8})},
	{name: "held", title: "15,000 connections sit half-sent while others are served, 2,000 requests a second",
		peers: []string{ours, "nginx"}, slow: true, shows: []string{"rss", "pss", "cpu", "p99_before", "p99", "p99_growth"},
		measure: measureHeld},
	{name: "open", title: "1 KiB, with 1 to 10,000 other connections open: CPU per request",
		peers: []string{ours, "nginx"}, slow: true, shows: []string{"cpu_1", "cpu_100", "cpu_1000", "cpu_10000", "growth"},
		measure: measureOpen},
	{name: "files", title: "1 KiB, each of 10 to 100,000 files of a folder in turn: CPU per request",
		peers: []string{ours, "nginx", "nginx-cache"}, slow: true, shows: []string{"cpu_10", "cpu_1000", "cpu_100000", "growth"},
		needs: []string{folderPath(10), folderPath(1000), folderPath(100_000)}, measure: measureFiles},
	{name: "others", title: "p99 of 1,000 requests a second, while another client does something slow",
		peers: []string{ours, "nginx"}, slow: true,
		shows: []string{"p99_alone", "p99_listing", "p99_fifo", "p99_cold", "growth_listing", "growth_fifo", "growth_cold"},
		needs: []string{folderPath(100_000), fifoPath, coldPath}, measure: measureOthers},
	{name: "loops", title: "1 KiB, a second CPU, the load on both",
		peers: []string{ours}, fresh: true, slow: true, shows: []string{"cpu_one", "cpu_two", "balance", "scaling"},
		measure: measureLoops},
	{name: "start", title: "From the start of the process to the first byte of the first answer",
		peers: with(everyone, "floor"), fresh: true, shows: []string{"start"},
		measure: measureStart},
	{name: "memory", title: "Memory after one request, and the most of it under 64 clients",
		peers: with(everyone, "floor"), fresh: true, slow: true, shows: []string{"rss", "pss", "peak"},
		measure: measureMemory},
	{name: "calls", title: "System calls per request, 1 KiB, HTTP/1.0, as strace counts them",
		peers: []string{ours, "nginx", "nginx-cache", "lighttpd", "floor"}, slow: true, shows: []string{"calls"},
		measure: measureCalls},
	{name: "size", title: "Program file, and the same with the libraries that it has loaded",
		peers: with(everyone, "floor"), slow: true, shows: []string{"size", "size_all"},
		measure: measureSize},
}

// A goal is a figure to be reached: a metric of ours, or its ratio to that of a peer, at most or at
// least so much.
type goal struct {
	Workload string  `json:"workload"`
	Metric   string  `json:"metric"`
	Peer     string  `json:"peer,omitempty"`
	Limit    float64 `json:"limit"`
	AtLeast  bool    `json:"at_least,omitempty"`
}

const (
	kibi = 1 << 10
	mebi = 1 << 20
	mega = 1e6
)

var goals = []goal{
	{Workload: "1k", Metric: "cpu", Peer: "nginx", Limit: 0.85},
	{Workload: "1k", Metric: "cpu", Peer: "floor", Limit: 1.30},
	{Workload: "1k", Metric: "cpu", Peer: "python3.13", Limit: 0.10},
	{Workload: "64k", Metric: "cpu", Peer: "nginx", Limit: 0.95},
	{Workload: "64k", Metric: "cpu", Peer: "python3.13", Limit: 0.16},
	{Workload: "1g", Metric: "cpu", Peer: "nginx", Limit: 1.03},
	{Workload: "1g", Metric: "cpu", Peer: "sendfile", Limit: 1.03},
	{Workload: "1g", Metric: "cpu", Peer: "python3.13", Limit: 0.6},
	{Workload: "list-1000", Metric: "cpu", Peer: "nginx", Limit: 0.25},
	{Workload: "list-1000", Metric: "cpu", Peer: "python3.13", Limit: 0.05},
	{Workload: "keep", Metric: "cpu", Peer: "nginx", Limit: 0.80},
	{Workload: "404", Metric: "cpu", Peer: "nginx", Limit: 0.9},
	{Workload: "held", Metric: "rss", Limit: 16 * mega},
	{Workload: "held", Metric: "p99_growth", Limit: 1.5},
	{Workload: "start", Metric: "start", Limit: 4000},
	{Workload: "start", Metric: "start", Peer: "python3.13", Limit: 0.1},
	{Workload: "size", Metric: "size", Limit: 2.2 * mega},
	{Workload: "memory", Metric: "rss", Limit: 4 * mega},
	{Workload: "calls", Metric: "calls", Limit: 8},
	{Workload: "loops", Metric: "scaling", Limit: 1.8, AtLeast: true},
	{Workload: "others", Metric: "growth_listing", Limit: 2},
	{Workload: "others", Metric: "growth_fifo", Limit: 2},
	{Workload: "others", Metric: "growth_cold", Limit: 2},
}

// longRounds is how much longer than the others a round lasts in which p99 is what counts.
const longRounds = 2 * time.Second
