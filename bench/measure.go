//go:build linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// held is how many connections sit half-sent.
const held = 15_000

// steady is a load that leaves the server time, so that latencies show what holds it up.
func steady(rate float64) ask {
	return ask{path: smallPath, clients: clients, rate: rate, last: longRounds}
}

// measureHeld compares the latency of others before and while connections sit.
func measureHeld(b *bench, _ *workload, _ *peer, r *running) (metrics, error) {
	before, err := b.loaded(steady(2000), r)
	if err != nil {
		return nil, err
	}
	h, err := b.hold(r, held)
	if err != nil {
		return nil, err
	}
	defer b.settle(r)
	defer h.stop()
	b.settle(r)
	m, err := b.loaded(steady(2000), r)
	if err != nil {
		return nil, err
	}
	size := memoryOf(r.command.Process.Pid)
	m["rss"], m["pss"] = float64(size.resident), float64(size.share)
	m["p99_before"] = before["p99"]
	m["p99_growth"] = m["p99"] / before["p99"]
	return m, nil
}

// settle waits until the server has taken in that many connections have begun or ended.
func (b *bench) settle(r *running) {
	last, _ := r.cpu() // what matters is that it stops growing
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		now, _ := r.cpu()
		if now-last < time.Millisecond {
			return
		}
		last = now
	}
}

// measureOpen is CPU per request while more and more connections are open.
func measureOpen(b *bench, _ *workload, _ *peer, r *running) (metrics, error) {
	all := metrics{}
	for _, n := range []int{1, 100, 1000, 10_000} {
		h, err := b.hold(r, n)
		if err != nil {
			return nil, err
		}
		b.settle(r)
		m, err := b.loaded(ask{path: smallPath, clients: clients}, r)
		h.stop()
		if err != nil {
			return nil, err
		}
		b.settle(r)
		all.take(fmt.Sprint("cpu_", n), m)
	}
	all["growth"] = all["cpu_10000"] / all["cpu_1"]
	return all, nil
}

// take takes over the CPU per request under a name of its own, and the faults.
func (m metrics) take(name string, from metrics) {
	m[name] = from["cpu"]
	m["faults"] += from["faults"]
}

// measureFiles is CPU per request when more and more files are asked for in turn.
func measureFiles(b *bench, _ *workload, _ *peer, r *running) (metrics, error) {
	all := metrics{}
	for _, n := range folderSizes {
		m, err := b.loaded(ask{targets: b.targets(n), clients: clients}, r)
		if err != nil {
			return nil, err
		}
		all.take(fmt.Sprint("cpu_", n), m)
	}
	all["growth"] = all["cpu_100000"] / all["cpu_10"]
	return all, nil
}

// disturbances are what another client does meanwhile, until stop is closed.
var disturbances = []struct {
	name string
	do   func(b *bench, r *running, stop <-chan struct{})
}{
	{"alone", func(*bench, *running, <-chan struct{}) {}},
	{"listing", func(b *bench, r *running, stop <-chan struct{}) {
		b.repeat(ask{path: folderPath(100_000), clients: 1, count: 1, mild: true}, r, stop)
	}},
	{"fifo", func(b *bench, r *running, stop <-chan struct{}) {
		b.repeat(ask{path: fifoPath, clients: 4, last: longRounds, mild: true}, r, stop)
	}},
	{"cold", func(b *bench, r *running, stop <-chan struct{}) {
		for !closed(stop) {
			if evict(b.root+coldPath) != nil {
				return
			}
			b.repeatOnce(ask{path: coldPath, clients: 1, count: 1, mild: true}, r)
		}
	}},
}

func (b *bench) repeat(a ask, r *running, stop <-chan struct{}) {
	for !closed(stop) {
		b.repeatOnce(a, r)
	}
}

// repeatOnce asks without looking at the answer: what disturbs is not what is measured.
func (b *bench) repeatOnce(a ask, r *running) { _, _ = b.do(a, r) }

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// measureOthers is the latency of others while one client does something slow.
func measureOthers(b *bench, _ *workload, _ *peer, r *running) (metrics, error) {
	all := metrics{}
	for _, d := range disturbances {
		stop := make(chan struct{})
		var done sync.WaitGroup
		done.Go(func() { d.do(b, r, stop) })
		time.Sleep(50 * time.Millisecond) // it has begun
		m, err := b.loaded(steady(1000), r)
		close(stop)
		done.Wait()
		if err != nil {
			return nil, err
		}
		all["p99_"+d.name] = m["p99"]
		all["growth_"+d.name] = m["p99"] / all["p99_alone"]
		all["faults"] += m["faults"]
	}
	return all, nil
}

// measureLoops compares one loop with two. The load is on both CPUs each time, since a machine of
// two has no others: what a request costs is compared, and how evenly the loops share the work.
// Two CPUs that give their time at that cost answer 2 · one / two times as much as one.
func measureLoops(b *bench, w *workload, p *peer, _ *running) (metrics, error) {
	if len(b.cpus) < 2 {
		return nil, fmt.Errorf("it takes two CPUs")
	}
	one, _, err := b.onCPUs(w, p, b.cpus[:1])
	if err != nil {
		return nil, err
	}
	two, times, err := b.onCPUs(w, p, b.cpus[:2])
	if err != nil {
		return nil, err
	}
	sort.Slice(times, func(i, j int) bool { return times[i] > times[j] })
	m := metrics{"cpu_one": one["cpu"], "cpu_two": two["cpu"], "faults": one["faults"] + two["faults"]}
	m["scaling"] = 2 * one["cpu"] / two["cpu"]
	if len(times) > 1 {
		m["balance"] = float64(times[1]) / float64(times[0])
	}
	return m, nil
}

