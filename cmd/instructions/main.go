// Command instructions counts what requests cost, in instructions of the processor, and compares the
// counts with those in its record, cmd/instructions/instructions.txt.
//
//	instructions            count, and compare
//	instructions -update    count, and write the record
//
// A clock tells how fast a machine is and what else it does; the number of instructions is the same
// to the digit in every run, so that a loss of a few parts in a hundred is seen. It is not time: a
// cache miss counts as little as an addition.
//
// The counting is done by callgrind, a tool of valgrind, on this program itself, in the mode of
// the word "work": a call of the function marked stands before and behind every piece of work, and at
// each of them callgrind writes a file with what was counted since the one before. Work on a request is short and
// done several times, so that the median is free of what the Go scheduler does now and then. The features
// that a processor may or may not have are switched off, so that the counts are those of every amd64
// machine. Without valgrind, or elsewhere, the command says so and ends well.
//
// What goes in is the record; what comes out is a table. The exit status is 1 if a count is further
// from the record than 3 parts in 100 (20 where chance has a part in it), in either direction: a gain that is
// not recorded could be lost again unseen. The rules that the record itself must keep are tests of this package.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// recordPath is where the record is, seen from the root of the tree.
const recordPath = "cmd/instructions/instructions.txt"

func main() {
	var err error
	switch arguments := strings.Join(os.Args[1:], " "); arguments {
	case "":
		err = run(false)
	case "-update":
		err = run(true)
	case "work":
		work()
	default:
		err = fmt.Errorf("%q: want nothing or -update", arguments)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "instructions:", err)
		os.Exit(1)
	}
}

// run counts, and compares with the record or writes it.
func run(update bool) error {
	record, err := readRecord(recordPath)
	if err != nil && !update {
		return err
	}
	if reason := notHere(record, update); reason != "" {
		fmt.Println("instructions: nothing is counted:", reason)
		return nil
	}
	counts, err := count()
	if err != nil {
		return err
	}
	if update {
		return writeRecord(recordPath, counts)
	}
	return compare(os.Stdout, record, counts)
}

// notHere says why nothing can be counted here, or compared; "" if it can.
func notHere(record record, update bool) string {
	if platform() != "linux/amd64" {
		return "the record is of linux/amd64, this is " + platform()
	}
	if _, err := exec.LookPath("valgrind"); err != nil {
		return "there is no valgrind; on Debian, apt-get install valgrind"
	}
	if !update && record.toolchain != toolchain() {
		return "the record is of " + record.toolchain + ", this is " + toolchain() + "; -update counts anew"
	}
	return ""
}

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

// toolchain returns the series of the compiler, such as go1.26: patch releases make the same code.
func toolchain() string {
	parts := strings.SplitN(runtime.Version(), ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}

// count lets callgrind run the work, and returns the counts in the order of the jobs.
func count() ([]entry, error) {
	dir, err := os.MkdirTemp("", "instructions")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "count")
	cmd := exec.Command("valgrind", "-q", "--tool=callgrind", "--callgrind-out-file="+out,
		"--dump-before=main.marked", self, "work")
	// Nothing may happen at a moment of its own: no second processor, no collection that was not
	// asked for, no preemption, no stack that moves.
	cmd.Env = []string{"GOMAXPROCS=1", "GOGC=off", "GODEBUG=cpu.all=off,asyncpreemptoff=1,gcshrinkstackoff=1"}
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("valgrind: %w", err)
	}
	var entries []entry
	dumps := 0
	for _, j := range jobs() {
		var counts []int64
		for _, c := range j.calls() {
			var rounds []int64
			for range c.rounds() {
				dumps += 2 // one for what came before, one for the work
				n, err := readDump(fmt.Sprintf("%s.%d", out, dumps))
				if err != nil {
					return nil, err
				}
				rounds = append(rounds, n)
			}
			slices.Sort(rounds)
			counts = append(counts, rounds[len(rounds)/2])
		}
		entries = append(entries, j.entries(counts)...)
	}
	return entries, nil
}

// readDump returns the sum in a file of callgrind: that of its line "totals:".
func readDump(name string) (int64, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, fmt.Errorf("callgrind saw fewer calls than were made: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if total, ok := strings.CutPrefix(line, "totals: "); ok {
			return strconv.ParseInt(strings.TrimSpace(total), 10, 64)
		}
	}
	return 0, fmt.Errorf("%s has no totals", name)
}
