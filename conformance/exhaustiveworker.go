package conformance

import (
	"bufio"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"simplehttp/cpython"
)

//go:embed oracle/exhaustive.py oracle/exhaustive.mjs
var exhaustiveScripts embed.FS

// Exhaustive answers the inputs of families with a real release: exhaustive.py, and for "serve" a [Worker].
type Exhaustive struct {
	Version cpython.Version

	source   Source
	testdata string
	dir      string // of the scripts
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	served   *Family // for which worker was started
	worker   *Worker
	roots    []string // of ours
}

// NewExhaustive starts an interpreter.
func NewExhaustive(v cpython.Version, from Source, testdata string) (*Exhaustive, error) {
	dir, err := os.MkdirTemp("", "conform")
	if err != nil {
		return nil, err
	}
	x := &Exhaustive{Version: v, source: from, testdata: testdata, dir: dir}
	if err := x.start(); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

func (x *Exhaustive) start() error {
	if err := os.CopyFS(x.dir, exhaustiveScripts); err != nil {
		return err
	}
	var err error
	if x.cmd, err = x.command(filepath.Join(x.dir, "oracle")); err != nil {
		return err
	}
	x.cmd.Env, x.cmd.Stderr = environment(DefaultOptions()), os.Stderr
	if x.in, err = x.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	x.out = bufio.NewReaderSize(out, 1<<16)
	if err := x.cmd.Start(); err != nil {
		return err
	}
	release, err := x.read()
	if err == nil && string(release) != x.Version.String() {
		err = fmt.Errorf("the interpreter of %s is release %s", x.Version, release)
	}
	return err
}

// command is that of workerCommand, with the other script.
func (x *Exhaustive) command(scripts string) (*exec.Cmd, error) {
	cmd, err := workerCommand(x.Version, x.source, scripts)
	if err != nil {
		return nil, err
	}
	script := &cmd.Args[1]
	*script = filepath.Join(scripts, "exhaustive"+filepath.Ext(*script))
	return cmd, nil
}

// Close ends the interpreters.
func (x *Exhaustive) Close() {
	if x.worker != nil {
		x.worker.Close()
	}
	if x.in != nil {
		x.in.Close()
	}
	if x.cmd != nil && x.cmd.Process != nil {
		x.cmd.Process.Kill()
		x.cmd.Wait()
	}
	os.RemoveAll(x.dir)
}

// read reads a frame.
func (x *Exhaustive) read() ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(x.out, head); err != nil {
		return nil, fmt.Errorf("the interpreter of %s ended: %w", x.Version, err)
	}
	frame := make([]byte, binary.BigEndian.Uint32(head))
	_, err := io.ReadFull(x.out, frame)
	return frame, err
}

// ask sends a block and reads the answer to it, in the form that is named.
func (x *Exhaustive) ask(form string, f *Family, inputs [][]byte) ([]byte, error) {
	frame := append(make([]byte, 4), form+" "+f.Question+"\n"...)
	for _, input := range inputs {
		frame = binary.BigEndian.AppendUint32(frame, uint32(len(input)))
		frame = append(frame, input...)
	}
	binary.BigEndian.PutUint32(frame, uint32(len(frame)-4))
	if _, err := x.in.Write(frame); err != nil {
		return nil, err
	}
	return x.read()
}

// Digest lets the interpreter make the digest, so that only that comes back.
func (x *Exhaustive) Digest(f *Family, inputs [][]byte) (Digest, error) {
	if f.Question == "serve" {
		records, err := x.serve(f, inputs)
		return digestOf(records), err
	}
	answer, err := x.ask("digest", f, inputs)
	if err == nil && len(answer) != len(Digest{}) {
		err = errors.New("a digest has the wrong length")
	}
	if err != nil {
		return Digest{}, err
	}
	return Digest(answer), nil
}

// Records answers each input.
func (x *Exhaustive) Records(f *Family, inputs [][]byte) ([][]byte, error) {
	if f.Question == "serve" {
		return x.serve(f, inputs)
	}
	answer, err := x.ask("records", f, inputs)
	if err != nil {
		return nil, err
	}
	records := make([][]byte, len(inputs))
	for i := range records {
		if len(answer) < 4 || uint32(len(answer)-4) < binary.BigEndian.Uint32(answer) {
			return nil, errors.New("an answer of the interpreter is cut off")
		}
		end := 4 + binary.BigEndian.Uint32(answer)
		records[i], answer = answer[4:end], answer[end:]
	}
	return records, nil
}

// serve asks the whole server. Its replies speak of the root as ours do.
func (x *Exhaustive) serve(f *Family, inputs [][]byte) ([][]byte, error) {
	if x.served != f {
		if err := x.startWorker(f); err != nil {
			return nil, err
		}
	}
	jobs := make([]Job, len(inputs))
	for i, input := range inputs {
		jobs[i] = parseJob(input)
	}
	replies, err := x.worker.Ask(jobs)
	if err != nil {
		return nil, err
	}
	records := make([][]byte, len(inputs))
	for i := range replies {
		setup := jobs[i].Setup
		replies[i].moveRoot(x.worker.Roots[setup], x.roots[setup])
		records[i] = replies[i].record()
	}
	return records, nil
}

func (x *Exhaustive) startWorker(f *Family) error {
	if x.worker != nil {
		x.worker.Close()
		x.worker = nil
	}
	setups, err := f.Setups(x.testdata)
	if err != nil {
		return err
	}
	x.roots = x.roots[:0]
	for _, s := range setups {
		x.roots = append(x.roots, s.Tree.InMemory().Wd)
	}
	x.worker, err = NewWorker(x.Version, x.source, x.testdata, setups)
	x.served = f
	return err
}
