"""Answer cases with the real SimpleHTTPRequestHandler where there are no sockets: in WebAssembly.

The handler class, and all that it calls of the standard library, is that of the interpreter which runs
this. What it would ask of the system is answered here from the declared tree: stat, lstat, open,
fstat and listdir; and the connection is a script of chunks. So nothing that only sockets or a real
file system show is claimed.

`ask(job)` takes and gives JSON; bytes are Latin-1 text in it. Started with the argument stdin, jobs are
lines of standard input and answers lines of standard output: so any interpreter from 3.7 on can be
asked in this way, and compared with what it says over sockets.
"""
import builtins
import errno
import http.server
import io
import json
import mimetypes
import os
import posixpath
import socketserver
import stat
import sys

REAL = {name: getattr(os, name) for name in ('stat', 'lstat', 'fstat', 'listdir')}
REAL_OPEN = builtins.open
REAL_ENCODING = sys.getfilesystemencoding
MIME_FILE = '/tmp/case.types'
MAX_LINKS = 40  # MAXSYMLINKS of Linux
NAME_MAX, PATH_MAX = 255, 4096


def latin1(text):
    return text.encode('latin-1')


class Tree:
    """A declared tree, as the owner without root's capabilities finds it."""

    def __init__(self, job):
        self.encoding = 'ascii' if job['ascii'] else 'utf-8'
        self.root = latin1(job['root'])
        self.nodes = {self.root: {'kind': 'dir', 'mode': 0o755, 'time': 1600000000.0, 'names': []}}
        for e in job['entries']:
            path = self.root + b'/' + latin1(e['path'])
            node = {'kind': e['kind'], 'mode': e['mode'], 'time': e['sec'] + 1e-9 * e['nsec'],
                    'content': latin1(e['content']), 'names': []}
            self.nodes[path] = node
            self.nodes[posixpath.dirname(path)]['names'].append(posixpath.basename(path))

    def encode(self, path):
        return path.encode(self.encoding, 'surrogateescape')

    def holds(self, path):
        """Whether the path is one of the tree, and one that the system could be asked for."""
        if not isinstance(path, str):
            return False
        name = self.encode(path)  # fails before a NUL is looked for, as os.fsencode does
        return b'\0' not in name and (not name.startswith(b'/') or (name + b'/').startswith(self.root + b'/'))

    def resolve(self, path, follow=True):
        """The node that a path leads to, or OSError: path resolution of POSIX."""
        name = self.encode(path)
        if not name:
            raise OSError(errno.ENOENT, 'No such file or directory')
        if len(name) >= PATH_MAX:
            raise OSError(errno.ENAMETOOLONG, 'File name too long')
        if not name.startswith(b'/'):
            name = self.root + b'/' + name
        rest = name[len(self.root):].split(b'/')[1:]
        here, links = self.root, 0
        while rest:
            part = rest.pop(0)
            node = self.nodes[here]
            if node['kind'] != 'dir':
                raise OSError(errno.ENOTDIR, 'Not a directory')
            if part in (b'', b'.'):
                continue
            if not node['mode'] & stat.S_IXUSR:
                raise OSError(errno.EACCES, 'Permission denied')
            if part == b'..':
                here = posixpath.dirname(here)
                continue
            if len(part) > NAME_MAX:
                raise OSError(errno.ENAMETOOLONG, 'File name too long')
            there = here + b'/' + part
            if there not in self.nodes:
                raise OSError(errno.ENOENT, 'No such file or directory')
            if self.nodes[there]['kind'] != 'link' or (not rest and not follow):
                here = there
                continue
            links += 1
            if links > MAX_LINKS:
                raise OSError(errno.ELOOP, 'Too many levels of symbolic links')
            rest = self.nodes[there]['content'].split(b'/') + rest
        return self.nodes[here]

    def status(self, node):
        kinds = {'file': stat.S_IFREG, 'dir': stat.S_IFDIR, 'link': stat.S_IFLNK, 'fifo': stat.S_IFIFO,
                 'socket': stat.S_IFSOCK, 'char': stat.S_IFCHR}
        size = len(node['content']) if node['kind'] == 'file' else 0
        when = int(node['time'] // 1)
        return os.stat_result((kinds[node['kind']] | node['mode'], 1, 1, 1, 0, 0, size, when, when, when,
                               node['time'], node['time'], node['time']))

    def stat(self, path, **args):
        if not self.holds(path):
            return REAL['stat'](path, **args)
        return self.status(self.resolve(path))

    def lstat(self, path, **args):
        if not self.holds(path):
            return REAL['lstat'](path, **args)
        return self.status(self.resolve(path, follow=False))

    def fstat(self, handle):
        if isinstance(handle, OpenFile):
            return self.status(handle.node)
        return REAL['fstat'](handle)

    def listdir(self, path):
        if not self.holds(path):
            return REAL['listdir'](path)
        node = self.resolve(path)
        if node['kind'] != 'dir':
            raise OSError(errno.ENOTDIR, 'Not a directory')
        if not node['mode'] & stat.S_IRUSR:
            raise OSError(errno.EACCES, 'Permission denied')
        return [name.decode(self.encoding, 'surrogateescape') for name in node['names']]

    def open(self, path, mode='r', *args, **more):
        if not self.holds(path):
            return REAL_OPEN(path, mode, *args, **more)
        node = self.resolve(path)
        if node['kind'] == 'dir':
            raise OSError(errno.EISDIR, 'Is a directory')
        if not node['mode'] & stat.S_IRUSR:
            raise OSError(errno.EACCES, 'Permission denied')
        return OpenFile(node)


class OpenFile(io.BytesIO):
    """An open file of the tree. It is its own descriptor."""

    def __init__(self, node):
        super().__init__(node['content'])
        self.node = node

    def fileno(self):
        return self


class StaysOpen(BaseException):
    """Raised where the server would wait for input that never comes."""


class Connection(io.RawIOBase):
    """A connection whose client sends a script of chunks, and what the server says, where."""

    def __init__(self, data, steps, eof):
        self.data, self.steps, self.eof = data, list(steps), eof
        self.at, self.given, self.rest = 0, 0, b''
        self.stretches = []

    def stretch(self):
        if not self.stretches or self.stretches[-1]['at'] != self.at:
            self.stretches.append({'at': self.at, 'log': '', 'wire': ''})
        return self.stretches[-1]

    # What the handler takes for a socket.

    def makefile(self, mode, size):
        return io.BufferedReader(self, io.DEFAULT_BUFFER_SIZE if size < 0 else size)

    def sendall(self, data):
        self.stretch()['wire'] += bytes(data).decode('latin-1')

    # What BufferedReader reads from.

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.rest:
            if not self.steps:
                if not self.eof:
                    raise StaysOpen
                self.at = len(self.data) + 1
                return 0
            self.at = self.steps.pop(0)
            self.rest = self.data[self.given:self.at]
            self.given = self.at
        n = min(len(buffer), len(self.rest))
        buffer[:n], self.rest = self.rest[:n], self.rest[n:]
        return n


class Log(io.RawIOBase):
    """Standard error during a connection."""

    def __init__(self, connection):
        self.connection = connection

    def writable(self):
        return True

    def write(self, data):
        self.connection.stretch()['log'] += bytes(data).decode('latin-1')
        return len(data)


class StoppedClock:
    """The module time as http.server sees it, but that time() is the job's, and its zone."""

    def __init__(self, clock, offset):
        self._clock, self._offset = clock, offset

    def time(self):
        return self._clock

    def localtime(self, seconds):
        import time
        return time.gmtime(seconds + self._offset)


def handler_class(job):
    """The real class, with what the command line sets on it."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = job['protocol']
    Handler.__name__ = Handler.__qualname__ = 'SimpleHTTPRequestHandler'
    if job['content_type'] is not None:
        Handler.default_content_type = job['content_type']
    return Handler


def read_mime_files(job):
    """Let mimetypes read the job's files, at its first use, and none of the system."""
    mimetypes.inited, mimetypes._db = False, None
    mimetypes.knownfiles[:] = []
    if job['mime_text'] is not None:
        with REAL_OPEN(MIME_FILE, 'wb') as f:
            f.write(latin1(job['mime_text']))
        mimetypes.knownfiles[:] = [MIME_FILE]


def converse(job, steps):
    """One connection."""
    connection = Connection(latin1(job['request']), steps, job['eof'])
    peer = ('127.0.0.1', 50000)
    handler = handler_class(job)
    arguments = {'directory': job['root'] if job['directory'] is None else job['directory']}
    if job['headers']:
        arguments['extra_response_headers'] = job['headers']
    end = 'closed'
    stderr = sys.stderr
    sys.stderr = io.TextIOWrapper(Log(connection), Tree(job).encoding, 'backslashreplace', write_through=True)
    try:
        try:
            handler(connection, peer, None, **arguments)
        except Exception:
            socketserver.BaseServer.handle_error(None, connection, peer)
        except StaysOpen:
            end = 'open'
    finally:
        sys.stderr = stderr
    return {'stretches': connection.stretches, 'end': end, 'end_at': connection.at}


def ask(text):
    """Answer a job in pieces and at once."""
    job = json.loads(text)
    if sys.version.split()[0] != job['release']:
        return json.dumps({'error': 'this is %s, not %s' % (sys.version.split()[0], job['release'])})
    tree = Tree(job)
    read_mime_files(job)
    http.server.time = StoppedClock(float(job['clock']), job['zone_offset'])
    os.stat, os.lstat, os.fstat, os.listdir, builtins.open = tree.stat, tree.lstat, tree.fstat, tree.listdir, tree.open
    sys.getfilesystemencoding = lambda: tree.encoding
    try:
        return json.dumps([converse(job, job['steps']), converse(job, [len(job['request'])])])
    finally:
        os.stat, os.lstat, os.fstat, os.listdir = (REAL[name] for name in ('stat', 'lstat', 'fstat', 'listdir'))
        builtins.open, sys.getfilesystemencoding = REAL_OPEN, REAL_ENCODING


if sys.argv[1:] == ['stdin']:
    for line in sys.stdin:
        print(ask(line), flush=True)
