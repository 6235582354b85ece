//go:build race

package reqparse

func init() { raceDetector = true }
