package conformance

import "bytes"

var recursionError = []byte("RecursionError: ")

// Masks are the differences of a Worker from a real server, or of a real server from itself.
var Masks = []Mask{
	{
		Name: "text of a RecursionError",
		Why:  "It tells in which function the stack ended, down to calls in C, and that depends on what the interpreter did before.",
		Hides: func(ours, theirs *Reply) bool {
			crashed := *ours
			crashed.Crash = theirs.Crash
			return bytes.HasPrefix(ours.Crash, recursionError) && bytes.HasPrefix(theirs.Crash, recursionError) && crashed.Equal(theirs)
		},
	},
}
