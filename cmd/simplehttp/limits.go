package main

import (
	"strconv"
	"time"

	"simplehttp/server"
)

// limitOptions are the options for the limits, each a number, of which 0 is no limit.
var limitOptions = []struct {
	long string
	set  func(l *server.Limits, n int)
}{
	{"--max-connections", func(l *server.Limits, n int) { l.Connections = n }},
	{"--max-per-client", func(l *server.Limits, n int) { l.PerClient = n }},
	{"--max-unfinished", func(l *server.Limits, n int) { l.Unfinished = n }},
	{"--max-all-unfinished", func(l *server.Limits, n int) { l.AllUnfinished = n }},
	{"--head-timeout", func(l *server.Limits, n int) { l.Head = seconds(n) }},
	{"--whole-head-timeout", func(l *server.Limits, n int) { l.WholeHead = seconds(n) }},
	{"--idle-timeout", func(l *server.Limits, n int) { l.Idle = seconds(n) }},
	{"--send-timeout", func(l *server.Limits, n int) { l.Send = seconds(n) }},
	{"--min-rate", func(l *server.Limits, n int) { l.MinRate = n }},
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// limitMax is what fits into every limit: in seconds, 68 years.
const limitMax = 1<<31 - 1

func init() {
	for _, limit := range limitOptions {
		table = append(table, option{"", limit.long, 1, func(o *options, args []string) error {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 0 || n > limitMax {
				return usage("argument ", limit.long, ": '", args[0], "' is not a number from 0 to ", strconv.Itoa(limitMax))
			}
			o.limits = append(o.limits, func(l *server.Limits) { limit.set(l, n) })
			return nil
		}})
	}
}

// limitsOf returns the limits that hold: those of a machine of this size, as the command line changes them.
func limitsOf(o options) server.Limits {
	limits := server.DefaultLimits(server.Memory())
	for _, change := range o.limits {
		change(&limits)
	}
	return limits
}
