package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"

	"simplehttp/cpython"
)

// A Family is an enumeration: all inputs of a kind, with no gap. Every input is given to a function of CPython
// and to ours, and makes a record on both sides. What the family leaves out, and why nothing is missed, its Why says.
type Family struct {
	Name, Why string
	// Question is what exhaustive.py is asked about each input; or, if it is "serve", the input is sent to the whole
	// server, see [AppendJob].
	Question string
	// Setups are what "serve" serves.
	Setups func(testdata string) ([]Setup, error)
	Inputs Inputs
	// Share is how much of the family the tests replay: every so many-th block.
	Share int
}

// Inputs go in blocks, each of which has one digest. They are many where a function is asked, and fewer where
// the whole server is, which takes longer.
const (
	blockOfFunction = 1 << 15
	blockOfServer   = 1 << 9
)

func (f *Family) blockSize() int {
	if f.Question == "serve" {
		return blockOfServer
	}
	return blockOfFunction
}

// Blocks is how many there are.
func (f *Family) Blocks() int { return (f.Inputs.Len() + f.blockSize() - 1) / f.blockSize() }

// Block gives the inputs of a block. They are not neighbours, but lie all over the family, so that a single
// block is a sample of all of it: each is so many steps from the one before, in a circle that meets every input.
func (f *Family) Block(number int) [][]byte {
	n := f.Inputs.Len()
	step := stepAround(n)
	first := number * f.blockSize()
	last := min(first+f.blockSize(), n)
	block := make([][]byte, 0, last-first)
	var text []byte // of all inputs of the block
	for place := first; place < last; place++ {
		start := len(text)
		text = f.Inputs.AppendInput(text, place*step%n)
		block = append(block, text[start:len(text):len(text)])
	}
	return block
}

// stepAround has no divisor in common with n, and is about the golden section of it, of which the
// multiples are spread evenly.
func stepAround(n int) int {
	step := n * 618 / 1000
	for gcd(step, n) > 1 {
		step++
	}
	return step
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// A Digest is that of the records of a block.
type Digest [8]byte

// An Answerer gives the records for inputs: ours, or a real release.
type Answerer interface {
	Records(f *Family, inputs [][]byte) ([][]byte, error)
	Digest(f *Family, inputs [][]byte) (Digest, error)
}

// digestOf is the start of the SHA-256 of all records, of which each tells where it ends.
func digestOf(records [][]byte) Digest {
	sum := sha256.Sum256(bytes.Join(records, nil))
	return Digest(sum[:])
}

// A Deviation is an input for which the records differ.
type Deviation struct {
	Version      cpython.Version
	Family       string
	Input        []byte
	Ours, Theirs []byte
}

// String shows both records.
func (d *Deviation) String() string {
	return fmt.Sprintf("%s %s: %s\n  ours   %s\n  theirs %s",
		d.Version, d.Family, shortQuote(d.Input), shortQuote(d.Ours), shortQuote(d.Theirs))
}

// shortQuote quotes the start and the end of what is long.
func shortQuote(b []byte) string {
	const most = 300
	if len(b) <= most {
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%q … %q (%d bytes)", b[:most/2], b[len(b)-most/2:], len(b))
}

// A Comparison is what came of comparing a family.
type Comparison struct {
	Inputs, Differ int
	Digests        []Digest // of theirs, one a block
	Deviations     []Deviation
}

// keptDeviations is how many differences of a family are kept; the others are counted.
const keptDeviations = 10

// Compare asks ours and a real release about every input of a family.
func Compare(v cpython.Version, f *Family, ours, theirs Answerer) (*Comparison, error) {
	c := &Comparison{}
	for number := range f.Blocks() {
		inputs := f.Block(number)
		done := make(chan error, 1)
		var want Digest
		go func() {
			var err error
			want, err = theirs.Digest(f, inputs)
			done <- err
		}()
		got, err := ours.Digest(f, inputs)
		if theirErr := <-done; theirErr != nil {
			return nil, fmt.Errorf("%s %s: %w", v, f.Name, theirErr)
		}
		if err != nil {
			return nil, err
		}
		c.Inputs += len(inputs)
		c.Digests = append(c.Digests, want)
		if got != want {
			if err := c.list(v, f, inputs, ours, theirs); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// list finds the inputs of a block that differ.
func (c *Comparison) list(v cpython.Version, f *Family, inputs [][]byte, ours, theirs Answerer) error {
	got, err := ours.Records(f, inputs)
	if err != nil {
		return err
	}
	want, err := theirs.Records(f, inputs)
	if err != nil {
		return fmt.Errorf("%s %s: %w", v, f.Name, err)
	}
	found := 0
	for i := range inputs {
		if string(got[i]) == string(want[i]) {
			continue
		}
		if found++; len(c.Deviations) < keptDeviations {
			c.Deviations = append(c.Deviations, Deviation{v, f.Name, inputs[i], got[i], want[i]})
		}
	}
	if found == 0 {
		return fmt.Errorf("%s %s: a digest differs, but no record: an answer changes when asked again", v, f.Name)
	}
	c.Differ += found
	return nil
}

// AppendJob makes an input of a job: 2 bytes that number the setup, a byte that says whether the client
// ends its stream, and what it sends.
func AppendJob(dst []byte, j Job) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(j.Setup))
	eof := byte(0)
	if j.EOF {
		eof = 1
	}
	return append(append(dst, eof), j.Bytes...)
}

// parseJob is the reverse of AppendJob.
func parseJob(input []byte) Job {
	return Job{Setup: int(binary.BigEndian.Uint16(input)), EOF: input[2] == 1, Bytes: input[3:]}
}

// record spells the reply, in the way of exhaustive.py.
func (r *Reply) record() []byte {
	b := fmt.Appendf(nil, "%s %d ", r.End, r.Took)
	b = appendWord(b, orNone(r.Wire))
	b = appendWord(b, orNone(r.Log))
	return appendWord(b, orNone(r.Crash))
}

// appendWord writes a value of a record; nil is None.
func appendWord(dst, value []byte) []byte {
	if value == nil {
		return append(dst, "- "...)
	}
	dst = append(strconv.AppendInt(dst, int64(len(value)), 10), ':')
	return append(append(dst, value...), ' ')
}
