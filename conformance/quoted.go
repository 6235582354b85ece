package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Words are what the names in a quoted line stand for.
type Words struct {
	Server string // the value of the Server field
	Root   string // the directory that is served
}

// runLength is how many equal bytes in a row are written as a repetition.
const runLength = 40

// AppendQuoted appends the line of elements that spells b.
func AppendQuoted(dst, b []byte, w Words) []byte {
	start := len(dst)
	separate := func() {
		if len(dst) > start {
			dst = append(dst, ' ')
		}
	}
	for len(b) > 0 {
		at, word, length := nextSpecial(b, w)
		if at > 0 {
			separate()
			dst = appendText(dst, b[:at])
		}
		if word != "" {
			separate()
			dst = append(dst, word...)
			if word[0] >= '0' && word[0] <= '9' {
				dst = appendText(dst, b[at:at+1])
			}
		}
		b = b[at+length:]
	}
	if len(dst) == start {
		dst = append(dst, `""`...)
	}
	return dst
}

// nextSpecial finds the first thing in b that is not spelled as text: its offset, the word for it
// ("N*" for a run of N) and its length. Without any, it is at the end of b.
func nextSpecial(b []byte, w Words) (at int, word string, length int) {
	at = len(b)
	if i := bytes.Index(b, []byte(w.Server)); w.Server != "" && i >= 0 {
		at, word, length = i, "server", len(w.Server)
	}
	if i := bytes.Index(b[:at], []byte(w.Root)); w.Root != "" && i >= 0 {
		at, word, length = i, "root", len(w.Root)
	}
	for i := 0; i < at; {
		run := i + 1
		for run < len(b) && b[run] == b[i] {
			run++
		}
		if run-i >= runLength {
			return i, strconv.Itoa(run-i) + "*", run - i
		}
		i = run
	}
	return at, word, length
}

// appendText appends b in quotes, in ASCII.
func appendText(dst, b []byte) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range b {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < ' ' || c >= 0x7f:
			dst = append(dst, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// ParseQuoted returns the bytes that a line of elements spells.
func ParseQuoted(line string, w Words) ([]byte, error) {
	var out []byte
	rest := strings.TrimSpace(line)
	for rest != "" {
		element, after, err := nextElement(rest, w)
		if err != nil {
			return nil, err
		}
		out = append(out, element...)
		rest = strings.TrimLeft(after, " ")
	}
	return out, nil
}

// nextElement takes one element from the front of s.
func nextElement(s string, w Words) (element []byte, rest string, err error) {
	for word, value := range map[string]string{"server": w.Server, "root": w.Root} {
		if after, ok := strings.CutPrefix(s, word); ok && (after == "" || after[0] == ' ') {
			return []byte(value), after, nil
		}
	}
	count := 1
	if digits, after, ok := strings.Cut(s, "*"); ok && s[0] != '"' && s[0] != '`' {
		if count, err = strconv.Atoi(digits); err != nil || count < 0 {
			return nil, "", fmt.Errorf("repetition %q is not a number", digits)
		}
		s = after
	}
	prefix, err := strconv.QuotedPrefix(s)
	if err != nil || s[0] == '\'' {
		return nil, "", fmt.Errorf("no element at %q", s)
	}
	text, err := strconv.Unquote(prefix)
	if err != nil || !isASCII(prefix) {
		return nil, "", fmt.Errorf("%s is not ASCII in quotes", prefix)
	}
	return bytes.Repeat([]byte(text), count), s[len(prefix):], nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// quoteLog spells a log line: in back quotes where they spell it, else as elements.
func quoteLog(line []byte, w Words) string {
	quoted := string(AppendQuoted(nil, line, w))
	plain := `"` + strings.ReplaceAll(strings.ReplaceAll(string(line), `\`, `\\`), `"`, `\"`) + `"`
	if quoted == plain && !bytes.Contains(line, []byte("`")) {
		return "`" + string(line) + "`"
	}
	return quoted
}
