package conformance

import (
	"bytes"
	"fmt"
	"iter"
	"sync"
)

// Inputs are a finite row of inputs, always the same one.
type Inputs interface {
	Len() int
	// AppendInput appends the i-th.
	AppendInput(dst []byte, i int) []byte
}

// Words are all of so many tokens, the short ones first, between a head and a tail. The i-th is made
// when it is asked for, since there may be many millions of them.
type words struct {
	tokens      []string
	least, most int
	head, tail  string
}

// Len sums the powers of the number of tokens.
func (w words) Len() int {
	n, power := 0, 1
	for length := range w.most + 1 {
		if length >= w.least {
			n += power
		}
		power *= len(w.tokens)
	}
	return n
}

// AppendInput spells i as a number of which the tokens are the digits.
func (w words) AppendInput(dst []byte, i int) []byte {
	length, power := 0, 1 // the power is how many words have this length
	for length < w.least {
		length, power = length+1, power*len(w.tokens)
	}
	for i >= power {
		i -= power
		length, power = length+1, power*len(w.tokens)
	}
	dst = append(dst, w.head...)
	for range length {
		power /= len(w.tokens)
		dst = append(dst, w.tokens[i/power]...)
		i %= power
	}
	return append(dst, w.tail...)
}

// all gives the words in their order.
func (w words) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range w.Len() {
			if !yield(string(w.AppendInput(nil, i))) {
				return
			}
		}
	}
}

// Collected are inputs of which there are few enough to keep.
type collected func() [][]byte

// collect keeps all of a sequence, when they are asked for.
func collect(inputs iter.Seq[[]byte]) collected {
	return sync.OnceValue(func() (all [][]byte) {
		for input := range inputs {
			all = append(all, bytes.Clone(input))
		}
		return all
	})
}

func (c collected) Len() int { return len(c()) }

func (c collected) AppendInput(dst []byte, i int) []byte { return append(dst, c()[i]...) }

func allBytes() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

// bytePairs puts every pair of bytes into a format.
func bytePairs(format string) Inputs {
	return collect(func(yield func([]byte) bool) {
		for _, a := range allBytes() {
			for _, b := range allBytes() {
				if !yield(fmt.Appendf(nil, format, []byte{a}, []byte{b})) {
					return
				}
			}
		}
	})
}

// formats puts every text into each of the formats.
func formats(texts iter.Seq[string], formats ...string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for text := range texts {
			for _, format := range formats {
				if !yield(fmt.Appendf(nil, format, text)) {
					return
				}
			}
		}
	}
}

// escapes are all of %00 to %FF, in all cases of their letters.
func escapes(yield func(string) bool) {
	const digits = "0123456789ABCDEFabcdef"
	for _, high := range digits {
		for _, low := range digits {
			if !yield("%" + string(high) + string(low)) {
				return
			}
		}
	}
}

// tokensOf makes a token of each byte.
func tokensOf(format string, all []byte) []string {
	tokens := make([]string, len(all))
	for i, b := range all {
		tokens[i] = fmt.Sprintf(format, []byte{b})
	}
	return tokens
}

func rawBytes(yield func(string) bool) {
	for _, b := range allBytes() {
		if !yield(string([]byte{b})) {
			return
		}
	}
}

// rawUTF8 mixes bytes that are escaped with such as are not.
func rawUTF8(yield func([]byte) bool) {
	three := words{tokens: tokensOf("%s", utf8Bytes), least: 3, most: 3}
	for w := range three.all() {
		for _, target := range []string{
			fmt.Sprintf("/%s", w), fmt.Sprintf("/%%%02X%s", w[0], w[1:]),
			fmt.Sprintf("/%s%%%02X%s", w[:1], w[1], w[2:]), fmt.Sprintf("/%s%%%02X", w[:2], w[2]),
		} {
			if !yield([]byte(target)) {
				return
			}
		}
	}
}
