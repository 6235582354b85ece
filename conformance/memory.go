package conformance

import (
	"bufio"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"simplehttp/cpython"
)

//go:embed oracle/memory.py oracle/memory.mjs
var memoryScripts embed.FS

// Memory asks the handler class of a real release without sockets and without a file system: the connection is
// a script, and the tree is answered from its declaration. That is the only way to ask CPython compiled to WebAssembly.
type Memory struct {
	Version  cpython.Version
	Testdata string

	dir   string
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	trees map[string][]memoryEntry
}

// NewWebAssembly starts an interpreter in Node. modules is the folder of Node packages, into which
// `npm install` put pyodide under the name of its release.
func NewWebAssembly(v cpython.Version, modules, testdata string) (*Memory, error) {
	folder, err := findPyodide(v, modules)
	if err != nil {
		return nil, err
	}
	return newMemory(v, testdata, func(scripts string) *exec.Cmd {
		return exec.Command("node", filepath.Join(scripts, "memory.mjs"), folder, filepath.Join(scripts, "memory.py"))
	})
}

// findPyodide returns the Node package of a release.
func findPyodide(v cpython.Version, modules string) (string, error) {
	folder := filepath.Join(modules, "pyodide-"+v.String())
	if _, err := os.Stat(folder); err != nil {
		return "", fmt.Errorf("no interpreter of %s (npm install --prefix conformance/oracle): %w", v, err)
	}
	return folder, nil
}

// NewMemory starts an interpreter that can be asked over sockets as well: its answers show how far those can be
// trusted that are given without.
func NewMemory(v cpython.Version, python, testdata string) (*Memory, error) {
	if !v.Has(cpython.GuessesByMimetypes) {
		return nil, fmt.Errorf("%s reads mime.types files before it could be told which", v)
	}
	return newMemory(v, testdata, func(scripts string) *exec.Cmd {
		return exec.Command(python, filepath.Join(scripts, "memory.py"), "stdin")
	})
}

func newMemory(v cpython.Version, testdata string, command func(scripts string) *exec.Cmd) (*Memory, error) {
	dir, err := os.MkdirTemp("", "conform")
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(dir, memoryScripts); err != nil {
		return nil, err
	}
	o := &Memory{Version: v, Testdata: testdata, dir: dir, cmd: command(filepath.Join(dir, "oracle"))}
	o.cmd.Stderr = os.Stderr
	if o.in, err = o.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	o.out = bufio.NewReader(out)
	return o, o.cmd.Start()
}

// Close ends the interpreter.
func (o *Memory) Close() {
	o.in.Close()
	o.cmd.Wait()
	os.RemoveAll(o.dir)
}

// A memoryEntry is a TreeEntry as the script reads it.
type memoryEntry struct {
	Kind    string `json:"kind"`
	Path    string `json:"path"`
	Content string `json:"content"`
	Mode    uint32 `json:"mode"`
	Sec     int64  `json:"sec"`
	Nsec    int64  `json:"nsec"`
}

// A memoryJob is a case as the script reads it.
type memoryJob struct {
	oracleConfig
	Entries    []memoryEntry `json:"entries"`
	Request    string        `json:"request"`
	EOF        bool          `json:"eof"`
	Steps      []int         `json:"steps"`
	ASCII      bool          `json:"ascii"`
	MimeText   *string       `json:"mime_text"`
	ZoneOffset int           `json:"zone_offset"`
}

// A memoryAnswer is an Answer as the script writes it.
type memoryAnswer struct {
	Stretches []struct {
		At        int
		Log, Wire string
	}
	End   Ending
	EndAt int `json:"end_at"`
}

// Ask runs a case twice, in pieces and whole, and refuses an answer that depends on that.
func (o *Memory) Ask(c *Case, t *Tree) (*Answer, Words, error) {
	words := Words{Server: ServerField(o.Version), Root: memoryRoot + "/" + t.Name}
	job, err := o.job(c, t, words.Root)
	if err != nil {
		return nil, words, err
	}
	answers, err := o.run(job)
	if err != nil {
		return nil, words, err
	}
	pieces, whole := answers[0].answer(), answers[1].answer()
	return pieces, words, c.compareWhole(pieces, whole, words)
}

func (o *Memory) job(c *Case, t *Tree, root string) (*memoryJob, error) {
	env, err := c.Options.env(o.Testdata)
	if err != nil {
		return nil, err
	}
	job := &memoryJob{
		oracleConfig: newConfig(o.Version, c.Options, t, root, o.Testdata),
		Request:      latin1(string(c.Request.Bytes)), EOF: c.Request.EOF, Steps: c.Request.Steps(),
		ASCII: c.Options.ascii(o.Version),
	}
	job.ZoneOffset = env.UTCOffset(env.Now().Sec)
	for _, text := range env.MimeFiles {
		mime := latin1(string(text))
		job.MimeText = &mime
	}
	if o.trees == nil {
		o.trees = map[string][]memoryEntry{}
	}
	if o.trees[t.Name] == nil {
		o.trees[t.Name] = []memoryEntry{}
		for _, e := range t.Entries {
			o.trees[t.Name] = append(o.trees[t.Name], memoryEntry{e.Kind, latin1(e.Path), latin1(e.Content), e.Mode, e.Sec, e.Nsec})
		}
	}
	job.Entries = o.trees[t.Name]
	return job, nil
}

// run sends a job and reads the two answers to it.
func (o *Memory) run(job *memoryJob) (answers [2]memoryAnswer, err error) {
	text, err := json.Marshal(job)
	if err != nil {
		return answers, err
	}
	if _, err := o.in.Write(append(text, '\n')); err != nil {
		return answers, err
	}
	line, err := o.out.ReadBytes('\n')
	if err != nil {
		return answers, fmt.Errorf("the interpreter ended: %w", err)
	}
	var refusal struct{ Error string }
	if json.Unmarshal(line, &refusal) == nil && refusal.Error != "" {
		return answers, errors.New(refusal.Error)
	}
	return answers, json.Unmarshal(line, &answers)
}

func (m *memoryAnswer) answer() *Answer {
	a := &Answer{End: m.End, EndAt: m.EndAt}
	for _, s := range m.Stretches {
		a.Add(s.At, parseLog(bytesOfLatin1(s.Log)), bytesOfLatin1(s.Wire))
	}
	return a
}

// bytesOfLatin1 is the reverse of latin1.
func bytesOfLatin1(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}
