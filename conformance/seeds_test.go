package conformance

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestSeedEncode(t *testing.T) {
	for _, row := range []struct {
		seed seed
		want string
	}{
		{seed{[]byte("abc")}, "\x03abc"},
		{seed{[]byte("in"), uint8(8), uint8(7), true}, "\x08\x07\x01\x02in"},
		{seed{"HTTP/1.0", "GET /", uint8(3)}, "\x03\x08\x05HTTP/1.0GET /"},
		{seed{bytes.Repeat([]byte("a"), 300)}, "\xff" + string(bytes.Repeat([]byte("a"), 300))},
	} {
		if got := string(row.seed.encode()); got != row.want {
			t.Errorf("encode(%v) = %q, want %q", row.seed, got, row.want)
		}
	}
}

// TestWriteSeeds holds that every fuzz function gets seeds.
func TestWriteSeeds(t *testing.T) {
	dir := t.TempDir()
	count, err := WriteSeeds(testdata, dir)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for function := range seeders {
		files, err := os.ReadDir(filepath.Join(dir, function))
		if err != nil || len(files) < 20 {
			t.Errorf("%s has %d seeds, want 20 and more: %v", function, len(files), err)
		}
		found += len(files)
	}
	if found != count {
		t.Errorf("WriteSeeds = %d, and %d files are there", count, found)
	}
}
