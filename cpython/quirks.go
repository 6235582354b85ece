package cpython

// A Quirk is a named yes/no difference between releases. The code asks v.Has(q); which
// releases have it stands in one table, below.
type Quirk uint8

const (
	// SplitsOnUnicodeSpace: words of the request-line are split at 1c-1f, 85 and a0 too.
	SplitsOnUnicodeSpace Quirk = iota + 1
	// ReadsFieldsWithRFC822: 2.7's rfc822 reader: no limits, the first line without a colon ends the fields, last field wins.
	ReadsFieldsWithRFC822
	// ChecksVersionOfLongRequestLine: with four and more words the last one is checked as HTTP-version first.
	ChecksVersionOfLongRequestLine
	// ReadsVersionWithInt: the numbers of the HTTP-version are read by int(): sign and so on; without: digits only, at most 10.
	ReadsVersionWithInt
	// TakesUnderscoresInInt: int() takes single underscores between digits.
	TakesUnderscoresInInt
	// LimitsDigitsOfInt: int() refuses more than 4300 digits.
	LimitsDigitsOfInt
	// AnswersBadRequestLineInFull: 400 and 505 for the request-line have a status-line and fields.
	AnswersBadRequestLineInFull
	// SkipsFieldsOfSimpleRequest: a two-word request (HTTP/0.9) reads no field lines.
	SkipsFieldsOfSimpleRequest
	// CollapsesLeadingSlashes: leading slashes of the target become one.
	CollapsesLeadingSlashes
	// CountsBlankLineAsField: the blank line counts for the limit of 100 field lines.
	CountsBlankLineAsField
	// StripsUnfoldedValue: a folded value is joined first and then stripped on the left.
	StripsUnfoldedValue
	// ExpectsContinue: Expect: 100-continue is answered with 100 Continue.
	ExpectsContinue
	// CrashesOnMixedBoundaryParts: `boundary*=a; boundary*1*=b` is a TypeError.
	CrashesOnMixedBoundaryParts

	// DoubtsDigitsAfterScheme: urlsplit takes no scheme if the rest is all digits, save for http.
	DoubtsDigitsAfterScheme
	// RequiresLetterInScheme: a scheme begins with an ASCII letter for urlsplit.
	RequiresLetterInScheme
	// ValidatesBracketedHost: urlsplit wants an IPv6 address or an IPvFuture between brackets.
	ValidatesBracketedHost
	// RejectsTextAroundBrackets: urlsplit refuses text before and after the brackets, but user@ and :port.
	RejectsTextAroundBrackets
	// TakesCapitalIPvFuture: urlsplit takes [V1.x] as it takes [v1.x].
	TakesCapitalIPvFuture
	// StripsLeadingControls: urlsplit strips 00-20 in front.
	StripsLeadingControls
	// GuardsSlashedPath: urlunsplit writes // before a path that begins with //, and not before a relative one.
	GuardsSlashedPath
	// LeavesTildeUnquoted: quote() leaves ~ as it is.
	LeavesTildeUnquoted
	// CrashesOnDottedTime: parsedate raises UnboundLocalError for a time of four dotted parts.
	CrashesOnDottedTime

	// ReadsPathAsBytes: 2.7: request-target and file names are bytes, not Latin-1 read as text.
	ReadsPathAsBytes
	// LooksUpDirectoryPerRequest: os.getcwd() for every request.
	LooksUpDirectoryPerRequest
	// TakesTrailingSlashDecoded: whether the path ends in a slash is seen after percent-decoding.
	TakesTrailingSlashDecoded
	// CountsEncodedSlashAsSlash: a directory target that ends in %2f or %2F is not redirected.
	CountsEncodedSlashAsSlash
	// TakesAnyIndexEntry: an index page only has to exist, not to be a regular file.
	TakesAnyIndexEntry
	// RejectsTrailingSlashOnFile: a path that ends in a slash is 404 before open() is tried.
	RejectsTrailingSlashOnFile
	// TreatsUnencodablePathAsNoDirectory: isdir() of a path with NUL or a lone surrogate is false, not an exception.
	TreatsUnencodablePathAsNoDirectory

	// GuessesByMimetypes: guess_type ends in mimetypes.guess_type, with encodings and suffix aliases.
	GuessesByMimetypes
	// SplitsTypePathAsURL: guess_type takes the path for a URL, so that data:... is one.
	SplitsTypePathAsURL

	// ShowsQueryInTitle: the listing's title holds the whole target, query and fragment included.
	ShowsQueryInTitle
	// ShowsFilePathInTitle: if the target is not UTF-8, the title shows the path in the file system.
	ShowsFilePathInTitle

	// SendsLengthOfError: error answers have Content-Length, and a charset.
	SendsLengthOfError
	// EscapesExplain: the explanation in the error page is HTML-escaped.
	EscapesExplain
	// NamesStatusInExplanation: the error page says HTTPStatus.NOT_FOUND in place of 404 before the explanation.
	NamesStatusInExplanation
	// SendsHeadLineByLine: every line of the head is written at once, so that a crash leaves a part of it on the wire.
	SendsHeadLineByLine
	// RoundsTimeToMicroseconds: times are rounded half-even to microseconds and floored; without: truncated towards zero.
	RoundsTimeToMicroseconds
	// EscapesControlsInLog: control characters and the backslash are escaped in the log.
	EscapesControlsInLog
	// RespacesRequestLineInLog: the access line joins the first three words with single blanks.
	RespacesRequestLineInLog
	// ColorsTerminal: banner and log are coloured on a terminal.
	ColorsTerminal

	// SendsLengthOfRedirect: 301 has Content-Length: 0.
	SendsLengthOfRedirect
	// HonorsIfModifiedSince: If-Modified-Since is compared, and 304 answered.
	HonorsIfModifiedSince
	// CrashesOnExtraFieldsOfSimpleRequest: with extra response fields, an HTTP/0.9 request is an AttributeError.
	CrashesOnExtraFieldsOfSimpleRequest

	// ResolvesBindAddress: --bind goes through getaddrinfo, so that IPv6 works, dual stack.
	ResolvesBindAddress
	// ShowsURLInBanner: the banner holds the URL.
	ShowsURLInBanner
	// BracketsHostInBanner: the URL of the banner has brackets around an IPv6 address.
	BracketsHostInBanner
	// SaysGoodbye: SIGINT prints a line on stdout and exits 0.
	SaysGoodbye

	quirkEnd
)

