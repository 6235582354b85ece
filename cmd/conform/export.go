package main

import (
	"errors"
	"fmt"

	"simplehttp/conformance"
)

// export writes the cases for others.
func export(s *settings, args []string) error {
	if len(args) != 1 {
		return errors.New("export needs a directory to write into")
	}
	cases, err := conformance.Export(s.testdata, args[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d cases\n", args[0], cases)
	return nil
}

// seeds writes the cases for libFuzzer.
func seeds(s *settings, args []string) error {
	if len(args) != 1 {
		return errors.New("seeds needs a directory to write into")
	}
	count, err := conformance.WriteSeeds(s.testdata, args[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d seeds\n", args[0], count)
	return nil
}
