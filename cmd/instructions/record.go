package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// An entry is one line of the record: what a piece of work costs.
type entry struct {
	name  string
	count int64
}

// A record is what was counted once.
type record struct {
	toolchain string
	entries   []entry
}

func (r record) find(name string) (count int64, ok bool) {
	for _, e := range r.entries {
		if e.name == name {
			return e.count, true
		}
	}
	return 0, false
}

// recordHead is what a record begins with, behind it the toolchain.
const recordHead = `# What requests cost in instructions of an amd64 processor without optional features.
# Written by "make instructions UPDATE=1", read by "make instructions". Command instructions tells more.
`

func writeRecord(name string, entries []entry) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s\n", recordHead, toolchain())
	for _, e := range entries {
		fmt.Fprintf(&b, "%-40s %12d\n", e.name, e.count)
	}
	return os.WriteFile(name, []byte(b.String()), 0o666)
}

func readRecord(name string) (record, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return record{}, fmt.Errorf("%w; run from the root of the tree", err)
	}
	return parseRecord(string(text))
}

func parseRecord(text string) (r record, err error) {
	rest, ok := strings.CutPrefix(text, recordHead)
	if !ok {
		return r, errors.New("the record does not begin as one")
	}
	var lines string
	r.toolchain, lines, _ = strings.Cut(rest, "\n")
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		blank := strings.LastIndexByte(line, ' ')
		count, err := strconv.ParseInt(line[blank+1:], 10, 64)
		if err != nil || count <= 0 {
			return r, fmt.Errorf("line %q of the record has no count", line)
		}
		r.entries = append(r.entries, entry{strings.TrimSpace(line[:max(blank, 0)]), count})
	}
	return r, nil
}

// tolerance is how many parts in 100 a count may be away from the record. What our own code needs for a
// request repeats to the digit. Work on large input takes so long that the scheduler and the memory manager,
// which go by the clock, have a part in it; and net/textproto has maps, whose hashes are random.
func tolerance(name string) int64 {
	if strings.HasPrefix(name, "parse/") || strings.HasPrefix(name, "answer/") {
		return 3
	}
	return 20
}

// compare prints the counts beside the record. It returns an error if one is too far away, or if not
// the same is counted.
func compare(w io.Writer, r record, counts []entry) error {
	bad := len(r.entries) - len(counts)
	if bad != 0 {
		fmt.Fprintf(w, "%d entries are recorded, %d counted\n", len(r.entries), len(counts))
	}
	for _, e := range counts {
		was, ok := r.find(e.name)
		verdict, allowed := "", was*tolerance(e.name)
		switch difference := e.count - was; {
		case !ok:
			verdict = "not recorded"
		case difference*100 > allowed:
			verdict = "costs more"
		case -difference*100 > allowed:
			verdict = "costs less: record it"
		}
		if verdict != "" {
			bad++
		}
		fmt.Fprintf(w, "%-40s %12d %12d  %s\n", e.name, was, e.count, verdict)
	}
	if bad != 0 {
		return fmt.Errorf("the counts are not those of %s; what is meant to be so is recorded by make instructions UPDATE=1", recordPath)
	}
	return nil
}
