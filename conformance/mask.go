package conformance

// Masks are the differences of a Worker from a real server.
var Masks []Mask
