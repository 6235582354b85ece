package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"simplehttp/conformance"
)

// started runs the command once for each tree and set of options, and checks it.
func (c *checker) started(picked []*conformance.Case, argv []string) error {
	parent, err := conformance.MakeRoot()
	if err != nil {
		return err
	}
	defer conformance.RemoveRoot(parent)
	// It runs elsewhere, so that a path from here has to be a whole one.
	program, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	if program, err = filepath.Abs(program); err != nil {
		return err
	}
	adoptOrphans()
	stop := make(chan struct{})
	defer close(stop)
	trees := &conformance.Trees{Testdata: c.testdata}
	roots := map[string]string{}
	takesOptions := strings.Contains(strings.Join(argv, " "), "{options}")
	for _, group := range grouped(picked) {
		first := group[0]
		s := &started{program: program, argv: argv, environment: first.Options.Environment(), options: first.Options.CommandLine(c.version)}
		switch {
		case c.ctx.Err() != nil:
			return nil
		case !c.anyAsked(group):
			continue
		case len(s.options) > 0 && !takesOptions:
			c.passOverAll(group, "needs options, and the command has no {options}")
			continue
		}
		if roots[first.Tree] == "" {
			t, err := trees.Load(first.Tree)
			if err != nil {
				return err
			}
			if roots[first.Tree], err = t.Materialize(parent, stop); err != nil {
				return err
			}
		}
		s.root = roots[first.Tree]
		if err := c.group(group, s); err != nil {
			return err
		}
	}
	return nil
}

// grouped parts cases into those that one server can be asked.
func grouped(picked []*conformance.Case) (groups [][]*conformance.Case) {
	index := map[string]int{}
	for _, k := range picked {
		key := k.Tree + k.Options.Key()
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], k)
	}
	return groups
}

// anyAsked reports whether a server can be asked any of the cases. If not, it passes them over, each for its reason.
func (c *checker) anyAsked(cases []*conformance.Case) bool {
	for _, k := range cases {
		if c.unasked(k) == "" {
			return true
		}
	}
	for _, k := range cases {
		c.passOver(k, c.unasked(k))
	}
	return false
}

func (c *checker) passOverAll(cases []*conformance.Case, reason string) {
	for _, k := range cases {
		if unasked := c.unasked(k); unasked != "" {
			c.passOver(k, unasked)
			continue
		}
		c.passOver(k, reason)
	}
}

// group asks a server of the command all cases of a group. Where it ends on the way, the case that it was asked
// counts as different, and another is started.
func (c *checker) group(cases []*conformance.Case, s *started) error {
	if err := s.start(c.ctx); err != nil && len(s.options) > 0 && c.ctx.Err() == nil {
		c.passOverAll(cases, "the command does not start with "+strings.Join(s.optionNames(), " "))
		return nil
	} else if err != nil {
		return err
	}
	defer func() { s.stop() }()
	server := "-- " + quoteAll(s.argv)
	for _, k := range cases {
		if c.ctx.Err() != nil {
			return nil
		}
		err := c.one(c.target(s.address, s.root), k, server)
		if err == nil {
			continue
		}
		if c.ctx.Err() != nil || c.silent >= mostSilent {
			return err
		}
		c.count(k, c.version, &result{Outcome: different, Reason: "no answer: " + err.Error(), Why: k.Why, Tree: k.Tree,
			Request: k.Request.Spelled(), Rerun: c.rerun(k, server)})
		s.stop()
		if err := s.start(c.ctx); err != nil {
			return err
		}
	}
	return nil
}

// A started is a server that was started for one tree.
type started struct {
	program                    string
	argv, options, environment []string
	root                       string

	cmd     *exec.Cmd
	said    *tail
	ended   chan struct{}
	address string
}

// start runs the command until it listens.
func (s *started) start(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	argv := s.filledIn(strconv.Itoa(port))
	command := append(unprivileged(), argv...)
	s.cmd, s.said = exec.Command(command[0], command[1:]...), &tail{}
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.root, s.said, s.said
	s.cmd.Env = append(os.Environ(), s.environment...)
	s.cmd.WaitDelay = time.Second // for what it started to let go of its output
	// A group of its own, so that what it starts in turn can be ended with it.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		cmd.Wait()
		close(ended)
	}(s.cmd, s.ended)
	s.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := s.await(ctx); err != nil {
		s.stop()
		return fmt.Errorf("%s: %w; it says %q", quoteAll(argv), err, s.said.text())
	}
	return nil
}

// filledIn is the command of one start.
func (s *started) filledIn(port string) []string {
	fill := strings.NewReplacer("{port}", port, "{dir}", s.root, "{options}", quoteAll(s.options))
	argv := []string{s.program}
	for _, arg := range s.argv[1:] {
		if arg == "{options}" {
			argv = append(argv, s.options...)
			continue
		}
		argv = append(argv, fill.Replace(arg))
	}
	return argv
}

// optionNames are the names of the options, each once.
func (s *started) optionNames() (names []string) {
	for _, word := range s.options {
		if strings.HasPrefix(word, "--") && !slices.Contains(names, word) {
			names = append(names, word)
		}
	}
	return names
}

// unprivileged is the command that runs another without the capabilities that pass over permission bits, where the
// caller is root and has them.
func unprivileged() []string {
	path, err := exec.LookPath("setpriv")
	if err != nil || os.Getuid() != 0 {
		return nil
	}
	return []string{path, "--bounding-set", "-dac_override,-dac_read_search", "--"}
}

// startPatience is how long a server may take to listen.
const startPatience = 20 * time.Second

// await waits until the server listens. A command that ends well may have left a server in the background.
func (s *started) await(ctx context.Context) error {
	ended := s.ended
	for limit := time.Now().Add(startPatience); ; {
		conn, err := net.Dial("tcp4", s.address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ended:
			if !s.cmd.ProcessState.Success() {
				return fmt.Errorf("ended: %v", s.cmd.ProcessState)
			}
			ended = nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(limit) {
			return fmt.Errorf("does not listen to %s within %v", s.address, startPatience)
		}
	}
}

// stop ends the server and what it started.
func (s *started) stop() {
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.ended
	endOrphans()
}

// firstPort and ports are the range of the ports that servers are given: below the ports that systems give to clients,
// of which one could be taken before the server gets it.
const firstPort, ports = 20000, 10000

// freePort returns a port that was free a moment ago.
func freePort() (int, error) {
	for range 100 {
		port := firstPort + rand.IntN(ports)
		if l, err := net.Listen("tcp4", net.JoinHostPort("", strconv.Itoa(port))); err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no port is free")
}

// A tail keeps the last that a command says, however much that is.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailSize = 500

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p[max(0, len(p)-tailSize):]...)
	t.kept = t.kept[max(0, len(t.kept)-tailSize):]
	return len(p), nil
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
