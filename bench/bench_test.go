//go:build linux

package main

import (
	"encoding/xml"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestParseStat(t *testing.T) {
	const line = "42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 12 30 5 6 20 0 1 0 100 0 0"
	p, err := parseStat(line)
	want := process{parent: 7, own: 420 * time.Millisecond, children: 110 * time.Millisecond}
	if err != nil || p != want {
		t.Errorf("parseStat = %+v, %v, want %+v", p, err, want)
	}
	for _, line := range []string{"", "42 nobody", "42 (x) S 7", "42 (x) S 7 42 42 0 -1 4194560 100 0 0 0 twelve 30 5 6 20"} {
		if _, err := parseStat(line); err == nil {
			t.Errorf("parseStat(%q): no error", line)
		}
	}
}

// TestCPUOf compares the processor time of this process with what getrusage says.
func TestCPUOf(t *testing.T) {
	for x, until := 1, time.Now().Add(30*time.Millisecond); time.Now().Before(until); {
		x *= 3
	}
	before := usage(t)
	got, err := cpuOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if after := usage(t); got < before-tick || got > after+tick {
		t.Errorf("cpuOf = %v, getrusage said %v before and %v after", got, before, after)
	}
}

func usage(t *testing.T) (sum time.Duration) {
	t.Helper()
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			t.Fatal(err)
		}
		sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return sum
}

func TestFamily(t *testing.T) {
	child := exec.Command("sleep", "60")
	if err := startOn(allowed(t), child); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	}()
	if all := family(os.Getpid()); all[0] != os.Getpid() || !slices.Contains(all, child.Process.Pid) {
		t.Errorf("family = %d, without the child %d", all, child.Process.Pid)
	}
	if m := memoryOf(child.Process.Pid); m.resident <= 0 || m.peak < m.resident {
		t.Errorf("memoryOf = %+v", m)
	}
}

// allowed are the CPUs of this process.
func allowed(t *testing.T) []int {
	t.Helper()
	var b bench
	if err := b.pickCPUs(); err != nil {
		t.Fatal(err)
	}
	return b.cpus
}

func TestStartOn(t *testing.T) {
	cpus := allowed(t)
	last := cpus[len(cpus)-1]
	child := exec.Command("sleep", "60")
	if err := startOn([]int{last}, child); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	}()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(child.Process.Pid, &set); err != nil || set.Count() != 1 || !set.IsSet(last) {
		t.Errorf("the child runs on %d CPUs, %v", set.Count(), err)
	}
}

func TestKilobytes(t *testing.T) {
	const status = "Name:\tVmRSS: x\nVmHWM:\t    3000 kB\nVmRSS:\t    2104 kB\n"
	if got := kilobytes([]byte(status), "VmRSS:"); got != 2104<<10 {
		t.Errorf("kilobytes = %d", got)
	}
	if got := kilobytes([]byte(status), "Pss:"); got != 0 {
		t.Errorf("kilobytes of what is not there = %d", got)
	}
}

func TestSpreadOf(t *testing.T) {
	for _, row := range []struct {
		values []float64
		want   spread
	}{
		{nil, spread{}},
		{[]float64{3}, spread{3, 3, 3, 1}},
		{[]float64{4, 1, 3, 2, 5}, spread{3, 2, 4, 5}},
		{[]float64{1, 2}, spread{1.5, 1.25, 1.75, 2}},
	} {
		if got := spreadOf(row.values); got != row.want {
			t.Errorf("spreadOf(%v) = %v, want %v", row.values, got, row.want)
		}
	}
}

func TestSummarize(t *testing.T) {
	r := summarize("1k", ours, []metrics{{"cpu": 3, "faults": 1}, {"cpu": 1, "faults": 2}, {"cpu": 2}})
	if r.Faults != 3 || r.Metrics["cpu"].Median != 2 || len(r.Metrics) != 1 {
		t.Errorf("summarize = %+v", r)
	}
}

// sample is a report of every workload, whose figures are made up: those of ours are 1, those of
// the others 2, 3 and so on.
func sample() report {
	r := report{Date: "2000-01-02", Machine: "A & B", Kernel: "Linux 1", Go: "go1", CPUs: 2, Rounds: 3, Round: "1s"}
	for _, w := range workloads {
		for i, p := range w.peers {
			m := metrics{}
			for _, name := range w.shows {
				m[name] = float64(i + 1)
			}
			r.Results = append(r.Results, summarize(w.name, p, []metrics{m}))
		}
	}
	return r
}

