// Package conformance holds the requests that define what "byte for byte like CPython" means, the
// answers that the real releases gave, and the means to ask them again.
//
// In go the files under testdata: cases (requests, each with the recorded answer of every release)
// and trees (the directories that are served). Out come verdicts: Replay runs a case through
// [simplehttp/handler.Conn] in memory, Confirm runs it through a real interpreter again, Check
// through any server that listens on loopback; each compares with the record. Record writes the
// record. The package does not decide what is right: the interpreters do.
//
// # Case files
//
// One file per theme, testdata/cases/THEME.txt, a plain text of lines. A case is
//
//	case words that name it
//	why  What the case shows, in a sentence; more why lines continue it.
//	tree plain
//	with protocol HTTP/1.1
//	from 3.7
//	> "GET /hello.txt HTTP/1.0\r\n"
//	> "X: " 65533*"b" "\r\n"
//	> eof
//
//	answer 2.7.18 3.6.15
//	at line 1
//	log `127.0.0.1 - - [13/Sep/2020 12:26:40] "GET /hello.txt HTTP/1.0" 200 -`
//	< "HTTP/1.0 200 OK\r\n"
//	< "Server: " server "\r\n"
//	closed
//
// What stands above the first answer is written by hand, and kept as it is; answers are written by
// the recorder alone. Lines that begin with # are comments. The lines of a case:
//
//	case NAME     unique in its file; THEME/NAME is the case's full name
//	why  TEXT     the reason why the case exists
//	tree NAME     the tree that is served, testdata/trees/NAME.txt
//	shows NAMES   quirks of package cpython in whose releases the answers differ from the others'
//	with KEY VAL  how the server is started, see below; VAL is the rest of the line, or quoted
//	from V        asked of this release and the later ones only
//	until V       asked of this release and the earlier ones only
//	only SET      asked of these releases only
//	sockets       not asked where there is no socket and no real file system (3.14 and 3.15)
//	> LINE        bytes that the client sends, one wire line a text line
//	> eof         the client ends its stream; without it, the client only waits
//	answer SET    the releases that gave the answer that follows
//	at PLACE      what follows came when the client had sent so much, and not before
//	log LINE      a line of the log, without its end
//	crash LINE    a traceback, of which this is the line of the exception
//	< LINE        bytes that the server sent
//	closed        the server ended the stream in order
//	reset         the server cut the connection off
//	open          the server waits for more; the client went away
//
// A LINE is a row of elements: "text" with the escapes \r \n \t \" \\ \xhh, all of it ASCII;
// N*"text", the text N times; the words server, the whole value of the release's Server field, and
// root, the directory that is served. A log line is in back quotes where that spells it.
// A long run of one byte is written N*"b" in answers too, and the rest of a very long answer as
// its length and hash: `< 200000 bytes sha256 …`.
//
// A PLACE is "line N", the end of the N-th > line; "line N byte M", within it; "end", the last
// byte that is sent; "eof", the end of the client's stream. An answer starts at "end", which is
// not written there. Places are found by sending single bytes and seeing for what the server waits.
//
// The keys of with:
//
//	protocol      protocol_version, as by -p; all releases have it, though older ones lack the option
//	directory     -d, from 3.7 on; relative to the tree
//	clock         seconds since 1970 at which the clock stands, 1600000000 where not given
//	mime          a file testdata/mime/NAME that is read as the system's only mime.types
//	encoding      ascii: the C locale, with UTF-8 mode and locale coercion off; c: the C locale alone
//	zone          TZ of the server; UTC where not given
//	cwd           removed: the directory is removed after the server was started in it
//	content-type  --content-type, 3.15
//	header        "NAME" "VALUE": -H, 3.15; may come several times
//
// # Trees
//
// One file per tree, testdata/trees/NAME.txt. Paths are quoted as above, relative to the tree:
//
//	file "hello.txt" time 1600000000.25 mode 644 "hello\n"
//	dir  "sub" mode 755
//	link "sub/up" "../hello.txt"
//	fifo "pipe" "what the writer writes"
//	socket "sock"
//	char "null"
//
// The default mode is 644 and 755, the default time 1600000000. Parents are made where they are not declared.
// The declared order is the order in which the directory gives its names.
//
// # The reference environment
//
// Linux, a UTF-8 locale, TZ=UTC, no system mime.types, permission bits that count, a clock that
// stands still. Nothing is masked: a differing byte is a difference.
package conformance
