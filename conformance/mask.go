package conformance

import (
	"bytes"
	"regexp"
)

var (
	recursionError = []byte("RecursionError: ")
	// The name of the codec may hold any characters, so that the line may end within it.
	codecError = regexp.MustCompile(`(?i)^UnicodeError: decoding with '[^a-z]*(idna|undefined)`)
)

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
	{
		Name: "spelling of a codec",
		Why: "The text of the exception holds the name of the codec as the client wrote it, control characters and all. " +
			"Ours says which it is, so that nobody writes lines of his own into the log.",
		Hides: func(ours, theirs *Reply) bool {
			crashed := *ours
			crashed.Crash = theirs.Crash
			o, t := codecError.FindSubmatch(ours.Crash), codecError.FindSubmatch(theirs.Crash)
			return o != nil && t != nil && bytes.EqualFold(o[1], t[1]) && crashed.Equal(theirs)
		},
	},
}
