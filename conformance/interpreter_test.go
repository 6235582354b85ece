package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// TestRefusesOtherRelease offers an interpreter of another patch release than the pinned one.
func TestRefusesOtherRelease(t *testing.T) {
	python := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(python, []byte("#!/bin/sh\nprintf 3.9.17\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := NewInterpreters(cpython.V3_9, python, testdata)
	if err == nil || !strings.HasSuffix(err.Error(), "is release 3.9.17; the answers of 3.9 must come from 3.9.18 itself") {
		t.Errorf("NewInterpreters with 3.9.17 = %v", err)
	}
}

func TestFindPython(t *testing.T) {
	pyenv := t.TempDir()
	want := filepath.Join(pyenv, "versions", "3.9.18", "bin", "python")
	if got, err := FindPython(cpython.V3_9, pyenv); err == nil {
		t.Errorf("FindPython in an empty folder = %q", got)
	}
	if err := os.MkdirAll(filepath.Dir(want), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(want, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := FindPython(cpython.V3_9, pyenv); got != want || err != nil {
		t.Errorf("FindPython = %q, %v, want %q", got, err, want)
	}
}

// TestConfig finds nothing but ASCII in what the scripts are told, whatever the bytes are.
func TestConfig(t *testing.T) {
	tree := &Tree{Entries: []TreeEntry{{Kind: "file", Path: "\xff\n\"x"}}}
	o := DefaultOptions()
	o.Protocol = "HTTP/1.1\xe9"
	got, err := newConfig(cpython.V3_9, o, tree, "/srv", testdata).json()
	if err != nil || !isASCII(got) || !strings.Contains(got, `"order":["\u00ff\n\"x"]`) || !strings.Contains(got, `"HTTP/1.1\u00e9"`) {
		t.Errorf("config = %s, %v", got, err)
	}
}
