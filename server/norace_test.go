//go:build !race

package server

const raceFactor = 1 // without the race detector
