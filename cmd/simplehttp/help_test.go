//go:build unix

package main

import (
	"os"
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
