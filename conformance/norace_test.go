//go:build !race

package conformance

// thinning leaves nothing out.
const thinning = 1
