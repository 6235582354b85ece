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

// networkPart is the kernel's network, from the system call down to the loopback device and up again.
const networkPart = "kernel: TCP, IP and loopback"

// parts sort functions by what begins their names. The first that fits counts; kernel functions come
// as "[k] name", ours and those of the Go runtime as "[.] name".
var parts = []struct {
	part     string
	prefixes []string
}{
	{"Go runtime", []string{"[.] runtime.", "[.] gogo", "[.] aeshash", "[.] internal/"}},
	{"the server's own code", []string{"[.] "}},
	{"kernel: entry and exit of system calls", []string{"[k] entry_", "[k] syscall_", "[k] do_syscall", "[k] srso_", "[k] __x64_sys", "[k] x64_sys_call",
		"[k] exit_to_user", "[k] arch_exit", "[k] fpregs", "[k] its_", "[k] retbleed"}},
	{networkPart, []string{"[k] tcp", "[k] __tcp", "[k] ip_", "[k] __ip", "[k] ip4", "[k] ipv4", "[k] inet", "[k] __inet", "[k] net", "[k] __net",
		"[k] sk_", "[k] __sk", "[k] skb", "[k] __skb", "[k] sock", "[k] __sock", "[k] lock_sock", "[k] release_sock", "[k] __release_sock", "[k] dev_", "[k] __dev", "[k] loopback", "[k] eth_",
		"[k] nf_", "[k] fib", "[k] __fib", "[k] dst", "[k] rt_", "[k] napi", "[k] process_backlog", "[k] csum", "[k] __sys_", "[k] __alloc_skb", "[k] alloc_skb",
		"[k] kfree_skb", "[k] consume_skb", "[k] move_addr", "[k] reqsk", "[k] security_sock", "[k] bictcp", "[k] cubictcp", "[k] validate_xmit", "[k] sch_", "[k] qdisc",
		"[k] simple_copy_to_iter", "[k] raw_local", "[k] bpf_", "[k] neigh", "[k] enqueue_to_backlog", "[k] do_accept", "[k] mod_timer", "[k] __mod_timer", "[k] timer_"}},
	{"kernel: epoll and waking up", []string{"[k] ep_", "[k] __ep", "[k] eventpoll", "[k] do_epoll", "[k] __wake_up", "[k] try_to_wake", "[k] schedule", "[k] __schedule",
		"[k] ttwu", "[k] select_task", "[k] finish_task", "[k] pick_", "[k] dequeue_", "[k] enqueue_", "[k] update_", "[k] hrtimer", "[k] futex", "[k] default_wake", "[k] autoremove"}},
	{"kernel: files", []string{"[k] path", "[k] link_path", "[k] lookup", "[k] walk_", "[k] step_into", "[k] filename", "[k] getname", "[k] vfs_", "[k] do_filp", "[k] do_open",
		"[k] do_sys_open", "[k] dput", "[k] __d_lookup", "[k] d_", "[k] ext4", "[k] filemap", "[k] generic_file", "[k] file", "[k] cp_statx", "[k] do_statx", "[k] generic_perm", "[k] inode",
		"[k] set_root", "[k] nd_", "[k] terminate_walk", "[k] mntput", "[k] fput", "[k] __fput", "[k] fd_", "[k] alloc_fd", "[k] close_fd", "[k] alloc_file", "[k] alloc_empty_file", "[k] iput",
		"[k] splice", "[k] security_file", "[k] security_inode", "[k] strncpy_from_user", "[k] strnlen", "[k] folio", "[k] xas_", "[k] touch_atime", "[k] atime", "[k] new_inode", "[k] alloc_inode", "[k] evict"}},
	{"kernel: memory, locks and the rest", []string{"[k] "}},
}

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
	record := exec.Command("perf", "record", "-q", "-e", "cpu-clock", "-F", "4999", "-o", data, "-p", strconv.Itoa(r.command.Process.Pid),
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
	text, err := exec.Command("perf", "report", "-i", data, "--stdio", "--no-children", "-F", "overhead,symbol").Output()
	if err != nil {
		return nil, err
	}
	return sharesOf(string(text)), nil
}

// mostNamed is how many functions of a part are named.
const mostNamed = 3

// sharesOf adds up the lines of perf report, which are such as "  3.21%  [k] tcp_ack".
func sharesOf(text string) []share {
	shares := make([]share, len(parts))
	for i := range parts {
		shares[i].Part = parts[i].part
	}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 3 || !strings.HasSuffix(fields[0], "%") {
			continue
		}
		percent, err := strconv.ParseFloat(strings.TrimSuffix(fields[0], "%"), 64)
		if err != nil {
			continue
		}
		s := &shares[partOf(fields[1]+" "+fields[2])]
		s.Percent += percent
		if len(s.Most) < mostNamed {
			s.Most = append(s.Most, fields[2])
		}
	}
	sort.SliceStable(shares, func(i, j int) bool { return shares[i].Percent > shares[j].Percent })
	return shares
}

// partOf is the number of the part that a function is of.
func partOf(function string) int {
	for i, p := range parts {
		for _, prefix := range p.prefixes {
			if strings.HasPrefix(function, prefix) {
				return i
			}
		}
	}
	return len(parts) - 1
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
