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

func init() {
	commands = append(commands,
		command{"diff", "A B [FILE]", "show the answers of two releases to the request in a file, or on standard input, side by side", diff})
}

// diff shows what two releases answer to a request, ours in memory and, where they are here, the real ones.
func diff(s *settings, args []string) error {
	if len(args) < 2 || len(args) > 3 {
		return errors.New("diff needs two releases, and a file if the request is not on standard input")
	}
	var vs [2]cpython.Version
	for i, name := range args[:2] {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			return fmt.Errorf("no release %q", name)
		}
		vs[i] = v
	}
	input, err := s.requestOf(args[2:])
	if err != nil {
		return err
	}
	t, err := (&conformance.Trees{Testdata: s.testdata}).Load(s.tree)
	if err != nil {
		return fmt.Errorf("no tree %q: %w", s.tree, err)
	}
	options := conformance.DefaultOptions()
	options.Protocol = s.protocol
	setups := []conformance.Setup{{Tree: t, Options: options}}
	job := conformance.Job{Bytes: input, EOF: !s.open}
	var ours, theirs [2][]string
	for i, v := range vs {
		if ours[i], theirs[i], err = answersOf(s, v, setups, job); err != nil {
			return err
		}
	}
	return s.printDiff(vs, ours, theirs)
}

// printDiff prints the answers of the real releases where both are here, else ours; and where ours is not theirs.
func (s *settings) printDiff(vs [2]cpython.Version, ours, theirs [2][]string) error {
	p := &sides{out: s.out, colours: colours(s.out), width: widthOfSides(s.out)}
	name, shown := "CPython ", theirs
	if theirs[0] == nil || theirs[1] == nil {
		name, shown = "ours as ", ours
	}
	p.print(name+vs[0].String(), shown[0], name+vs[1].String(), shown[1])
	differs := conformance.Diff(shown[0], shown[1]) != ""
	for i, v := range vs {
		switch {
		case theirs[i] == nil:
			fmt.Fprintf(s.out, "\nCPython %s itself is not here\n", v)
		case conformance.Diff(ours[i], theirs[i]) == "":
			fmt.Fprintf(s.out, "\nours as %s answers as CPython does\n", v)
		default:
			fmt.Fprintln(s.out)
			p.print("ours as "+v.String(), ours[i], "CPython "+v.String(), theirs[i])
			differs = true
		}
	}
	if differs {
		return differ("the answers differ")
	}
	return nil
}

// requestOf reads the request from a file, or from standard input.
func (s *settings) requestOf(args []string) ([]byte, error) {
	if len(args) == 0 || args[0] == "-" {
		if isTerminal(os.Stdin) {
			fmt.Fprintln(s.errs, "conform: the request is read from here, to the end of the input (Ctrl-D)")
		}
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

// sides prints two lists of lines beside each other.
type sides struct {
	out     io.Writer
	colours palette
	width   int // of one side; longer lines go on in the next row
}

// widest is how wide a side becomes where it is no terminal that bounds it.
const widest = 88

// widthOfSides is half of the terminal, less the mark between the sides.
func widthOfSides(w io.Writer) int {
	if n := columns(w); n > 0 {
		return max(20, min(widest, (n-3)/2))
	}
	return widest
}

// print prints equal lines in one row, and marks the rows that differ.
func (p *sides) print(leftTitle string, left []string, rightTitle string, right []string) {
	p.row(leftTitle, " ", rightTitle)
	for len(left) > 0 || len(right) > 0 {
		l, r := nextCommon(left, right)
		for i := range max(l, r) {
			p.row(lineAt(left[:l], i), "|", lineAt(right[:r], i))
		}
		if left, right = left[l:], right[r:]; len(left) > 0 {
			p.row(left[0], " ", right[0])
			left, right = left[1:], right[1:]
		}
	}
}

// row prints two lines, in as many rows as the longer needs.
func (p *sides) row(left, mark, right string) {
	for first := true; first || left != "" || right != ""; first = false {
		var l, r string
		l, left = cut(left, p.width)
		r, right = cut(right, p.width)
		gap := strings.Repeat(" ", p.width-utf8.RuneCountInString(l))
		if mark == "|" {
			fmt.Fprintf(p.out, "%s%s%s%s | %s%s%s\n", p.colours.got, l, p.colours.off, gap, p.colours.want, r, p.colours.off)
			continue
		}
		fmt.Fprintln(p.out, strings.TrimRight(l+gap+"   "+r, " "))
	}
}

// cut cuts a line after so many characters.
func cut(line string, width int) (head, rest string) {
	runes := []rune(line)
	if len(runes) <= width {
		return line, ""
	}
	return string(runes[:width]), string(runes[width:])
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
