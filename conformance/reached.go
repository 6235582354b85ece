package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"simplehttp/cpython"
)

// A point is a place in CPython's source that cases can reach, as reached.py tells it.
type point struct {
	What     string
	Function string
	Text     string
	Of       int
	Hit      bool
}

// A Reach is what the cases of a release reach of the handler classes.
type Reach struct {
	Version             cpython.Version
	Cases               int
	Statements, Reached int
	Outcomes, Seen      int
	Unreached           []string // as Judged spells what is judged
	Differences         []string // answers that are not those of the record
}

// MeasureReach asks the cases of the plans of one release under measurement.
func MeasureReach(plans []*Plan) (*Reach, error) {
	r := &Reach{Version: plans[0].Version}
	var points []point
	for _, p := range plans {
		var result struct {
			Answers []planAnswer
			Points  []point
		}
		if err := p.run("reached.py", &result); err != nil {
			return nil, err
		}
		if points == nil {
			points = result.Points
		}
		if len(points) != len(result.Points) {
			return nil, errors.New("two runs have other points")
		}
		for i := range points {
			points[i].Hit = points[i].Hit || result.Points[i].Hit
		}
		r.Cases += len(p.Cases)
		r.Differences = append(r.Differences, p.Confirm(result.Answers)...)
	}
	r.count(points)
	return r, nil
}

// other is how far from an outcome that is which is the other of the same condition or loop.
var other = map[string]int{"true": 1, "false": -1, "some": 1, "end": -1}

// count counts statements and outcomes, and lists what is not reached, unless another point on the list says so.
func (r *Reach) count(points []point) {
	hit := func(n int) bool { return n < 0 || points[n].Hit }
	seen := map[string]int{}
	for i, p := range points {
		tell := hit(p.Of)
		switch p.What {
		case "true", "false", "some", "end":
			r.Outcomes++
			if p.Hit {
				r.Seen++
			}
			// An operand that is never asked is told by the operand before it.
			tell = tell && (hit(i) || hit(i+other[p.What]))
		case "implied":
			tell = false
			fallthrough
		default:
			r.Statements++
			if p.Hit {
				r.Reached++
			}
		}
		name := fmt.Sprintf("%s %s `%s`", p.Function, p.What, p.Text)
		if seen[name]++; seen[name] > 1 {
			name += " " + strconv.Itoa(seen[name])
		}
		if tell && !p.Hit {
			r.Unreached = append(r.Unreached, name)
		}
	}
	slices.Sort(r.Unreached)
}
