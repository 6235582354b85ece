package conformance

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"simplehttp/cpython"
)

//go:embed oracle/serve.py
var serveScript string

// An Oracle is a real server of one release that is asked cases.
type Oracle interface {
	Ask(c *Case, t *Tree) (*Answer, Words, error)
	Close()
}

// Interpreters asks CPython itself, over loopback: one process for each tree and set of options.
type Interpreters struct {
	Version  cpython.Version
	Testdata string

	python  string
	root    string
	stop    chan struct{}
	trees   map[string]string
	servers map[string]*process
}

// PyenvRoot is the directory of interpreters that is given, or where that is empty $PYENV_ROOT or ~/.pyenv.
func PyenvRoot(given string) string {
	if given != "" {
		return given
	}
	if root := os.Getenv("PYENV_ROOT"); root != "" {
		return root
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ".pyenv"
	}
	return filepath.Join(home, ".pyenv")
}

// FindPython returns the interpreter of a release below PyenvRoot.
func FindPython(v cpython.Version, pyenv string) (string, error) {
	python := filepath.Join(PyenvRoot(pyenv), "versions", v.String(), "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return "", fmt.Errorf("no interpreter of %s: %w", v, err)
	}
	return python, nil
}

// PythonRelease asks an interpreter for its release.
func PythonRelease(python string) (string, error) {
	out, err := exec.Command(python, "-c", "import sys; sys.stdout.write(sys.version.split()[0])").Output()
	if err != nil {
		return "", fmt.Errorf("%s does not run: %w", python, err)
	}
	return string(out), nil
}

// FindOracle returns where the interpreter of a release is, or why it cannot be asked.
func FindOracle(v cpython.Version, pyenv, modules string) (string, error) {
	if !HasSockets(v) {
		return findPyodide(v, modules)
	}
	python, err := FindPython(v, pyenv)
	if err != nil {
		return "", err
	}
	release, err := PythonRelease(python)
	if err == nil && release != v.String() {
		err = fmt.Errorf("%s is release %s", python, release)
	}
	return python, err
}

// NewInterpreters starts nothing yet, but refuses an interpreter of another release.
func NewInterpreters(v cpython.Version, python, testdata string) (*Interpreters, error) {
	release, err := PythonRelease(python)
	if err != nil {
		return nil, err
	}
	if release != v.String() {
		return nil, fmt.Errorf("%s is release %s; the answers of %s must come from %s itself", python, release, v.Series(), v)
	}
	root, err := MakeRoot()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(root, "serve.py"), []byte(serveScript), 0o644); err != nil {
		return nil, err
	}
	return &Interpreters{
		Version: v, Testdata: testdata, python: python, root: root,
		stop: make(chan struct{}), trees: map[string]string{}, servers: map[string]*process{},
	}, nil
}

// Close ends the servers and removes their trees.
func (o *Interpreters) Close() {
	close(o.stop)
	for _, p := range o.servers {
		p.close()
	}
	RemoveRoot(o.root)
}

// Ask runs a case twice, in pieces and whole, and refuses an answer that depends on that.
func (o *Interpreters) Ask(c *Case, t *Tree) (*Answer, Words, error) {
	p, words, err := o.server(c, t)
	if err != nil {
		return nil, words, err
	}
	pieces, err := p.ask(&c.Request, c.Request.Steps())
	if err != nil {
		return nil, words, fmt.Errorf("in pieces: %w", err)
	}
	whole, err := p.ask(&c.Request, nil)
	if err != nil {
		return nil, words, fmt.Errorf("whole: %w", err)
	}
	return pieces, words, c.compareWhole(pieces, whole, words)
}

// compareWhole refuses answers that differ though only the pieces did in which the request was sent.
func (c *Case) compareWhole(pieces, whole *Answer, words Words) error {
	end := c.Request.end()
	diff := Diff(whole.Whole(end).Lines(&c.Request, words), pieces.Whole(end).Lines(&c.Request, words))
	if diff != "" {
		return fmt.Errorf("the answer to the whole request is not that to its pieces: %s", diff)
	}
	return nil
}

// server returns the process that serves a case's tree with its options, started if need be.
func (o *Interpreters) server(c *Case, t *Tree) (*process, Words, error) {
	root := o.trees[t.Name]
	if root == "" {
		var err error
		if root, err = t.Materialize(o.root, o.stop); err != nil {
			return nil, Words{}, err
		}
		o.trees[t.Name] = root
	}
	words := Words{Server: ServerField(o.Version), Root: root}
	key := t.Name + c.Options.Key()
	if p := o.servers[key]; p != nil {
		return p, words, nil
	}
	p, err := o.start(c.Options, t, root)
	if err == nil {
		o.servers[key] = p
	}
	return p, words, err
}

