package response

import "simplehttp/cpython"

// A reasonRow is one entry of BaseHTTPRequestHandler.responses, and the releases that have
// it in these words.
type reasonRow struct {
	status   uint16
	phrase   string
	explain  string
	releases cpython.Set
}

// reason looks the status up in reasons. The table is short, and only error answers and the
// four statuses of ordinary ones ask for it.
func reason(v cpython.Version, status int) (phrase, explain string, ok bool) {
	for i := range reasons {
		row := &reasons[i]
		if int(row.status) == status && row.releases.Contains(v) {
			return row.phrase, row.explain, true
		}
	}
	return "", "", false
}
