package cpython

// Quirks returns every Quirk, in the order of the table.
func Quirks() []Quirk {
	all := make([]Quirk, 0, quirkEnd-1)
	for q := Quirk(1); q < quirkEnd; q++ {
		all = append(all, q)
	}
	return all
}

// Assume makes a release have a quirk, or be without it. It is for who asks what a quirk explains, and no server calls
// it: it changes the table for all, and what was bound to a release before may remember how it was.
func (v Version) Assume(q Quirk, has bool) {
	quirks[q].releases &^= Only(v)
	if has {
		quirks[q].releases |= Only(v)
	}
}
