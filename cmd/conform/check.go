package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// replay asks our own handler.
func replay(s *settings, names []string) error {
	_, picked, err := load(s, names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	different := 0
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		r := &conformance.Replayer{Version: v, Trees: trees}
		asked := 0
		for _, c := range picked {
			if _, ok := c.Recorded(v); !ok {
				continue
			}
			asked++
			d, err := r.Replay(c)
			if err != nil {
				return err
			}
			if d != nil {
				different++
				fmt.Println(d)
			}
		}
		fmt.Printf("%s: replayed %d cases\n", v, asked)
	}
	if different > 0 {
		return fmt.Errorf("%d answers differ from the record", different)
	}
	return nil
}

// tree makes a tree on disk, for a server that is to be checked.
func tree(s *settings, args []string) error {
	if len(args) != 2 {
		return errors.New("tree needs the name of a tree and a directory to make it in")
	}
	t, err := conformance.LoadTree(s.testdata, args[0])
	if err != nil {
		return err
	}
	root, err := t.Materialize(args[1], nil)
	if err == nil {
		fmt.Println(root)
	}
	return err
}

// check compares a server of anybody's: one that runs, or a command that is started for each tree.
func check(s *settings, args []string) error {
	if len(args) == 0 || len(s.pythons) != 1 {
		return errors.New("check needs --python RELEASE, and HOST:PORT or -- COMMAND {port} {dir}")
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	_, picked, err := load(s, s.cases)
	if err != nil {
		return err
	}
	c := checker{settings: s, version: vs[0], command: args}
	if len(args) == 1 && !strings.Contains(args[0], "{port}") {
		return c.running(picked, args[0])
	}
	return c.started(picked)
}

// A checker counts what a server does.
type checker struct {
	*settings
	version          cpython.Version
	command          []string
	asked, different int
	passedOver       int
}

// running checks a server that serves one tree, with the default options.
func (c *checker) running(picked []*conformance.Case, address string) error {
	target := &conformance.Target{Version: c.version, Address: address, Root: c.root}
	for _, k := range picked {
		if k.Tree != c.tree || k.Options.String() != "" {
			c.passedOver++
			continue
		}
		if err := c.one(target, k, "check --tree "+c.tree+" --case '"+k.FullName()+"' "+address); err != nil {
			return err
		}
	}
	return c.result()
}

// one asks a server one case.
func (c *checker) one(target *conformance.Target, k *conformance.Case, rerun string) error {
	if _, ok := k.Recorded(c.version); !ok || !k.Checkable() || k.Theme == "types" && hasMimeTypes() {
		c.passedOver++
		return nil
	}
	c.asked++
	d, err := target.Check(k)
	if err != nil {
		return err
	}
	if d != nil {
		c.different++
		d.Rerun = "go run ./cmd/conform --python " + c.version.Series() + " " + rerun
		fmt.Println(d)
	}
	return nil
}

func (c *checker) result() error {
	fmt.Printf("%s: asked %d cases, passed over %d\n", c.version, c.asked, c.passedOver)
	if c.different > 0 {
		return fmt.Errorf("%d answers differ from the record", c.different)
	}
	return nil
}

// started runs the command once for each tree and set of options, and checks it.
func (c *checker) started(picked []*conformance.Case) error {
	parent, err := conformance.MakeRoot()
	if err != nil {
		return err
	}
	defer conformance.RemoveRoot(parent)
	stop := make(chan struct{})
	defer close(stop)
	trees := &conformance.Trees{Testdata: c.testdata}
	roots := map[string]string{}
	groups := map[string][]*conformance.Case{}
	var keys []string
	for _, k := range picked {
		key := k.Tree + k.Options.Key()
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], k)
	}
	for _, key := range keys {
		first := groups[key][0]
		options := first.Options.CommandLine(c.version)
		if !first.Checkable() || len(options) > 0 && !strings.Contains(strings.Join(c.command, " "), "{options}") {
			c.passedOver += len(groups[key])
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
		if err := c.group(groups[key], roots[first.Tree], options); err != nil {
			return err
		}
	}
	return c.result()
}

// group starts the command in a tree, and asks it all cases of the group.
func (c *checker) group(cases []*conformance.Case, root string, options []string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	cmd := c.commandFor(cases[0], root, options, port)
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := awaitServer(address); err != nil && len(options) > 0 {
		fmt.Printf("does not start with %q: %v\n", options, err)
		c.passedOver += len(cases)
		return nil
	} else if err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	target := &conformance.Target{Version: c.version, Address: address, Root: root}
	for _, k := range cases {
		if err := c.one(target, k, "check --case '"+k.FullName()+"' -- "+strings.Join(c.command, " ")); err != nil {
			return err
		}
	}
	return nil
}

// commandFor fills in the command. Where the caller is root, the capabilities that pass over permission bits are dropped.
func (c *checker) commandFor(k *conformance.Case, root string, options []string, port int) *exec.Cmd {
	var argv []string
	if path, err := exec.LookPath("setpriv"); err == nil && os.Getuid() == 0 {
		argv = []string{path, "--bounding-set", "-dac_override,-dac_read_search", "--"}
	}
	for _, arg := range c.command {
		if arg == "{options}" {
			argv = append(argv, options...)
			continue
		}
		arg = strings.ReplaceAll(arg, "{port}", strconv.Itoa(port))
		argv = append(argv, strings.ReplaceAll(arg, "{dir}", root))
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), k.Options.Environment()...)
	return cmd
}

// hasMimeTypes reports whether the system has a file that changes media types, which the reference
// environment has not.
func hasMimeTypes() bool {
	_, err := os.Stat("/etc/mime.types")
	return err == nil
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

// startPatience is how long a server may take to listen.
const startPatience = 5 * time.Second

func awaitServer(address string) error {
	for limit := time.Now().Add(startPatience); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp4", address)
		if err == nil {
			return conn.Close()
		}
		if time.Now().After(limit) {
			return err
		}
	}
}
