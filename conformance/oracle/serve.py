"""Serve a tree with this interpreter's own simple file server, under watch.

Started by the recorder as `python -u serve.py CONFIG`, CONFIG being JSON in ASCII. Runs unchanged on 2.7
and every 3.x. What is served is the real SimpleHTTPRequestHandler, by the real server class, through
the module's own test(). Set apart from that, and only that:

- the clock stands still (the module's `time` is replaced by one whose time() is CONFIG's),
- mimetypes reads the files that CONFIG names and none of the system,
- os.listdir gives the names in the order in which the tree declares them,
- root loses the capabilities that pass over permission bits,
- file descriptor 3 tells the recorder the port, and for each connection, before every blocking read,
  how many bytes were received and sent until then: "wait PEERPORT RECEIVED SENT"; and its end: "done PEERPORT".
"""
import json
import os
import socket
import sys
import threading

PY2 = sys.version_info[0] == 2
CONFIG = json.loads(sys.argv[1])


def native(text):
    """JSON text holds bytes as Latin-1; as this interpreter's str that names a file."""
    if text is None:
        return None
    raw = text.encode('latin-1')
    return raw if PY2 else os.fsdecode(raw)


def report(line):
    os.write(3, (line + '\n').encode('ascii'))


def drop_capabilities():
    """Give up CAP_DAC_OVERRIDE (1) and CAP_DAC_READ_SEARCH (2): permission bits then count for root too."""
    if os.getuid() != 0:
        return
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    data = (ctypes.c_uint32 * 6)()
    if libc.capget(header, data) != 0:
        raise OSError(ctypes.get_errno(), 'capget')
    for i in (0, 1, 2):  # effective, permitted, inheritable of the capabilities 0 to 31
        data[i] &= ~(1 << 1 | 1 << 2)
    if libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), 'capset')


def end_with_recorder():
    """End when the recorder is gone, which holds the other end of standard input."""
    def wait():
        os.read(0, 1)
        os._exit(0)
    thread = threading.Thread(target=wait)
    thread.daemon = True
    thread.start()


class StoppedClock(object):
    """The module time, but that time() is CONFIG's."""

    def __init__(self, real):
        self._real = real

    def time(self):
        return float(CONFIG['clock'])

    def __getattr__(self, name):
        return getattr(self._real, name)


def order_listdir():
    """Make the answers independent of the file system's order of names."""
    rank = dict((native(name), i) for i, name in enumerate(CONFIG['order']))
    listdir = os.listdir

    def ordered(*args):
        return sorted(listdir(*args), key=lambda name: rank.get(name, len(rank)))
    os.listdir = ordered


class Watched27(object):
    """The _socket.socket of a 2.7 connection, counting and reporting."""

    def __init__(self, real, peer):
        self._real, self._peer, self._received, self._sent = real, peer, 0, 0

    def __getattr__(self, name):
        return getattr(self._real, name)

    def recv(self, *args):
        report('wait %d %d %d' % (self._peer, self._received, self._sent))
        data = self._real.recv(*args)
        self._received += len(data)
        return data

    def sendall(self, data, *args):
        self._real.sendall(data, *args)
        self._sent += len(data)


class Watched(socket.socket if not PY2 else object):
    """The socket of a 3.x connection, counting and reporting."""
    peer = received = sent = 0

    def recv_into(self, *args):
        report('wait %d %d %d' % (self.peer, self.received, self.sent))
        n = super(Watched, self).recv_into(*args)
        self.received += n
        return n

    def sendall(self, data, *args):
        super(Watched, self).sendall(data, *args)
        self.sent += len(data)


def watch(conn, addr):
    if PY2:
        conn._sock = Watched27(conn._sock, addr[1])
        return conn
    watched = Watched(conn.family, conn.type, conn.proto, fileno=conn.detach())
    watched.peer = addr[1]
    return watched


def server_class(base, extra):
    class WatchedServer(base, object):

        def __init__(self, address, handler):
            base.__init__(self, ('127.0.0.1', 0), handler)

        def server_activate(self):
            base.server_activate(self)
            report('port %d' % self.server_address[1])

        def get_request(self):
            conn, addr = base.get_request(self)
            return watch(conn, addr), addr

        def shutdown_request(self, request):
            peer = request._sock._peer if PY2 else request.peer
            base.shutdown_request(self, request)
            report('done %d' % peer)

        def finish_request(self, request, client_address):
            self.RequestHandlerClass(request, client_address, self, **extra)

    return WatchedServer


def main():
    if sys.version.split()[0] != CONFIG['release']:
        sys.exit('this is %s, not %s' % (sys.version.split()[0], CONFIG['release']))
    end_with_recorder()
    os.chdir(native(CONFIG['root']))
    if CONFIG['cwd'] == 'removed':
        os.mkdir('removed')
        os.chdir('removed')
    import mimetypes
    mimetypes.knownfiles[:] = [native(name) for name in CONFIG['mime']]
    if PY2:
        import BaseHTTPServer as base
        import SimpleHTTPServer as simple
    else:
        import http.server as base
        simple = base
    handler = simple.SimpleHTTPRequestHandler
    base.time = StoppedClock(base.time)
    extra = {}
    if sys.version_info >= (3, 7):  # the command line of 3.6 has no -d, and its class looks at the cwd itself
        extra['directory'] = os.getcwd() if CONFIG['directory'] is None else native(CONFIG['directory'])
    if CONFIG['headers']:
        extra['extra_response_headers'] = CONFIG['headers']
    if CONFIG['content_type'] is not None:
        handler.default_content_type = CONFIG['content_type']
    if CONFIG['cwd'] == 'removed':
        os.rmdir('../removed')
    order_listdir()
    drop_capabilities()
    protocol = CONFIG['protocol'].encode('latin-1') if PY2 else CONFIG['protocol']
    sys.argv[1:] = []
    server = server_class(getattr(base, 'ThreadingHTTPServer', base.HTTPServer), extra)
    base.test(handler, server, protocol=protocol)


main()
