//go:build linux

// Command bench measures the server beside others, in one interleaved run on one machine.
//
//	bench [option ...]          # measure; print a table; write docs/performance.json and .svg
//	bench page                  # write PERFORMANCE.md and the chart anew from docs/performance.json
//	bench profile [--for 5s]    # where the processor time goes, by perf; into docs/profile.json
//
// What goes in is the programs: the server and httpload, which it builds, and those peers that are
// installed; it says which are missing and how to get them. What comes out is the processor time
// that a request costs each server, and what else there is to compare: see workloads.go, which is a
// table. Each server has one CPU, and the load another. Every round asks every peer once, so that
// what slows the machine down for a while slows down all. Ratios of medians within a run are what
// counts; times are those of one machine.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Options are the command line.
type options struct {
	workloads []string
	peers     []string
	rounds    int
	last      time.Duration // of a round
	quick     bool
	folder    string // for the tree; "" is the system's for temporary files
	out       string // where the results go
	list      bool
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	verb := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		verb, args = args[0], args[1:]
	}
	o, err := parseOptions(args)
	if err == pflag.ErrHelp {
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case o.list:
		printLists()
		return nil
	case verb == "":
		return measureAll(o)
	case verb == "page":
		return writePage(o.out)
	case verb == "profile":
		return profile(o)
	}
	return errors.New("no verb " + verb + "; see --help")
}

func parseOptions(args []string) (o options, err error) {
	f := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	f.Usage = func() {
		fmt.Println("usage: bench [page|profile] [option ...]\n\n" + f.FlagUsages())
	}
	f.StringSliceVarP(&o.workloads, "workload", "w", nil, "only these workloads")
	f.StringSliceVarP(&o.peers, "peers", "p", nil, "only these peers, beside ours")
	f.IntVar(&o.rounds, "rounds", 7, "how often each peer is asked; slow workloads half as often")
	f.DurationVar(&o.last, "for", time.Second, "how long a round lasts")
	f.BoolVar(&o.quick, "quick", false, "three short rounds")
	f.StringVar(&o.folder, "dir", "", "folder for the tree and the logs (default: the system's for temporary files)")
	f.StringVarP(&o.out, "out", "o", "", "write performance.json and performance.svg into this folder (default: none)")
	f.BoolVarP(&o.list, "list", "l", false, "list workloads and peers")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.quick {
		o.rounds, o.last = 3, 300*time.Millisecond
	}
	if len(o.peers) > 0 {
		o.peers = append(o.peers, ours)
	}
	return o, o.check()
}

// check refuses names that there are not.
func (o options) check() error {
	for _, name := range o.peers {
		if _, err := peerNamed(name); err != nil {
			return err
		}
	}
	for _, name := range o.workloads {
		if !slices.ContainsFunc(workloads, func(w workload) bool { return w.name == name }) {
			return fmt.Errorf("no workload %q", name)
		}
	}
	if o.rounds < 1 || o.last <= 0 {
		return errors.New("no rounds")
	}
	return nil
}

func printLists() {
	fmt.Println("workloads:")
	for _, w := range workloads {
		fmt.Printf("  %-12s %s\n", w.name, w.title)
	}
	fmt.Println("peers:")
	for _, p := range peers {
		fmt.Printf("  %-12s %s\n", p.name, p.about)
	}
}
