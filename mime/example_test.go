package mime_test

import (
	"fmt"

	"simplehttp/cpython"
	"simplehttp/mime"
)

func ExampleTable_Guess() {
	for _, v := range []cpython.Version{cpython.V3_8, cpython.V3_14} {
		table, err := mime.New(v, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		mediaType, _ := table.Guess([]byte("/srv/backup.tgz"), nil)
		fmt.Println(v, mediaType)
	}
	// Output:
	// 3.8.18 application/octet-stream
	// 3.14.2 application/x-tar
}
