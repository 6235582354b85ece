//go:build race

package handler

func init() { raceDetector = true }
