package cpython

import (
	"bytes"
	"math"
)

// A DateKind says what If-Modified-Since turned out to be.
type DateKind uint8

const (
	// DateIgnored: ill-formed, or no date of the calendar. send_head goes on as if the field were not there.
	DateIgnored DateKind = iota
	// DateUTC: a time that is compared.
	DateUTC
	// DateOtherZone: well-formed, but not in UTC. send_head does not compare it.
	DateOtherZone
	// DateCrash: parsedate_to_datetime raises UnboundLocalError, which send_head does not catch.
	DateCrash
)

// DottedTimeCrash is the last line of the traceback for DateCrash.
const DottedTimeCrash = "UnboundLocalError: local variable 'thh' referenced before assignment"

// ParseDateToDatetime is email.utils.parsedate_to_datetime for a Latin-1 string, and what
// send_head makes of the result and of the exceptions. unix counts seconds from 1970, and
// has a meaning for DateUTC only.
//
//	IMF-fixdate = day-name "," SP date1 SP time-of-day SP GMT      ; RFC 9110, section 5.6.7
//
// CPython does not read that, nor the two obsolete forms, but anything with a day, a month
// by name, a year, a time and perhaps a zone in many orders.
func ParseDateToDatetime(v Version, s []byte) (unix int64, kind DateKind) {
	t, kind := parsedateTZ(v, s)
	if kind != DateUTC {
		return 0, kind
	}
	unix, ok := t.unix()
	if !ok {
		return 0, DateIgnored
	}
	if t.zone == 0 {
		return unix, DateUTC
	}
	// datetime.timezone refuses offsets of a day and more.
	if minutes := t.zone/100*60 + t.zone%100; minutes <= -24*60 || minutes >= 24*60 {
		return 0, DateIgnored
	}
	return 0, DateOtherZone
}

// A dateTuple is the result of _parsedate_tz. The zone is still written as it was, hhmm; an
// unknown one is 0, because send_head takes both for UTC.
type dateTuple struct{ year, month, day, hour, minute, second, zone int64 }

// dateFields are the five words that a date is made of, after CPython has moved them around.
type dateFields struct {
	dd, mm, yy, tm, tz []byte
	month              int64
}

// parsedateTZ is email._parseaddr._parsedate_tz. In its place an IndexError of CPython, too,
// is DateIgnored: send_head catches it.
func parsedateTZ(v Version, s []byte) (t dateTuple, kind DateKind) {
	f, ok := splitDate(v, s)
	if !ok || !f.arrange() {
		return t, DateIgnored
	}
	thh, tmm, tss, kind := f.splitTime(v)
	if kind == DateIgnored {
		return t, DateIgnored
	}
	var okYear, okDay bool
	t.year, okYear = ParseInt(v, f.yy)
	t.day, okDay = ParseInt(v, f.dd)
	if !okYear || !okDay {
		return t, DateIgnored
	}
	if kind == DateCrash {
		return t, DateCrash // here CPython reads thh, which nothing has set
	}
	var okHour, okMinute, okSecond bool
	t.hour, okHour = ParseInt(v, thh)
	t.minute, okMinute = ParseInt(v, tmm)
	t.second, okSecond = ParseInt(v, tss)
	if !okHour || !okMinute || !okSecond {
		return t, DateIgnored
	}
	t.year, t.month, t.zone = fullYear(t.year), f.month, parseZone(v, f.tz)
	return t, DateUTC
}

