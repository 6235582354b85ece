package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

var (
	recordFlag = flag.Bool("record", false, "ask the interpreters the fixed and some random questions, and keep their answers")
	liveFlag   = flag.Int("live", 0, "ask the interpreters this many random questions, and compare")
	seedFlag   = flag.Uint64("seed", 1, "where the random questions of -live begin")
)

// answersFile has the recorded answers. A question is a line: the function and its quoted
// arguments. The answers follow, indented: the releases that give it, and under them the
// answer, quoted line by line. Equal answers are written once.
const answersFile = "testdata/answers.txt"

// TestRecordedAnswers compares our functions with what the interpreters said.
func TestRecordedAnswers(t *testing.T) {
	if *recordFlag {
		questions := fixed()
		r := rand.New(rand.NewPCG(27, 315))
		for range 150 {
			questions = append(questions, random(r))
		}
		recordAnswers(t, questions)
	}
	text, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	var q question
	var releases []cpython.Version
	var want strings.Builder
	compared := 0
	check := func() {
		for _, v := range releases {
			compare(t, q, v, want.String())
			compared++
		}
		releases = nil
		want.Reset()
	}
	for n, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "\t\t"):
			s, err := strconv.Unquote(line[2:])
			if err != nil {
				t.Fatalf("%s:%d: %v", answersFile, n+1, err)
			}
			want.WriteString(s)
		case strings.HasPrefix(line, "\t"):
			check()
			releases = parseReleases(t, line[1:])
		default:
			check()
			q = parseQuestion(t, line)
		}
	}
	check()
	if compared < 1000 {
		t.Errorf("only %d answers in %s", compared, answersFile)
	}
}

// compare reports where our answer differs.
func compare(t *testing.T, q question, v cpython.Version, want string) {
	t.Helper()
	if got := q.ours(v); got != want {
		t.Errorf("%s: %s(%q) = %q, want %q", v, q.function, q.args, got, want)
	}
}

func parseReleases(t *testing.T, names string) (vs []cpython.Version) {
	for _, name := range strings.Fields(names) {
		v, ok := cpython.ParseVersion(name)
		if !ok {
			t.Fatalf("%s: no release %q", answersFile, name)
		}
		vs = append(vs, v)
	}
	return vs
}

// parseQuestion reads a function and its quoted arguments.
func parseQuestion(t *testing.T, line string) question {
	name, rest, _ := strings.Cut(line, " ")
	q := question{function: name}
	for rest != "" {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			t.Fatalf("%s: %q: %v", answersFile, line, err)
		}
		arg, _ := strconv.Unquote(quoted)
		q.args = append(q.args, arg)
		rest = strings.TrimPrefix(rest[len(quoted):], " ")
	}
	return q
}

// recordAnswers writes answersFile.
func recordAnswers(t *testing.T, questions []question) {
	answers := map[cpython.Version][]string{}
	err := fromRoot(func() error {
		return onEach(func(v cpython.Version, p interpreter) (err error) {
			answers[v], err = p.ask(questions)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for i, q := range questions {
		b.WriteString(q.function)
		for _, arg := range q.args {
			b.WriteString(" " + strconv.Quote(arg))
		}
		b.WriteString("\n")
		releases := map[string]string{}
		var distinct []string
		for _, v := range cpython.Versions() {
			a := answers[v][i]
			if releases[a] == "" {
				distinct = append(distinct, a)
			}
			releases[a] += " " + v.String()
		}
		for _, a := range distinct {
			fmt.Fprintf(&b, "\t%s\n", releases[a][1:])
			for _, line := range strings.SplitAfter(a, "\n") {
				if line != "" {
					fmt.Fprintf(&b, "\t\t%s\n", strconv.Quote(line))
				}
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(answersFile), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := writeIfChanged(answersFile, b.Bytes()); err != nil {
		t.Fatal(err)
	}
}

// TestLive compares our functions with the interpreters themselves, on random questions.
func TestLive(t *testing.T) {
	if *liveFlag == 0 {
		t.Skip("-live says how many questions to ask; it needs the interpreters")
	}
	r := rand.New(rand.NewPCG(*seedFlag, 0))
	questions := make([]question, *liveFlag)
	for i := range questions {
		questions[i] = random(r)
	}
	err := fromRoot(func() error {
		return onEach(func(v cpython.Version, p interpreter) error {
			answers, err := p.ask(questions)
			for i := range answers {
				compare(t, questions[i], v, answers[i])
			}
			t.Logf("%s: %d answers compared", v, len(answers))
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fromRoot runs f in the root of the repository, as the command runs.
func fromRoot(f func() error) error {
	if err := os.Chdir(filepath.Join("..", "..")); err != nil {
		return err
	}
	defer os.Chdir(dir)
	return f()
}

// ask runs answers.py on the questions.
func (p interpreter) ask(questions []question) ([]string, error) {
	var in bytes.Buffer
	for _, q := range questions {
		in.WriteString(q.function)
		for _, arg := range q.args {
			in.WriteString("\t" + hex.EncodeToString([]byte(arg)))
		}
		in.WriteString("\n")
	}
	out, err := p.run(filepath.Join(dir, "answers.py"), in.Bytes())
	if err != nil {
		return nil, err
	}
	answers := make([]string, 0, len(questions))
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		line := lines.Text()
		answer, err := hex.DecodeString(line[1:])
		if err != nil {
			return nil, err
		}
		answers = append(answers, line[:1]+string(answer))
	}
	if len(answers) != len(questions) {
		return nil, fmt.Errorf("%d answers to %d questions", len(answers), len(questions))
	}
	for i, q := range questions {
		// What exactly is wrong with a number is no question of ours.
		if q.function == "int" && strings.HasPrefix(answers[i], "!ValueError") {
			answers[i] = "!ValueError"
		}
	}
	return answers, lines.Err()
}
