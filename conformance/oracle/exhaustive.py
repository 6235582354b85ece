"""Answer blocks of inputs with the real functions of the interpreter that runs this.

Runs unchanged on 2.7 and every 3.x. `answer(frame)` takes a block, as bytes: a line that says how to answer
and what is asked, and the inputs, each behind its length in 4 bytes, high byte first:

    digest line HTTP/1.0        the first 8 bytes of the SHA-256 of all records, one behind the other
    records line HTTP/1.0       the records, each behind its length

What is asked:

    line PROTOCOL     what handle_one_request makes of a connection up to where a method would run
    translate BASE    what translate_path makes of a target below the directory BASE
    guess             what guess_type says of a path in the file system

A record is words, each with a blank behind it: None is "-", text is its length, a colon, and itself. That of a
line has the lengths of its texts before all of them, and -1 for None, because this is made millions of times.
Text from the connection is Latin-1, of the file system generalized UTF-8.

As a program, this writes its release and then answers frames, each behind its length in 4 bytes. What is
set apart from a real server: mimetypes reads none of the system's files, and getcwd() is BASE.
"""
import hashlib
import io
import mimetypes
import os
import struct
import sys

mimetypes.knownfiles[:] = []  # before the class body of the handler, which reads them up to 3.8

PY2 = sys.version_info[0] == 2
if PY2:
    from BaseHTTPServer import BaseHTTPRequestHandler
    from SimpleHTTPServer import SimpleHTTPRequestHandler
else:
    from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler

# The fields that the server looks at.
NAMES = ('Connection', 'Expect', 'If-Modified-Since', 'If-None-Match', 'Content-Type')


def word(value):
    if value is None:
        return b'- '
    if not isinstance(value, bytes):
        value = value.encode('latin-1')
    return b'%d:%s ' % (len(value), value)


def crash(error):
    text = str(error)
    return type(error).__name__ + (': ' + text if text else '')


class Stopped(BaseHTTPRequestHandler):
    """The real handler, without a socket, that stops before a method runs."""
    state = 'empty'
    error = 0, None, None
    continues = False
    headers = {}
    requestline = ''
    command = path = None
    close_connection = True

    def __init__(self, data, protocol):
        self.rfile = io.BytesIO(data)
        self.protocol_version = protocol
        self.request_version = self.default_request_version

    def parse_request(self):
        if BaseHTTPRequestHandler.parse_request(self):
            self.state = 'complete'
        return False

    def handle_expect_100(self):
        self.continues = True
        return True

    def send_error(self, code, message=None, explain=None):
        self.state = 'refused'
        self.error = int(code), message, explain


def size(text):
    return -1 if text is None else len(text)


def line(protocol):
    def ask(data):
        h = Stopped(data, protocol)
        raised = None
        try:
            h.handle_one_request()
        except Exception as e:
            h.state, raised = 'crashed', crash(e)
        status, message, explain = h.error
        requestline, command, path, version = h.requestline, h.command, h.path, h.request_version
        record = '%s %d %d %d %d %d,%d,%d,%d,%d,%d,%d:%s%s%s%s%s%s%s' % (
            h.state, h.rfile.tell(), h.close_connection, h.continues, status,
            len(requestline), size(command), size(path), len(version), size(message), size(explain), size(raised),
            requestline, command or '', path or '', version, message or '', explain or '', raised or '')
        if h.state == 'complete':
            for name in NAMES:
                value = h.headers.get(name)
                record += '-1:' if value is None else '%d:%s' % (len(value), value)
        return record
    return ask


def bare():
    """A handler that serves nobody."""
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self):
            pass
    return Handler()


def translate(base):
    h = bare()
    h.directory = base
    os.getcwd = lambda: base

    def ask(target):
        path = h.translate_path(target if PY2 else target.decode('latin-1'))
        if PY2:
            return word(path) * 2
        try:
            name = os.fsencode(path)
        except UnicodeEncodeError:
            name = None
        return word(path.encode('utf-8', 'surrogatepass')) + word(name)
    return ask


def guess(_):
    h = bare()

    def ask(path):
        try:
            media_type = h.guess_type(path if PY2 else os.fsdecode(path))
        except Exception as e:
            return b'raises ' + word(crash(e))
        return word(media_type if PY2 else media_type.encode('utf-8', 'surrogatepass'))
    return ask


QUESTIONS = {'line': line, 'translate': translate, 'guess': guess}


def inputs(frame, at):
    unpack = struct.Struct('>I').unpack_from
    while at < len(frame):
        start = at + 4
        at = start + unpack(frame, at)[0]
        yield frame[start:at]


def raw(text):
    return text if isinstance(text, bytes) else text.encode('latin-1')


def answer(frame):
    at = frame.index(b'\n') + 1
    form, question, argument = (frame[:at - 1].decode('ascii') + ' ').split(' ')[:3]
    records = list(map(QUESTIONS[question](str(argument)), inputs(frame, at)))
    if form == 'digest':
        return hashlib.sha256(raw(type(records[0])().join(records))).digest()[:8]
    return b''.join([struct.pack('>I', len(r)) + raw(r) for r in records])


def main():
    read, write = (sys.stdin, sys.stdout) if PY2 else (sys.stdin.buffer, sys.stdout.buffer)
    out = sys.version.split()[0].encode('ascii')
    while True:
        write.write(struct.pack('>I', len(out)) + out)
        write.flush()
        head = read.read(4)
        if len(head) < 4:
            return
        out = answer(read.read(struct.unpack('>I', head)[0]))


if __name__ == '__main__' and sys.platform != 'emscripten':
    main()
