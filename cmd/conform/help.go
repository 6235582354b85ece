package main

import (
	_ "embed"
	"fmt"

	"github.com/spf13/pflag"

	"simplehttp/conformance"
)

//go:embed help/check.txt
var checkPage string

//go:embed help/report.txt
var reportPage string

// pages are what the help of single commands tells beside their options.
var pages = map[string]string{
	"check":   checkPage + reportPage,
	"replay":  reportPage,
	"confirm": reportPage,
	"export":  conformance.ExportFormat,
	"between": betweenPage,
}

// chapters group the commands.
var chapters = []struct {
	title string
	names []string
}{
	{"For the maker of any server", []string{"check", "tree", "list", "diff", "export"}},
	{"Against the real interpreters", []string{"record", "confirm", "fuzz", "between", "shrink", "quirks", "exhaustive"}},
	{"Without them", []string{"replay", "seeds"}},
	{"How strong the cases are", []string{"oracle-coverage", "oracle-mutants", "coverage"}},
}

// printHelp tells about the command that is named, or about all, and returns the status.
func printHelp(s *settings, words []string) int {
	if len(words) > 0 && words[0] == "help" {
		words = words[1:]
	}
	switch {
	case len(words) == 0:
		printCommands(s)
	case find(words[0]) < 0:
		fmt.Fprintf(s.errs, "conform: no command %q; see conform --help\n", words[0])
		return 2
	default:
		printCommand(s, words[0])
	}
	return 0
}

func printCommands(s *settings) {
	fmt.Fprint(s.out, "Tell any server where it differs from CPython's simple file server.\n\nusage: conform COMMAND [options]\n")
	for _, chapter := range chapters {
		fmt.Fprintf(s.out, "\n%s:\n", chapter.title)
		for _, name := range chapter.names {
			for _, c := range commands {
				if c.name == name {
					fmt.Fprintf(s.out, "  %-31s %s\n", c.name+" "+c.args, c.about)
				}
			}
		}
	}
	fmt.Fprint(s.out, "\nconform COMMAND --help tells about its options. A CASE is THEME/NAME, and may hold the wildcards * ? [ ].\n"+
		"Exit status: 0; 1 if answers differ; 2 if the command line is wrong, or what was asked for could not be done.\n")
}

func printCommand(s *settings, name string) {
	word := "usage: "
	for _, c := range commands {
		if c.name == name {
			fmt.Fprintf(s.out, "%sconform %s [options] %s\n", word, name, c.args)
			word = "       "
		}
	}
	fmt.Fprintln(s.out)
	for _, c := range commands {
		if c.name == name {
			fmt.Fprintf(s.out, "%s: %s.\n", c.name+" "+c.args, c.about)
		}
	}
	taken := pflag.NewFlagSet(name, pflag.ContinueOnError)
	taken.SortFlags = false
	(&settings{}).flags().VisitAll(func(f *pflag.Flag) {
		if isTaken(name, f.Name) {
			taken.AddFlag(f)
		}
	})
	fmt.Fprintf(s.out, "\nOptions:\n%s", taken.FlagUsages())
	if page := pages[name]; page != "" {
		fmt.Fprintf(s.out, "\n%s", page)
	}
}
