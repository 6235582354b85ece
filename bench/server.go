//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A running is a server that runs.
type running struct {
	peer    *peer
	setup   setup
	program string
	command *exec.Cmd
	group   *group
	begun   time.Time // just before it was started
}

// start starts a peer on the given CPUs, and returns without waiting for it to serve.
func (b *bench) start(p *peer, s setup, cpus []int) (*running, error) {
	program, err := p.program(b)
	if err != nil {
		return nil, err
	}
	if s.port, err = b.freePort(); err != nil {
		return nil, err
	}
	if s.scratch, err = os.MkdirTemp(b.scratch, p.name+"-"); err != nil {
		return nil, err
	}
	args, err := p.arguments(s)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(s.scratch, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	r := &running{peer: p, setup: s, program: program, command: exec.Command(program, args...)}
	r.command.Stderr = log
	r.command.Stdout = log
	r.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	r.begun = time.Now()
	return r, startOn(cpus, r.command)
}

// serve starts a peer and waits until it answers.
func (b *bench) serve(p *peer, s setup, cpus []int) (*running, error) {
	r, err := b.start(p, s, cpus)
	if err != nil {
		return nil, err
	}
	if _, err := r.firstByte(); err != nil {
		r.stop()
		log, _ := os.ReadFile(filepath.Join(r.setup.scratch, "log")) // the more we know
		return nil, fmt.Errorf("%s: %w; it says: %s", p.name, err, log)
	}
	if p.forks {
		if r.group, err = newGroup(r.command.Process.Pid); err != nil {
			r.stop()
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return r, nil
}

// startOn starts a command that may run on these CPUs only: it inherits the mask of the thread
// that starts it, so that a program that counts its CPUs counts these.
func startOn(cpus []int, command *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, mask unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return os.NewSyscallError("sched_getaffinity", err)
	}
	for _, cpu := range cpus {
		mask.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &mask); err != nil {
		return os.NewSyscallError("sched_setaffinity", err)
	}
	defer func() { _ = unix.SchedSetaffinity(0, &before) }() // it was so before
	return command.Start()
}

// Ports are below those that the kernel gives to clients, of which many have just been used.
const firstPort, lastPort = 20_000, 32_000

// freePort returns a port that nobody listens at, each time another.
func (b *bench) freePort() (int, error) {
	for range lastPort - firstPort {
		b.ports++
		port := firstPort + (os.Getpid()+b.ports)%(lastPort-firstPort)
		l, err := net.Listen("tcp4", fmt.Sprint("0.0.0.0:", port))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no port is free")
}

func (r *running) address() string { return fmt.Sprintf("127.0.0.1:%d", r.setup.port) }

// startPatience is how long a server may take to answer its first request.
const startPatience = 10 * time.Second

// firstByte asks until the first byte of an answer comes, and returns when that was, from the
// start of the process.
func (r *running) firstByte() (time.Duration, error) {
	for time.Since(r.begun) < startPatience {
		if err := r.askOnce(); err == nil {
			return time.Since(r.begun), nil
		}
		time.Sleep(20 * time.Microsecond)
	}
	return 0, fmt.Errorf("no answer within %v", startPatience)
}

// askOnce waits for the first byte of an answer.
func (r *running) askOnce() error {
	c, err := net.Dial("tcp4", r.address())
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(startPatience)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.0\r\n\r\n", smallPath); err != nil {
		return err
	}
	_, err = bufio.NewReader(c).ReadByte()
	return err
}

// cpu is the processor time that the server has used.
func (r *running) cpu() (time.Duration, error) {
	if r.group != nil {
		return r.group.cpu()
	}
	return cpuOf(r.command.Process.Pid)
}

// stop ends the server and all that came of it.
func (r *running) stop() {
	_ = syscall.Kill(-r.command.Process.Pid, syscall.SIGKILL) // it may have ended
	_ = r.command.Wait()                                      // it was killed
	if r.group != nil {
		r.group.remove()
	}
}

// version is what a program says of its version, for the report.
func version(program string, args ...string) string {
	out, _ := exec.Command(program, args...).CombinedOutput() // some fail and still tell
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}
