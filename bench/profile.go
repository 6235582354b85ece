//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A share is a part of the server's processor time.
type share struct {
	Part    string   `json:"part"`
	Percent float64  `json:"percent"`
	Most    []string `json:"most"` // the functions that took most of it
}

// The parts of the time.
const (
	ownPart     = "the server's own code"
	runtimePart = "Go runtime"
	networkPart = "kernel: TCP, IP and loopback"
	kernelPart  = "kernel: " // and the system call; softirqs and interrupts have none
)

// networkFunctions begin the names of the kernel's network. A sample below one of them is of the
// network, be it in a lock, in the allocator, or in waking up the client.
var networkFunctions = []string{"tcp_", "__tcp_", "ip_", "inet_", "__inet_", "sock_", "__sock_", "sk_", "skb_", "__netif", "net_rx", "process_backlog",
	"__sys_sendto", "__sys_recvfrom", "__sys_accept4", "__sys_shutdown", "__sys_setsockopt", "__x64_sys_sendto", "__x64_sys_recvfrom", "__x64_sys_accept4",
	"__x64_sys_shutdown", "__x64_sys_setsockopt"}

// systemCall begins the name of the function that a system call begins with.
const systemCall = "__x64_sys_"

// profile loads the server with the workload of small files while perf samples it.
func profile(o options) error {
	if _, err := exec.LookPath("perf"); err != nil {
		return errors.New("perf is missing: apt-get install linux-perf")
	}
	b, err := newBench(o)
	if err != nil {
		return err
	}
	defer b.remove()
	p, err := peerNamed(ours)
	if err != nil {
		return err
	}
	// perf needs the names of functions, which the server to be measured has not.
	build := exec.Command("go", "build", "-o", filepath.Join(b.programs, ours), "./cmd/simplehttp")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	r, err := b.serve(p, b.setupOf(&workload{}), b.serverCPUs)
	if err != nil {
		return err
	}
	defer r.stop()
	shares, err := b.sampled(r)
	if err != nil {
		return err
	}
	for _, s := range shares {
		fmt.Printf("%5.1f %%  %-40s %s\n", s.Percent, s.Part, strings.Join(s.Most, ", "))
	}
	if o.out == "" {
		return nil
	}
	return writeJSON(filepath.Join(o.out, profileName), shares)
}

// sampled runs the load and perf at once. The clock is that of the CPU, since a virtual machine
// often has no counters.
func (b *bench) sampled(r *running) ([]share, error) {
	data := filepath.Join(b.scratch, "perf.data")
	last := 4 * b.options.last
	record := exec.Command("perf", "record", "-q", "-g", "-e", "cpu-clock", "-F", "4999", "-o", data, "-p", strconv.Itoa(r.command.Process.Pid),
		"--", "sleep", fmt.Sprint(last.Seconds()))
	if err := record.Start(); err != nil {
		return nil, err
	}
	_, err := b.do(ask{path: smallPath, clients: clients, last: last + time.Second}, r)
	if waited := record.Wait(); err == nil {
		err = waited
	}
	if err != nil {
		return nil, err
	}
	text, err := exec.Command("perf", "script", "-i", data, "-F", "ip,sym").Output()
	if err != nil {
		return nil, err
	}
	return sharesOf(string(text)), nil
}

const (
	mostNamed  = 3   // functions of a part that are named
	leastShare = 0.5 // percent; parts below are one
)

// sharesOf counts the samples of perf script: stacks, innermost function first, with an empty line
// between them.
func sharesOf(text string) []share {
	counts, inside, total := map[string]int{}, map[string]map[string]int{}, 0
	for sample := range strings.SplitSeq(text, "\n\n") {
		stack := functionsOf(sample)
		if len(stack) == 0 {
			continue
		}
		part := partOf(stack)
		if inside[part] == nil {
			inside[part] = map[string]int{}
		}
		counts[part]++
		inside[part][stack[0]]++
		total++
	}
	var shares []share
	rest := share{Part: "the rest"}
	for part, n := range counts {
		percent := 100 * float64(n) / float64(total)
		if percent < leastShare {
			rest.Percent += percent
			continue
		}
		shares = append(shares, share{Part: part, Percent: percent, Most: most(inside[part])})
	}
	sort.Slice(shares, func(i, j int) bool { return shares[i].Percent > shares[j].Percent })
	if rest.Percent > 0 {
		shares = append(shares, rest)
	}
	return shares
}

// functionsOf are the names of a stack, whose lines are an address and a name.
func functionsOf(sample string) (stack []string) {
	for line := range strings.Lines(sample) {
		if fields := strings.Fields(line); len(fields) >= 2 {
			stack = append(stack, fields[1])
		}
	}
	return stack
}

// partOf tells which part a sample is of. The names of Go functions have a dot, those of the kernel
// have none, but for what the compiler has cut off: ".isra.0".
func partOf(stack []string) string {
	name, _, _ := strings.Cut(stack[0], ".isra")
	name, _, _ = strings.Cut(name, ".constprop")
	name, _, _ = strings.Cut(name, ".part")
	switch {
	case strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "internal/"):
		return runtimePart
	case strings.Contains(name, "."):
		return ownPart
	}
	call := "softirqs, interrupts, switching"
	for _, function := range stack {
		for _, prefix := range networkFunctions {
			if strings.HasPrefix(function, prefix) {
				return networkPart
			}
		}
		if name, ok := strings.CutPrefix(function, systemCall); ok {
			call = name
		}
	}
	return kernelPart + call
}

// most names the functions that have most of a part.
func most(counts map[string]int) (names []string) {
	for name := range counts {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		if counts[names[i]] != counts[names[j]] {
			return counts[names[i]] > counts[names[j]]
		}
		return names[i] < names[j]
	})
	return names[:min(len(names), mostNamed)]
}

// readProfile returns the shares that were measured last; none if none were.
func readProfile(folder string) (shares []share, err error) {
	text, err := os.ReadFile(filepath.Join(folder, profileName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return shares, json.Unmarshal(text, &shares)
}
