package conformance

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"simplehttp/cpython"
)

//go:embed oracle/worker.py oracle/worker.mjs oracle/memory.py
var workerScripts embed.FS

// A Setup is a tree, and how it is served. The environment of all setups of a worker is one: they
// have the same encoding and zone, and no media types of the system.
type Setup struct {
	Tree    *Tree
	Options Options
}

// A Job is a connection: what the client sends, to which of the setups.
type Job struct {
	Setup int
	Bytes []byte
	EOF   bool // the client ends its stream then
}

// A Reply is all that a connection brought.
type Reply struct {
	Wire  []byte
	Log   []byte // whole lines
	Crash []byte // the exception that ended it, the last line of its traceback
	End   Ending
	Took  int // how many bytes of the request were read when the server closed; 0 if it did not
}

// Equal reports whether nothing differs.
func (r *Reply) Equal(o *Reply) bool {
	return r.End == o.End && r.Took == o.Took && bytes.Equal(r.Wire, o.Wire) && bytes.Equal(r.Log, o.Log) && bytes.Equal(r.Crash, o.Crash)
}

// Lines spells the reply as the lines of a case file, with the number of bytes taken, which a case does not tell.
func (r *Reply) Lines(req *Request, w Words) []string {
	a := &Answer{End: r.End, EndAt: req.end()}
	var log []LogLine
	for line := range bytes.Lines(r.Log) {
		log = append(log, LogLine{Text: bytes.TrimSuffix(line, []byte("\n"))})
	}
	if len(r.Crash) > 0 {
		log = append(log, LogLine{r.Crash, true})
	}
	a.Add(req.end(), log, r.Wire)
	lines := a.Lines(req, w)
	if r.End == Closed {
		lines[len(lines)-1] += " after " + strconv.Itoa(r.Took) + " bytes"
	}
	return lines
}

// A Worker is the handler class of a real release, in an interpreter that answers many requests a second.
type Worker struct {
	Version cpython.Version
	Roots   []string // where the tree of each setup lies

	dir  string // of the trees and the scripts
	stop chan struct{}
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
}

// Source says where interpreters are.
type Source struct {
	Pyenv   string // see FindPython
	Modules string // Node packages of the releases without sockets
}

// NewWorker starts an interpreter of a release for some setups.
func NewWorker(v cpython.Version, from Source, testdata string, setups []Setup) (*Worker, error) {
	dir, err := MakeRoot()
	if err != nil {
		return nil, err
	}
	w := &Worker{Version: v, dir: dir, stop: make(chan struct{})}
	if err := w.start(from, testdata, setups); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *Worker) start(from Source, testdata string, setups []Setup) error {
	scripts := filepath.Join(w.dir, "scripts")
	if err := os.CopyFS(scripts, workerScripts); err != nil {
		return err
	}
	configs, err := w.place(testdata, setups)
	if err != nil {
		return err
	}
	if w.cmd, err = workerCommand(w.Version, from, filepath.Join(scripts, "oracle")); err != nil {
		return err
	}
	w.cmd.Env, w.cmd.Stderr = environment(setups[0].Options), os.Stderr
	if w.in, err = w.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	w.out = bufio.NewReaderSize(out, 1<<16)
	if err := w.cmd.Start(); err != nil {
		return err
	}
	release, err := w.exchange(configs)
	if err == nil && string(release) != w.Version.String() {
		err = fmt.Errorf("the interpreter of %s is release %s", w.Version, release)
	}
	return err
}

func workerCommand(v cpython.Version, from Source, scripts string) (*exec.Cmd, error) {
	if HasSockets(v) {
		python, err := FindPython(v, from.Pyenv)
		return exec.Command(python, filepath.Join(scripts, "worker.py")), err
	}
	folder, err := filepath.Abs(filepath.Join(from.Modules, "pyodide-"+v.String()))
	if err == nil {
		_, err = os.Stat(folder)
	}
	if err != nil {
		return nil, fmt.Errorf("no interpreter of %s (npm install --prefix conformance/oracle): %w", v, err)
	}
	return exec.Command("node", filepath.Join(scripts, "worker.mjs"), folder), nil
}

