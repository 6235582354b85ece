package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"simplehttp/cpython"
)

// A mutant is CPython's source with a small change, as mutants.py tells it.
type mutant struct {
	Function, Text, Change    string
	Reached, Tried, Stillborn bool
	Case                      *string // the first case that told it apart
}

// A Trial is what became of the mutants of a release.
type Trial struct {
	Version   cpython.Version
	Tried     int
	Told      int            // of those, told apart
	Unreached int            // more, in what no case reaches
	Cases     map[string]int // how many mutants each case was the first to tell apart
	Survivors []string       // their names
}

// TryMutants asks the mutants of one release the cases of its plans: those of the first plan, and of the others
// where those did not tell a mutant apart.
func TryMutants(plans []*Plan) (*Trial, error) {
	t := &Trial{Version: plans[0].Version, Cases: map[string]int{}}
	all, err := plans[0].try()
	if err != nil {
		return nil, err
	}
	for _, p := range plans[1:] {
		var left []int
		for i, m := range all {
			if m.Tried && m.Case == nil || !m.Reached && !m.Stillborn {
				left = append(left, i)
			}
		}
		if err := p.tryAgain(all, left); err != nil {
			return nil, err
		}
	}
	t.count(all)
	return t, nil
}

// try asks mutants, and makes sure that the source itself answers as recorded.
func (p *Plan) try(args ...string) ([]mutant, error) {
	var result struct {
		Answers []planAnswer
		Mutants []mutant
	}
	if err := p.run("mutants.py", &result, args...); err != nil {
		return nil, err
	}
	if differences := p.Confirm(result.Answers); len(differences) > 0 {
		return nil, fmt.Errorf("%d answers differ from the record, first %s", len(differences), differences[0])
	}
	return result.Mutants, nil
}

// tryAgain asks some of the mutants the cases of another plan.
func (p *Plan) tryAgain(all []mutant, numbers []int) error {
	text, err := json.Marshal(numbers)
	if err != nil {
		return err
	}
	if err := os.WriteFile(p.file("only.json"), text, 0o644); err != nil {
		return err
	}
	again, err := p.try(p.file("only.json"))
	if err != nil {
		return err
	}
	if len(again) != len(all) {
		return fmt.Errorf("%s: %d mutants, and then %d", p.Version, len(all), len(again))
	}
	for _, i := range numbers {
		if again[i].Tried {
			all[i] = again[i]
		}
	}
	return nil
}

// count counts the mutants, and names the survivors. A mutant that does not load is none.
func (t *Trial) count(all []mutant) {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = fmt.Sprintf("%s `%s` %s", m.Function, m.Text, m.Change)
	}
	tellApart(names)
	for i, m := range all {
		switch {
		case m.Stillborn:
		case !m.Tried:
			t.Unreached++
		case m.Case == nil:
			t.Tried++
			t.Survivors = append(t.Survivors, names[i])
		default:
			t.Tried++
			t.Told++
			t.Cases[*m.Case]++
		}
	}
	slices.Sort(t.Survivors)
}
