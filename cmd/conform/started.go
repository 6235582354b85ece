package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
	stop := make(chan struct{})
	defer close(stop)
	trees := &conformance.Trees{Testdata: c.testdata}
	roots := map[string]string{}
	for _, group := range grouped(picked) {
		first := group[0]
		s := &started{argv: argv, environment: first.Options.Environment(), log: filepath.Join(parent, "stderr")}
		s.options = first.Options.CommandLine(c.version)
		takesOptions := strings.Contains(strings.Join(argv, " "), "{options}")
		if reason := c.unasked(first); reason != "" && !first.Checkable() {
			c.passOverAll(group, reason)
			continue
		} else if len(s.options) > 0 && !takesOptions {
			c.passOverAll(group, "needs the options "+quoteAll(s.options)+", and the command has no {options}")
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

func (c *checker) passOverAll(cases []*conformance.Case, reason string) {
	for _, k := range cases {
		c.passOver(k, reason)
	}
}

// group asks a server of the command all cases of a group. Where it ends on the way, the case that it was asked
// counts as different, and another is started.
func (c *checker) group(cases []*conformance.Case, s *started) error {
	if err := s.start(); err != nil && len(s.options) > 0 {
		c.passOverAll(cases, fmt.Sprintf("does not start with %s: %v", quoteAll(s.options), err))
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
		c.progress.step(k.FullName())
		c.difference(differs(k, nil, err.Error(), c.rerun(k, server)))
		s.stop()
		if err := s.start(); err != nil {
			return err
		}
	}
	return nil
}

// A started is a server that was started for one tree.
type started struct {
	argv, options, environment []string
	root                       string
	log                        string // the file of its standard error

	cmd     *exec.Cmd
	ended   chan struct{}
	address string
}

// start runs the command until it listens.
func (s *started) start() error {
	port, err := freePort()
	if err != nil {
		return err
	}
	log, err := os.Create(s.log)
	if err != nil {
		return err
	}
	defer log.Close()
	argv := s.filledIn(strconv.Itoa(port))
	s.cmd = exec.Command(argv[0], argv[1:]...)
	s.cmd.Dir, s.cmd.Stderr = s.root, log
	s.cmd.Env = append(os.Environ(), s.environment...)
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
	if err := s.await(); err != nil {
		s.stop()
		said, _ := os.ReadFile(s.log)
		return fmt.Errorf("%s: %w; it says %.500q", quoteAll(argv), err, said)
	}
	return nil
}

// filledIn is the command of one start. Where the caller is root, the capabilities that pass over permission bits
// are dropped.
func (s *started) filledIn(port string) (argv []string) {
	if path, err := exec.LookPath("setpriv"); err == nil && os.Getuid() == 0 {
		argv = []string{path, "--bounding-set", "-dac_override,-dac_read_search", "--"}
	}
	fill := strings.NewReplacer("{port}", port, "{dir}", s.root)
	for _, arg := range s.argv {
		if arg == "{options}" {
			argv = append(argv, s.options...)
			continue
		}
		argv = append(argv, fill.Replace(arg))
	}
	return argv
}

// startPatience is how long a server may take to listen.
const startPatience = 5 * time.Second

func (s *started) await() error {
	for limit := time.Now().Add(startPatience); ; {
		conn, err := net.Dial("tcp4", s.address)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.ended:
			return fmt.Errorf("ended: %v", s.cmd.ProcessState)
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(limit) {
			return err
		}
	}
}

// stop ends the server and what it started.
func (s *started) stop() {
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-s.ended
}

// freePort returns a port that was free a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
