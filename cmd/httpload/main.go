//go:build linux

// Command httpload asks an HTTP server as fast as it answers, or at a rate, checks every byte of
// every answer, and prints how long the answers took.
//
//	httpload [option ...] 127.0.0.1:8000/path
//	httpload --hold 15000 --for 60s 127.0.0.1:8000
//
// What goes in is the command line; what comes out is a few lines of text, or one JSON value with
// --json. With --hold it opens connections that send half a request, prints "holding N" once they
// stand, and sits. The exit status is 1 if anything was wrong. It does not start servers: that does
// command bench. The work is done by package bench/load.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"simplehttp/bench/load"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "httpload:", err)
		os.Exit(1)
	}
}

// A command is a command line.
type command struct {
	options load.Options
	content string // file that every answer must equal
	root    string // folder whose files the answers must equal
	targets string // file that lists request-targets
	status  int
	hold    int
	json    bool
	out     io.Writer
}

func run(args []string, out io.Writer) error {
	c := command{out: out}
	flags := c.flags()
	if err := flags.Parse(args); err == pflag.ErrHelp {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("one ADDRESS:PORT/PATH is needed; see --help")
	}
	address, path, _ := strings.Cut(flags.Arg(0), "/")
	c.options.Address = address
	if c.hold > 0 {
		return c.holdOn()
	}
	if err := c.readTargets("/" + path); err != nil {
		return err
	}
	result, err := load.Run(c.options)
	if err != nil {
		return err
	}
	return c.print(result)
}

func (c *command) flags() *pflag.FlagSet {
	f := pflag.NewFlagSet("httpload", pflag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintln(c.out, "usage: httpload [option ...] ADDRESS:PORT/PATH\n\n"+f.FlagUsages())
	}
	o := &c.options
	f.IntVarP(&o.Clients, "clients", "c", 64, "connections at a time")
	f.DurationVar(&o.For, "for", 0, "stop asking after so long")
	f.Int64VarP(&o.Count, "count", "n", 0, "stop after so many requests")
	f.BoolVarP(&o.Keep, "keep", "k", false, "speak HTTP/1.1, and ask again on the same connection")
	f.IntVar(&o.Depth, "depth", 1, "requests on the way on one connection, with --keep")
	f.Float64Var(&o.Rate, "rate", 0, "requests a second; 0 is as fast as answers come")
	f.DurationVar(&o.Patience, "patience", 10*time.Second, "how long an answer may take")
	f.StringVar(&o.Source, "source", "", "IPv4 address to connect from")
	f.StringArrayVarP(&o.Fields, "header", "H", nil, "add this field line to the requests")
	f.IntVar(&c.status, "status", 200, "the status-code to expect")
	f.StringVar(&c.content, "content", "", "file that every answer must equal; without it, answers must equal the first")
	f.StringVar(&c.targets, "targets", "", "file of request-targets, one a line, asked in turn")
	f.StringVar(&c.root, "root", "", "folder whose files the answers must equal, with --targets")
	f.IntVar(&c.hold, "hold", 0, "open so many connections, send half a request on each, and sit until --for is over")
	f.BoolVar(&c.json, "json", false, "print JSON")
	return f
}

// readTargets makes the list of what to ask for.
func (c *command) readTargets(path string) error {
	if c.targets == "" {
		content, err := readContent(c.content)
		c.options.Targets = []load.Target{{Path: path, Status: c.status, Content: content}}
		return err
	}
	list, err := os.ReadFile(c.targets)
	if err != nil {
		return err
	}
	for path := range strings.Lines(string(list)) {
		path = strings.TrimSuffix(path, "\n")
		file := c.content
		if c.root != "" {
			file = filepath.Join(c.root, path)
		}
		content, err := readContent(file)
		if err != nil {
			return err
		}
		c.options.Targets = append(c.options.Targets, load.Target{Path: path, Status: c.status, Content: content})
	}
	return nil
}

// readContent returns the bytes of a file, and nil without a name.
func readContent(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	return load.Map(name)
}

// holdOn has connections sit.
func (c *command) holdOn() error {
	h, err := load.Hold(c.options.Address, c.options.Source, c.hold)
	if err != nil {
		return err
	}
	defer h.Close()
	fmt.Fprintln(c.out, "holding", h.Standing())
	time.Sleep(c.options.For)
	if n := h.Standing(); n < c.hold {
		return fmt.Errorf("of %d connections the server has ended %d", c.hold, c.hold-n)
	}
	return nil
}

// print prints a result, and returns an error if anything was wrong.
func (c *command) print(r load.Result) error {
	if c.json {
		if err := json.NewEncoder(c.out).Encode(r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.out, "%d requests in %.2f s, %.0f a second, %.1f MB a second\n", r.Requests, r.Seconds, r.Rate, float64(r.Bytes)/1e6/r.Seconds)
		c.printLatency("to the first byte", r.FirstByte)
		c.printLatency("to the last byte", r.Latency)
	}
	if r.Faults.Sum() > 0 {
		return fmt.Errorf("faults: %+v", r.Faults)
	}
	return nil
}

func (c *command) printLatency(title string, l load.Latency) {
	fmt.Fprintf(c.out, "%-18s p50 %.0f µs, p90 %.0f µs, p99 %.0f µs, at most %.0f µs\n", title, l.P50, l.P90, l.P99, l.Max)
}
