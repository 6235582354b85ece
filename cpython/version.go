package cpython

import "strings"

// A Version is one pinned release of CPython. The zero Version is none, and has no quirks.
type Version uint8

// The eleven releases. Each is pinned to a patch release, because the Server field shows it
// and because fixes are backported within a series.
const (
	V2_7  Version = iota + 1 // 2.7.18, SimpleHTTPServer
	V3_6                     // 3.6.15, http.server from here on
	V3_7                     // 3.7.16
	V3_8                     // 3.8.18
	V3_9                     // 3.9.18
	V3_10                    // 3.10.13
	V3_11                    // 3.11.7
	V3_12                    // 3.12.1
	V3_13                    // 3.13.0
	V3_14                    // 3.14.2
	V3_15                    // 3.15.0rc1
)

// Default is the release that serves where none is named.
const Default = V3_14

// releases spells each Version in full, as the first word of sys.version does.
var releases = [...]string{
	V2_7:  "2.7.18",
	V3_6:  "3.6.15",
	V3_7:  "3.7.16",
	V3_8:  "3.8.18",
	V3_9:  "3.9.18",
	V3_10: "3.10.13",
	V3_11: "3.11.7",
	V3_12: "3.12.1",
	V3_13: "3.13.0",
	V3_14: "3.14.2",
	V3_15: "3.15.0rc1",
}

// String returns the full release, such as "3.13.0", the first word of sys.version.
func (v Version) String() string {
	if v == 0 || int(v) >= len(releases) {
		return "none"
	}
	return releases[v]
}

// Series returns the release without its patch number, such as "3.13".
func (v Version) Series() string {
	full := v.String()
	major, rest, ok := strings.Cut(full, ".")
	if !ok {
		return full
	}
	minor, _, _ := strings.Cut(rest, ".")
	return major + "." + minor
}

// Versions returns every Version, oldest first.
func Versions() []Version {
	all := make([]Version, 0, len(releases)-1)
	for v := V2_7; int(v) < len(releases); v++ {
		all = append(all, v)
	}
	return all
}

// ParseVersion returns the Version with that name, full ("3.13.0") or series ("3.13").
func ParseVersion(name string) (v Version, ok bool) {
	for _, v := range Versions() {
		if name == v.String() || name == v.Series() {
			return v, true
		}
	}
	return 0, false
}

// A Set is a set of Versions. Fixes are backported, so that the releases with a behaviour
// need not be one run; From, Until and Only make the common sets read like ranges.
type Set uint16

// From returns the set of v and all later releases.
func From(v Version) Set { return all &^ (1<<v - 1) }

// Until returns the set of v and all earlier releases.
func Until(v Version) Set { return all & (1<<(v+1) - 1) }

// Only returns the set of just these releases.
func Only(vs ...Version) Set {
	var s Set
	for _, v := range vs {
		s |= 1 << v
	}
	return s
}

// Between returns the set of all releases from first to last, both included.
func Between(first, last Version) Set { return From(first) & Until(last) }

// Contains reports whether v is in s.
func (s Set) Contains(v Version) bool { return s>>v&1 != 0 }

// all is the set of every Version.
const all Set = 1<<(V3_15+1) - 1<<V2_7