func TestGoals(t *testing.T) {
	r := sample()
	for _, row := range []struct {
		goal    goal
		value   float64
		reached bool
	}{
		{goal{Workload: "1k", Metric: "cpu", Peer: "nginx", Limit: 0.5}, 0.5, true},
		{goal{Workload: "1k", Metric: "cpu", Peer: "nginx", Limit: 0.49}, 0.5, false},
		{goal{Workload: "size", Metric: "size", Limit: 1}, 1, true},
		{goal{Workload: "loops", Metric: "scaling", Limit: 1.8, AtLeast: true}, 1, false},
	} {
		v, ok := r.value(row.goal)
		if !ok || v != row.value || row.goal.reached(v) != row.reached {
			t.Errorf("%+v: %v, %v, reached %v", row.goal, v, ok, row.goal.reached(v))
		}
	}
	for _, g := range goals {
		if _, ok := r.value(g); !ok {
			t.Errorf("goal %+v is about something that is not measured", g)
		}
	}
}

func TestTable(t *testing.T) {
	w := &workload{name: "w", title: "Title", shows: []string{"cpu", "rate", "p99_before"}}
	results := []result{
		summarize("w", ours, []metrics{{"cpu": 10, "rate": 5000, "p99_before": 1500}}),
		summarize("w", "nginx", []metrics{{"cpu": 20, "rate": 2, "faults": 3}}),
	}
	const want = "w: Title\n" +
		"                      CPU    ±  ours / it  requests/s  p99, before\n" +
		"      simplehttp  10.0 µs  0 %          —        5000      1.50 ms\n" +
		"nginx (3 faults)  20.0 µs  0 %       0.50        2.00             \n"
	if got := strings.ReplaceAll(textTable(w, results), "  \n", "\n"); plain(got) != plain(want) {
		t.Errorf("textTable =\n%swant\n%s", got, want)
	}
	const page = "|  | CPU | ± | ours / it | requests/s | p99, before |\n|---|--:|--:|--:|--:|--:|\n"
	if got := markdown(rows(w, results)); !strings.HasPrefix(got, page) {
		t.Errorf("markdown = %s", got)
	}
}

// plain takes the runs of spaces out.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestUnits holds that every metric that is shown has a title and a way to be printed.
func TestUnits(t *testing.T) {
	for _, w := range workloads {
		for _, metric := range w.shows {
			if title, _ := unitOf(metric); title == metric && !slices.Contains([]string{"p50", "p99", "start", "size", "calls", "growth", "scaling", "balance"}, metric) {
				t.Errorf("%s: metric %q has no unit", w.name, metric)
			}
		}
	}
}

func TestDuration(t *testing.T) {
	for v, want := range map[float64]string{1.25: "1.2 µs", 123.4: "123 µs", 1234: "1.23 ms", 12345: "12 ms", 2.5e6: "2.50 s"} {
		if got := duration(v); got != want {
			t.Errorf("duration(%v) = %q, want %q", v, got, want)
		}
	}
}

// TestChart holds that the chart is well-formed, within its frame, and names every peer.
func TestChart(t *testing.T) {
	r := sample()
	text := chart(r)
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"prefers-color-scheme: dark", "A &amp; B", ">nginx-cache<", ">floor-uring<", chartTitles["1g"]} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart has no %q", want)
		}
	}
	if strings.Contains(text, "NaN") || strings.Contains(chart(report{}), "NaN") {
		t.Error("the chart has bars without a length")
	}
}

// TestPage fills the page with figures of every workload, and holds that the committed page is what
// its report says.
func TestPage(t *testing.T) {
	folder := t.TempDir()
	if err := writeJSON(filepath.Join(folder, profileName), []share{{Part: networkPart, Percent: 50, Most: []string{"tcp_ack"}}}); err != nil {
		t.Fatal(err)
	}
	if text, err := page(sample(), folder); err != nil || strings.Contains(text, notMeasured) {
		t.Errorf("the page of a whole run is not whole, %v", err)
	}
	r, err := readReport("../docs")
	if err != nil {
		t.Fatal(err)
	}
	want, err := page(r, "../docs")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("../" + pageName); err != nil || string(got) != want {
		t.Errorf("%s is not what docs/%s and bench/page.md make of it, %v: run go run ./bench page", pageName, reportName, err)
	}
	if got, err := os.ReadFile("../docs/" + chartName); err != nil || string(got) != chart(r) {
		t.Errorf("docs/%s is not what docs/%s makes of it, %v: run go run ./bench page", chartName, reportName, err)
	}
}

func TestWrite(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "docs")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	r := sample()
	if err := r.write(folder); err != nil {
		t.Fatal(err)
	}
	part := report{Results: []result{summarize("404", ours, []metrics{{"cpu": 77}})}}
	if err := part.write(folder); err != nil {
		t.Fatal(err)
	}
	got, err := readReport(folder)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := got.median("404", ours, "cpu"); v != 77 {
		t.Errorf("the new figure is %v", v)
	}
	if v, _ := got.median("1k", "nginx", "cpu"); v != 2 {
		t.Errorf("a figure that stands is %v", v)
	}
	if _, ok := got.median("404", "nginx", "cpu"); ok {
		t.Error("a peer of another run stands beside ours")
	}
}

