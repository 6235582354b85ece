"""Answer many requests a second with the real SimpleHTTPRequestHandler of the interpreter that runs this.

Runs unchanged on 2.7 and every 3.x. Each request is a connection of its own, on which the handler class
works as socketserver has it work, but that the socket is an object in memory. What is set apart from a
real server, and only that:

- the clock stands still (the module's `time` is replaced by one whose time() is the setup's),
- mimetypes reads none of the system's files,
- os.listdir gives the names in the order in which the tree declares them,
- root loses the capabilities that pass over permission bits,
- the stack below the handler has other functions, but the same depth (see DEEPER).

In WebAssembly the file system, too, is set apart: memory.py answers for it from the tree's declaration.

`configure(json)` takes the setups: trees with the options of the server. `answer(batch)` takes requests
and gives answers, as bytes that are laid out so, all numbers with the high byte first:

    request   setup: 2 bytes; the client ends its stream: 1 byte; length: 4; bytes
    answer    the server closed: 1 byte; bytes of the request that it took: 4;
              lengths of wire, log and crash: 4 each; wire; log; crash

A crash is the last line of the traceback. As a program, this reads the configuration and batches from
standard input, and writes answers to standard output, each behind its length in 4 bytes.
"""
import io
import json
import os
import socket
import struct
import sys
import traceback

import mimetypes
mimetypes.knownfiles[:] = []  # before SimpleHTTPServer reads them

PY2 = sys.version_info[0] == 2
# How many calls there must be more below the handler, so that Python's stack ends as deep in it as in a real
# server, where the calls below are those of runpy and serve_forever() or, from 3.7 on, of a thread. Some calls
# of C functions count as well, and differ by release, so this is measured: with messages in messages, which
# the email package parses by recursion.
DEEPER = {(3, 6): 4, (3, 7): 3, (3, 8): 1, (3, 14): 1, (3, 15): 1}.get(sys.version_info[:2], 0)

if PY2:
    import BaseHTTPServer as base
    import SimpleHTTPServer as simple
    Base27 = socket._fileobject
else:
    import http.server as base
    simple = base

PEER = ('127.0.0.1', 50000)
SETUPS = []
MEMORY = None  # the module memory, in WebAssembly


class StaysOpen(BaseException):
    """Raised where the server would wait for input that never comes."""


class Clock(object):
    """The module time, but that time() is the setup's."""
    now = 0.0

    def __init__(self, real):
        self._real = real

    def time(self):
        return Clock.now

    def __getattr__(self, name):
        return getattr(self._real, name)


# The connection in 2.7: the real socket._fileobject over a socket of ours.

if PY2:
    class Rfile27(Base27):
        def close(self):
            if self._sock is not None:
                self._sock.took = self._sock.at - len(self._rbuf.getvalue())
            Base27.close(self)

    class Connection(object):
        def __init__(self, data, eof):
            self.data, self.eof, self.at, self.took, self.sent = data, eof, 0, 0, []

        def makefile(self, mode, size):
            return (Rfile27 if mode == 'rb' else Base27)(self, mode, size)

        def recv(self, size):
            chunk = self.data[self.at:self.at + size]
            if not chunk and not self.eof:
                raise StaysOpen
            self.at += len(chunk)
            return chunk

        def sendall(self, data):
            self.sent.append(memoryview(data).tobytes())

else:
    class Source(io.BytesIO):
        """What a BufferedReader reads from in the place of SocketIO."""
        eof = False

        def readinto(self, buffer):
            n = io.BytesIO.readinto(self, buffer)
            if not n and not self.eof:
                raise StaysOpen
            return n

    class Rfile(io.BufferedReader):
        """Knows how much was taken from it when it is closed."""
        took = 0

        def close(self):
            if not self.closed:
                self.raw.eof = True
                left = len(self.peek())  # may read on
                self.took = self.raw.tell() - left
            io.BufferedReader.close(self)

    class Connection(object):
        def __init__(self, data, eof):
            self.source, self.sent = Source(data), []
            self.source.eof = eof

        def makefile(self, mode, size):
            self.rfile = Rfile(self.source)
            return self.rfile

        def sendall(self, data):
            self.sent.append(bytes(data))

        took = property(lambda self: self.rfile.took)


def native(text):
    """JSON text holds bytes as Latin-1; as this interpreter's str that names a file."""
    raw = text.encode('latin-1')
    return raw if PY2 else os.fsdecode(raw)


