package main

import (
	"errors"
	"fmt"

	"simplehttp/conformance"
)

// replay asks our own handler.
func replay(s *settings, names []string) error {
	_, picked, err := load(s, names)
	if err != nil {
		return err
	}
	vs, err := s.versions()
	if err != nil {
		return err
	}
	different := 0
	trees := &conformance.Trees{Testdata: s.testdata}
	for _, v := range vs {
		r := &conformance.Replayer{Version: v, Trees: trees}
		asked := 0
		for _, c := range picked {
			if _, ok := c.Recorded(v); !ok {
				continue
			}
			asked++
			d, err := r.Replay(c)
			if err != nil {
				return err
			}
			if d != nil {
				different++
				fmt.Println(d)
			}
		}
		fmt.Printf("%s: replayed %d cases\n", v, asked)
	}
	if different > 0 {
		return fmt.Errorf("%d answers differ from the record", different)
	}
	return nil
}

// tree makes a tree on disk, for a server that is to be checked.
func tree(s *settings, args []string) error {
	if len(args) != 2 {
		return errors.New("tree needs the name of a tree and a directory to make it in")
	}
	t, err := conformance.LoadTree(s.testdata, args[0])
	if err != nil {
		return err
	}
	root, err := t.Materialize(args[1], nil)
	if err == nil {
		fmt.Println(root)
	}
	return err
}
