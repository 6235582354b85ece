package response

import (
	"math"
	"strconv"

	"simplehttp/cpython"
)

// A Time is seconds and nanoseconds since 1970 in UTC, as stat and the clock give them.
type Time struct {
	Sec  int64
	Nsec int32
}

var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

var months = [13]string{"",
	"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// AppendDate appends a date as the Date and Last-Modified fields have it,
// BaseHTTPRequestHandler.date_time_string:
//
//	Sun, 13 Sep 2020 12:26:40 GMT
//
// This is IMF-fixdate (RFC 9110, section 5.6.7) for the years that have four digits. For a time
// that the release cannot format, crash is the last line of its traceback, and dst is unchanged.
func AppendDate(dst []byte, v cpython.Version, t Time) (out []byte, crash string) {
	sec, crash := Second(v, t)
	if crash != "" {
		return dst, crash
	}
	day, clock := floorDiv(sec, secondsPerDay)
	year, month, mday := civil(day)
	dst = append(dst, weekdays[mod(day+thursday, 7)]...)
	dst = append(dst, ", "...)
	dst = appendPadded(dst, int64(mday), 2, '0')
	dst = append(dst, ' ')
	dst = append(dst, months[month]...)
	dst = append(dst, ' ')
	// 2.7 pads the year with blanks: "%4d". From 3.x on it is "%04d".
	pad := byte(' ')
	if v.Has(cpython.RoundsTimeToMicroseconds) {
		pad = '0'
	}
	dst = appendPadded(dst, year, 4, pad)
	dst = append(dst, ' ')
	dst = AppendClock(dst, int(clock))
	return append(dst, " GMT"...), ""
}

// AppendClock appends seconds since midnight as HH:MM:SS.
func AppendClock(dst []byte, clock int) []byte {
	dst = appendPadded(dst, int64(clock/3600), 2, '0')
	dst = append(dst, ':')
	dst = appendPadded(dst, int64(clock/60%60), 2, '0')
	dst = append(dst, ':')
	return appendPadded(dst, int64(clock%60), 2, '0')
}

const (
	secondsPerDay = 24 * 60 * 60
	thursday      = 3 // 1 January 1970, with Monday as 0
)

// The seconds that datetime can hold are those of the years 1 to 9999; a tm_year, which gmtime
// fills, is a C int that counts from 1900.
const (
	firstSecond          = -62135596800
	lastSecond           = 253402300799
	minCYear, maxCYear   = math.MinInt32 + 1900, math.MaxInt32 + 1900
	microsecondsInSecond = 1e6
)

// Second returns the whole second that a release makes of t, which reaches it as the float
// st_mtime or time.time(). 3.x rounds half-even to microseconds and then floors
// (datetime.fromtimestamp, Modules/_datetimemodule.c over _PyTime_ObjectToTimeval), so that
// .9999996 is the next second already; 2.7 truncates towards zero (time.gmtime,
// Modules/timemodule.c). crash is the last line of the traceback for a time that the release
// cannot hold.
func Second(v cpython.Version, t Time) (sec int64, crash string) {
	// The conversion keeps the product from being fused with the sum, which CPython's
	// compiled C does not do either (Modules/posixmodule.c, fill_time).
	float := float64(t.Sec) + float64(1e-9*float64(t.Nsec))
	if !v.Has(cpython.RoundsTimeToMicroseconds) {
		return truncate(float)
	}
	return roundHalfEven(v, float)
}

// truncate is what 2.7 makes of a float time.
func truncate(float float64) (sec int64, crash string) {
	if float >= math.MaxInt64 || float < math.MinInt64 {
		return 0, "ValueError: timestamp out of range for platform time_t"
	}
	sec = int64(float)
	if !hasCYear(sec) {
		return 0, "ValueError: (75, 'Value too large for defined data type')"
	}
	return sec, ""
}

// roundHalfEven is what 3.x makes of a float time.
func roundHalfEven(v cpython.Version, float float64) (sec int64, crash string) {
	whole, fraction := math.Modf(float)
	fraction = math.RoundToEven(fraction * microsecondsInSecond)
	if fraction >= microsecondsInSecond {
		whole++
	} else if fraction < 0 {
		whole--
	}
	if firstSecond <= whole && whole <= lastSecond {
		return int64(whole), ""
	}
	justOut := whole == math.MaxInt64 // which is 2**63 as a float
	if whole > math.MaxInt64 || whole < math.MinInt64 || justOut && !v.Has(cpython.AdmitsTimeJustOutOfRange) {
		return 0, "OverflowError: timestamp out of range for platform time_t"
	}
	if justOut || !hasCYear(int64(whole)) {
		return 0, "OSError: [Errno 75] Value too large for defined data type"
	}
	return 0, yearError(v, yearOf(int64(whole)))
}

// yearErrors are what datetime says of a year that it cannot hold, before and after the year.
var yearErrors = []struct {
	releases      cpython.Set
	before, after string
}{
	{cpython.Between(cpython.V3_6, cpython.V3_13), "ValueError: year ", " is out of range"},
	{cpython.From(cpython.V3_14), "ValueError: year must be in 1..9999, not ", ""},
}

func yearError(v cpython.Version, year int64) string {
	for _, e := range yearErrors {
		if e.releases.Contains(v) {
			return e.before + strconv.FormatInt(year, 10) + e.after
		}
	}
	return ""
}

// hasCYear reports whether gmtime can hold the year of sec: without it, errno is EOVERFLOW.
func hasCYear(sec int64) bool {
	if firstSecond <= sec && sec <= lastSecond {
		return true
	}
	year := yearOf(sec)
	return minCYear <= year && year <= maxCYear
}

func yearOf(sec int64) int64 {
	day, _ := floorDiv(sec, secondsPerDay)
	year, _, _ := civil(day)
	return year
}

// civil returns the date of the Gregorian calendar, extended to all years, that is day days
// after 1 January 1970. It counts in years that begin in March, so that the leap day is the
// last of its year, and in cycles of 400 years, which all have the same length.
func civil(day int64) (year int64, month, mday int) {
	const (
		daysToMarch0000 = 719468 // from 1 March 0000 to 1 January 1970
		daysPerCycle    = 146097 // 400 years
	)
	cycle, dayOfCycle := floorDiv(day+daysToMarch0000, daysPerCycle)
	yearOfCycle := (dayOfCycle - dayOfCycle/1460 + dayOfCycle/36524 - dayOfCycle/146096) / 365
	dayOfYear := dayOfCycle - (365*yearOfCycle + yearOfCycle/4 - yearOfCycle/100)
	fromMarch := (5*dayOfYear + 2) / 153
	mday = int(dayOfYear-(153*fromMarch+2)/5) + 1
	year = yearOfCycle + 400*cycle
	month = int(fromMarch) + 3
	if month > 12 {
		return year + 1, month - 12, mday
	}
	return year, month, mday
}

// floorDiv divides as Python does: the remainder has the sign of the divisor.
func floorDiv(a, b int64) (quotient, remainder int64) {
	quotient, remainder = a/b, a%b
	if remainder < 0 {
		return quotient - 1, remainder + b
	}
	return quotient, remainder
}

func mod(a, b int64) int64 {
	_, remainder := floorDiv(a, b)
	return remainder
}

// appendPadded appends n at least width characters wide, as C's "%*d" and "%0*d" do: zeros
// go between sign and digits, blanks in front of both.
func appendPadded(dst []byte, n int64, width int, pad byte) []byte {
	switch {
	case width == 2 && 0 <= n && n < 100:
		return append(dst, '0'+byte(n/10), '0'+byte(n%10))
	case width == 4 && 1000 <= n && n < 10000:
		return append(dst, '0'+byte(n/1000), '0'+byte(n/100%10), '0'+byte(n/10%10), '0'+byte(n%10))
	}
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], n, 10)
	missing := width - len(text)
	if pad == '0' && n < 0 {
		dst = append(dst, '-')
		text = text[1:]
	}
	for ; missing > 0; missing-- {
		dst = append(dst, pad)
	}
	return append(dst, text...)
}