// ServerField is the value of the Server field, server_version and "Python/" and the release.
func ServerField(v cpython.Version) string {
	if v.Has(cpython.NamesServerWithoutVersion) {
		return "SimpleHTTP Python/" + v.String()
	}
	return "SimpleHTTP/0.6 Python/" + v.String()
}

// oracleConfig is what the oracle scripts are told. Text is bytes, as Latin-1.
type oracleConfig struct {
	Release     string      `json:"release"`
	Root        string      `json:"root"`
	Order       []string    `json:"order"`
	Clock       string      `json:"clock"`
	Mime        []string    `json:"mime"`
	Protocol    string      `json:"protocol"`
	Directory   *string     `json:"directory"`
	Cwd         string      `json:"cwd"`
	ContentType *string     `json:"content_type"`
	Headers     [][2]string `json:"headers"`
}

func newConfig(v cpython.Version, o Options, t *Tree, root, testdata string) oracleConfig {
	config := oracleConfig{
		Release: v.String(), Root: root, Clock: o.Clock, Mime: []string{}, Cwd: o.Cwd,
		Protocol: latin1(o.Protocol), Order: []string{}, Headers: [][2]string{},
	}
	for _, name := range t.Order() {
		config.Order = append(config.Order, latin1(name))
	}
	if o.Mime != "" {
		config.Mime = append(config.Mime, filepath.Join(testdata, "mime", o.Mime))
	}
	if o.HasDirectory {
		text := latin1(o.Directory)
		config.Directory = &text
	}
	if o.HasType {
		text := latin1(o.ContentType)
		config.ContentType = &text
	}
	for _, h := range o.Headers {
		config.Headers = append(config.Headers, [2]string{latin1(h[0]), latin1(h[1])})
	}
	return config
}

// json is the configuration in ASCII, which a command line carries in every locale.
func (c oracleConfig) json() (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	var ascii strings.Builder
	for _, r := range string(text) { // no character of Latin-1 is beyond the first plane
		if r < 0x80 {
			ascii.WriteRune(r)
		} else {
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return ascii.String(), nil
}

// latin1 turns bytes into the text of which they are the Latin-1 encoding.
func latin1(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// A process is a running interpreter.
type process struct {
	cmd     *exec.Cmd
	port    int
	log     *os.File // what it wrote to standard error
	reports chan watchReport
	mu      sync.Mutex
}

// A watchReport says that the server is about to wait for input on a connection, or is done with it.
type watchReport struct {
	done                 bool
	peer, received, sent int
}

func (o *Interpreters) start(options Options, t *Tree, root string) (*process, error) {
	testdata, err := filepath.Abs(o.Testdata)
	if err != nil {
		return nil, err
	}
	config, err := newConfig(o.Version, options, t, root, testdata).json()
	if err != nil {
		return nil, err
	}
	name := filepath.Join(o.root, fmt.Sprintf("log%d", len(o.servers)))
	log, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(o.python, "-u", filepath.Join(o.root, "serve.py"), config)
	cmd.Env = environment(options)
	cmd.Stderr = log
	if _, err := cmd.StdinPipe(); err != nil { // closes when we end, however that is
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{writer} // file descriptor 3
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	writer.Close()
	p := &process{cmd: cmd, log: log, reports: make(chan watchReport, 1<<16)}
	port := make(chan int, 1)
	go p.listen(reader, port)
	if p.port = <-port; p.port == 0 {
		text, _ := os.ReadFile(log.Name())
		p.close()
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		return nil, fmt.Errorf("%s did not start: %s", o.python, lines[len(lines)-1])
	}
	return p, nil
}

// environment is that of the interpreter: nothing of ours but the path.
func environment(o Options) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "PYTHONDONTWRITEBYTECODE=1", "PYTHONHASHSEED=0"}, o.Environment()...)
}

// listen reads the reports until the process ends. port gets 0 if that comes before a port.
func (p *process) listen(r *os.File, port chan<- int) {
	defer r.Close()
	defer close(port)
	text := newLineReader(r)
	for {
		line, err := text.next()
		if err != nil {
			return
		}
		fields := strings.Fields(line)
		numbers := make([]int, 3)
		for i, f := range fields[1:] {
			numbers[i], _ = strconv.Atoi(f)
		}
		if fields[0] == "port" {
			port <- numbers[0]
			continue
		}
		p.reports <- watchReport{fields[0] == "done", numbers[0], numbers[1], numbers[2]}
	}
}

func (p *process) close() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
	p.log.Close()
}
