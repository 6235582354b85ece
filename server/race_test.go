//go:build race

package server

// raceFactor is how much more memory the race detector needs, amply.
const raceFactor = 10
