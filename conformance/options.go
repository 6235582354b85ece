package conformance

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"simplehttp/cpython"
)

// Options say how the server of a case is started. Text is Latin-1 bytes.
type Options struct {
	Protocol     string // protocol_version
	Directory    string // -d, if HasDirectory
	HasDirectory bool
	Clock        string // seconds since 1970, a decimal number
	Mime         string // a file of testdata/mime that is the only mime.types
	Encoding     string // "" is UTF-8; ascii, or c
	Zone         string // TZ
	Cwd          string // "" or removed
	ContentType  string // --content-type, if HasContentType
	HasType      bool
	Headers      [][2]string // -H
}

// DefaultOptions are those of a case without a with line.
func DefaultOptions() Options {
	return Options{Protocol: "HTTP/1.0", Clock: "1600000000", Zone: "UTC"}
}

// parse reads the rest of a with line.
func (o *Options) parse(rest string) error {
	key, text, _ := strings.Cut(rest, " ")
	values, err := optionValues(strings.TrimSpace(text))
	if err != nil {
		return err
	}
	value := strings.Join(values, " ")
	switch key {
	case "protocol":
		o.Protocol = value
	case "directory":
		o.Directory, o.HasDirectory = value, true
	case "clock":
		_, err = strconv.ParseFloat(value, 64)
		o.Clock = value
	case "mime":
		o.Mime = value
	case "encoding":
		o.Encoding = value
	case "zone":
		o.Zone = value
	case "cwd":
		o.Cwd = value
	case "content-type":
		o.ContentType, o.HasType = value, true
	case "header":
		if len(values) != 2 {
			return fmt.Errorf("with header needs a name and a value")
		}
		o.Headers = append(o.Headers, [2]string{values[0], values[1]})
	default:
		return fmt.Errorf("no option %q", key)
	}
	return err
}

// optionValues are the quoted elements of s, or s as one value where it is not quoted.
func optionValues(s string) ([]string, error) {
	if !strings.HasPrefix(s, `"`) {
		return []string{s}, nil
	}
	var values []string
	for s != "" {
		value, rest, err := nextElement(s, Words{})
		if err != nil {
			return nil, err
		}
		values = append(values, string(value))
		s = strings.TrimLeft(rest, " ")
	}
	return values, nil
}

// Key is equal for equal options.
func (o Options) Key() string { return fmt.Sprintf("%q", o) }

// String lists the options that are not the default, as with lines would.
func (o Options) String() string {
	d := DefaultOptions()
	var set []string
	for _, f := range []struct{ key, value, normal string }{
		{"protocol", o.Protocol, d.Protocol}, {"clock", o.Clock, d.Clock}, {"mime", o.Mime, ""},
		{"encoding", o.Encoding, ""}, {"zone", o.Zone, d.Zone}, {"cwd", o.Cwd, ""},
	} {
		if f.value != f.normal {
			set = append(set, f.key+" "+strconv.Quote(f.value))
		}
	}
	if o.HasDirectory {
		set = append(set, "directory "+strconv.Quote(o.Directory))
	}
	if o.HasType {
		set = append(set, "content-type "+strconv.Quote(o.ContentType))
	}
	for _, h := range o.Headers {
		set = append(set, fmt.Sprintf("header %q %q", h[0], h[1]))
	}
	sort.Strings(set)
	return strings.Join(set, ", ")
}

// Environment are the variables that zone and encoding need.
func (o Options) Environment() []string {
	env := []string{"TZ=" + o.Zone}
	switch o.Encoding {
	case "c":
		return append(env, "LC_ALL=C")
	case "ascii":
		return append(env, "LC_ALL=C", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0")
	}
	return append(env, "LC_ALL=C.UTF-8")
}

// ascii reports whether the release takes file names for ASCII.
func (o Options) ascii(v cpython.Version) bool {
	return o.Encoding == "ascii" || o.Encoding == "c" && !v.Has(cpython.CoercesCLocale)
}

// CommandLine spells the options as CPython's command line does. Where a release lacks an option, a server that
// is checked may offer it all the same.
func (o Options) CommandLine(v cpython.Version) (args []string) {
	text := textOf(v)
	if o.Protocol != DefaultOptions().Protocol {
		args = append(args, "--protocol", text(o.Protocol))
	}
	if o.HasDirectory {
		args = append(args, "--directory", o.Directory)
	}
	if o.HasType {
		args = append(args, "--content-type", text(o.ContentType))
	}
	for _, h := range o.Headers {
		args = append(args, "--header", text(h[0]), text(h[1]))
	}
	return args
}

// textOf returns what makes a str of bytes, as the release reads the command line: of Latin-1 text in UTF-8, or for 2.7
// bytes as they are.
func textOf(v cpython.Version) func(string) string {
	if v.Has(cpython.ReadsPathAsBytes) {
		return strings.Clone
	}
	return latin1
}