// splitDate is the first part of _parsedate_tz, to where the five words have their names.
// The name of the day is dropped, with or without a comma after it and a blank after that.
func splitDate(v Version, s []byte) (f dateFields, ok bool) {
	var words [6][]byte // five and the name of the day: more are not looked at
	data := splitWords(&words, v, s)
	if len(data) == 0 {
		return f, false
	}
	if comma := bytes.LastIndexByte(data[0], ','); comma == len(data[0])-1 || isDayname(data[0]) {
		data = data[1:]
	} else {
		data[0] = data[0][comma+1:]
	}
	var five [5][]byte
	n := copy(five[:], data)
	if len(data) == 3 { // RFC 850 date: dd-mm-yy
		dd, rest, _ := bytes.Cut(data[0], []byte{'-'})
		mm, yy, found := bytes.Cut(rest, []byte{'-'})
		if found && bytes.IndexByte(yy, '-') < 0 {
			five = [5][]byte{dd, mm, yy, data[1], data[2]}
			n = 5
		}
	}
	if n == 4 {
		five[3], five[4] = splitZone(five[3])
		n = 5
	}
	f.dd, f.mm, f.yy, f.tm, f.tz = five[0], five[1], five[2], five[3], five[4]
	return f, n == 5
}

// splitWords is s.split(), as many words as dst can hold.
func splitWords(dst *[6][]byte, v Version, s []byte) [][]byte {
	n := 0
	for i := 0; n < len(dst); n++ {
		for i < len(s) && IsSpace(v, s[i]) {
			i++
		}
		if i == len(s) {
			break
		}
		start := i
		for i < len(s) && !IsSpace(v, s[i]) {
			i++
		}
		dst[n] = s[start:i]
	}
	return dst[:n]
}

// splitZone splits a time with a zone at the first "+", else at the first "-", but not at
// its first character.
func splitZone(s []byte) (tm, tz []byte) {
	i := bytes.IndexByte(s, '+')
	if i < 0 {
		i = bytes.IndexByte(s, '-')
	}
	if i <= 0 {
		return s, nil
	}
	return s[:i], s[i:]
}

// arrange puts the words into their places: day and month, year and time, year and zone may
// be swapped. A word that is or becomes empty is an IndexError in CPython, or None later.
func (f *dateFields) arrange() bool {
	f.month = monthNumber(f.mm)
	if f.month == 0 {
		f.dd, f.mm = f.mm, f.dd
		if f.month = monthNumber(f.mm); f.month == 0 {
			return false
		}
	}
	if len(f.dd) == 0 || len(f.yy) == 0 {
		return false
	}
	f.dd = dropComma(f.dd)
	if bytes.IndexByte(f.yy, ':') > 0 {
		f.yy, f.tm = f.tm, f.yy
	}
	if len(f.yy) == 0 {
		return false
	}
	f.yy = dropComma(f.yy)
	if len(f.yy) == 0 {
		return false
	}
	if !isDigit(f.yy[0]) {
		f.yy, f.tz = f.tz, f.yy
	}
	if len(f.tm) == 0 {
		return false
	}
	f.tm = dropComma(f.tm)
	return true
}

// dropComma takes one comma from the end of s, which is not empty.
func dropComma(s []byte) []byte {
	if s[len(s)-1] == ',' {
		return s[:len(s)-1]
	}
	return s
}

// isDigit is str.isdigit of a Latin-1 character: the superscripts are digits as well, though
// int() does not take them.
func isDigit(c byte) bool {
	return '0' <= c && c <= '9' || c == 0xB2 || c == 0xB3 || c == 0xB9
}

// splitTime splits the time of day: hh:mm, hh:mm:ss, hh.mm or hh.mm.ss. With
// CrashesOnDottedTime more than three dotted parts are noticed by nobody, and kind is
// DateCrash.
func (f *dateFields) splitTime(v Version) (thh, tmm, tss []byte, kind DateKind) {
	separator := []byte{':'}
	parts := bytes.Count(f.tm, separator) + 1
	if parts == 1 {
		separator[0] = '.'
		parts = bytes.Count(f.tm, separator) + 1
		if parts > 3 && v.Has(CrashesOnDottedTime) {
			return nil, nil, nil, DateCrash
		}
	}
	if parts != 2 && parts != 3 {
		return nil, nil, nil, DateIgnored
	}
	thh, rest, _ := bytes.Cut(f.tm, separator)
	tmm, tss, _ = bytes.Cut(rest, separator)
	if parts == 2 {
		tss = []byte("0")
	}
	return thh, tmm, tss, DateUTC
}

