//go:build linux

package main

import "sort"

// A spread is what several measurements of one metric come to.
type spread struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low"`  // a quarter is below
	High   float64 `json:"high"` // a quarter is above
	Rounds int     `json:"rounds"`
}

// spreadOf sorts values.
func spreadOf(values []float64) spread {
	sort.Float64s(values)
	return spread{quantile(values, 0.5), quantile(values, 0.25), quantile(values, 0.75), len(values)}
}

// quantile interpolates between the two values that are nearest. values are sorted.
func quantile(values []float64, share float64) float64 {
	if len(values) == 0 {
		return 0
	}
	at := share * float64(len(values)-1)
	i := int(at)
	if i == len(values)-1 {
		return values[i]
	}
	return values[i] + (at-float64(i))*(values[i+1]-values[i])
}

// relative is half the distance between the quartiles, as a share of the median.
func (s spread) relative() float64 {
	if s.Median == 0 {
		return 0
	}
	return (s.High - s.Low) / 2 / s.Median
}

// A result is what one peer did in one workload.
type result struct {
	Workload string            `json:"workload"`
	Peer     string            `json:"peer"`
	Metrics  map[string]spread `json:"metrics"`
	Faults   float64           `json:"faults"` // wrong bytes, statuses and lengths, and connections lost, in all rounds
}

// faultsMetric is added up, where all others have a median.
const faultsMetric = "faults"

// summarize takes the medians of what the rounds measured.
func summarize(workload, peer string, rounds []metrics) result {
	r := result{Workload: workload, Peer: peer, Metrics: map[string]spread{}}
	values := map[string][]float64{}
	for _, m := range rounds {
		for name, v := range m {
			values[name] = append(values[name], v)
		}
	}
	for name, v := range values {
		if name != faultsMetric {
			r.Metrics[name] = spreadOf(v)
			continue
		}
		for _, n := range v {
			r.Faults += n
		}
	}
	return r
}
