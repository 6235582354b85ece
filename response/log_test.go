package response

import (
	"strings"
	"testing"

	"simplehttp/cpython"
)

var accessTests = []struct {
	v           cpython.Version
	colors      bool
	requestLine string
	want        string
}{
	{cpython.V3_13, false, "GET / HTTP/1.0", `"GET / HTTP/1.0" 200 -`},
	{cpython.V3_13, true, "GET / HTTP/1.0", `"GET / HTTP/1.0" 200 -`},
	{cpython.V3_13, false, "GET /\x1b[2J\\\x7f\x9f HTTP/1.0", `"GET /\x1b[2J\\\x7f\x9f HTTP/1.0" 200 -`},
	{cpython.V3_13, false, "GET /\xa0\xad\xe9 HTTP/1.0", "\"GET /\u00a0\u00ad\u00e9 HTTP/1.0\" 200 -"},
	{cpython.V3_6, false, "GET /\x1b\\\x9f HTTP/1.0", "\"GET /\x1b\\\u009f HTTP/1.0\" 200 -"},
	{cpython.V2_7, false, "GET /\x1b\\\x9f HTTP/1.0", "\"GET /\x1b\\\x9f HTTP/1.0\" 200 -"},
	{cpython.V3_14, false, "GET  /  HTTP/1.0", `"GET  /  HTTP/1.0" 200 -`},
	{cpython.V3_15, false, "GET  /  HTTP/1.0", `"GET / HTTP/1.0" 200 -`},
	{cpython.V3_15, false, "  GET / HTTP/1.0  x ", `"GET / HTTP/1.0  x " 200 -`},
	{cpython.V3_15, false, "GET\xa0/ \xa0HTTP/1.0", `"GET / HTTP/1.0" 200 -`},
	{cpython.V3_15, false, " GET  / ", `" GET  / " 200 -`},
	{cpython.V3_15, false, "GET\t/\tHTTP/1.0", `"GET\x09/\x09HTTP/1.0" 200 -`},
	{cpython.V3_15, true, "GET / HTTP/1.0", "\"GET \x1b[36m/\x1b[0m HTTP/1.0\" \x1b[32m200 \x1b[90m-\x1b[0m"},
	{cpython.V3_15, true, "GET /", "\"GET /\" \x1b[32m200 \x1b[90m-\x1b[0m"},
}

func TestAppendAccessLine(t *testing.T) {
	for _, test := range accessTests {
		prefix := "127.0.0.1 - - [13/Sep/2020 12:26:40] "
		if test.colors && test.v.Has(cpython.ColorsTerminal) {
			prefix = "\x1b[90m127.0.0.1 - - [13/Sep/2020 12:26:40]\x1b[0m "
		}
		p := LogPrefix{Address: "127.0.0.1", Wall: 1600000000, Colors: test.colors}
		got := string(AppendAccessLine(nil, test.v, p, []byte(test.requestLine), "200", "-"))
		if want := prefix + test.want + "\n"; got != want {
			t.Errorf("AppendAccessLine(%v, %q) = %q, want %q", test.v, test.requestLine, got, want)
		}
	}
}

func TestAppendErrorLine(t *testing.T) {
	p := LogPrefix{Address: "::1", Wall: 0, Colors: true}
	for v, want := range map[cpython.Version]string{
		cpython.V3_14: "::1 - - [01/Jan/1970 00:00:00] code 404, message \\\\File\n",
		cpython.V3_15: "\x1b[90m::1 - - [01/Jan/1970 00:00:00]\x1b[0m \x1b[33mcode 404, message \\\\File\x1b[0m\n",
	} {
		if got := string(AppendErrorLine(nil, v, p, []byte(`code 404, message \File`))); got != want {
			t.Errorf("AppendErrorLine(%v) = %q, want %q", v, got, want)
		}
	}
}

