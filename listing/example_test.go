package listing_test

import (
	"os"

	"simplehttp/cpython"
	"simplehttp/listing"
)

func ExamplePage_Append() {
	page := listing.Page{Version: cpython.V2_7, Target: []byte("/pub/"), Encoding: "UTF-8"}
	html, _ := page.Append(nil, []listing.Entry{
		{Name: "latest", IsDir: true, IsLink: true},
		{Name: "Notes & plans"},
	})
	os.Stdout.Write(html)
	// Output:
	// <!DOCTYPE html PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html>
	// <title>Directory listing for /pub/</title>
	// <body>
	// <h2>Directory listing for /pub/</h2>
	// <hr>
	// <ul>
	// <li><a href="latest/">latest@</a>
	// <li><a href="Notes%20%26%20plans">Notes &amp; plans</a>
	// </ul>
	// <hr>
	// </body>
	// </html>
}