func TestSharesOf(t *testing.T) {
	const text = "\t ffff tcp_ack\n\t ffff __x64_sys_sendto\n\t 4711 simplehttp/server.(*loop).send\n\n" +
		"\t ffff _raw_spin_lock\n\t ffff skb_queue\n\t ffff __x64_sys_sendto\n\n" +
		"\t ffff finish_task_switch.isra.0\n\t ffff __x64_sys_epoll_pwait\n\n" +
		"\t 4711 simplehttp/reqparse.(*Parser).Feed\n\n" +
		"\t 4711 runtime.memmove\n\t 4712 simplehttp/reqparse.(*Parser).Feed\n\n"
	want := map[string]float64{networkPart: 40, kernelPart + "epoll_pwait": 20, ownPart: 20, runtimePart: 20}
	got := map[string]float64{}
	for _, s := range sharesOf(text) {
		got[s.Part] = s.Percent
	}
	if !maps.Equal(got, want) {
		t.Errorf("sharesOf = %v, want %v", got, want)
	}
	if s := sharesOf(text)[0]; s.Part != networkPart || !slices.Equal(s.Most, []string{"_raw_spin_lock", "tcp_ack"}) {
		t.Errorf("the largest share is %+v", s)
	}
}

func TestCountedCalls(t *testing.T) {
	const table = "% time     seconds  usecs/call     calls    errors syscall\n" +
		"------ ----------- ----------- --------- --------- ------------------\n" +
		" 50.00    0.100000          10      8000       200 recvfrom\n" +
		" 40.00    0.100000          10      4000           close\n" +
		" 10.00    0.100000          10       999           nanosleep\n" +
		"------ ----------- ----------- --------- --------- ------------------\n" +
		"100.00    0.300000          10     12999       200 total\n"
	if got, err := countedCalls(table); got != 12000 || err != nil {
		t.Errorf("countedCalls = %v, %v", got, err)
	}
	if _, err := countedCalls(""); err == nil {
		t.Error("nothing counted: no error")
	}
}

func TestProgramFiles(t *testing.T) {
	const maps = "00400000-00401000 r--p 00000000 fe:00 7 /usr/sbin/nginx\n" +
		"00401000-00402000 r-xp 00001000 fe:00 7 /usr/sbin/nginx\n" +
		"7f000000-7f001000 r-xp 00000000 fe:00 9 /lib/libc.so.6\n" +
		"7f001000-7f002000 r-xp 00002000 fe:00 9 /lib/libc.so.6\n" +
		"7fff0000-7fff1000 r-xp 00000000 00:00 0 [vdso]\n" +
		"7fff1000-7fff2000 rwxp 00000000 00:00 0\n"
	if got := programFiles(maps); !slices.Equal(got, []string{"/usr/sbin/nginx", "/lib/libc.so.6"}) {
		t.Errorf("programFiles = %q", got)
	}
}

// TestNeed holds that parts of the tree are made once, and differ from each other.
func TestNeed(t *testing.T) {
	root := t.TempDir()
	paths := []string{smallPath, middlePath, folderPath(10), fifoPath}
	for range 2 {
		if err := need(root, paths); err != nil {
			t.Fatal(err)
		}
	}
	small, err := os.ReadFile(root + smallPath)
	if err != nil || len(small) != 1<<10 {
		t.Errorf("%d bytes, %v", len(small), err)
	}
	seen := map[string]bool{}
	for i := range 10 {
		p, err := os.ReadFile(root + filePath(10, i))
		if err != nil || seen[string(p)] {
			t.Errorf("file %d is like another, %v", i, err)
		}
		seen[string(p)] = true
	}
}

func TestOptions(t *testing.T) {
	for _, args := range [][]string{{"-w", "nothing"}, {"-p", "nobody"}, {"--rounds", "0"}, {"--for", "0"}, {"--nothing"}} {
		if _, err := parseOptions(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
	o, err := parseOptions([]string{"--quick", "-w", "1k,404", "-p", "nginx"})
	if err != nil || o.rounds != 3 || !slices.Equal(o.workloads, []string{"1k", "404"}) || !slices.Equal(o.peers, []string{"nginx", ours}) {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestPeersOfWorkloads holds that the table of workloads names peers that there are, ours first.
func TestPeersOfWorkloads(t *testing.T) {
	for _, w := range workloads {
		if w.peers[0] != ours {
			t.Errorf("%s does not begin with %s", w.name, ours)
		}
		for _, name := range w.peers {
			if _, err := peerNamed(name); err != nil {
				t.Errorf("%s: %v", w.name, err)
			}
		}
	}
}
