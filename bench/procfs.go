//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A process is what /proc/PID/stat tells of one.
type process struct {
	parent   int
	own      time.Duration // utime + stime
	children time.Duration // cutime + cstime: of children that have ended and were waited for
}

// tick is the unit of /proc/PID/stat: USER_HZ is 100 on every Linux.
const tick = 10 * time.Millisecond

// parseStat reads a line of /proc/PID/stat. The second field, the name in parentheses, can hold
// anything, parentheses too.
func parseStat(line string) (p process, err error) {
	i := strings.LastIndexByte(line, ')')
	if i < 0 {
		return p, fmt.Errorf("no name in %q", line)
	}
	fields := strings.Fields(line[i+1:]) // the first is number 3 of proc(5)
	if len(fields) < 15 {
		return p, fmt.Errorf("too few fields in %q", line)
	}
	var numbers [15]int64
	for _, number := range []int{4, 14, 15, 16, 17} {
		if numbers[number-3], err = strconv.ParseInt(fields[number-3], 10, 64); err != nil {
			return p, err
		}
	}
	p.parent = int(numbers[4-3])
	p.own = time.Duration(numbers[14-3]+numbers[15-3]) * tick
	p.children = time.Duration(numbers[16-3]+numbers[17-3]) * tick
	return p, nil
}

// readStat reads /proc/PID/stat.
func readStat(pid int) (process, error) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, err
	}
	return parseStat(string(line))
}

// family returns pid and all that come of it.
func family(pid int) []int {
	parents := map[int]int{}
	names, _ := filepath.Glob("/proc/[0-9]*") // the pattern is right
	for _, name := range names {
		n, _ := strconv.Atoi(filepath.Base(name))
		if p, err := readStat(n); err == nil { // it may have ended meanwhile
			parents[n] = p.parent
		}
	}
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		for n, parent := range parents {
			if parent == all[i] {
				all = append(all, n)
			}
		}
	}
	return all
}

// cpuClock is the processor time of a process: what /proc/PID/stat calls utime + stime, in
// nanoseconds rather than in ticks. See clock_getcpuclockid(3).
func cpuClock(pid int) (time.Duration, error) {
	const schedClock = 2 // CPUCLOCK_SCHED, of a whole process
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|schedClock), &ts); err != nil {
		return 0, os.NewSyscallError("clock_gettime", err)
	}
	return time.Duration(ts.Nano()), nil
}

// cpuOf is the processor time of a process and all that came of it.
func cpuOf(pid int) (sum time.Duration, err error) {
	for _, n := range family(pid) {
		own, err := cpuClock(n)
		if err != nil {
			continue // it has ended, and its parent has its time
		}
		p, err := readStat(n)
		if err != nil {
			continue
		}
		sum += own + p.children
	}
	if sum == 0 {
		return 0, fmt.Errorf("process %d has no processor time", pid)
	}
	return sum, nil
}

// busiestThreads returns the processor times of the threads of a process.
func threadTimes(pid int) (times []time.Duration) {
	names, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid)) // the pattern is right
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		first, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(first, 10, 64) // the kernel wrote it
		times = append(times, time.Duration(n))
	}
	return times
}

// memory is what processes have in memory, in bytes.
type memory struct {
	resident int64 // sum of VmRSS
	peak     int64 // sum of VmHWM
	share    int64 // sum of Pss: what several share counts once
}

// memoryOf adds up the memory of a process and all that came of it.
func memoryOf(pid int) (m memory) {
	for _, n := range family(pid) {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", n))
		rollup, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", n))
		m.resident += kilobytes(status, "VmRSS:")
		m.peak += kilobytes(status, "VmHWM:")
		m.share += kilobytes(rollup, "Pss:")
	}
	return m
}

// kilobytes reads a line such as "VmRSS:	    2104 kB", in bytes; 0 if it is not there.
func kilobytes(text []byte, name string) int64 {
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) >= 2 && string(fields[0]) == name {
			n, _ := strconv.ParseInt(string(fields[1]), 10, 64)
			return n << 10
		}
	}
	return 0
}
