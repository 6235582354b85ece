package conformance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simplehttp/fsmap"
)

func TestParseTree(t *testing.T) {
	tree := &Tree{Name: "test"}
	for _, line := range []string{
		`# a comment`, ``, `file "a/b.txt" time -1.5 mode 600 "x" 3*"y"`, `link "l" "a"`, `dir "\xff" mode 711`, `fifo "p" "z"`,
	} {
		if err := tree.parseLine(line); err != nil {
			t.Fatal(err)
		}
	}
	want := []TreeEntry{
		{Kind: "dir", Path: "a", Mode: 0o755, Sec: defaultTime},
		{Kind: "file", Path: "a/b.txt", Content: "xyyy", Mode: 0o600, Sec: -2, Nsec: 5e8},
		{Kind: "link", Path: "l", Content: "a", Mode: 0o644, Sec: defaultTime},
		{Kind: "dir", Path: "\xff", Mode: 0o711, Sec: defaultTime},
		{Kind: "fifo", Path: "p", Content: "z", Mode: 0o644, Sec: defaultTime},
	}
	if !slices.Equal(tree.Entries, want) {
		t.Errorf("Entries = %+v, want %+v", tree.Entries, want)
	}
	if got := tree.Order(); !slices.Equal(got, []string{"a", "b.txt", "l", "\xff", "p"}) {
		t.Errorf("Order() = %q", got)
	}
	for _, line := range []string{`door "x"`, `file x`, `file "l"`, `file "x" time noon`, `file "x" mode 9`, `file "x" "y`} {
		if err := tree.parseLine(line); err == nil {
			t.Errorf("parseLine(%s) succeeds", line)
		}
	}
}

// TestTreesOnDisk makes every tree that any disk holds, and asks disk and memory the same.
func TestTreesOnDisk(t *testing.T) {
	parent, err := MakeRoot()
	if err != nil {
		t.Fatal(err)
	}
	defer RemoveRoot(parent)
	if len(parent) != rootLength {
		t.Errorf("%s is %d bytes long, want %d", parent, len(parent), rootLength)
	}
	files, err := filepath.Glob(filepath.Join(testdata, "trees", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no trees", err)
	}
	for _, file := range files {
		tree, err := LoadTree(testdata, strings.TrimSuffix(filepath.Base(file), ".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if !tree.suits() {
			continue
		}
		root, err := tree.Materialize(parent, nil)
		if err != nil {
			t.Fatal(err)
		}
		memory, disk := tree.InMemory(), &fsmap.RealFS{}
		for _, e := range tree.Entries {
			compareStat(t, disk, root+"/"+e.Path, memory, memory.Wd+"/"+e.Path)
		}
	}
}

func compareStat(t *testing.T, disk fsmap.FS, onDisk string, memory fsmap.FS, inMemory string) {
	t.Helper()
	info, gotErr := disk.Stat([]byte(onDisk))
	got := fsmap.Info{Kind: info.Kind, Size: info.Size, Sec: info.Sec, Nsec: info.Nsec} // what is exported
	want, wantErr := memory.Stat([]byte(inMemory))
	if got.Kind == fsmap.Directory {
		got.Size = 0
	}
	if got != want || (gotErr == nil) != (wantErr == nil) {
		t.Errorf("Stat(%q) = %+v, %v, in memory %+v, %v", onDisk, got, gotErr, want, wantErr)
	}
}
