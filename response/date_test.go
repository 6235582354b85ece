package response

import (
	"testing"
	"time"

	"simplehttp/cpython"
)

// The dates of the real interpreters: date_time_string(sec + 1e-9*nsec), or the last line of the traceback.
var dateTests = []struct {
	v    cpython.Version
	t    Time
	want string
}{
	{cpython.V3_13, Time{1600000000, 0}, "Sun, 13 Sep 2020 12:26:40 GMT"},
	{cpython.V3_13, Time{0, 0}, "Thu, 01 Jan 1970 00:00:00 GMT"},
	{cpython.V3_13, Time{-1, 500000000}, "Wed, 31 Dec 1969 23:59:59 GMT"},
	{cpython.V3_13, Time{1600000000, 999999400}, "Sun, 13 Sep 2020 12:26:40 GMT"},
	{cpython.V3_13, Time{1600000000, 999999500}, "Sun, 13 Sep 2020 12:26:41 GMT"},
	{cpython.V3_13, Time{1600000000, 999999600}, "Sun, 13 Sep 2020 12:26:41 GMT"},
	{cpython.V3_6, Time{1600000000, 999999999}, "Sun, 13 Sep 2020 12:26:41 GMT"},
	{cpython.V3_13, Time{253402300799, 0}, "Fri, 31 Dec 9999 23:59:59 GMT"},
	{cpython.V3_13, Time{253402300799, 999999600}, "ValueError: year 10000 is out of range"},
	{cpython.V3_13, Time{-62135596801, 0}, "ValueError: year 0 is out of range"},
	{cpython.V3_13, Time{1e18, 0}, "OSError: [Errno 75] Value too large for defined data type"},
	{cpython.V3_13, Time{-62135596800, 0}, "Mon, 01 Jan 0001 00:00:00 GMT"},
	{cpython.V3_13, Time{951782400, 0}, "Tue, 29 Feb 2000 00:00:00 GMT"},
	{cpython.V3_13, Time{4107542399, 0}, "Sun, 28 Feb 2100 23:59:59 GMT"},
	{cpython.V3_13, Time{-2208988800, 0}, "Mon, 01 Jan 1900 00:00:00 GMT"},
	{cpython.V2_7, Time{1600000000, 0}, "Sun, 13 Sep 2020 12:26:40 GMT"},
	{cpython.V2_7, Time{-1, 500000000}, "Thu, 01 Jan 1970 00:00:00 GMT"},
	{cpython.V2_7, Time{1600000000, 999999600}, "Sun, 13 Sep 2020 12:26:40 GMT"},
	{cpython.V2_7, Time{1600000000, 999999999}, "Sun, 13 Sep 2020 12:26:41 GMT"},
	{cpython.V2_7, Time{253402300800, 0}, "Sat, 01 Jan 10000 00:00:00 GMT"},
	{cpython.V2_7, Time{-62135596800, 0}, "Mon, 01 Jan    1 00:00:00 GMT"},
	{cpython.V2_7, Time{-62167305600, 0}, "Fri, 31 Dec   -1 00:00:00 GMT"},
	{cpython.V2_7, Time{67768036191676800, 0}, "ValueError: (75, 'Value too large for defined data type')"},
}

func TestAppendDate(t *testing.T) {
	for _, test := range dateTests {
		out, crash := AppendDate([]byte("Date: "), test.v, test.t)
		got := string(out[len("Date: "):]) + crash
		if got != test.want {
			t.Errorf("AppendDate(%v, %v) = %q, want %q", test.v, test.t, got, test.want)
		}
	}
}

// TestAppendDateAgainstTime compares each day of eight centuries with package time.
func TestAppendDateAgainstTime(t *testing.T) {
	start := time.Date(1700, 1, 1, 12, 34, 56, 0, time.UTC)
	for day := range 800 * 366 {
		when := start.AddDate(0, 0, day)
		got, crash := AppendDate(nil, cpython.V3_13, Time{Sec: when.Unix()})
		if want := when.Format("Mon, 02 Jan 2006 15:04:05 GMT"); string(got) != want || crash != "" {
			t.Fatalf("AppendDate(%d) = %q, %q, want %q", when.Unix(), got, crash, want)
		}
	}
}
