//go:build !linux

package main

// Elsewhere a server that puts itself in the background is not found again.
func adoptOrphans() {}

func endOrphans() {}
