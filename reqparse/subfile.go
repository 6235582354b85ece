package reqparse

import "bytes"

// A subFile is email.feedparser.BufferedSubFile: lines that can be given back, with a stack of
// predicates that make a line look like the end of the file.
//
// CPython asks every predicate about every line. A client can nest nine hundred of them, so ours
// are kept as what they look for: the number of blank-line predicates, and a map of separators.
type subFile struct {
	text       []byte   // not read yet
	returned   [][]byte // lines given back, the next one last
	blanks     int
	separators map[string]*separator

	// The line that was last looked up, and what was found. It is read again at every level of
	// nesting that it ends.
	looked      *byte
	open, close *separator
}

// separator says how many of the predicates look for a separator.
type separator struct{ count int }

// readline returns the next line, nothing at the end or before a line that looks like one.
func (f *subFile) readline() (line []byte) {
	if n := len(f.returned); n > 0 {
		line = f.returned[n-1]
		f.returned = f.returned[:n-1]
	} else {
		line = f.text[:firstLineEnd(f.text)]
		f.text = f.text[len(line):]
	}
	if len(line) > 0 && f.atEOF(line) {
		f.unreadline(line)
		return nil
	}
	return line
}

func (f *subFile) unreadline(line []byte) { f.returned = append(f.returned, line) }

// drain reads up to the next end.
func (f *subFile) drain() {
	for len(f.readline()) > 0 {
	}
}

// atEOF reports whether a predicate takes line for an end.
func (f *subFile) atEOF(line []byte) bool {
	if f.blanks > 0 && isNewline(line[0]) {
		return true
	}
	if line[0] != '-' || len(f.separators) == 0 {
		return false
	}
	if f.looked != &line[0] {
		delimiter := trimDelimiter(line)
		f.looked, f.open, f.close = &line[0], f.separators[string(delimiter)], nil
		if shorter, ok := bytes.CutSuffix(delimiter, []byte("--")); ok {
			f.close = f.separators[string(shorter)]
		}
	}
	return f.open != nil && f.open.count > 0 || f.close != nil && f.close.count > 0
}

// pushSeparator is push_eof_matcher(boundarymatch).
func (f *subFile) pushSeparator(s []byte) {
	found := f.separators[string(s)]
	if found == nil {
		if f.separators == nil {
			f.separators = map[string]*separator{}
		}
		found = new(separator)
		f.separators[string(s)] = found
		f.looked = nil
	}
	found.count++
}

// popSeparator is pop_eof_matcher.
func (f *subFile) popSeparator(s []byte) { f.separators[string(s)].count-- }

// firstLineEnd returns the length of the first line of a text of many.
func firstLineEnd(text []byte) int {
	for i, c := range text {
		if c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			return i + 1
		}
	}
	return len(text)
}
