package response

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"simplehttp/cpython"
)

// FuzzLogText checks that text from the network cannot forge a log: the releases that escape write one line without
// control characters, of which the text can be told; the others write the characters as they are; and nothing but
// ASCII gets into a log that takes only that.
func FuzzLogText(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.0"))
	f.Add([]byte("GET\xa0/\x1b[2J\\x1b \x85 x\r"))
	f.Add([]byte("a\n127.0.0.1 - - [] \\\\"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, v := range cpython.Versions() {
			if got := AppendLogText(nil, v, text); !bytes.Equal(readLogText(t, v, got), text) {
				t.Errorf("%s: AppendLogText(%q) = %q, of which the text cannot be told", v, text, got)
			}
			p := LogPrefix{Address: "192.0.2.1", ASCII: true}
			for _, line := range [][]byte{
				AppendMessageLine(nil, v, p, text), AppendErrorLine(nil, v, p, text), AppendAccessLine(nil, v, p, text, "200", "-"),
			} {
				if v.Has(cpython.EscapesControlsInLog) && bytes.IndexFunc(line, isControlRune) != len(line)-1 {
					t.Errorf("%s: text %q makes the line %q", v, text, line)
				}
				if !v.Has(cpython.ReadsPathAsBytes) && !isASCII(line) {
					t.Errorf("%s: text %q makes the line %q, which is not ASCII", v, text, line)
				}
			}
		}
	})
}

func isControlRune(r rune) bool { return r < 0x100 && isControl(byte(r)) }

// readLogText undoes AppendLogText.
func readLogText(t *testing.T, v cpython.Version, escaped []byte) (text []byte) {
	t.Helper()
	if v.Has(cpython.ReadsPathAsBytes) {
		return escaped
	}
	for rest := string(escaped); rest != ""; {
		switch after, ok := strings.CutPrefix(rest, `\`); {
		case ok && v.Has(cpython.EscapesControlsInLog) && strings.HasPrefix(after, `\`):
			text, rest = append(text, '\\'), after[1:]
		case ok && v.Has(cpython.EscapesControlsInLog):
			c, err := strconv.ParseUint(after[1:3], 16, 8)
			if err != nil || after[0] != 'x' {
				t.Fatalf("%s: %q in %q is no escape", v, after[:3], escaped)
			}
			text, rest = append(text, byte(c)), after[3:]
		default:
			r := []rune(rest[:min(len(rest), 2)])[0] // no character of Latin-1 is longer in UTF-8
			text, rest = append(text, byte(r)), rest[len(string(r)):]
		}
	}
	return text
}

// FuzzErrorPage checks that a message cannot bring markup into the page, and that it stands there whole.
func FuzzErrorPage(f *testing.F) {
	f.Add([]byte("File not found"), []byte("Nothing matches the given URI"))
	f.Add([]byte("<script>&lt;\"'\xe9"), []byte(""))
	f.Add([]byte("%(code)s %"), []byte("<"))
	f.Fuzz(func(t *testing.T, message, explain []byte) {
		for _, v := range cpython.Versions() {
			page, ok := ParseErrorPage(ErrorMessageFormat(v))
			if !ok {
				t.Fatalf("%s: the format is not one", v)
			}
			if !v.Has(cpython.EscapesExplain) {
				explain = nil // which is never from the network
			}
			got := page.Append(nil, v, Error{Status: 400, Message: message, Explain: explain})
			plain := page.Append(nil, v, Error{Status: 400})
			if bytes.Count(got, []byte("<")) != bytes.Count(plain, []byte("<")) || bytes.Count(got, []byte(">")) != bytes.Count(plain, []byte(">")) {
				t.Errorf("%s: the page for %q and %q has other markup: %q", v, message, explain, got)
			}
			if !bytes.Contains(got, escapedSimply(v, message)) || !bytes.Contains(got, escapedSimply(v, explain)) {
				t.Errorf("%s: the page for %q and %q lacks one of them: %q", v, message, explain, got)
			}
		}
	})
}

// escapedSimply is html.escape(text, quote=False) in the encoding of the page, character by character.
func escapedSimply(v cpython.Version, text []byte) (escaped []byte) {
	names := map[byte]string{'&': "&amp;", '<': "&lt;", '>': "&gt;"}
	for _, c := range text {
		switch name := names[c]; {
		case name != "":
			escaped = append(escaped, name...)
		case v.Has(cpython.ReadsPathAsBytes):
			escaped = append(escaped, c)
		default:
			escaped = append(escaped, string(rune(c))...)
		}
	}
	return escaped
}
