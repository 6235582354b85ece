package conformance

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
)

// A seed is the arguments of a fuzz function: uint8 and bool, []byte and string.
type seed []any

// seeders make seeds of a request, for each fuzz function of the module. The order of arguments is the function's.
var seeders = map[string]func(request []byte, protocol string) []seed{
	"FuzzConn": func(request []byte, protocol string) []seed {
		return []seed{{request, uint8(8), uint8(7), protocol == "HTTP/1.1"}}
	},
	"FuzzParser": func(request []byte, protocol string) []seed {
		return []seed{{protocol, string(request), uint8(3)}}
	},
	"FuzzTranslatePath": func(request []byte, _ string) []seed { return []seed{{"/srv", target(request)}} },
	"FuzzUrlsplit":      func(request []byte, _ string) []seed { return []seed{{target(request)}} },
	"FuzzUnquote":       func(request []byte, _ string) []seed { return []seed{{target(request)}} },
	"FuzzAppendLower":   func(request []byte, _ string) []seed { return []seed{{target(request)}} },
	"FuzzGuess":         func(request []byte, _ string) []seed { return []seed{{target(request), []byte("x/y z\n"), uint8(8)}} },
	"FuzzAppend":        func(request []byte, _ string) []seed { return []seed{{target(request), "a", "utf-8"}} },
	"FuzzParseDate":     func(request []byte, _ string) []seed { return dates(request) },
	"FuzzLogText":       func(request []byte, _ string) []seed { return []seed{{request}} },
	"FuzzErrorPage":     func(request []byte, _ string) []seed { return []seed{{target(request), []byte{}}} },
	"FuzzScan":          func(request []byte, _ string) []seed { return []seed{{request}} },
	"FuzzAddress":       func(request []byte, _ string) []seed { return []seed{{string(target(request))}} },
	"FuzzHosts":         func(request []byte, _ string) []seed { return []seed{{"127.0.0.1 " + string(target(request))}} },
}

// target is the second word of the request-line.
func target(request []byte) []byte {
	line, _, _ := bytes.Cut(request, []byte("\n"))
	words := bytes.SplitN(line, []byte(" "), 3)
	if len(words) < 2 {
		return line
	}
	return words[1]
}

// dates are the values of If-Modified-Since.
func dates(request []byte) (all []seed) {
	for line := range bytes.Lines(request) {
		if value, ok := bytes.CutPrefix(line, []byte("If-Modified-Since: ")); ok {
			all = append(all, seed{bytes.TrimRight(value, "\r\n")})
		}
	}
	return all
}

// maxSeed is what libFuzzer takes of an input unless it is told otherwise.
const maxSeed = 4096

// encode spells the arguments as go-118-fuzz-build reads them: first those of one byte; then one byte for each
// that has a length, its share of what follows; then those.
func (s seed) encode() []byte {
	var fixed, shares, rest []byte
	for _, arg := range s {
		var b []byte
		switch arg := arg.(type) {
		case uint8:
			fixed = append(fixed, arg)
			continue
		case bool:
			n, _ := binary.Append(nil, binary.BigEndian, arg)
			fixed = append(fixed, n...)
			continue
		case []byte:
			b = arg
		case string:
			b = []byte(arg)
		default:
			panic(fmt.Sprintf("a seed cannot hold a %T", arg))
		}
		// Exact while all of them have less than 256 bytes; else only near, which does for a seed.
		shares = append(shares, byte(min(len(b), 255)))
		rest = append(rest, b...)
	}
	return append(append(fixed, shares...), rest...)
}

// WriteSeeds writes the seed corpora for libFuzzer that the cases give, into DIR/FUNCTION/NUMBER.
func WriteSeeds(testdata, dir string) (count int, err error) {
	themes, err := LoadThemes(testdata)
	if err != nil {
		return 0, err
	}
	for function, seeds := range seeders {
		folder := filepath.Join(dir, function)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return count, err
		}
		written := map[string]bool{}
		for _, t := range themes {
			for _, c := range t.Cases {
				for _, s := range seeds(c.Request.Bytes, c.Options.Protocol) {
					b := s.encode()
					if len(b) > maxSeed || written[string(b)] {
						continue
					}
					name := filepath.Join(folder, fmt.Sprintf("%04d", len(written)))
					written[string(b)] = true
					count++
					if err := os.WriteFile(name, b, 0o644); err != nil {
						return count, err
					}
				}
			}
		}
	}
	return count, nil
}
