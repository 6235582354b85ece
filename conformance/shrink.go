package conformance

// Shrink returns the smallest job it can find for which the property holds, as it does for j. It cuts
// out ever smaller pieces, and then writes simpler bytes, until neither helps any more.
func Shrink(j Job, holds func(Job) bool) Job {
	s := shrinking{job: j, holds: holds}
	for {
		before := len(s.job.Bytes)
		s.cut()
		if s.simplify(); len(s.job.Bytes) == before {
			return s.job
		}
	}
}

type shrinking struct {
	job   Job
	holds func(Job) bool
	tries int
}

// mostTries bounds the work: a long request that takes long to answer is not shrunk to the end.
const mostTries = 4000

// try takes other bytes if the property still holds.
func (s *shrinking) try(b []byte) bool {
	j := s.job
	j.Bytes = b
	if s.tries++; !s.holds(j) {
		return false
	}
	s.job = j
	return true
}

// cut removes pieces of half the length, of a quarter, and so on down to one byte. Where a piece can be
// spared, what comes into its place is tried next.
func (s *shrinking) cut() {
	for size := (len(s.job.Bytes) + 1) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(s.job.Bytes) && s.tries < mostTries; {
			b := s.job.Bytes
			if !s.try(append(b[:at:at], b[at+size:]...)) {
				at += size
			}
		}
	}
}

// simple are the bytes that others are replaced by, the simplest first.
const simple = "a0 /"

// finest bounds the number of pieces in which bytes are simplified: of a longer request, single bytes
// are not tried.
const finest = 1 << 12

// simplify replaces bytes by simpler ones, runs of bytes first.
func (s *shrinking) simplify() {
	for size := len(s.job.Bytes); size > len(s.job.Bytes)/finest; size /= 2 {
		for at := 0; at+size <= len(s.job.Bytes) && s.tries < mostTries; at += size {
			s.simplifyPiece(at, size)
		}
	}
}

func (s *shrinking) simplifyPiece(at, size int) {
	for rank := range len(simple) {
		b := append([]byte(nil), s.job.Bytes...)
		changed := false
		for i := at; i < at+size; i++ {
			if simplicity(b[i]) > rank {
				b[i], changed = simple[rank], true
			}
		}
		if !changed || s.try(b) {
			return
		}
	}
}

// simplicity is the rank of a byte, that of others than simple ones being the last.
func simplicity(c byte) int {
	for i := range len(simple) {
		if simple[i] == c {
			return i
		}
	}
	return len(simple)
}