// The colours of each class of status: _colorize_request of 3.15.
func TestStatusColor(t *testing.T) {
	for code, want := range map[string]string{
		"100": "\x1b[0m", "200": "\x1b[32m", "301": "\x1b[96m", "404": "\x1b[33m", "501": "\x1b[31m", "-": "",
		"199": "\x1b[0m", "299": "\x1b[32m", "300": "\x1b[96m", "399": "\x1b[96m", "400": "\x1b[33m", "499": "\x1b[33m", "500": "\x1b[31m",
	} {
		if got := statusColor(code); got != want {
			t.Errorf("statusColor(%q) = %q, want %q", code, got, want)
		}
	}
}

// In the C locale the log is ASCII: sys.stderr escapes what is not.
func TestASCIILog(t *testing.T) {
	p := LogPrefix{Address: "192.0.2.1", ASCII: true}
	for v, want := range map[cpython.Version]string{
		cpython.V2_7:  "\"GET /\xe9\x1b HTTP/1.0\" 200 -\n",
		cpython.V3_6:  "\"GET /\\xe9\x1b HTTP/1.0\" 200 -\n",
		cpython.V3_13: "\"GET /\\xe9\\x1b HTTP/1.0\" 200 -\n",
	} {
		got := string(AppendAccessLine(nil, v, p, []byte("GET /\xe9\x1b HTTP/1.0"), "200", "-"))
		if want := "192.0.2.1 - - [01/Jan/1970 00:00:00] " + want; got != want {
			t.Errorf("AppendAccessLine(%v) = %q, want %q", v, got, want)
		}
	}
	p.Address = "кот𐍈"
	got := string(AppendErrorLine(nil, cpython.V3_13, p, nil))
	if want := `\u043a\u043e\u0442\U00010348 - - [01/Jan/1970 00:00:00] ` + "\n"; got != want {
		t.Errorf("AppendErrorLine of %q = %q, want %q", p.Address, got, want)
	}
}

// A terminal shows colours with 3.15 alone, in every kind of line.
func TestColorsOfEachRelease(t *testing.T) {
	p := LogPrefix{Address: "::1", Colors: true}
	for _, v := range cpython.Versions() {
		for kind, line := range map[string][]byte{
			"access":  AppendAccessLine(nil, v, p, []byte("GET / HTTP/1.0"), "200", "-"),
			"error":   AppendErrorLine(nil, v, p, []byte("m")),
			"message": AppendMessageLine(nil, v, p, []byte("m")),
		} {
			if colored := strings.Contains(string(line), "\x1b["); colored != (v == cpython.V3_15) {
				t.Errorf("%v, %s line: %q", v, kind, line)
			}
		}
	}
}

func TestAppendMessageLine(t *testing.T) {
	p := LogPrefix{Address: "::1", Colors: true}
	for v, want := range map[cpython.Version]string{
		cpython.V3_14: "::1 - - [01/Jan/1970 00:00:00] a\\\\b\n",
		cpython.V3_15: "\x1b[90m::1 - - [01/Jan/1970 00:00:00]\x1b[0m a\\\\b\n",
	} {
		if got := string(AppendMessageLine(nil, v, p, []byte(`a\b`))); got != want {
			t.Errorf("AppendMessageLine(%v) = %q, want %q", v, got, want)
		}
	}
}

// The first and the last characters of what the C locale escapes, and how.
func TestASCIILogEdges(t *testing.T) {
	p := LogPrefix{Address: "\x7f\u0080\u00ff\u0100\uffff\U00010000", ASCII: true}
	got := string(AppendErrorLine(nil, cpython.V3_6, p, nil))
	if want := "\x7f" + `\x80\xff\u0100\uffff\U00010000 - - [01/Jan/1970 00:00:00] ` + "\n"; got != want {
		t.Errorf("AppendErrorLine = %q, want %q", got, want)
	}
}

// Days, months and clock of one digit and of two.
func TestAppendLogTime(t *testing.T) {
	for sec, want := range map[int64]string{
		0:            "01/Jan/1970 00:00:00",
		951868799:    "29/Feb/2000 23:59:59",
		1600000000:   "13/Sep/2020 12:26:40",
		-62135596800: "01/Jan/0001 00:00:00",
	} {
		if got := string(AppendLogTime(nil, sec)); got != want {
			t.Errorf("AppendLogTime(%d) = %q, want %q", sec, got, want)
		}
	}
}
