package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"simplehttp/cpython"
)

// An interpreter is the command line that runs a Python script with one release.
type interpreter []string

// run runs the script on input and returns what it wrote to standard output.
func (p interpreter) run(script string, input []byte) ([]byte, error) {
	cmd := p.command(script)
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return nil, fmt.Errorf("%s: %w\n%s", script, err, exit.Stderr)
	}
	return out, err
}

func (p interpreter) command(script string) *exec.Cmd {
	cmd := exec.Command(p[0], append(p[1:len(p):len(p)], script)...)
	// The facts must not depend on who asks: UTF-8 everywhere, and no start-up files.
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1", "PYTHONSTARTUP=")
	return cmd
}

// onEach calls f for every release with its interpreter. It refuses to go on without one,
// and with one of another patch release.
func onEach(f func(v cpython.Version, p interpreter) error) error {
	wasm, err := pyodides()
	if err != nil {
		return err
	}
	for _, v := range cpython.Versions() {
		p := interpreter{filepath.Join(pyenv(), v.String(), "bin", "python")}
		if _, err := os.Stat(p[0]); err != nil {
			if p = wasm[v]; p == nil {
				return fmt.Errorf("no interpreter for %s: looked for %s, and in $PYODIDE=%s", v, err, os.Getenv("PYODIDE"))
			}
		}
		if err := f(v, p); err != nil {
			return fmt.Errorf("%s: %w", v, err)
		}
	}
	return nil
}

func pyenv() string {
	root := os.Getenv("PYENV_ROOT")
	if root == "" {
		root = filepath.Join(os.Getenv("HOME"), ".pyenv")
	}
	return filepath.Join(root, "versions")
}

// pyodides asks each installation in $PYODIDE for its release.
func pyodides() (map[cpython.Version]interpreter, error) {
	found := map[cpython.Version]interpreter{}
	for _, d := range filepath.SplitList(os.Getenv("PYODIDE")) {
		p := interpreter{"node", filepath.Join(dir, "pyodide.mjs"), d}
		out, err := p.run(filepath.Join(dir, "release.py"), nil)
		if err != nil {
			return nil, err
		}
		release := strings.TrimSpace(string(out))
		if v, ok := cpython.ParseVersion(release); ok && v.String() == release {
			found[v] = p
		}
	}
	return found, nil
}
