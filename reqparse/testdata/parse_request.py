"""What CPython's own handler makes of a request, one line in, one line out.

A line of input is the protocol version and the bytes of a connection, both in hex. A line of
output is what BaseHTTPRequestHandler.handle_one_request did with them: words separated by blanks,
values in hex with a "=" in front, None as "-". The order is that of the list in answer().

It runs under 2.7 and all of 3.x.
"""
import binascii
import io
import sys

try:
    from http.server import BaseHTTPRequestHandler
except ImportError:
    from BaseHTTPServer import BaseHTTPRequestHandler

NAMES = ('Connection', 'Expect', 'If-Modified-Since', 'If-None-Match', 'Content-Type')


class Handler(BaseHTTPRequestHandler):
    """The real handler, without a socket, that stops before a method runs."""

    def __init__(self, data, protocol):
        self.rfile = io.BytesIO(data)
        self.protocol_version = protocol
        self.close_connection = True
        self.state = 'empty'
        self.requestline = ''
        self.command = self.path = None
        self.request_version = self.default_request_version
        self.error = (0, None, None)
        self.continues = False
        self.headers = {}

    def parse_request(self):
        if BaseHTTPRequestHandler.parse_request(self):
            self.state = 'complete'
        return False

    def handle_expect_100(self):
        self.continues = True
        return True

    def send_error(self, code, message=None, explain=None):
        self.state = 'refused'
        self.error = (int(code), message, explain)
        self.headers = {}


def spell(value):
    if value is None:
        return '-'
    if not isinstance(value, bytes):
        value = value.encode('latin-1')
    return '=' + binascii.hexlify(value).decode('ascii')


def answer(line):
    protocol, data = [binascii.unhexlify(x) for x in (line.strip() + ' ').split(' ')[:2]]
    h = Handler(data, protocol.decode('ascii'))
    crash = None
    try:
        h.handle_one_request()
    except Exception as e:
        h.state, h.headers, crash = 'crashed', {}, '%s: %s' % (type(e).__name__, e)
        if not str(e):
            crash = type(e).__name__
        # The name of a codec as the client spelled it, with any characters: only which it is.
        for codec in ('idna', 'undefined'):
            if codec in crash.lower() and crash.startswith('UnicodeError: decoding with '):
                crash = "UnicodeError: decoding with '%s' codec failed (%s" % (codec, crash.rpartition('(')[2])
    status, message, explain = h.error
    words = [
        h.state, str(h.rfile.tell()), spell(h.requestline), spell(h.command), spell(h.path),
        spell(h.request_version), str(int(h.close_connection)), str(int(h.continues)),
        str(status), spell(message), spell(explain), spell(crash),
    ]
    words += [spell(h.headers.get(name)) for name in NAMES]
    return ' '.join(words)


if __name__ == '__main__':
    print(sys.version.split()[0])
    for line in iter(sys.stdin.readline, ''):
        print(answer(line))
    sys.stdout.flush()