// A workerSetup is a Setup as the script reads it.
type workerSetup struct {
	oracleConfig
	ASCII   bool          `json:"ascii"`
	Entries []memoryEntry `json:"entries"`
}

// place makes the trees, each once, and spells the setups in ASCII.
func (w *Worker) place(testdata string, setups []Setup) ([]byte, error) {
	roots := map[string]string{}
	var configs []workerSetup
	for _, s := range setups {
		root := roots[s.Tree.Name]
		if root == "" {
			var err error
			if root, err = s.Tree.Materialize(w.dir, w.stop); err != nil {
				return nil, err
			}
			roots[s.Tree.Name] = root
		}
		w.Roots = append(w.Roots, root)
		c := workerSetup{oracleConfig: newConfig(w.Version, s.Options, s.Tree, root, testdata), ASCII: s.Options.ascii(w.Version), Entries: []memoryEntry{}}
		for _, e := range s.Tree.Entries {
			c.Entries = append(c.Entries, memoryEntry{e.Kind, latin1(e.Path), latin1(e.Content), e.Mode, e.Sec, e.Nsec})
		}
		configs = append(configs, c)
	}
	text, err := json.Marshal(configs)
	return asciiJSON(text), err
}

// asciiJSON escapes all that is not ASCII. The text holds no character beyond the first plane.
func asciiJSON(text []byte) []byte {
	var ascii strings.Builder
	for _, r := range string(text) {
		if r < 0x80 {
			ascii.WriteRune(r)
		} else {
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return []byte(ascii.String())
}

// Close ends the interpreter and removes its trees.
func (w *Worker) Close() {
	close(w.stop)
	if w.in != nil {
		w.in.Close()
	}
	if w.cmd != nil && w.cmd.Process != nil {
		w.cmd.Process.Kill()
		w.cmd.Wait()
	}
	RemoveRoot(w.dir)
}

// exchange sends a frame and reads one.
func (w *Worker) exchange(frame []byte) ([]byte, error) {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(frame)))
	if _, err := w.in.Write(append(head, frame...)); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(w.out, head); err != nil {
		return nil, fmt.Errorf("the interpreter of %s ended: %w", w.Version, err)
	}
	answer := make([]byte, binary.BigEndian.Uint32(head))
	_, err := io.ReadFull(w.out, answer)
	return answer, err
}

// Ask asks all jobs, in their order.
func (w *Worker) Ask(jobs []Job) ([]Reply, error) {
	var batch []byte
	for _, j := range jobs {
		batch = binary.BigEndian.AppendUint16(batch, uint16(j.Setup))
		batch = append(batch, 0)
		if j.EOF {
			batch[len(batch)-1] = 1
		}
		batch = binary.BigEndian.AppendUint32(batch, uint32(len(j.Bytes)))
		batch = append(batch, j.Bytes...)
	}
	answer, err := w.exchange(batch)
	if err != nil {
		return nil, err
	}
	replies := make([]Reply, len(jobs))
	for i := range replies {
		if answer, err = replies[i].parse(answer); err != nil {
			return nil, err
		}
	}
	return replies, nil
}

// replyHead is the size of what comes before the bytes of a reply.
const replyHead = 1 + 4 + 3*4

// parse reads the first reply of a batch's answer. Its bytes stay those of the answer.
func (r *Reply) parse(b []byte) (rest []byte, err error) {
	if len(b) < replyHead {
		return nil, errors.New("an answer of the interpreter is cut off")
	}
	if r.End = Open; b[0] == 1 {
		r.End = Closed
	}
	number := func(at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	r.Took = number(1)
	wire, log, crash := number(5), number(9), number(13)
	b = b[replyHead:]
	if len(b) < wire+log+crash {
		return nil, errors.New("an answer of the interpreter is cut off")
	}
	r.Wire, r.Log, r.Crash = b[:wire], b[wire:wire+log], b[wire+log:wire+log+crash]
	return b[wire+log+crash:], nil
}
