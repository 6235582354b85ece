//go:build unix

package main

import (
	"os"
	"strings"
	"testing"
)

// TestHelpText holds every byte of the help: who changes it writes testdata/help.txt anew, with
// go run ./cmd/simplehttp --help.
func TestHelpText(t *testing.T) {
	want, err := os.ReadFile("testdata/help.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, err := command(t, "simplehttp", "--help").Output()
	if err != nil || string(got) != string(want) {
		t.Errorf("--help prints %q, %v, want %q", got, err, want)
	}
}

// TestOptionsReachTheServer asks a server that was started with every option of the answer.
func TestOptionsReachTheServer(t *testing.T) {
	if defaultPort != 8000 {
		t.Errorf("the default port is %d, want 8000", defaultPort)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/noext", []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := start(t, "simplehttp", "-d", dir, "-p", "HTTP/1.1", "-H", "X-One", "1", "-H", "X-Two", "2", "--content-type", "text/x-own")
	answer := r.ask(t, "GET /noext HTTP/1.0\r\n\r\n")
	for _, want := range []string{"HTTP/1.1 200 OK\r\n", "\r\nContent-type: text/x-own\r\n", "\r\nX-One: 1\r\n", "\r\nX-Two: 2\r\n"} {
		if !strings.Contains(answer, want) {
			t.Errorf("answer %q, want %q in it", answer, want)
		}
	}
	r.stop(t, os.Interrupt)
}
