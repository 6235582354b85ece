package server

import "time"

// Limits bound what clients may take of a server; CPython's has none. At a limit, those who are served
// notice nothing: others wait in the kernel's queue, or find their connection closed without an answer.
// The zero value of each field is no limit.
type Limits struct {
	Connections int // that are open at a time; others wait until they are accepted
	PerClient   int // the same from one address, or one network of 64 bits with IPv6; others are closed

	// Unfinished is how many bytes there may be of a request that has not come whole, and AllUnfinished
	// how many of all such requests. The connection whose bytes are too many is closed.
	Unfinished    int
	AllUnfinished int

	// Head is how long a client may send nothing of a request that it owes, and WholeHead how long it may
	// take over it. Idle is how long a persistent connection may wait for its next request.
	Head      time.Duration
	WholeHead time.Duration
	Idle      time.Duration

	// Send is how long a client may take nothing of an answer; it is noticed by twice that. A client that
	// takes less than MinRate bytes a second for longer is closed as well.
	Send    time.Duration
	MinRate int
}

// What a connection takes of the kernel's memory is counted with memoryPerConnection: a socket with its
// file, and a buffer on each side.
const memoryPerConnection = 16 << 10

// DefaultLimits are those of the command, for a machine with so many bytes of memory. No answer of CPython
// is beyond them: the longest head that it reads has 6.6 MB.
func DefaultLimits(memory int64) Limits {
	connections := int(min(max(memory/memoryPerConnection, 256), 20000))
	return Limits{
		Connections:   connections,
		PerClient:     connections / 5 * 4,
		Unfinished:    8 << 20,
		AllUnfinished: int(min(max(memory/8, 16<<20), 256<<20)),
		Head:          time.Minute,
		WholeHead:     5 * time.Minute,
		Idle:          75 * time.Second,
		Send:          time.Minute,
		MinRate:       512,
	}
}
