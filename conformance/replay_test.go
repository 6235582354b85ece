package conformance

import (
	"testing"

	"simplehttp/cpython"
)

const testdata = "testdata"

func loadThemes(t *testing.T) []*Theme {
	t.Helper()
	themes, err := LoadThemes(testdata)
	if err != nil {
		t.Fatal(err)
	}
	return themes
}

// TestReplay asks our handler every case, as every release that was asked, and compares with the record.
func TestReplay(t *testing.T) {
	known, err := LoadDifferences(testdata)
	if err != nil {
		t.Fatal(err)
	}
	themes := loadThemes(t)
	for _, v := range cpython.Versions() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel() // releases have nothing in common but the cases, which are only read
			r := &Replayer{Version: v, Trees: &Trees{Testdata: testdata}}
			for _, theme := range themes {
				for _, c := range theme.Cases {
					if _, ok := c.Recorded(v); ok {
						replayCase(t, r, c, known)
					}
				}
			}
		})
	}
}

func replayCase(t *testing.T, r *Replayer, c *Case, known []KnownDifference) {
	t.Helper()
	d, err := r.Replay(c)
	if err != nil {
		t.Errorf("%s, %s: %v", c.FullName(), r.Version, err)
		return
	}
	why, expected := Find(known, c, r.Version)
	switch {
	case d != nil && !expected:
		t.Error(d)
	case d == nil && expected:
		t.Errorf("%s, %s no longer differs; it is listed because: %s", c.FullName(), r.Version, why.Why)
	}
}
