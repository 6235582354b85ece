package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"simplehttp/conformance"
	"simplehttp/cpython"
)

// column is how wide an answer is printed.
const column = 88

// diff shows what two releases answer to a request, ours in memory and, where they are here, the real ones.
func diff(s *settings, args []string) error {
	if len(args) < 2 || len(args) > 3 {
		return errors.New("diff needs two releases, and a file if the request is not on standard input")
	}
	input, err := requestOf(args[2:])
	if err != nil {
		return err
	}
	t, err := (&conformance.Trees{Testdata: s.testdata}).Load(s.tree)
	if err != nil {
		return err
	}
	options := conformance.DefaultOptions()
	options.Protocol = diffing.protocol
	setups := []conformance.Setup{{Tree: t, Options: options}}
	job := conformance.Job{Bytes: input, EOF: !diffing.open}
	var ours, theirs [2][]string
	for i, name := range args[:2] {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			return fmt.Errorf("no release %q", name)
		}
		if ours[i], theirs[i], err = answersOf(s, v, setups, job); err != nil {
			return err
		}
	}
	printSides("ours "+args[0], ours[0], "ours "+args[1], ours[1])
	for i, name := range args[:2] {
		switch {
		case theirs[i] == nil:
			fmt.Printf("\n%s itself is not here\n", name)
		case conformance.Diff(ours[i], theirs[i]) == "":
			fmt.Printf("\n%s itself answers as ours does\n", name)
		default:
			fmt.Println()
			printSides("ours "+name, ours[i], "CPython "+name, theirs[i])
		}
	}
	return nil
}

// requestOf reads the request from a file, or from standard input.
func requestOf(args []string) ([]byte, error) {
	if len(args) == 0 {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(args[0])
}

// answersOf are our lines and those of the interpreter, nil if there is none.
func answersOf(s *settings, v cpython.Version, setups []conformance.Setup, job conformance.Job) (ours, theirs []string, err error) {
	o, err := conformance.NewOurs(v, s.testdata, setups)
	if err != nil {
		return nil, nil, err
	}
	req := conformance.NewRequest(job.Bytes, job.EOF)
	spell := func(r conformance.Reply, root string) []string {
		return r.Lines(&req, conformance.Words{Server: conformance.ServerField(v), Root: root})
	}
	ours = spell(o.Ask(job, len(job.Bytes)+1), o.Roots[0])
	w, err := conformance.NewWorker(v, conformance.Source{Pyenv: s.pyenv, Modules: s.modules}, s.testdata, setups)
	if err != nil {
		return ours, nil, nil // not here: that is said in its place
	}
	defer w.Close()
	replies, err := w.Ask([]conformance.Job{job})
	if err != nil {
		return nil, nil, err
	}
	return ours, spell(replies[0], w.Roots[0]), nil
}

// printSides prints two lists of lines beside each other, equal lines in one row, with a mark in the rows that differ.
func printSides(leftTitle string, left []string, rightTitle string, right []string) {
	row := func(l, mark, r string) {
		fmt.Println(strings.TrimRight(padded(l)+" "+mark+" "+r, " "))
	}
	row(leftTitle, " ", rightTitle)
	for len(left) > 0 || len(right) > 0 {
		l, r := nextCommon(left, right)
		for i := range max(l, r) {
			row(lineAt(left[:l], i), "|", lineAt(right[:r], i))
		}
		if left, right = left[l:], right[r:]; len(left) > 0 {
			row(left[0], " ", right[0])
			left, right = left[1:], right[1:]
		}
	}
}

// nextCommon finds the nearest line that both lists have: how many lines of each come before it.
func nextCommon(left, right []string) (l, r int) {
	for sum := range len(left) + len(right) {
		for l := max(0, sum-len(right)+1); l <= min(sum, len(left)-1); l++ {
			if left[l] == right[sum-l] {
				return l, sum - l
			}
		}
	}
	return len(left), len(right)
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// padded is s in a column, unless it is wider.
func padded(s string) string {
	return s + strings.Repeat(" ", max(0, column-utf8.RuneCountInString(s)))
}
