package server

import (
	"testing"

	"simplehttp/cpython"
)

// TestIsASCII holds what sys.getfilesystemencoding() is in an environment, as the interpreters
// print it: "ascii" or "utf-8".
func TestIsASCII(t *testing.T) {
	const never, early, always = "never", "until 3.6", "always"
	for _, test := range []struct {
		lcAll, lcCtype, lang, utf8Mode, coerce string // "" as if it were not set
		ascii                                  string
	}{
		{"", "", "", "", "", early},
		{"", "", "C", "", "", early},
		{"", "", "POSIX", "", "", early},
		{"", "", "C.UTF-8", "0", "0", never},
		{"", "", "C.utf8", "0", "0", never},
		{"", "", "de_DE.UTF-8@euro", "0", "0", never},
		{"", "", "en_US", "0", "0", always},
		{"", "", "C", "0", "", early},
		{"", "", "C", "", "0", early},
		{"", "", "C", "1", "0", early},
		{"", "", "C", "0", "0", always},
		{"", "", "C", "0", "1", early},
		{"", "C", "C.UTF-8", "0", "0", always},
		{"", "C.UTF-8", "C", "0", "0", never},
		{"", "C", "", "0", "", early},
		{"C", "", "", "", "", early},
		{"C", "", "", "1", "", early},
		{"C", "", "", "", "0", early},
		{"C", "", "", "0", "", always}, // LC_ALL is not coerced: PEP 538
		{"POSIX", "", "", "0", "", always},
		{"C", "C.UTF-8", "C.UTF-8", "0", "1", always},
		{"C.UTF-8", "C", "C", "0", "0", never},
	} {
		t.Setenv("LC_ALL", test.lcAll)
		t.Setenv("LC_CTYPE", test.lcCtype)
		t.Setenv("LANG", test.lang)
		t.Setenv("PYTHONUTF8", test.utf8Mode)
		t.Setenv("PYTHONCOERCECLOCALE", test.coerce)
		for _, v := range cpython.Versions() {
			want := test.ascii == always || test.ascii == early && cpython.Until(cpython.V3_6).Contains(v)
			if got := isASCII(v); got != want {
				t.Errorf("%v: isASCII() = %t in the environment %+v", v, got, test)
			}
		}
	}
}
