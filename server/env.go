package server

import (
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"simplehttp/cpython"
	"simplehttp/fsmap"
	"simplehttp/handler"
	"simplehttp/mime"
)

// SystemEnv is what a release finds around it on this system: the clock, the zone that TZ names, the
// locale's encoding, the mime.types files, and whether standard error is a terminal with colours.
func SystemEnv(v cpython.Version) handler.Env {
	files := new(fsmap.RealFS)
	return handler.Env{
		FS:        files,
		Now:       now,
		UTCOffset: utcOffset(zone()),
		ASCII:     isASCII(v),
		MimeFiles: readMimeFiles(files, mime.KnownFiles),
		LogColors: isColored(os.Stderr),
	}
}

// now is time.time(), to the nanosecond.
func now() handler.Time {
	t := time.Now()
	return handler.Time{Sec: t.Unix(), Nsec: int32(t.Nanosecond())}
}

// utcOffset is time.localtime(), as far as the log needs it.
func utcOffset(zone *time.Location) func(sec int64) (ahead int) {
	return func(sec int64) (ahead int) {
		_, ahead = time.Unix(sec, 0).In(zone).Zone()
		return ahead
	}
}

// readMimeFiles returns the contents of the files that are there. CPython reads what is a regular file.
func readMimeFiles(files fsmap.FS, names []string) (contents [][]byte) {
	for _, name := range names {
		if info, err := files.Stat([]byte(name)); err != nil || info.Kind != fsmap.Regular {
			continue
		}
		if content, err := readFile(files, name); err == nil {
			contents = append(contents, content)
		}
	}
	return contents
}

func readFile(files fsmap.FS, name string) (content []byte, err error) {
	f, _, err := files.Open([]byte(name), true)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading: there is nothing to lose
	for err == nil {
		content = slices.Grow(content, bufferSize)
		var n int
		n, err = f.Read(content[len(content):cap(content)])
		content = content[:len(content)+n]
	}
	if err != io.EOF {
		return nil, err
	}
	return content, nil
}

// isASCII reports whether the release takes file names for ASCII, because the locale is C. From 3.7
// on CPython takes UTF-8 there (PEP 540), or coerces the locale to one of UTF-8 (PEP 538), unless
// told to do neither; LC_ALL it does not coerce. 2.7 only labels its listings.
func isASCII(v cpython.Version) bool {
	if !isCLocale() {
		return false
	}
	if !v.Has(cpython.CoercesCLocale) {
		return true
	}
	coerces := os.Getenv("LC_ALL") == "" && os.Getenv("PYTHONCOERCECLOCALE") != "0"
	return os.Getenv("PYTHONUTF8") == "0" && !coerces
}

// isCLocale reports whether the locale of characters is C. A locale other than one of UTF-8 is taken
// for one that is not installed, which is C too.
func isCLocale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := os.Getenv(name); value != "" {
			_, codeset, _ := strings.Cut(strings.ToLower(value), ".")
			codeset, _, _ = strings.Cut(codeset, "@")
			return codeset != "utf-8" && codeset != "utf8"
		}
	}
	return true
}

// isColored reports whether 3.15 colours what it writes to f: can_colorize of Lib/_colorize.py.
func isColored(f *os.File) bool {
	switch os.Getenv("PYTHON_COLORS") {
	case "0":
		return false
	case "1":
		return true
	}
	switch {
	case os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "":
		return true
	case os.Getenv("TERM") == "dumb":
		return false
	}
	return isTerminal(f)
}

// zone is the zone of the log's times. Package time reads TZ as the name of a file only; the C
// library, and with it CPython, also takes a rule (POSIX.1-2017, section 8.3): JST-9.
func zone() *time.Location {
	rule, ok := os.LookupEnv("TZ")
	rule = strings.TrimPrefix(rule, ":")
	if !ok || rule == "" || strings.HasPrefix(rule, "/") {
		return time.Local
	}
	if _, err := time.LoadLocation(rule); err == nil {
		return time.Local
	}
	location, err := time.LoadLocationFromTZData(rule, tzif(rule))
	if err != nil {
		return time.Local
	}
	return location
}

// tzif returns a file of zone data (RFC 8536) without any transition but those of a rule.
func tzif(rule string) []byte {
	// Two headers, since the rule came with version 2, each with one zone: UTC, named by one byte
	// and its end, which counts only where the rule cannot be read.
	const typeCount, charCount = 1, 2
	var data []byte
	for range 2 {
		data = append(data, "TZif2"...)
		data = append(data, make([]byte, 15)...) // reserved
		for _, count := range []byte{0, 0, 0, 0, typeCount, charCount} {
			data = append(data, 0, 0, 0, count)
		}
		data = append(data, 0, 0, 0, 0, 0, 0) // offset, is daylight saving, index of the name
		data = append(data, "-\x00"...)
	}
	return append(append(append(data, '\n'), rule...), '\n')
}
