//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A bench is one run.
type bench struct {
	options  options
	programs string // folder of what was built
	root     string // the tree that is served
	scratch  string // folder of everything that the run writes but the results

	cpus       []int // that this process may use
	serverCPUs []int
	clientCPUs []int
	ports      int // handed out

	results []result
	missing []absent
}

// measureAll is the whole run.
func measureAll(o options) error {
	b, err := newBench(o)
	if err != nil {
		return err
	}
	defer b.remove()
	b.findMissing()
	fmt.Printf("servers on CPU %v, load on CPU %v, %d rounds of %v\n\n", b.serverCPUs, b.clientCPUs, o.rounds, o.last)
	for i := range workloads {
		w := &workloads[i]
		if len(o.workloads) > 0 && !slices.Contains(o.workloads, w.name) {
			continue
		}
		results, err := b.run(w)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		b.results = append(b.results, results...)
		fmt.Println(textTable(w, results))
	}
	rep := b.report()
	fmt.Println(goalsTable(rep))
	if o.out == "" {
		return nil
	}
	return rep.write(o.out)
}

// newBench builds the programs and makes the tree.
func newBench(o options) (*bench, error) {
	b := &bench{options: o}
	if err := b.pickCPUs(); err != nil {
		return nil, err
	}
	// 15,000 connections take as many descriptors, and servers inherit the limit.
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return nil, err
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return nil, err
	}
	var err error
	if b.scratch, err = os.MkdirTemp(o.folder, "simplehttp-bench-"); err != nil {
		return nil, err
	}
	b.removeAtSignal()
	b.programs, b.root = filepath.Join(b.scratch, "bin"), filepath.Join(b.scratch, "tree")
	if err := b.prepare(); err != nil {
		b.remove()
		return nil, err
	}
	return b, nil
}

// remove takes away what the run has written, and that is more than 1 GiB.
func (b *bench) remove() { _ = os.RemoveAll(b.scratch) } // what is left is in a folder for temporary files

// removeAtSignal does the same when the run is cut short; the servers end with it.
func (b *bench) removeAtSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		b.remove()
		os.Exit(1)
	}()
}

// prepare builds the programs and writes the tree.
func (b *bench) prepare() error {
	for name, dir := range map[string]string{ours: "./cmd/simplehttp", "httpload": "./cmd/httpload", "floor": "./bench/floor"} {
		build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(b.programs, name), dir)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building %s: %w\n%s", name, err, out)
		}
	}
	if err := os.Mkdir(b.root, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(b.scratch, 0o755); err != nil { // a server may give up being root
		return err
	}
	for _, n := range folderSizes {
		if err := writeTargets(b.targets(n), n); err != nil {
			return err
		}
	}
	return need(b.root, []string{smallPath})
}

// targets is the file that lists what is asked for in turn.
func (b *bench) targets(files int) string {
	return filepath.Join(b.scratch, fmt.Sprintf("targets-%d", files))
}

// pickCPUs gives the servers the first CPU and the load the second, if there is one.
func (b *bench) pickCPUs() error {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return os.NewSyscallError("sched_getaffinity", err)
	}
	for cpu := range len(set) * 64 {
		if set.IsSet(cpu) {
			b.cpus = append(b.cpus, cpu)
		}
	}
	b.serverCPUs = b.cpus[:1]
	b.clientCPUs = b.cpus[:1]
	if len(b.cpus) > 1 {
		b.clientCPUs = b.cpus[1:2]
	}
	return nil
}

// An absent peer is one that is not installed.
type absent struct {
	Peer string `json:"peer"`
	Get  string `json:"get"`
}

// findMissing says which peers are not there, and how to get them.
func (b *bench) findMissing() {
	for i := range peers {
		if _, err := peers[i].program(b); err != nil {
			b.missing = append(b.missing, absent{peers[i].name, peers[i].get})
			fmt.Printf("%s is missing: %s\n", peers[i].name, peers[i].get)
		}
	}
	if _, err := exec.LookPath("strace"); err != nil {
		b.missing = append(b.missing, absent{"strace", "apt-get install strace"})
		fmt.Println("strace is missing, so that system calls are not counted: apt-get install strace")
	}
}

// takes reports whether a peer is there and asked for.
func (b *bench) takes(p *peer) bool {
	return (len(b.options.peers) == 0 || slices.Contains(b.options.peers, p.name)) &&
		!slices.ContainsFunc(b.missing, func(m absent) bool { return m.Peer == p.name })
}

// setupOf is what a workload's servers serve.
func (b *bench) setupOf(w *workload) setup {
	file := w.file
	if file == "" {
		file = smallPath
	}
	return setup{root: b.root, file: b.root + file, keep: w.keep}
}

// A contender is a peer in a workload, with what was measured.
type contender struct {
	peer   *peer
	server *running // nil where the measurement starts its own
	rounds []metrics
	failed error
}

// run measures one workload: all peers in every round, each round beginning with another.
func (b *bench) run(w *workload) ([]result, error) {
	if w.name == "calls" && slices.ContainsFunc(b.missing, func(m absent) bool { return m.Peer == "strace" }) {
		return nil, nil
	}
	s := b.setupOf(w)
	if err := need(b.root, append([]string{strings.TrimPrefix(s.file, b.root)}, w.needs...)); err != nil {
		return nil, err
	}
	contenders, err := b.contenders(w)
	defer func() {
		for _, c := range contenders {
			if c.server != nil {
				c.server.stop()
			}
		}
	}()
	if err != nil {
		return nil, err
	}
	rounds := b.options.rounds
	if w.slow {
		rounds = max(rounds/2, 2)
	}
	for round := range rounds {
		for i := range contenders {
			c := contenders[(i+round)%len(contenders)]
			c.measure(b, w)
		}
	}
	return resultsOf(w, contenders)
}

// measure measures a peer once more, unless that has failed before.
func (c *contender) measure(b *bench, w *workload) {
	if c.failed != nil {
		return
	}
	m, err := w.measure(b, w, c.peer, c.server)
	if err != nil {
		c.failed = err
		return
	}
	c.rounds = append(c.rounds, m)
}

// resultsOf sums the rounds up. A peer that has failed is named and left out; if it is ours, that is
// the end.
func resultsOf(w *workload, contenders []*contender) (results []result, err error) {
	for _, c := range contenders {
		if c.failed != nil && c.peer.name == ours {
			return nil, c.failed
		}
		if c.failed != nil {
			fmt.Printf("%s: %s is left out: %v\n", w.name, c.peer.name, c.failed)
			continue
		}
		results = append(results, summarize(w.name, c.peer.name, c.rounds))
	}
	return results, nil
}

// warmUp is how long each server is asked before it counts.
const warmUp = 200 * time.Millisecond

// contenders starts the servers of a workload, and warms them up.
func (b *bench) contenders(w *workload) (all []*contender, err error) {
	for _, name := range w.peers {
		p, err := peerNamed(name)
		if err != nil {
			return all, err
		}
		if !b.takes(p) {
			continue
		}
		c := &contender{peer: p}
		all = append(all, c)
		if w.fresh {
			continue
		}
		if c.server, c.failed = b.serve(p, b.setupOf(w), b.serverCPUs); c.failed == nil {
			_, c.failed = b.do(ask{path: smallPath, clients: 4, keep: w.keep, last: warmUp}, c.server)
		}
	}
	return all, nil
}
