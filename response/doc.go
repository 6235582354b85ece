// Package response spells what the server says: the status-line and the field lines of a
// response, the dates in them, the error page, and the lines of the log.
//
// Values go in, bytes come out, appended to the caller's slice: [AppendStatusLine],
// [AppendField], [AppendDate], [ErrorPage.Append], [AppendLogPrefix] and [AppendLogText].
// Which phrase stands for a status, and how a page is worded, depends on the release and
// stands in tables keyed by sets of releases.
//
// The package does no I/O, knows no clock and no connection: when it is, and who asked,
// comes in as arguments.
package response
