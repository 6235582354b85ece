package cpython

import "bytes"

// A SplitURL is a SplitResult: the five parts of a URL, as bytes of the URL itself. An
// absent part and an empty one are the same.
type SplitURL struct{ Scheme, Netloc, Path, Query, Fragment []byte }

// removesUnsafeBytes says which releases drop TAB, LF and CR from a URL before anything
// else. It is no quirk, since the words of a request-line never contain them.
const removesUnsafeBytes = all &^ (1 << V2_7)

// Urlsplit is urllib.parse.urlsplit; 2.7: urlparse.urlsplit.
//
//	URI-reference = [ scheme ":" ] [ "//" authority ] path [ "?" query ] [ "#" fragment ]
//	                                                               ; RFC 3986, section 4.1
//
// CPython finds the parts by their delimiters only and checks no characters but those of
// the scheme and of an IP literal in brackets. err is the last line of the traceback where
// CPython raises ValueError, in Latin-1 as url is, and empty where it does not.
//
// The parts share the memory of url, except where a release drops bytes from it or the
// scheme has capitals.
//
// CPython ends with _checknetloc, which in 3.x refuses an authority that would have one of
// /?#@: after normalization to NFKC only. It cannot fail here: of the Latin-1 characters only
// a0 a8 aa af b2-b5 b8-ba and bc-be change, to blanks, accents, letters, digits and, in the
// fractions, U+2044 FRACTION SLASH, which is not "/".
func Urlsplit(v Version, url []byte) (u SplitURL, err string) {
	if removesUnsafeBytes.Contains(v) {
		url = removeUnsafeBytes(url)
	}
	if v.Has(StripsLeadingControls) {
		url = stripLeadingControls(url)
	}
	u.Scheme, url = splitScheme(v, url)
	if len(url) >= 2 && url[0] == '/' && url[1] == '/' {
		u.Netloc, url = splitNetloc(url[2:])
		if err = checkBrackets(v, u.Netloc); err != "" {
			return SplitURL{}, err
		}
	}
	url, u.Fragment, _ = bytes.Cut(url, []byte{'#'})
	u.Path, u.Query, _ = bytes.Cut(url, []byte{'?'})
	return u, ""
}

// removeUnsafeBytes drops _UNSAFE_URL_BYTES_TO_REMOVE: TAB, CR and LF.
func removeUnsafeBytes(url []byte) []byte {
	if bytes.IndexByte(url, '\t') < 0 && bytes.IndexByte(url, '\r') < 0 && bytes.IndexByte(url, '\n') < 0 {
		return url
	}
	safe := make([]byte, 0, len(url))
	for _, c := range url {
		if c != '\t' && c != '\r' && c != '\n' {
			safe = append(safe, c)
		}
	}
	return safe
}

// stripLeadingControls is url.lstrip(_WHATWG_C0_CONTROL_OR_SPACE): 00-20.
func stripLeadingControls(url []byte) []byte {
	for len(url) > 0 && url[0] <= ' ' {
		url = url[1:]
	}
	return url
}

// splitScheme takes the scheme and its colon from url, if there is one.
//
//	scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )            ; RFC 3986, section 3.1
//
// CPython asks for ALPHA in front only with RequiresLetterInScheme. With
// DoubtsDigitsAfterScheme it takes "host:80" for a path, but not "http:80": a shortcut for
// the common scheme, spelled in lower case, runs before the doubt.
func splitScheme(v Version, url []byte) (scheme, rest []byte) {
	i := bytes.IndexByte(url, ':')
	if i <= 0 || v.Has(RequiresLetterInScheme) && !isLetter(url[0]) {
		return nil, url
	}
	scheme, rest = url[:i], url[i+1:]
	for _, c := range scheme {
		if !isAlphanumeric(c) && c != '+' && c != '-' && c != '.' {
			return nil, url
		}
	}
	if v.Has(DoubtsDigitsAfterScheme) && string(scheme) != "http" && len(rest) > 0 && isDigits(rest) {
		return nil, url
	}
	return lowerASCII(scheme), rest
}

// isDigits reports whether s has ASCII digits only.
func isDigits(s []byte) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// lowerASCII returns s with its ASCII letters in lower case: s itself if it is so already.
func lowerASCII(s []byte) []byte {
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			return bytes.ToLower(s)
		}
	}
	return s
}

// splitNetloc is _splitnetloc: url, which follows "//", is cut at the first "/", "?" or "#".
func splitNetloc(url []byte) (netloc, rest []byte) {
	for i, c := range url {
		if c == '/' || c == '?' || c == '#' {
			return url[:i], url[i:]
		}
	}
	return url, nil
}

const invalidIPv6URL = "ValueError: Invalid IPv6 URL"

