//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A group is a control group that counts the processor time of a server that forgets its
// children: one that ignores SIGCHLD has nothing in cutime.
type group struct {
	dir, file string
	unit      time.Duration
}

// newGroup makes a control group and puts a process into it.
func newGroup(pid int) (*group, error) {
	name := fmt.Sprintf("simplehttp-bench-%d", pid)
	for _, g := range []group{
		{"/sys/fs/cgroup/cpuacct", "cpuacct.usage", time.Nanosecond}, // version 1
		{"/sys/fs/cgroup", "cpu.stat", time.Microsecond},             // version 2
	} {
		g.dir = filepath.Join(g.dir, name)
		if os.Mkdir(g.dir, 0o755) != nil {
			continue
		}
		if _, err := g.cpu(); err == nil {
			return &g, os.WriteFile(filepath.Join(g.dir, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644)
		}
		g.remove()
	}
	return nil, errors.New("no control group can be made")
}

// cpu is the processor time of all that is or was in the group.
func (g *group) cpu() (time.Duration, error) {
	text, err := os.ReadFile(filepath.Join(g.dir, g.file))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(string(text), "usage_usec "), "\n")
	n, err := strconv.ParseInt(first, 10, 64)
	return time.Duration(n) * g.unit, err
}

// remove takes the group away once its processes have ended.
func (g *group) remove() { _ = os.Remove(g.dir) } // an empty group is harmless
