package fsmap_test

import (
	"fmt"

	"simplehttp/cpython"
	"simplehttp/fsmap"
)

func ExampleLocate() {
	var fs fsmap.MapFS
	fs.Add("/srv/notes/a b.txt", fsmap.Node{Content: []byte("hello")})

	var b fsmap.Buffers
	for _, target := range []string{"/notes/a%20b.txt?x", "/notes", "/notes/", "/../etc/passwd"} {
		path := fsmap.TranslatePath(cpython.V3_14, []byte("/srv"), []byte(target), &b)
		r := fsmap.Locate(&fs, &b, fsmap.Lookup{Version: cpython.V3_14, Target: []byte(target), Path: path})
		switch r.Kind {
		case fsmap.FileResource:
			fmt.Printf("%s is a file of %d bytes, %s\n", target, r.Info.Size, r.Path.Name)
		case fsmap.RedirectResource:
			fmt.Printf("%s is to be asked for as %s\n", target, r.Location)
		case fsmap.DirectoryResource:
			fmt.Printf("%s is the directory %s\n", target, r.Path.Name)
		case fsmap.MissingResource:
			fmt.Printf("%s is not there\n", target)
		}
	}
	// Output:
	// /notes/a%20b.txt?x is a file of 5 bytes, /srv/notes/a b.txt
	// /notes is to be asked for as /notes/
	// /notes/ is the directory /srv/notes/
	// /../etc/passwd is not there
}