// checkBrackets is what urlsplit and, with RejectsTextAroundBrackets, _check_bracketed_netloc
// want of an authority with brackets. Every release wants both or none.
//
//	authority  = [ userinfo "@" ] host [ ":" port ]                ; RFC 3986, section 3.2
//	host       = IP-literal / IPv4address / reg-name
//	IP-literal = "[" ( IPv6address / IPvFuture  ) "]"
func checkBrackets(v Version, netloc []byte) (err string) {
	opens, closes := bytes.IndexByte(netloc, '[') >= 0, bytes.IndexByte(netloc, ']') >= 0
	if opens != closes {
		return invalidIPv6URL
	}
	if !opens || !v.Has(ValidatesBracketedHost) {
		return ""
	}
	if !v.Has(RejectsTextAroundBrackets) {
		// The brackets need not be in order: in "]a[b" the host is "b".
		_, bracketed, _ := bytes.Cut(netloc, []byte{'['})
		host, _, _ := bytes.Cut(bracketed, []byte{']'})
		return checkBracketedHost(v, host)
	}
	hostAndPort := netloc[bytes.LastIndexByte(netloc, '@')+1:]
	before, bracketed, opens := bytes.Cut(hostAndPort, []byte{'['})
	if !opens {
		// The brackets were in the userinfo. The plain host is held to the rules all the
		// same, and no plain host passes them.
		host, _, _ := bytes.Cut(hostAndPort, []byte{':'})
		return checkBracketedHost(v, host)
	}
	host, port, _ := bytes.Cut(bracketed, []byte{']'})
	if len(before) > 0 || len(port) > 0 && port[0] != ':' {
		return invalidIPv6URL
	}
	return checkBracketedHost(v, host)
}

// checkBracketedHost is _check_bracketed_host.
//
//	IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
//
// ABNF strings have no case, but CPython takes "V" only with TakesCapitalIPvFuture. After
// the period it takes any characters.
func checkBracketedHost(v Version, host []byte) (err string) {
	if len(host) > 0 && (host[0] == 'v' || host[0] == 'V' && v.Has(TakesCapitalIPvFuture)) {
		digits, rest, _ := bytes.Cut(host[1:], []byte{'.'})
		if !isHexDigits(digits) || len(digits) == 0 || len(rest) == 0 {
			return "ValueError: IPvFuture address is invalid"
		}
		return ""
	}
	switch {
	case isIPv4Address(host):
		return "ValueError: An IPv4 address cannot be in brackets"
	case isIPv6Address(host):
		return ""
	}
	line := AppendRepr([]byte("ValueError: "), v, host)
	return string(line) + " does not appear to be an IPv4 or IPv6 address"
}

// usesNetloc is uses_netloc: the schemes that urlunsplit writes "//" for where there is no
// authority, and the releases that know them. The empty scheme, which is in CPython's list
// too, is never asked for.
var usesNetloc = []struct {
	scheme   string
	releases Set
}{
	{"ftp", all}, {"http", all}, {"gopher", all}, {"nntp", all}, {"telnet", all},
	{"imap", all}, {"wais", all}, {"file", all}, {"mms", all}, {"https", all},
	{"shttp", all}, {"snews", all}, {"prospero", all}, {"rtsp", all}, {"rtspu", all},
	{"rsync", all}, {"svn", all}, {"svn+ssh", all}, {"sftp", all}, {"nfs", all},
	{"git", all}, {"git+ssh", all},
	{"ws", From(V3_6)}, {"wss", From(V3_6)},
	{"rtsps", From(V3_11)},
	{"itms-services", From(V3_12)},
}

// schemeUsesNetloc reports whether scheme is in uses_netloc.
func schemeUsesNetloc(v Version, scheme []byte) bool {
	for i := range usesNetloc {
		if string(scheme) == usesNetloc[i].scheme {
			return usesNetloc[i].releases.Contains(v)
		}
	}
	return false
}

// AppendUrlunsplit is urllib.parse.urlunsplit; 2.7: urlparse.urlunsplit.
func AppendUrlunsplit(dst []byte, v Version, u SplitURL) []byte {
	if len(u.Scheme) > 0 {
		dst = append(dst, u.Scheme...)
		dst = append(dst, ':')
	}
	if writesNetloc(v, u) {
		dst = append(dst, "//"...)
		dst = append(dst, u.Netloc...)
		if len(u.Path) > 0 && u.Path[0] != '/' {
			dst = append(dst, '/')
		}
	}
	dst = append(dst, u.Path...)
	if len(u.Query) > 0 {
		dst = append(dst, '?')
		dst = append(dst, u.Query...)
	}
	if len(u.Fragment) > 0 {
		dst = append(dst, '#')
		dst = append(dst, u.Fragment...)
	}
	return dst
}

// writesNetloc reports whether urlunsplit writes "//" and the authority, empty or not.
func writesNetloc(v Version, u SplitURL) bool {
	if len(u.Netloc) > 0 {
		return true
	}
	slashed := bytes.HasPrefix(u.Path, []byte("//"))
	if !v.Has(GuardsSlashedPath) {
		return !slashed && schemeUsesNetloc(v, u.Scheme)
	}
	rooted := len(u.Path) == 0 || u.Path[0] == '/'
	return slashed || rooted && schemeUsesNetloc(v, u.Scheme)
}
