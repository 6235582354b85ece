package main

import (
	"strings"
	"testing"

	"simplehttp/cpython"
)

// show spells what differs from the defaults.
func (o options) show() string {
	s := ""
	if o.release != cpython.Default {
		s += " python=" + o.release.String()
	}
	if o.port != defaultPort {
		s += " port=" + itoa(o.port)
	}
	if o.bind != nil {
		s += " bind=" + *o.bind
	}
	if o.directory != nil {
		s += " directory=" + *o.directory
	}
	if o.protocol != "HTTP/1.0" {
		s += " protocol=" + o.protocol
	}
	if o.contentType != "application/octet-stream" {
		s += " type=" + o.contentType
	}
	for _, h := range o.headers {
		s += " header=" + h[0] + ":" + h[1]
	}
	if o.noMimeFiles {
		s += " nomime"
	}
	if o.help {
		s += " help"
	}
	if o.version {
		s += " version"
	}
	return strings.TrimSpace(s)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// The command lines are parted by |. Where argparse has a message of its own, it is the same.
var optionTests = []struct{ args, want string }{
	{"", ""},
	{"9000", "port=9000"},
	{"0", "port=0"},
	{" 9000 ", "port=9000"},
	{"+9_000", "port=9000"},
	{"٩٠٠٠", "port=9000"},
	{"9000|-b|::1", "port=9000 bind=::1"},
	{"-b|::1|9000", "port=9000 bind=::1"},
	{"-b|::1|9000|-d|x", "port=9000 bind=::1 directory=x"},
	{"-b::1|-d=x|--protocol=HTTP/1.1", "bind=::1 directory=x protocol=HTTP/1.1"},
	{"-b|", "bind="},
	{"-d|", "directory="},
	{"--dir|x|--bin=y", "bind=y directory=x"},
	{"--python|3.13", "python=3.13.0"},
	{"--python=2.7.18", "python=2.7.18"},
	{"-H|X-A|b|-H|X-C|d", "header=X-A:b header=X-C:d"},
	{"--content-type|text/plain|--no-mime-files", "type=text/plain nomime"},
	{"--|9000", "port=9000"},
	{"-h", "help"},
	{"--help|--nonsense", "help"},
	{"-hb|x", "help"},
	{"--version", "version"},
	{"-d|a b", "directory=a b"},
	{"-d|-", "directory=-"},
	{"-b|-1", "bind=-1"},

	{"abc", "error: argument port: invalid int value: 'abc'"},
	{"8_0x", "error: argument port: invalid int value: '8_0x'"},
	{"", ""},
	{"-1", "error: argument port: '-1' is not from 0 to 65535"},
	{"65536", "error: argument port: '65536' is not from 0 to 65535"},
	{"99999999999999999999", "error: argument port: '99999999999999999999' is not from 0 to 65535"},
	{"9000|9001", "error: unrecognized arguments: 9001"},
	{"-b", "error: argument -b/--bind: expected one argument"},
	{"-b|-d", "error: argument -b/--bind: expected one argument"},
	{"--directory|--", "error: argument -d/--directory: expected one argument"},
	{"-H|X-A", "error: argument -H/--header: expected 2 arguments"},
	{"--cgi", "error: argument --cgi: CGI scripts are not run"},
	{"--nonsense", "error: unrecognized arguments: --nonsense"},
	{"-x", "error: unrecognized arguments: -x"},
	{"--p", "error: ambiguous option: --p could match --protocol, --python"},
	{"--help=x", "error: argument -h/--help: ignored explicit argument 'x'"},
	{"--python|3.5", "error: argument --python: no release '3.5': choose from 2.7.18, 3.6.15, 3.7.16, 3.8.18, 3.9.18, " +
		"3.10.13, 3.11.7, 3.12.1, 3.13.0, 3.14.2, 3.15.0rc1"},
}

func TestParseOptions(t *testing.T) {
	for _, test := range optionTests {
		var args []string
		if test.args != "" {
			args = strings.Split(test.args, "|")
		}
		o, err := parseOptions(args, cpython.Default)
		got := o.show()
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != test.want {
			t.Errorf("parseOptions(%q) = %q, want %q", args, got, test.want)
		}
	}
}

// FuzzParseOptions checks that no command line makes it panic, and that the plain spelling of what one says, says the
// same. The arguments are lines.
func FuzzParseOptions(f *testing.F) {
	for _, line := range []string{
		"", "8080", "-b\n::1\n--python=2.7\n--\n80", "--dir\nx\n-p=HTTP/1.1", "-H\na\nb\n--header\n-1\nc d", "--no-mime\n--content=\n-dx y",
		"-hb", "-1", "--p\nx", "-b\n--bind\nx", "--version=1",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		args := strings.Split(lines, "\n")
		o, err := parseOptions(args, cpython.Default)
		if err != nil || o.help || o.version {
			return
		}
		again, err := parseOptions(o.plain(), cpython.Default)
		if err != nil || again.show() != o.show() {
			t.Errorf("parseOptions(%q) = %q, and of %q %q, %v", args, o.show(), o.plain(), again.show(), err)
		}
	})
}

// plain spells the options as a command line that leaves nothing out.
func (o options) plain() []string {
	args := []string{"--python=" + o.release.String(), "--protocol=" + o.protocol, "--content-type=" + o.contentType}
	if o.bind != nil {
		args = append(args, "--bind="+*o.bind)
	}
	if o.directory != nil {
		args = append(args, "--directory="+*o.directory)
	}
	for _, h := range o.headers {
		args = append(args, "--header", h[0], h[1])
	}
	if o.noMimeFiles {
		args = append(args, "--no-mime-files")
	}
	return append(args, "--", itoa(o.port))
}
