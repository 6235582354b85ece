package main

import (
	"errors"
	"strings"

	"simplehttp/cpython"
	"simplehttp/server"
)

// An options is what the command line says.
type options struct {
	release     cpython.Version
	port        int
	bind        *string // nil where no address is named
	directory   *string // nil for the current directory
	protocol    string
	contentType string
	headers     [][2]string
	noMimeFiles bool
	limits      []func(*server.Limits) // changes, in their order
	help        bool
	version     bool
}

// defaultPort is where http.server listens.
const defaultPort = 8000

// usage returns the error of a mistake in the command line: exit status 2, as argparse has it.
func usage(parts ...string) error { return errors.New(strings.Join(parts, "")) }

// An option is one that the command line takes.
type option struct {
	short string // "-b", or ""
	long  string // "--bind"
	args  int    // how many arguments follow
	set   func(o *options, args []string) error
}

// name is how argparse calls an option in its messages.
func (o option) name() string {
	if o.short == "" {
		return o.long
	}
	return o.short + "/" + o.long
}

var table = []option{
	{"-h", "--help", 0, func(o *options, _ []string) error { o.help = true; return nil }},
	{"", "--version", 0, func(o *options, _ []string) error { o.version = true; return nil }},
	{"-b", "--bind", 1, func(o *options, args []string) error { o.bind = &args[0]; return nil }},
	{"-d", "--directory", 1, func(o *options, args []string) error { o.directory = &args[0]; return nil }},
	{"-p", "--protocol", 1, func(o *options, args []string) error { o.protocol = args[0]; return nil }},
	{"", "--python", 1, setPython},
	{"", "--content-type", 1, func(o *options, args []string) error { o.contentType = args[0]; return nil }},
	{"-H", "--header", 2, func(o *options, args []string) error {
		o.headers = append(o.headers, [2]string{args[0], args[1]})
		return nil
	}},
	{"", "--cgi", 0, func(*options, []string) error { return usage("argument --cgi: CGI scripts are not run") }},
	{"", "--no-mime-files", 0, func(o *options, _ []string) error { o.noMimeFiles = true; return nil }},
}

func setPython(o *options, args []string) error {
	v, ok := cpython.ParseVersion(args[0])
	if !ok {
		var known []string
		for _, v := range cpython.Versions() {
			known = append(known, v.String())
		}
		return usage("argument --python: no release '", args[0], "': choose from ", strings.Join(known, ", "))
	}
	o.release = v
	return nil
}

// parseOptions reads a command line as argparse reads that of http.server: options before and
// after the port, long ones also as --bind=ADDRESS or by a prefix that no other begins with, short
// ones also with their argument attached, and everything behind -- as it is. An argument that looks
// like a negative number is no option. release is the one that serves where none is named. Every
// error is a mistake in the command line.
func parseOptions(args []string, release cpython.Version) (options, error) {
	o := options{release: release, port: defaultPort, protocol: "HTTP/1.0", contentType: "application/octet-stream"}
	var positional []string
	for len(args) > 0 {
		arg := args[0]
		switch {
		case arg == "--":
			positional = append(positional, args[1:]...)
			args = nil
		case !isOption(arg):
			positional = append(positional, arg)
			args = args[1:]
		default:
			rest, err := takeOption(&o, args)
			if err != nil {
				return o, err
			}
			args = rest
		}
		if o.help || o.version {
			return o, nil // argparse acts on these where it meets them
		}
	}
	if len(positional) == 0 {
		return o, nil
	}
	port, ok := cpython.ParseIntText(o.release, positional[0])
	if !ok {
		return o, usage("argument port: invalid int value: '", positional[0], "'")
	}
	if len(positional) > 1 {
		return o, usage("unrecognized arguments: ", strings.Join(positional[1:], " "))
	}
	if port < 0 || port > 65535 {
		return o, usage("argument port: '", positional[0], "' is not from 0 to 65535")
	}
	o.port = int(port)
	return o, nil
}

// isOption reports whether argparse takes arg for an option: it begins with a hyphen, is more
// than that, is no negative number, and holds no blank.
func isOption(arg string) bool {
	if len(arg) < 2 || arg[0] != '-' || isNegativeNumber(arg) {
		return false
	}
	return !strings.Contains(arg, " ") || len(exactOrPrefix(arg)) > 0
}

// isNegativeNumber is argparse's pattern ^-\d+$|^-\d*\.\d+$.
func isNegativeNumber(arg string) bool {
	whole, fraction, dotted := strings.Cut(arg[1:], ".")
	if dotted {
		return allDigits(whole) && allDigits(fraction) && fraction != ""
	}
	return allDigits(whole) && whole != ""
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// exactOrPrefix returns the options that arg may stand for.
func exactOrPrefix(arg string) []option {
	var found []option
	name, _, _ := strings.Cut(arg, "=")
	for _, o := range table {
		if name == o.short || name == o.long {
			return []option{o}
		}
		if strings.HasPrefix(arg, "--") && strings.HasPrefix(o.long, name) {
			found = append(found, o)
		}
		if o.short != "" && !strings.HasPrefix(arg, "--") && strings.HasPrefix(arg, o.short) {
			found = append(found, o)
		}
	}
	return found
}

// takeOption takes the option in front of args, with its arguments, and returns the rest.
func takeOption(o *options, args []string) (rest []string, err error) {
	arg := args[0]
	found := exactOrPrefix(arg)
	if len(found) == 0 {
		return nil, usage("unrecognized arguments: ", arg)
	}
	if len(found) > 1 {
		var names []string
		for _, f := range found {
			names = append(names, f.long)
		}
		return nil, usage("ambiguous option: ", arg, " could match ", strings.Join(names, ", "))
	}
	taken := found[0]
	values, rest, err := arguments(taken, arg, args[1:])
	if err != nil {
		return nil, err
	}
	return rest, taken.set(o, values)
}

// arguments returns the arguments of the option taken, which stands as arg before rest.
func arguments(taken option, arg string, rest []string) (values, left []string, err error) {
	if attached, ok := attachedTo(taken, arg); ok {
		if taken.args == 0 && !strings.HasPrefix(arg, "--") {
			return nil, append([]string{"-" + attached}, rest...), nil // -hb is -h -b
		}
		if taken.args != 1 {
			return nil, nil, usage("argument ", taken.name(), ": ", complaint(taken, attached))
		}
		return []string{attached}, rest, nil
	}
	n := 0
	for n < len(rest) && n < taken.args && !isOption(rest[n]) && rest[n] != "--" {
		n++
	}
	if n < taken.args {
		return nil, nil, usage("argument ", taken.name(), ": ", complaint(taken, ""))
	}
	return rest[:n], rest[n:], nil
}

// attachedTo returns the argument that stands in arg itself: --bind=x, -bx, -b=x.
func attachedTo(taken option, arg string) (attached string, ok bool) {
	if strings.HasPrefix(arg, "--") {
		_, attached, ok = strings.Cut(arg, "=")
		return attached, ok
	}
	attached = strings.TrimPrefix(arg, taken.short)
	return strings.TrimPrefix(attached, "="), attached != ""
}

// complaint is argparse's message for the wrong number of arguments.
func complaint(taken option, attached string) string {
	switch taken.args {
	case 0:
		return "ignored explicit argument '" + attached + "'"
	case 1:
		return "expected one argument"
	}
	return "expected 2 arguments"
}