class Setup(object):
    """A tree, and how it is served."""

    def __init__(self, config):
        self.clock = float(config['clock'])
        self.root = native(config['root'])
        self.rank = dict((native(name), i) for i, name in enumerate(config['order']))
        protocol = config['protocol'].encode('latin-1') if PY2 else config['protocol']
        members = {'protocol_version': protocol}
        if config['content_type'] is not None:
            members['default_content_type'] = config['content_type']
        real = simple.SimpleHTTPRequestHandler
        # A class method of the name may be called in an error's text: the subclass has the same.
        self.handler = type(real)('SimpleHTTPRequestHandler', (real,), members) if not PY2 else \
            __import__('types').ClassType('SimpleHTTPRequestHandler', (real,), members)
        self.extra = {}
        if sys.version_info >= (3, 7):
            directory = config['directory']
            self.extra['directory'] = self.root if directory is None else native(directory)
        if config['headers']:
            self.extra['extra_response_headers'] = config['headers']
        if MEMORY:
            self.tree = MEMORY.Tree(config)
        self.log = new_log(self.tree.encoding if MEMORY else getattr(sys.__stderr__, 'encoding', None))

    def enter(self):
        Clock.now = self.clock
        global RANK
        RANK = self.rank
        if MEMORY:
            import builtins
            t = self.tree
            os.stat, os.lstat, os.fstat, os.listdir, builtins.open = t.stat, t.lstat, t.fstat, t.listdir, t.open
            sys.getfilesystemencoding = lambda: t.encoding
        else:
            os.chdir(self.root)


RANK = {}
REAL_LISTDIR = os.listdir


def ordered(*args):
    """os.listdir, independent of the file system's order of names."""
    return sorted(REAL_LISTDIR(*args), key=lambda name: RANK.get(name, len(RANK)))


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


def configure(text):
    """Take the setups; the answer is the release."""
    global MEMORY
    config = json.loads(text)
    base.time = Clock(base.time)
    if sys.platform == 'emscripten':
        import memory
        MEMORY = memory
    else:
        os.listdir = ordered
        drop_capabilities()
    SETUPS[:] = [Setup(c) for c in config]
    return sys.version.split()[0]


LOG = io.BytesIO()


class Log27(object):
    """Standard error of 2.7, which takes bytes."""
    write = staticmethod(LOG.write)

    @staticmethod
    def flush():
        pass


def new_log(encoding):
    if PY2:
        return Log27
    return io.TextIOWrapper(LOG, encoding, 'backslashreplace', write_through=True)


STDERR = sys.stderr


def last_line(encoding):
    """The line of the exception, which comes after the indented lines of the frames. Notes may follow it."""
    lines = ''.join(traceback.format_exception(*sys.exc_info())).split('\n')
    exception = ''
    for before, line in zip(lines, lines[1:]):
        if before.startswith(' '):
            exception = line
    return exception if PY2 else exception.encode(encoding, 'backslashreplace')


def deeper(depth, call):
    """Call with so many frames more below it."""
    if depth > 1:
        deeper(depth - 1, call)
    else:
        call()


def converse(setup, data, eof):
    """One connection."""
    connection = Connection(data, eof)
    LOG.seek(0)
    LOG.truncate()
    closed, crash = 1, b''

    def connect():
        setup.handler(connection, PEER, None, **setup.extra)

    sys.stderr = setup.log
    try:
        if DEEPER:
            deeper(DEEPER, connect)
        else:
            connect()
    except StaysOpen:
        closed = 0
    except Exception:
        crash = last_line(getattr(setup.log, 'encoding', None))
    finally:
        sys.stderr = STDERR
    wire, log = b''.join(connection.sent), LOG.getvalue()
    return struct.pack('>BIIII', closed, connection.took if closed else 0, len(wire), len(log), len(crash)) + wire + log + crash


def answer(batch):
    """Answer a batch of requests."""
    answers, at, setup = [], 0, None
    while at < len(batch):
        number, eof, length = struct.unpack_from('>HBI', batch, at)
        at += 7
        if SETUPS[number] is not setup:
            setup = SETUPS[number]
            setup.enter()
        answers.append(converse(setup, batch[at:at + length], bool(eof)))
        at += length
    return b''.join(answers)


def frames(stream):
    """The byte strings of a stream, each behind its length."""
    while True:
        head = stream.read(4)
        if len(head) < 4:
            return
        yield stream.read(struct.unpack('>I', head)[0])


def main():
    read, write = (sys.stdin, sys.stdout) if PY2 else (sys.stdin.buffer, sys.stdout.buffer)
    for frame in frames(read):
        out = answer(frame) if SETUPS else configure(frame.decode('ascii')).encode('ascii')
        write.write(struct.pack('>I', len(out)) + out)
        write.flush()


if __name__ == '__main__' and sys.platform != 'emscripten':
    main()
