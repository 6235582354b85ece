//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simplehttp/bench/load"
	"simplehttp/cpython"
	"simplehttp/handler"
	"simplehttp/server"
)

// start serves a new folder with the files a and b, and returns its address and the folder.
func start(t *testing.T) (address, root string) {
	t.Helper()
	root = t.TempDir()
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte("this is "+name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h := handler.New(cpython.Default)
	h.Directory = root
	s := &server.TCPServer{Addr: "127.0.0.1:0", Handler: h, Log: io.Discard}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.ServeForever() }()
	t.Cleanup(func() {
		s.Shutdown(0)
		<-served
	})
	host, port := s.Sockname()
	return server.Addr(&host, port), root
}

func TestRun(t *testing.T) {
	address, root := start(t)
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte("/a\n/b\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(root, "a"), filepath.Join(root, "b")
	for _, row := range []struct {
		args string
		says string // in the error; "" for none
	}{
		{"-n 9 --content " + a + " " + address + "/a", ""},
		{"-n 9 --content " + b + " " + address + "/a", "Bytes:9 "},
		{"-n 9 --status 404 " + address + "/none", ""},
		{"-n 9 " + address + "/none", "Statuses:9 "},
		{"-n 9 --targets " + list + " --root " + root + " " + address, ""},
		{"-n 9 --targets " + list + " --content " + a + " " + address, "Bytes:4 "},
		{"--hold 5 --for 1ms " + address, ""},
		{address, "never end"},
		{"-n 9", "needed"},
		{"-n 9 --content " + root + "/none " + address, "no such file"},
		{"--nothing", "unknown flag"},
	} {
		err := run(strings.Fields(row.args), io.Discard)
		if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
			t.Errorf("httpload %s: %v, want %q", row.args, err, row.says)
		}
	}
}

func TestOutput(t *testing.T) {
	address, _ := start(t)
	var text, value bytes.Buffer
	if err := run([]string{"-n", "5", address + "/a"}, &text); err != nil || !strings.HasPrefix(text.String(), "5 requests in ") {
		t.Errorf("%q, %v", text.String(), err)
	}
	var r load.Result
	if err := run([]string{"-n", "5", "--json", address + "/a"}, &value); err != nil || json.Unmarshal(value.Bytes(), &r) != nil || r.Requests != 5 {
		t.Errorf("%q, %v", value.String(), err)
	}
	if err := run([]string{"--help"}, &text); err != nil || !strings.Contains(text.String(), "--depth") {
		t.Errorf("--help: %v", err)
	}
}
