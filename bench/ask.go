//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"simplehttp/bench/load"
)

// An ask is one run of httpload.
type ask struct {
	path    string
	targets string // file that lists request-targets, instead of path
	status  int    // 0 is 200
	clients int
	keep    bool
	depth   int
	rate    float64
	count   int64
	last    time.Duration // 0 is a round, unless there is a count
	patient bool          // an answer may take a minute

	cpus []int // 0 is those of the client
	mild bool  // give way to others on the CPU of the client
}

// arguments is the command line of httpload.
func (a ask) arguments(b *bench, r *running) []string {
	n := a.clients
	if queue := r.peer.queue; queue > 0 {
		n = min(n, queue)
	}
	args := []string{"--json", "--clients", fmt.Sprint(n), "--rate", fmt.Sprint(a.rate), "--depth", fmt.Sprint(max(a.depth, 1))}
	if a.keep {
		args = append(args, "--keep")
	}
	if a.status != 0 {
		args = append(args, "--status", fmt.Sprint(a.status))
	}
	if a.count > 0 {
		args = append(args, "--count", fmt.Sprint(a.count))
	} else {
		last := a.last
		if last == 0 {
			last = b.options.last
		}
		args = append(args, "--for", last.String())
	}
	if a.patient {
		args = append(args, "--patience", "1m")
	}
	if a.targets != "" {
		args = append(args, "--targets", a.targets, "--root", b.root)
	} else if content := b.contentOf(a, r); content != "" {
		args = append(args, "--content", content)
	}
	return append(args, r.address()+a.path)
}

// contentOf names the file that an answer must equal. What a server makes up itself, a listing or
// an error page, has none: then each answer must equal the first.
func (b *bench) contentOf(a ask, r *running) string {
	name := filepath.Join(b.root, a.path)
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		return name
	}
	return ""
}

// do runs httpload on the client's CPU. That answers were wrong is in the result, not in err.
func (b *bench) do(a ask, r *running) (result load.Result, err error) {
	command := exec.Command(filepath.Join(b.programs, "httpload"), a.arguments(b, r)...)
	var out, complaints bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaints
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cpus := a.cpus
	if cpus == nil {
		cpus = b.clientCPUs
	}
	if err := startOn(cpus, command); err != nil {
		return result, err
	}
	if a.mild {
		_ = unix.Setpriority(unix.PRIO_PROCESS, command.Process.Pid, 19) // only politeness
	}
	waited := command.Wait()
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		return result, fmt.Errorf("httpload: %w: %s %v", err, complaints.String(), waited)
	}
	return result, nil
}

// loaded runs httpload and tells what it cost the server.
func (b *bench) loaded(a ask, r *running) (metrics, error) {
	before, err := r.cpu()
	if err != nil {
		return nil, err
	}
	result, err := b.do(a, r)
	if err != nil {
		return nil, err
	}
	after, err := r.cpu()
	if err != nil {
		return nil, err
	}
	if result.Requests == 0 {
		return nil, fmt.Errorf("%s: no answers: %+v", r.peer.name, result.Faults)
	}
	return metrics{
		"cpu":   float64(after-before) / float64(result.Requests) / 1e3,
		"rate":  result.Rate,
		"p50":   result.Latency.P50,
		"p99":   result.Latency.P99,
		"first": result.FirstByte.P50,
		// What was never asked is no wrong answer; the latencies show the reason.
		"faults": float64(result.Faults.Sum() - result.Faults.NotAsked),
	}, nil
}

// asks is the measurement of a workload that is one ask.
func asks(a ask) func(*bench, *workload, *peer, *running) (metrics, error) {
	return func(b *bench, _ *workload, _ *peer, r *running) (metrics, error) { return b.loaded(a, r) }
}

// A holding is a run of httpload whose connections sit.
type holding struct{ command *exec.Cmd }

// hold has n connections sit, half-sent, and returns once they stand. They come from an address
// of their own, so that the ports of the clients that are served do not run out.
func (b *bench) hold(r *running, n int) (*holding, error) {
	command := exec.Command(filepath.Join(b.programs, "httpload"), "--hold", fmt.Sprint(n), "--for", "10m", "--source", "127.0.0.2", r.address())
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startOn(b.clientCPUs, command); err != nil {
		return nil, err
	}
	h := &holding{command}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil && strings.TrimSpace(line) != fmt.Sprint("holding ", n) {
		err = errors.New(strings.TrimSpace(line) + ", of " + fmt.Sprint(n))
	}
	if err != nil {
		h.stop()
		return nil, fmt.Errorf("%s: holding connections: %w", r.peer.name, err)
	}
	return h, nil
}

func (h *holding) stop() {
	_ = h.command.Process.Kill() // it may have ended
	_ = h.command.Wait()         // it was killed
}