// onCPUs loads a server that has these CPUs from two clients, one on each of the first two CPUs,
// and returns too how long each of its threads ran.
func (b *bench) onCPUs(w *workload, p *peer, cpus []int) (metrics, []time.Duration, error) {
	r, err := b.serve(p, b.setupOf(w), cpus)
	if err != nil {
		return nil, nil, err
	}
	defer r.stop()
	before, err := r.cpu()
	if err != nil {
		return nil, nil, err
	}
	var all sync.WaitGroup
	var requests, faults [2]float64
	var failed [2]error
	for i := range 2 {
		all.Go(func() {
			result, err := b.do(ask{path: smallPath, clients: clients / 2, last: longRounds, cpus: b.cpus[i : i+1]}, r)
			requests[i], faults[i], failed[i] = float64(result.Requests), float64(result.Faults.Sum()), err
		})
	}
	all.Wait()
	after, err := r.cpu()
	for _, e := range append(failed[:], err) {
		if e != nil {
			return nil, nil, e
		}
	}
	m := metrics{"cpu": float64(after-before) / (requests[0] + requests[1]) / 1e3, "faults": faults[0] + faults[1]}
	return m, threadTimes(r.command.Process.Pid), nil
}

// measureStart starts a server and waits for its first byte.
func measureStart(b *bench, w *workload, p *peer, _ *running) (metrics, error) {
	r, err := b.start(p, b.setupOf(w), b.serverCPUs)
	if err != nil {
		return nil, err
	}
	defer r.stop()
	took, err := r.firstByte()
	return metrics{"start": float64(took) / 1e3}, err
}

// measureMemory looks at a server that has answered once, and at the most it has had after a load.
func measureMemory(b *bench, w *workload, p *peer, _ *running) (metrics, error) {
	r, err := b.serve(p, b.setupOf(w), b.serverCPUs)
	if err != nil {
		return nil, err
	}
	defer r.stop()
	time.Sleep(200 * time.Millisecond) // what it does after its start, it has done
	idle := memoryOf(r.command.Process.Pid)
	m, err := b.loaded(ask{path: smallPath, clients: clients}, r)
	if err != nil {
		return nil, err
	}
	return metrics{
		"rss": float64(idle.resident), "pss": float64(idle.share),
		"peak":   float64(memoryOf(r.command.Process.Pid).peak),
		"faults": m["faults"],
	}, nil
}

// measureSize is the size of the program's file, and with it that of the libraries it has loaded.
func measureSize(_ *bench, _ *workload, _ *peer, r *running) (metrics, error) {
	info, err := os.Stat(r.program)
	if err != nil {
		return nil, err
	}
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", r.command.Process.Pid))
	if err != nil {
		return nil, err
	}
	return metrics{"size": float64(info.Size()), "size_all": sizeOf(programFiles(string(maps)))}, nil
}

// programFiles are the files of /proc/PID/maps that hold code: "from-to r-xp offset device inode path".
func programFiles(maps string) (names []string) {
	for line := range strings.Lines(maps) {
		fields := strings.Fields(line)
		if len(fields) < 6 || !strings.Contains(fields[1], "x") || !strings.HasPrefix(fields[5], "/") {
			continue
		}
		if !slices.Contains(names, fields[5]) {
			names = append(names, fields[5])
		}
	}
	return names
}

func sizeOf(names []string) (sum float64) {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil { // it may have been replaced
			sum += float64(info.Size())
		}
	}
	return sum
}

// counted is how many requests strace follows.
const counted = 4000

// measureCalls has strace count.
func measureCalls(b *bench, _ *workload, _ *peer, r *running) (metrics, error) {
	name := filepath.Join(r.setup.scratch, "strace")
	args := []string{"-f", "-c", "-o", name}
	for _, pid := range family(r.command.Process.Pid) {
		args = append(args, "-p", strconv.Itoa(pid))
	}
	command := exec.Command("strace", args...)
	said, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	_, _ = bufio.NewReader(said).ReadString('\n') // "attached"; without it the count comes out as none
	m, err := b.loaded(ask{path: smallPath, clients: clients, count: counted}, r)
	_ = command.Process.Signal(syscall.SIGINT) // it detaches
	_ = command.Wait()                         // and ends by the signal
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	calls, err := countedCalls(string(text))
	return metrics{"calls": calls / counted, "faults": m["faults"]}, err
}

// idleCalls are made by the Go runtime's monitor at its own pace, not per request, and strace makes
// time long.
var idleCalls = map[string]bool{"nanosleep": true, "futex": true, "tgkill": true, "getpid": true, "rt_sigreturn": true, "sched_yield": true}

// countedCalls adds up the table of strace -c, whose columns are share, seconds, µs per call, calls,
// errors if any, and name.
func countedCalls(table string) (sum float64, err error) {
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		if len(fields) < 5 || !strings.Contains(fields[0], ".") {
			continue
		}
		name := fields[len(fields)-1]
		if name == "total" || idleCalls[name] {
			continue
		}
		n, err := strconv.ParseFloat(fields[3], 64)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	if sum == 0 {
		return 0, fmt.Errorf("strace counted nothing")
	}
	return sum, nil
}
