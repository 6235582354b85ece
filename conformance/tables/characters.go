package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// unicodeFile is cpython/zunicode.go: the character properties of all releases of 3.x in one
// set of ranges. 2.7 knows ASCII only, and is in no set.
func unicodeFile(facts map[cpython.Version]*Facts) (string, error) {
	t := newTable("")
	for _, p := range []struct {
		name, doc string
		ranges    func(*Facts) []string
	}{
		{"caseIgnorable", "are looked through in search of a cased character around a sigma",
			func(f *Facts) []string { return f.Characters.CaseIgnorable }},
		{"cased", "are cased and not case-ignorable",
			func(f *Facts) []string { return f.Characters.CasedNotIgnorable }},
		{"decimalZeros", "are the digit zero of a script; the nine characters that follow are its other digits",
			func(f *Facts) []string { return f.Characters.DecimalZeros }},
		{"spaces", "are white space for str.isspace and str.split",
			func(f *Facts) []string { return f.Characters.Whitespace }},
	} {
		if err := t.ranges(p.name, p.doc, facts, p.ranges); err != nil {
			return "", err
		}
	}
	if err := t.lower(facts); err != nil {
		return "", err
	}
	return "package cpython\n\n" + t.constants() + t.rows.String(), nil
}

// A span is a run of code points, each step apart.
type span struct{ lo, hi, step rune }

// parseSpan reads "0041", "0041-005A" or "0100-012E/2".
func parseSpan(s string) (span, error) {
	text, step, stepped := strings.Cut(s, "/")
	lo, hi, isRange := strings.Cut(text, "-")
	if !isRange {
		hi = lo
	}
	if !stepped {
		step = "1"
	}
	a, err1 := strconv.ParseInt(lo, 16, 32)
	b, err2 := strconv.ParseInt(hi, 16, 32)
	n, err3 := strconv.ParseInt(step, 10, 32)
	if err1 != nil || err2 != nil || err3 != nil || n < 1 {
		return span{}, fmt.Errorf("bad range %q", s)
	}
	return span{rune(a), rune(b), rune(n)}, nil
}

// ranges writes one table of characters.
func (t *table) ranges(name, doc string, facts map[cpython.Version]*Facts, of func(*Facts) []string) error {
	releases := map[rune]cpython.Set{}
	for v, f := range facts {
		for _, text := range of(f) {
			s, err := parseSpan(text)
			if err != nil {
				return err
			}
			for r := s.lo; r <= s.hi; r += s.step {
				releases[r] |= cpython.Only(v)
			}
		}
	}
	fmt.Fprintf(&t.rows, "// %s %s.\nvar %s = []charRange{\n", name, doc, name)
	points := sortedKeys(releases)
	for i := 0; i < len(points); {
		lo, set := points[i], releases[points[i]]
		hi := lo
		for i++; i < len(points) && points[i] == hi+1 && releases[points[i]] == set; i++ {
			hi++
		}
		fmt.Fprintf(&t.rows, "{%#04x, %#04x, %s},\n", lo, hi, t.set(set))
	}
	t.rows.WriteString("}\n\n")
	return nil
}

// A shift is how far str.lower moves a character, and in which releases.
type shift struct {
	delta    rune
	releases cpython.Set
}

// lower writes the table of lower case.
func (t *table) lower(facts map[cpython.Version]*Facts) error {
	shifts := map[rune]shift{}
	for v, f := range facts {
		special := f.Characters.LowerSpecial
		// AppendLower has the only full mapping of Unicode's SpecialCasing.txt in its code.
		if v != cpython.V2_7 && (len(special) != 1 || special[0] != [2]string{"0130", "0069 0307"}) {
			return fmt.Errorf("%s: str.lower() lengthens %v", v, special)
		}
		for _, text := range f.Characters.Lower {
			if err := addShift(shifts, v, text); err != nil {
				return fmt.Errorf("%s: %w", v, err)
			}
		}
	}
	t.rows.WriteString("// lowerShifts move characters to their lower case.\nvar lowerShifts = []caseRange{\n")
	points := sortedKeys(shifts)
	for i := 0; i < len(points); {
		first := shifts[points[i]]
		s := span{points[i], points[i], 1}
		for i++; i < len(points) && shifts[points[i]] == first && s.extend(points[i]); i++ {
		}
		fmt.Fprintf(&t.rows, "{%#04x, %#04x, %d, %d, %s},\n", s.lo, s.hi, s.step, first.delta, t.set(first.releases))
	}
	t.rows.WriteString("}\n")
	return nil
}

// addShift takes "0041-005A +20" into shifts.
func addShift(shifts map[rune]shift, v cpython.Version, text string) error {
	where, by, _ := strings.Cut(text, " ")
	s, err := parseSpan(where)
	if err != nil {
		return err
	}
	delta, err := strconv.ParseInt(by, 16, 32)
	if err != nil {
		return err
	}
	for r := s.lo; r <= s.hi; r += s.step {
		old := shifts[r]
		if old.releases != 0 && old.delta != rune(delta) {
			return fmt.Errorf("%#x has two lower cases", r)
		}
		shifts[r] = shift{rune(delta), old.releases | cpython.Only(v)}
	}
	return nil
}

// extend makes r the last of the span if it is one step, of one or two, further on.
func (s *span) extend(r rune) bool {
	step := r - s.hi
	if step != s.step && (s.lo != s.hi || step != 2) {
		return false
	}
	s.hi, s.step = r, step
	return true
}

func sortedKeys[V any](m map[rune]V) []rune {
	keys := make([]rune, 0, len(m))
	for r := range m {
		keys = append(keys, r)
	}
	slices.Sort(keys)
	return keys
}