// fullYear gives a year of two digits its century, as POSIX has it.
func fullYear(year int64) int64 {
	switch {
	case year >= 100:
		return year
	case year > 68:
		return year + 1900
	}
	return year + 2000
}

var daynames = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// isDayname reports whether s is in _daynames, in any case.
func isDayname(s []byte) bool {
	for _, name := range daynames {
		if equalFoldASCII(s, name) {
			return true
		}
	}
	return false
}

var monthnames = [...]string{
	"january", "february", "march", "april", "may", "june",
	"july", "august", "september", "october", "november", "december",
}

// monthNumber returns the month whose name s is, in full or its first three letters, in any
// case, or 0.
func monthNumber(s []byte) int64 {
	for i, name := range monthnames {
		if equalFoldASCII(s, name) || equalFoldASCII(s, name[:3]) {
			return int64(i) + 1
		}
	}
	return 0
}

// zones is _timezones: the zones that have names, hours times 100.
var zones = [...]struct {
	name  string
	value int64
}{
	{"UT", 0}, {"UTC", 0}, {"GMT", 0}, {"Z", 0},
	{"AST", -400}, {"ADT", -300}, // Atlantic (used in Canada)
	{"EST", -500}, {"EDT", -400}, // Eastern
	{"CST", -600}, {"CDT", -500}, // Central
	{"MST", -700}, {"MDT", -600}, // Mountain
	{"PST", -800}, {"PDT", -700}, // Pacific
}

// parseZone returns the zone as a number hhmm, and 0 where CPython has None: for an unknown
// word and for -0000. It stays far from the bounds of int64, since its only use beyond a day
// is to be refused.
func parseZone(v Version, tz []byte) int64 {
	for i := range zones {
		if equalFoldASCII(tz, zones[i].name) {
			return zones[i].value
		}
	}
	n, ok := ParseInt(v, tz)
	if !ok {
		return 0
	}
	return min(max(n, -math.MaxInt32), math.MaxInt32)
}

// equalFoldASCII compares without regard to the case of ASCII letters. No other Latin-1
// character becomes an ASCII letter by str.lower, and by str.upper only the sharp s does, SS,
// which no name has.
func equalFoldASCII(s []byte, name string) bool {
	if len(s) != len(name) {
		return false
	}
	for i, c := range s {
		d := name[i]
		if c != d && !(isLetter(d) && c^d == 0x20) {
			return false
		}
	}
	return true
}

// daysBefore counts the days of a common year before each month.
var daysBefore = [...]int64{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// unix returns the seconds from 1970 to t, taken as UTC. It returns false for what
// datetime.datetime refuses: years outside 1-9999 and all that is not on calendar or clock.
func (t dateTuple) unix() (seconds int64, ok bool) {
	if t.year < 1 || t.year > 9999 || t.hour < 0 || t.hour > 23 || t.minute < 0 || t.minute > 59 ||
		t.second < 0 || t.second > 59 || t.day < 1 || t.day > daysIn(t.year, t.month) {
		return 0, false
	}
	y := t.year - 1
	days := y*365 + y/4 - y/100 + y/400 + daysBefore[t.month-1] + t.day - 1
	if t.month > 2 && isLeap(t.year) {
		days++
	}
	const daysTo1970 = 719162 // date(1970, 1, 1).toordinal() - 1
	return ((days-daysTo1970)*24+t.hour)*3600 + t.minute*60 + t.second, true
}

// daysIn returns how many days a month has.
func daysIn(year, month int64) int64 {
	if month == 2 && isLeap(year) {
		return 29
	}
	return daysBefore[month] - daysBefore[month-1]
}

func isLeap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }
