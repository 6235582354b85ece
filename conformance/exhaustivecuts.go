package conformance

import (
	"fmt"
	"slices"

	"simplehttp/cpython"
)

// ReplayCuts sends a case's request to our handler in three pieces, cut at every two of its steps, and wants all
// that appears byte by byte to appear with the piece that its byte is in. It tries every so many-th pair, and
// returns how many there are that it tried.
func (r *Replayer) ReplayCuts(c *Case, share int) (pairs int, d *Difference, err error) {
	steps := c.Request.Steps()
	end := c.Request.end()
	service, words, err := r.Service(c)
	if err != nil {
		return 0, nil, err
	}
	pieces, err := r.run(service, &c.Request, steps)
	if err != nil {
		return 0, nil, err
	}
	skip := 0
	for i, first := range steps {
		k := i + 1 + skip
		for ; k < len(steps); k += share {
			pairs++
			cuts := []int{first, steps[k], end}
			got, err := r.run(service, &c.Request, cuts)
			if err != nil {
				return pairs, cutDifference(c, r.Version, cuts, err.Error()), nil
			}
			if want := pieces.at(cuts); got.EndAt != want.EndAt || !got.equal(want) || !got.samePlaces(want) {
				diff := Diff(got.Lines(&c.Request, words), want.Lines(&c.Request, words))
				return pairs, cutDifference(c, r.Version, cuts, diff), nil
			}
			if got.EndAt == first { // the other pieces were never sent, so where they are cut is the same
				more := (len(steps) - 1 - k) / share
				pairs, k = pairs+more, k+more*share
			}
		}
		skip = k - len(steps)
	}
	return pairs, nil, nil
}

func cutDifference(c *Case, v cpython.Version, cuts []int, diff string) *Difference {
	return &Difference{
		c, v, fmt.Sprintf("cut after %d and %d bytes: %s", cuts[0], cuts[1], diff),
		fmt.Sprintf("go run ./cmd/conform exhaustive --python %s cuts '%s'", v.Series(), c.FullName()),
	}
}

// at is the answer to a request that is sent up to these places at a time: each stretch comes with the piece
// that completes it. What comes after all pieces, at the end of the stream, stays there.
func (a *Answer) at(cuts []int) *Answer {
	move := func(place int) int {
		if i, _ := slices.BinarySearch(cuts, place); i < len(cuts) {
			return cuts[i]
		}
		return place
	}
	moved := &Answer{End: a.End, EndAt: move(a.EndAt)}
	for _, s := range a.Stretches {
		moved.Add(move(s.At), slices.Clone(s.Log), slices.Clone(s.Wire))
	}
	return moved
}

// samePlaces reports whether the stretches of both begin at the same places.
func (a *Answer) samePlaces(b *Answer) bool {
	return slices.EqualFunc(a.Stretches, b.Stretches, func(s, t Stretch) bool { return s.At == t.At })
}
