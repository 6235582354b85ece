//go:build race

package conformance

// thinning leaves out of an enumeration all but every so many-th block: it runs in one goroutine, in which the
// race detector finds nothing, but takes ten times as long.
const thinning = 32