// quirks says which releases have each Quirk, and which package asks for it.
var quirks = [quirkEnd]struct {
	name     string
	owner    string
	releases Set
}{
	SplitsOnUnicodeSpace:           {"SplitsOnUnicodeSpace", "reqparse", From(V3_6)},
	ReadsFieldsWithRFC822:          {"ReadsFieldsWithRFC822", "reqparse", Only(V2_7)},
	ChecksVersionOfLongRequestLine: {"ChecksVersionOfLongRequestLine", "reqparse", From(V3_7)},
	ReadsVersionWithInt:            {"ReadsVersionWithInt", "reqparse", Until(V3_10)},
	TakesUnderscoresInInt:          {"TakesUnderscoresInInt", "cpython", From(V3_6)},
	LimitsDigitsOfInt:              {"LimitsDigitsOfInt", "cpython", From(V3_7)},
	AnswersBadRequestLineInFull:    {"AnswersBadRequestLineInFull", "reqparse", From(V3_15)},
	SkipsFieldsOfSimpleRequest:     {"SkipsFieldsOfSimpleRequest", "reqparse", From(V3_14)},
	CollapsesLeadingSlashes:        {"CollapsesLeadingSlashes", "reqparse", From(V3_7)},
	CountsBlankLineAsField:         {"CountsBlankLineAsField", "reqparse", Between(V3_6, V3_14)},
	StripsUnfoldedValue:            {"StripsUnfoldedValue", "reqparse", From(V3_14)},
	ExpectsContinue:                {"ExpectsContinue", "reqparse", From(V3_6)},
	CrashesOnMixedBoundaryParts:    {"CrashesOnMixedBoundaryParts", "reqparse", Between(V3_6, V3_13)},

	DoubtsDigitsAfterScheme:   {"DoubtsDigitsAfterScheme", "cpython", Until(V3_8)},
	RequiresLetterInScheme:    {"RequiresLetterInScheme", "cpython", From(V3_11)},
	ValidatesBracketedHost:    {"ValidatesBracketedHost", "cpython", From(V3_11)},
	RejectsTextAroundBrackets: {"RejectsTextAroundBrackets", "cpython", From(V3_14)},
	TakesCapitalIPvFuture:     {"TakesCapitalIPvFuture", "cpython", From(V3_15)},
	StripsLeadingControls:     {"StripsLeadingControls", "cpython", From(V3_8)},
	GuardsSlashedPath:         {"GuardsSlashedPath", "cpython", From(V3_13)},
	LeavesTildeUnquoted:       {"LeavesTildeUnquoted", "cpython", From(V3_7)},
	CrashesOnDottedTime:       {"CrashesOnDottedTime", "cpython", Between(V3_7, V3_8)},

	ReadsPathAsBytes:                   {"ReadsPathAsBytes", "fsmap", Only(V2_7)},
	LooksUpDirectoryPerRequest:         {"LooksUpDirectoryPerRequest", "handler", Until(V3_6)},
	TakesTrailingSlashDecoded:          {"TakesTrailingSlashDecoded", "fsmap", From(V3_14)},
	CountsEncodedSlashAsSlash:          {"CountsEncodedSlashAsSlash", "fsmap", From(V3_14)},
	TakesAnyIndexEntry:                 {"TakesAnyIndexEntry", "fsmap", Until(V3_9)},
	RejectsTrailingSlashOnFile:         {"RejectsTrailingSlashOnFile", "fsmap", From(V3_8)},
	TreatsUnencodablePathAsNoDirectory: {"TreatsUnencodablePathAsNoDirectory", "fsmap", From(V3_8)},

	GuessesByMimetypes:  {"GuessesByMimetypes", "mime", From(V3_9)},
	SplitsTypePathAsURL: {"SplitsTypePathAsURL", "mime", Between(V3_9, V3_12)},

	ShowsQueryInTitle:    {"ShowsQueryInTitle", "listing", Until(V3_13)},
	ShowsFilePathInTitle: {"ShowsFilePathInTitle", "listing", Between(V3_6, V3_7)},

	SendsLengthOfError:       {"SendsLengthOfError", "response", From(V3_6)},
	EscapesExplain:           {"EscapesExplain", "response", From(V3_6)},
	NamesStatusInExplanation: {"NamesStatusInExplanation", "response", Between(V3_6, V3_10)},
	SendsHeadLineByLine:      {"SendsHeadLineByLine", "handler", Only(V2_7)},
	RoundsTimeToMicroseconds: {"RoundsTimeToMicroseconds", "response", From(V3_6)},
	EscapesControlsInLog:     {"EscapesControlsInLog", "response", From(V3_7)},
	RespacesRequestLineInLog: {"RespacesRequestLineInLog", "response", From(V3_15)},
	ColorsTerminal:           {"ColorsTerminal", "response", From(V3_15)},

	SendsLengthOfRedirect:               {"SendsLengthOfRedirect", "handler", From(V3_9)},
	HonorsIfModifiedSince:               {"HonorsIfModifiedSince", "handler", From(V3_7)},
	CrashesOnExtraFieldsOfSimpleRequest: {"CrashesOnExtraFieldsOfSimpleRequest", "handler", From(V3_15)},

	ResolvesBindAddress:  {"ResolvesBindAddress", "server", From(V3_8)},
	ShowsURLInBanner:     {"ShowsURLInBanner", "server", From(V3_6)},
	BracketsHostInBanner: {"BracketsHostInBanner", "server", From(V3_8)},
	SaysGoodbye:          {"SaysGoodbye", "server", From(V3_6)},
}

// Has reports whether the release v has the quirk q.
func (v Version) Has(q Quirk) bool { return quirks[q].releases.Contains(v) }

// String returns the quirk's name.
func (q Quirk) String() string { return quirks[q].name }
