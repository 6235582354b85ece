package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// CountsFile is the page of all counts, below the folder of test data.
const CountsFile = "exhaustive/counts.md"

// Cuts is how often cases were sent in pieces.
type Cuts struct{ Cases, Pairs int }

// Sampled is how many inputs of the family the tests replay.
func (f *Family) Sampled() (inputs int) {
	for number := 0; number < f.Blocks(); number += f.Share {
		inputs += min(f.blockSize(), f.Inputs.Len()-number*f.blockSize())
	}
	return inputs
}

// CountsPage tells how many inputs there are in each family, and how many answers each release gave to them.
func CountsPage(releases []*Digests) []byte {
	var b strings.Builder
	b.WriteString(countsHead)
	inputs, sampled := 0, 0
	for _, f := range Families() {
		fmt.Fprintf(&b, "| %s | %s | %d | %d |\n", f.Name, f.Why, f.Inputs.Len(), f.Sampled())
		inputs, sampled = inputs+f.Inputs.Len(), sampled+f.Sampled()
	}
	fmt.Fprintf(&b, "| | all %d families | %d | %d |\n", len(Families()), inputs, sampled)
	b.WriteString(countsReleases)
	var all, pairs int
	for _, d := range releases {
		answers, blocks := 0, 0
		for _, r := range d.Families {
			answers, blocks = answers+r.Inputs, blocks+len(r.Digests)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", d.Version, len(d.Families), answers, blocks, d.Cuts.Cases, d.Cuts.Pairs)
		all, pairs = all+answers, pairs+d.Cuts.Pairs
	}
	fmt.Fprintf(&b, "| all | | %d | | | %d |\n", all, pairs)
	return []byte(b.String())
}

const countsHead = `# Enumerations

Every input of each family was answered by the interpreter of each release, and by ours in the same way. The digests of the
answers are in the files beside this one. ` + "`make test`" + ` replays some of their blocks, each of which is a sample of the whole
family, and ` + "`make exhaustive`" + ` all. This page is written from the digests by ` + "`conform exhaustive counts`" + `, and a test holds that
it is true.

| family | what | inputs | in the tests |
|---|---|---:|---:|
`

const countsReleases = `
The answers of each release, the digests that are recorded of them, and at how many pairs of places the requests of the
cases, as they were then, were cut in three when last all of them were tried on ours:

| release | families | answers | digests | cases | pairs of cuts |
|---|---:|---:|---:|---:|---:|
`

// SaveCounts writes the page from the digests that are recorded.
func SaveCounts(testdata string, releases []*Digests) error {
	return os.WriteFile(filepath.Join(testdata, CountsFile), CountsPage(releases), 0o644)
}
