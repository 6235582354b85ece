package cpython

// A Quirk is a named yes/no difference between releases: the behaviour itself, which some
// releases have and some have not. The code asks v.Has(q); which releases have it, who asks for
// it and where it was seen stands in one table, in quirktable.go. QUIRKS.md is printed from both.
//
// Every comment answers five questions: what the server does with the quirk; what it does without;
// a request that shows it; which other quirk it touches; and where in CPython it was seen.
type Quirk uint8

const (
	// The quirks of reading a request: package reqparse.

	// SplitsOnUnicodeSpace: the request-line is split into words at 1c to 1f, 85 and a0 too,
	// because it is a str, decoded from Latin-1, and str.split() knows Unicode's white space.
	// Without it the line is bytes, and only 09 to 0d and 20 part words.
	// Example: "GET /a\x1cb HTTP/1.0" has four words with it, three without.
	// Touches ChecksVersionOfLongRequestLine, which decides what four words come to.
	// Seen in http/server.py, parse_request: requestline.split().
	SplitsOnUnicodeSpace Quirk = iota + 1

	// ReadsFieldsWithRFC822: field lines are read by rfc822.Message: no limit on their length or
	// number; the first line without a colon ends them, is swallowed, and the request is answered
	// at once; of several fields with one name the last counts.
	// Without it http.client reads lines up to a blank one, at most 100 of at most 65536 bytes,
	// the email package makes fields of them, and the first of several counts.
	// Example: "GET / HTTP/1.0\r\nno colon\r\n" is answered with it; without, the server goes on
	// waiting for a blank line.
	// Touches CountsBlankLineAsField and StripsUnfoldedValue, which have no meaning with it.
	// Seen in rfc822.py, Message.readheaders.
	ReadsFieldsWithRFC822

	// ChecksVersionOfLongRequestLine: of four words and more, the last is checked as HTTP-version
	// before the line is refused, so that the refusal may be about the version, and has a
	// status-line if the version was good.
	// Without it such a line is bad syntax at once, and the error page comes bare.
	// Example: "GET / x HTTP/1.0".
	// Touches AnswersBadRequestLineInFull: with both there is always a status-line.
	// Seen in http/server.py, parse_request: if len(words) >= 3.
	ChecksVersionOfLongRequestLine

	// ReadsVersionWithInt: the numbers in the HTTP-version are whatever int() takes, a sign in
	// front included, so that HTTP/+1.-1 is a version.
	// Without it they are digits only, at most ten.
	// Example: "GET / HTTP/1.+0".
	// Touches TakesUnderscoresInInt and LimitsDigitsOfInt, which say what int() takes.
	// Seen in http/server.py, parse_request: int(version_number[0]).
	ReadsVersionWithInt

	// AnswersBadRequestLineInFull: the answer to a bad request-line, 400 or 505, has a status-line
	// and field lines.
	// Without it the handler still believes that the client speaks HTTP/0.9 when it finds the line
	// bad, and sends the error page alone.
	// Example: "GET / HTTP/x".
	// Touches ChecksVersionOfLongRequestLine.
	// Seen in 3.15's http/server.py, parse_request: self.request_version = ''.
	AnswersBadRequestLineInFull

	// SkipsFieldsOfSimpleRequest: a request-line of two words, which is HTTP/0.9, is answered as soon
	// as it is read; field lines behind it are never looked at.
	// Without it field lines are read up to the blank line, and all their limits hold.
	// Example: "GET /\r\n" without anything behind it.
	// Touches CrashesOnExtraFieldsOfSimpleRequest only in that both are about HTTP/0.9.
	// Seen in 3.14's http/server.py, parse_request: is_http_0_9.
	SkipsFieldsOfSimpleRequest

	// CollapsesLeadingSlashes: slashes at the beginning of the request-target become one, so that
	// a redirect to it cannot leave the host.
	// Without it "//host/.." is redirected to "//host/../", which browsers take for another host
	// (CVE-2021-28861).
	// Example: "GET //evil.example/.. HTTP/1.0".
	// Touches GuardsSlashedPath, the same care taken elsewhere.
	// Seen in http/server.py, parse_request: self.path.lstrip('/').
	CollapsesLeadingSlashes

	// CountsBlankLineAsField: the blank line behind the field lines, or the end of input in its place,
	// counts for the limit of 100, so that 99 fields are the most.
	// Without it 100 fields are the most.
	// Example: a request with exactly 100 fields.
	// Touches nothing else.
	// Seen in http/client.py, _read_headers.
	CountsBlankLineAsField

	// StripsUnfoldedValue: the lines of a folded value are joined first and then blanks, tabs and
	// line ends are stripped in front.
	// Without it only the first line is stripped, of blanks and tabs, so that a value whose first
	// line is empty begins with a line end.
	// Example: "Connection:\r\n close" is close with it.
	// Touches nothing else.
	// Seen in email/_policybase.py, Compat32.header_source_parse.
	StripsUnfoldedValue

	// ExpectsContinue: with protocol HTTP/1.1, "Expect: 100-continue" is answered with 100 Continue
	// before the method runs.
	// Without it the field is not looked at.
	// Example: "GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n" to a server that speaks HTTP/1.1.
	// Touches nothing else.
	// Seen in http/server.py, handle_expect_100; 2.7 has no such function.
	ExpectsContinue

	// CrashesOnMixedBoundaryParts: a multipart Content-Type whose boundary is given both whole and
	// in numbered parts (RFC 2231) is a TypeError when the email package sorts the parts; the client
	// gets nothing.
	// Without it the parts are sorted.
	// Example: "Content-Type: multipart/x; boundary*=a; boundary*1*=b".
	// Touches nothing else.
	// Seen in email/utils.py, decode_params.
	CrashesOnMixedBoundaryParts

	// DropsLettersFromCodecName: letters and digits of Latin-1 in the charset of an extended boundary
	// (RFC 2231) are left out of the codec's name, so that a codec may be found that fails.
	// Without it they belong to the name, there is no such codec, and the boundary stays as it is.
	// Example: "Content-Type: multipart/x; boundary*=idna\xe9''a" is answered without it.
	// Touches DecodesPunycodeStrictly, about what one of the codecs does.
	// Seen in encodings/__init__.py, normalize_encoding, before which 3.9 drops them in C.
	DropsLettersFromCodecName

	// TakesCP65001ForUTF8: a boundary in the charset cp65001 is decoded as UTF-8.
	// Without it there is no such codec but on Windows, and the boundary stays as it is.
	// Example: "Content-Type: multipart/x; boundary*=cp65001''%C3%A9".
	// Touches DropsLettersFromCodecName, which makes a name of more spellings.
	// Seen in encodings/aliases.py.
	TakesCP65001ForUTF8

	// DecodesPunycodeStrictly: a boundary in punycode whose part after the last hyphen is not ASCII
	// is a UnicodeDecodeError, though replacement was asked for; the client gets nothing.
	// Without it the byte is replaced.
	// Example: "Content-Type: multipart/x; boundary*=punycode''a-%FF".
	// Touches DropsLettersFromCodecName.
	// Seen in encodings/punycode.py, punycode_decode: str(text[pos+1:], "ascii").
	DecodesPunycodeStrictly

	// The quirks of Python's own functions: package cpython.

	// TakesUnderscoresInInt: int() takes single underscores between digits (PEP 515).
	// Without it an underscore is an error.
	// Example: "GET / HTTP/1_0.0".
	// Touches ReadsVersionWithInt, and dates of If-Modified-Since.
	// Seen in Objects/longobject.c, PyLong_FromString.
	TakesUnderscoresInInt

	// LimitsDigitsOfInt: int() refuses a text of more than 4300 digits (CVE-2020-10735).
	// Without it any number of digits is converted.
	// Example: "GET / HTTP/1." and 4301 zeros.
	// Touches ReadsVersionWithInt, and dates of If-Modified-Since.
	// Seen in Objects/longobject.c, _PY_LONG_DEFAULT_MAX_STR_DIGITS.
	LimitsDigitsOfInt

	// DoubtsDigitsAfterScheme: urlsplit takes no scheme off when all that follows the colon is digits,
	// because that looks like host:port; http in lower case is always taken for a scheme.
	// Without it the scheme is taken off.
	// Example: "GET ftp:80 HTTP/1.0" where a directory has that name.
	// Touches RequiresLetterInScheme.
	// Seen in urllib/parse.py, urlsplit: "make sure url is not actually a port number".
	DoubtsDigitsAfterScheme

	// RequiresLetterInScheme: a scheme begins with an ASCII letter (RFC 3986, section 3.1).
	// Without it a digit, a plus, a minus or a dot may begin it.
	// Example: "GET 1:/.. HTTP/1.0".
	// Touches DoubtsDigitsAfterScheme.
	// Seen in urllib/parse.py, urlsplit: url[0].isascii() and url[0].isalpha().
	RequiresLetterInScheme

	// ValidatesBracketedHost: what stands in brackets in the authority must be an IPv6 address or an
	// IPvFuture, else a ValueError leaves the client without an answer (CVE-2024-11168).
	// Without it anything may stand there, as long as both brackets are there.
	// Example: "GET x://[abc]/.. HTTP/1.0".
	// Touches RejectsTextAroundBrackets and TakesCapitalIPvFuture.
	// Seen in urllib/parse.py, _check_bracketed_host.
	ValidatesBracketedHost

	// RejectsTextAroundBrackets: nothing but user@ may stand before the brackets of the authority, and
	// nothing but a port behind them, else a ValueError leaves the client without an answer (CVE-2025-0938).
	// Without it anything may.
	// Example: "GET x://a[::1]/.. HTTP/1.0".
	// Touches ValidatesBracketedHost.
	// Seen in urllib/parse.py, _check_bracketed_netloc.
	RejectsTextAroundBrackets

	// TakesCapitalIPvFuture: the v of an IPvFuture may be a capital.
	// Without it only the small letter is known.
	// Example: "GET x://[V1.a]/.. HTTP/1.0".
	// Touches ValidatesBracketedHost.
	// Seen in urllib/parse.py, _check_bracketed_host.
	TakesCapitalIPvFuture

	// StripsLeadingControls: urlsplit strips control characters and blanks in front of a URL
	// (CVE-2023-24329), so that they vanish from a Location.
	// Without it they stay.
	// Example: "GET \x01/.. HTTP/1.0".
	// Touches nothing else.
	// Seen in urllib/parse.py, urlsplit: url.lstrip(_WHATWG_C0_CONTROL_OR_SPACE).
	StripsLeadingControls

	// GuardsSlashedPath: urlunsplit writes an empty authority before a path that begins with two
	// slashes, so that it cannot be taken for one; and none before a path that does not begin
	// with a slash.
	// Without it the two slashes are written as they are, and a network scheme always gets "//".
	// Example: "GET x:////a/.. HTTP/1.0".
	// Touches CollapsesLeadingSlashes.
	// Seen in urllib/parse.py, urlunsplit.
	GuardsSlashedPath

	// LeavesTildeUnquoted: quote() leaves ~ as it is (RFC 3986, section 2.3).
	// Without it ~ becomes %7E in the links of a listing.
	// Example: a listing with a file a~.
	// Touches nothing else.
	// Seen in urllib/parse.py, _ALWAYS_SAFE.
	LeavesTildeUnquoted

	// CrashesOnDottedTime: a date whose time has four parts or more with dots between them is an
	// UnboundLocalError, and the client gets nothing.
	// Without it the date is ignored.
	// Example: "If-Modified-Since: Mon, 1 Jan 2001 1.2.3.4 GMT".
	// Touches HonorsIfModifiedSince, without which no date is read.
	// Seen in email/_parseaddr.py, _parsedate_tz.
	CrashesOnDottedTime

	// The quirks of going from the request-target to a file: package fsmap, and handler for the
	// directory that is served.

	// ReadsPathAsBytes: str is bytes: so are request-target and file names, and what the target's
	// escapes give is the file's name; and white space, digits and letters are those of ASCII.
	// Without it the target is Latin-1 text, in which only runs of ASCII are unescaped and read as
	// UTF-8, file names are UTF-8 with surrogate escapes, and characters are what Unicode says.
	// Example: "GET /caf\xc3\xa9 HTTP/1.0" finds café with it, cafÃ© without.
	// Touches SplitsOnUnicodeSpace, which is about the words of a request-line alone.
	// Seen in SimpleHTTPServer.py, translate_path: urllib.unquote(path).
	ReadsPathAsBytes

	// LooksUpDirectoryPerRequest: the current directory is asked for at every request, so that the
	// server follows when it is renamed, and fails when it is gone.
	// Without it the directory is a path that is fixed at the start.
	// Example: any request after "mv" of the directory.
	// Touches nothing else.
	// Seen in SimpleHTTPServer.py and 3.6's http/server.py, translate_path: os.getcwd().
	LooksUpDirectoryPerRequest

	// TakesTrailingSlashDecoded: whether the path ends in a slash is asked after its escapes are
	// gone, so that %2f at the end counts.
	// Without it the raw target is asked.
	// Example: "GET /file.txt%2f HTTP/1.0" is 404 with it, the file without.
	// Touches CountsEncodedSlashAsSlash, the same for directories.
	// Seen in http/server.py, translate_path: trailing_slash.
	TakesTrailingSlashDecoded

	// CountsEncodedSlashAsSlash: a target of a directory that ends in %2f or %2F is not redirected.
	// Without it only a slash itself saves from the redirect.
	// Example: "GET /dir%2f HTTP/1.0".
	// Touches TakesTrailingSlashDecoded.
	// Seen in 3.14's http/server.py, send_head: endswith(('/', '%2f', '%2F')).
	CountsEncodedSlashAsSlash

	// TakesAnyIndexEntry: an index page only has to exist: a directory of that name is taken, cannot
	// be opened, and the answer is 404.
	// Without it an index page must be a regular file, and the listing is sent otherwise.
	// Example: "GET /dir/ HTTP/1.0" where dir/index.html is a directory.
	// Touches nothing else.
	// Seen in http/server.py, send_head: os.path.exists(index).
	TakesAnyIndexEntry

	// RejectsTrailingSlashOnFile: a path that ends in a slash and is no directory is 404 before it is
	// opened.
	// Without it the system refuses to open it, with the same answer for all but odd paths.
	// Example: "GET /\0/ HTTP/1.0".
	// Touches TreatsUnencodablePathAsNoDirectory, without which such a path crashes earlier.
	// Seen in http/server.py, send_head: path.endswith("/").
	RejectsTrailingSlashOnFile

	// TreatsUnencodablePathAsNoDirectory: os.path.isdir is false for a path with a NUL or a lone
	// surrogate, which the system cannot be asked about.
	// Without it isdir raises, and the client gets nothing.
	// Example: "GET /%00/ HTTP/1.0".
	// Touches RejectsTrailingSlashOnFile, which then answers if a slash ends the path; else open raises.
	// Seen in genericpath.py, isdir: except (OSError, ValueError).
	TreatsUnencodablePathAsNoDirectory

	// The quirks of media types: package mime.

	// GuessesByMimetypes: guess_type asks mimetypes.guess_type for what its own small table does not
	// have, so that suffix aliases (.tgz) and encodings (.gz, .br) are taken off first.
	// Without it one table with all extensions is asked for the last extension alone.
	// Example: "GET /a.tgz HTTP/1.0" is application/x-tar with it, application/octet-stream without.
	// Touches SplitsTypePathAsURL.
	// Seen in http/server.py, guess_type.
	GuessesByMimetypes

	// SplitsTypePathAsURL: the path is taken for a URL before its type is guessed, so that one that
	// begins with data: is a data URL.
	// Without it a path is a path.
	// Example: any file, with -d data:x.
	// Touches GuessesByMimetypes, without which nothing is guessed from a URL.
	// Seen in mimetypes.py, MimeTypes.guess_type.
	SplitsTypePathAsURL

	// The quirks of the directory page: package listing.

	// ShowsQueryInTitle: the title of a listing is the whole request-target, query and fragment
	// included.
	// Without it the target is cut at the first # and the first ?.
	// Example: "GET /dir/?x HTTP/1.0".
	// Touches ShowsFilePathInTitle.
	// Seen in http/server.py, list_directory: displaypath.
	ShowsQueryInTitle

	// ShowsFilePathInTitle: if the target's escapes are not UTF-8, the title shows the path in the
	// file system in place of the target, and so tells where the served directory is.
	// Without it the target is shown, with replacement characters.
	// Example: "GET /dir/?%ff HTTP/1.0".
	// Touches ShowsQueryInTitle, without which no such target names a directory.
	// Seen in 3.6's and 3.7's http/server.py, list_directory: urllib.parse.unquote(path).
	ShowsFilePathInTitle

	// The quirks of what is written: package response, and handler for the order of writing.

	// SendsLengthOfError: error answers have a Content-Length, and name a charset.
	// Without it the close of the connection ends the page.
	// Example: "GET /nothing HTTP/1.0".
	// Touches nothing else.
	// Seen in http/server.py, send_error.
	SendsLengthOfError

	// EscapesExplain: the explanation in an error page is escaped for HTML, as the message is.
	// Without it only the message is.
	// Example: none with the server's own texts, which hold nothing to escape; a subclass that calls
	// send_error with an explanation shows it.
	// Touches nothing else.
	// Seen in http/server.py, send_error: html.escape(explain, quote=False).
	EscapesExplain

	// NamesStatusInExplanation: the explanation in an error page begins with the name of the status in
	// http.HTTPStatus, because str() of the member gives it.
	// Without it the number stands there.
	// Example: "GET /nothing HTTP/1.0" answers "HTTPStatus.NOT_FOUND - Nothing matches the given URI."
	// Touches nothing else.
	// Seen in http/server.py, DEFAULT_ERROR_MESSAGE: %(code)s; enum.py, IntEnum.__str__ since 3.11.
	NamesStatusInExplanation

	// SendsHeadLineByLine: every line of the head is written by itself, at once, so that an exception
	// in the middle leaves the first lines on the wire.
	// Without it the head is collected and written at its blank line; an exception takes it all.
	// Example: "GET /file HTTP/1.0" for a file whose time cannot be formatted.
	// Touches RoundsTimeToMicroseconds, which decides which times can be.
	// Seen in BaseHTTPServer.py, send_header: self.wfile.write.
	SendsHeadLineByLine

	// RoundsTimeToMicroseconds: a time is rounded half-even to microseconds and then floored to the
	// second; its year must be from 1 to 9999.
	// Without it a time is truncated towards zero, and a year of fewer than four digits is padded with blanks.
	// Example: a file last modified at .9999996 of a second.
	// Touches HonorsIfModifiedSince, which compares the same second.
	// Seen in email/utils.py, formatdate: datetime.fromtimestamp; 2.7: BaseHTTPServer.py, date_time_string.
	RoundsTimeToMicroseconds

	// AdmitsTimeJustOutOfRange: a time of 2**63 seconds, which is one too many for a time_t, passes the
	// check of its range, and fails in the system, with another exception.
	// Without it the check refuses it.
	// Example: a file last modified 2**63-1 seconds after 1970, which is 2**63 as a float.
	// Touches RoundsTimeToMicroseconds, without which the time is checked in another way.
	// Seen in Python/pytime.c, _Py_InIntegralTypeRange.
	AdmitsTimeJustOutOfRange

	// EscapesControlsInLog: the control characters of Latin-1 are logged as \xhh, and a backslash as two.
	// Without it a request can write what it likes into the log, and to the terminal.
	// Example: "GET /\x1b[2J HTTP/1.0".
	// Touches RespacesRequestLineInLog.
	// Seen in http/server.py, log_message: _control_char_table.
	EscapesControlsInLog

	// RespacesRequestLineInLog: the access line joins the first two words of the request-line and the
	// rest by single blanks.
	// Without it the line is logged as it came.
	// Example: "GET  /  HTTP/1.0".
	// Touches EscapesControlsInLog: only the blank and a0 are left to split at.
	// Seen in 3.15's http/server.py, _colorize_request.
	RespacesRequestLineInLog

	// ColorsTerminal: banner and log are coloured where they are terminals.
	// Without it they are not.
	// Example: any request, with stderr a terminal, or FORCE_COLOR set.
	// Touches RespacesRequestLineInLog, which splits the line to colour the target.
	// Seen in 3.15's http/server.py, log_message: _colorize.get_theme.
	ColorsTerminal

	// The quirks of the handler: package handler.

	// LogsAddressString: the client's address in the log is what address_string() returns.
	// Without it it is the first element of client_address.
	// Example: none with the server itself, for which both are the same; a subclass that replaces
	// address_string shows it.
	// Touches nothing else.
	// Seen in http/server.py, log_message.
	LogsAddressString

	// NamesServerWithoutVersion: the Server field says SimpleHTTP.
	// Without it it says SimpleHTTP/0.6, the version of a module that has never changed since.
	// Example: any request.
	// Touches nothing else.
	// Seen in 3.15's http/server.py, SimpleHTTPRequestHandler.server_version.
	NamesServerWithoutVersion

	// SendsLengthOfRedirect: 301 has Content-Length: 0.
	// Without it nothing says where a redirect ends that keeps the connection.
	// Example: "GET /dir HTTP/1.0".
	// Touches nothing else.
	// Seen in http/server.py, send_head: self.send_header("Content-Length", "0").
	SendsLengthOfRedirect

	// HonorsIfModifiedSince: a file not modified since the time of If-Modified-Since is answered with 304,
	// unless there is an If-None-Match.
	// Without it the field is not looked at.
	// Example: "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT".
	// Touches CrashesOnDottedTime and RoundsTimeToMicroseconds.
	// Seen in http/server.py, send_head.
	HonorsIfModifiedSince

	// CrashesOnExtraFieldsOfSimpleRequest: where the server adds fields of its own (-H), an HTTP/0.9 request
	// for a file or a listing is an AttributeError, because no field has been sent that they could repeat.
	// Without it such a request is answered; the releases without it have no such fields.
	// Example: "GET /file HTTP/0.9", with -H X-A b.
	// Touches SkipsFieldsOfSimpleRequest only in that both are about HTTP/0.9.
	// Seen in 3.15's http/server.py, _send_extra_response_headers.
	CrashesOnExtraFieldsOfSimpleRequest

	// The quirks of the process: package server.

	// CoercesCLocale: in the C locale file names are UTF-8 all the same (PEP 538, PEP 540).
	// Without it they are ASCII, and the listing says so.
	// Example: any listing, with LC_ALL=C.
	// Touches nothing else.
	// Seen in Python/pylifecycle.c, _Py_CoerceLegacyLocale.
	CoercesCLocale

	// ResolvesBindAddress: --bind goes through getaddrinfo, so that IPv6 addresses work, with IPv4 clients
	// served on the same socket.
	// Without it only what is IPv4, or resolves to it, can be bound.
	// Example: --bind ::
	// Touches BracketsHostInBanner.
	// Seen in http/server.py, _get_best_family and DualStackServer.
	ResolvesBindAddress

	// ShowsURLInBanner: the banner holds the URL to visit.
	// Without it it holds host and port.
	// Example: the start.
	// Touches BracketsHostInBanner.
	// Seen in http/server.py, test.
	ShowsURLInBanner

	// BracketsHostInBanner: an IPv6 address in the banner's URL stands in brackets.
	// Without it it does not; the releases without it cannot be bound to one.
	// Example: --bind ::1
	// Touches ShowsURLInBanner and ResolvesBindAddress.
	// Seen in http/server.py, test: url_host.
	BracketsHostInBanner

	// SaysGoodbye: SIGINT prints "Keyboard interrupt received, exiting." and the exit status is 0.
	// Without it SIGINT is a traceback, and the exit status is 1.
	// Example: Ctrl-C.
	// Touches nothing else.
	// Seen in http/server.py, test: except KeyboardInterrupt.
	SaysGoodbye

	quirkEnd
)
