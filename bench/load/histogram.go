package load

import (
	"math/bits"
	"time"
)

// A histogram counts durations in buckets whose width is at most a sixty-fourth of their value.
type histogram struct {
	counts [64 * subBuckets]int64
	total  int64
	sum    time.Duration
	max    time.Duration
}

const (
	subBits    = 6
	subBuckets = 1 << subBits
)

// add counts a duration.
func (h *histogram) add(d time.Duration) {
	d = max(d, 0)
	h.counts[bucket(uint64(d))]++
	h.total++
	h.sum += d
	h.max = max(h.max, d)
}

// bucket is the number of v's bucket: exact below subBuckets, then by the highest bits.
func bucket(v uint64) int {
	if v < subBuckets {
		return int(v)
	}
	shift := bits.Len64(v) - subBits - 1
	return (shift+1)<<subBits + int(v>>shift) - subBuckets
}

// upper is the largest value of a bucket.
func upper(bucket int) time.Duration {
	if bucket < subBuckets {
		return time.Duration(bucket)
	}
	shift := bucket>>subBits - 1
	return time.Duration((uint64(bucket&(subBuckets-1))+subBuckets+1)<<shift - 1)
}

// quantile is the duration that this share of all does not exceed.
func (h *histogram) quantile(share float64) time.Duration {
	rank := int64(share * float64(h.total))
	for i, n := range h.counts {
		if rank < n {
			return min(upper(i), h.max)
		}
		rank -= n
	}
	return h.max
}

// Latency is what a histogram comes to, in microseconds.
type Latency struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P99  float64 `json:"p99"`
	Max  float64 `json:"max"`
}

func (h *histogram) latency() Latency {
	if h.total == 0 {
		return Latency{}
	}
	return Latency{
		Mean: microseconds(h.sum / time.Duration(h.total)),
		P50:  microseconds(h.quantile(0.50)),
		P90:  microseconds(h.quantile(0.90)),
		P99:  microseconds(h.quantile(0.99)),
		Max:  microseconds(h.max),
	}
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
