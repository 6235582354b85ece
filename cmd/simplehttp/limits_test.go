package main

import (
	"testing"
	"time"

	"simplehttp/cpython"
	"simplehttp/server"
)

func TestLimits(t *testing.T) {
	standard := server.DefaultLimits(server.Memory())
	for _, row := range []struct {
		option string
		want   func(l *server.Limits)
	}{
		{"--max-connections", func(l *server.Limits) { l.Connections = 7 }},
		{"--max-per-client", func(l *server.Limits) { l.PerClient = 7 }},
		{"--max-unfinished", func(l *server.Limits) { l.Unfinished = 7 }},
		{"--max-all-unfinished", func(l *server.Limits) { l.AllUnfinished = 7 }},
		{"--head-timeout", func(l *server.Limits) { l.Head = 7 * time.Second }},
		{"--whole-head-timeout", func(l *server.Limits) { l.WholeHead = 7 * time.Second }},
		{"--idle-timeout", func(l *server.Limits) { l.Idle = 7 * time.Second }},
		{"--send-timeout", func(l *server.Limits) { l.Send = 7 * time.Second }},
		{"--min-rate", func(l *server.Limits) { l.MinRate = 7 }},
	} {
		o, err := parseOptions([]string{row.option, "5", row.option + "=7"}, cpython.V3_13)
		if err != nil {
			t.Fatal(err)
		}
		want := standard
		row.want(&want)
		if got := limitsOf(o); got != want {
			t.Errorf("%s 7: %+v, want %+v", row.option, got, want)
		}
		for _, wrong := range []string{"", "x", "1s", "-1", "2147483648", "1.5"} {
			if _, err := parseOptions([]string{row.option + "=" + wrong}, cpython.V3_13); err == nil {
				t.Errorf("%s=%s is taken", row.option, wrong)
			}
		}
	}
	if o, _ := parseOptions(nil, cpython.V3_13); limitsOf(o) != standard {
		t.Errorf("without options: %+v, want %+v", limitsOf(o), standard)
	}
}

// A small machine is not promised away, and a request as long as any that CPython reads fits into its limits.
func TestDefaultLimits(t *testing.T) {
	const longestHead = 65537 + 101*65537
	for _, memory := range []int64{0, 64 << 20, 1 << 30, 1 << 40} {
		l := server.DefaultLimits(memory)
		if l.Unfinished < longestHead || l.AllUnfinished < l.Unfinished || l.PerClient >= l.Connections || l.PerClient < 1 {
			t.Errorf("with %d bytes of memory: %+v", memory, l)
		}
		if int64(l.Connections)*8<<10 > max(memory, 2<<20) {
			t.Errorf("with %d bytes of memory: %d connections", memory, l.Connections)
		}
	}
}
