"""Asks a release whether it has the quirks that no request shows: those of the start, of the end, and of subclasses.

ask() returns a JSON object: name of the quirk, and whether the release has it. Nothing is opened or bound: the server
class that is handed to test() only tells what it was asked. With an argument, the answer is printed.
"""
import json
import os
import sys

try:
    from http import server
except ImportError:
    import BaseHTTPServer
    import SimpleHTTPServer as server
    server.test_of = BaseHTTPServer.test
try:
    from StringIO import StringIO
except ImportError:
    from io import StringIO


class Listening:
    """A server class that is interrupted as soon as it serves."""
    address_family = None
    asked = None  # the address that it was to be bound to
    bound = ('127.0.0.1', 8000)

    def __init__(self, address, handler):
        Listening.asked = address
        self.socket = self

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def getsockname(self):
        return self.bound

    def serve_forever(self):
        raise KeyboardInterrupt


class Written:
    """A file of bytes."""
    def __init__(self):
        self.bytes = b''

    def write(self, data):
        self.bytes += data

    def flush(self):
        pass


def started(bound, bind):
    """What test() prints, and whether it ends in order."""
    Listening.bound = bound
    out, sys.stdout = sys.stdout, StringIO()
    in_order = False
    try:
        if hasattr(server, 'test_of'):
            server.test_of(server.SimpleHTTPRequestHandler, Listening)
        else:
            server.test(server.SimpleHTTPRequestHandler, Listening, port=8000, bind=bind)
    except SystemExit as e:
        in_order = not e.code
    except KeyboardInterrupt:
        pass
    finally:
        text, sys.stdout = sys.stdout.getvalue(), out
    return text, in_order


def handler(cls):
    """A handler without a connection."""
    class Alone(cls):
        def __init__(self):
            pass

    h = Alone()
    h.client_address = ('127.0.0.1', 50000)
    h.request_version, h.requestline, h.command = 'HTTP/1.0', 'GET / HTTP/1.0', 'GET'
    h.close_connection = True
    h.wfile = Written()
    return h


class Renamed(server.SimpleHTTPRequestHandler):
    def address_string(self):
        return 'the name'


def logged(cls, *args):
    err, sys.stderr = sys.stderr, StringIO()
    try:
        handler(cls).log_request(*args)
        return sys.stderr.getvalue()
    finally:
        sys.stderr = err


def escapes_explain():
    h = handler(server.SimpleHTTPRequestHandler)
    err, sys.stderr = sys.stderr, StringIO()
    try:
        h.send_error(404, None, '<b>') if hasattr(h, 'flush_headers') else explained(h)
    finally:
        sys.stderr = err
    return b'&lt;b&gt;' in h.wfile.bytes


def explained(h):
    """2.7 takes an explanation from its table alone."""
    h.responses = dict(h.responses)
    h.responses[404] = ('Not Found', '<b>')
    h.send_error(404)


def ask(line=''):
    os.environ.pop('NO_COLOR', None)
    os.environ['FORCE_COLOR'] = '1'
    colours = '\x1b[' in logged(server.SimpleHTTPRequestHandler, 200)
    del os.environ['FORCE_COLOR']
    os.environ['NO_COLOR'] = '1'
    v4, in_order = started(('127.0.0.1', 8000), '127.0.0.1')
    v6, _ = started(('::1', 8000, 0, 0), '127.0.0.1')
    started(('127.0.0.1', 8000), None)
    return json.dumps({
        'ColorsTerminal': colours,
        'BracketsHostInBanner': '//[::1]:8000' in v6,
        # Without a name, an address is looked up all the same; else it is the empty text.
        'ResolvesBindAddress': bool(Listening.asked[0]),
        'SaysGoodbye': in_order and 'Keyboard interrupt received' in v4,
        'ShowsURLInBanner': 'http://' in v4,
        'EscapesExplain': escapes_explain(),
        'LogsAddressString': logged(Renamed, 200).startswith('the name'),
        'NamesServerWithoutVersion': '/' not in server.SimpleHTTPRequestHandler.server_version,
    })


if __name__ == '__main__' and len(sys.argv) > 1:
    sys.argv[1:] = []
    print(ask())
