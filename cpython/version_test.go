package cpython

import "testing"

func TestParseVersion(t *testing.T) {
	for _, v := range Versions() {
		for _, name := range []string{v.String(), v.Series()} {
			if got, ok := ParseVersion(name); got != v || !ok {
				t.Errorf("ParseVersion(%q) = %v, %v, want %v", name, got, ok, v)
			}
		}
	}
	for _, name := range []string{"", "none", "3", "3.1", "3.16", "3.13.1", "2.7.1", "3.15.0", " 3.13"} {
		if got, ok := ParseVersion(name); ok {
			t.Errorf("ParseVersion(%q) = %v, want none", name, got)
		}
	}
}

func TestSets(t *testing.T) {
	for _, test := range []struct {
		name string
		set  Set
		want string
	}{
		{"From(V3_13)", From(V3_13), "3.13 3.14 3.15"},
		{"Until(V3_6)", Until(V3_6), "2.7 3.6"},
		{"Only(V2_7, V3_15)", Only(V2_7, V3_15), "2.7 3.15"},
		{"Between(V3_7, V3_8)", Between(V3_7, V3_8), "3.7 3.8"},
		{"From(V2_7)", From(V2_7), "2.7 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.15"},
		{"Until(V3_15)", Until(V3_15), "2.7 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.15"},
	} {
		got := ""
		for _, v := range Versions() {
			if test.set.Contains(v) {
				got += " " + v.Series()
			}
		}
		if got != " "+test.want {
			t.Errorf("%s =%s, want %s", test.name, got, test.want)
		}
	}
	if all.Contains(0) {
		t.Error("the zero Version is in a Set")
	}
}

func TestZeroVersion(t *testing.T) {
	var v Version
	for q := Quirk(1); q < quirkEnd; q++ {
		if v.Has(q) {
			t.Errorf("no release has %v", q)
		}
	}
	if got := v.String() + " " + v.Series(); got != "none none" {
		t.Errorf("the zero Version is %q", got)
	}
}
