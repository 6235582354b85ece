"""Ask cases of the real handler class in this process, loaded from whatever syntax tree.

Runs unchanged on 2.7 and every 3.x. It is what reached.py and mutants.py share: the plan that conform writes
(setups and cases, as JSON), the server's modules as syntax trees, loading them anew, and connections that give
the request in the pieces of the case and note what came at which of its places. What is set apart from a real
server is what worker.py sets apart.
"""
import ast
import io
import json
import os
import socket
import sys
import time
import types

import worker

PY2 = worker.PY2

# The modules of the server, in the order in which they are loaded, and what of them is the handler's.
if PY2:
    SERVER = ['BaseHTTPServer', 'SimpleHTTPServer']
    CLASSES = ['BaseHTTPRequestHandler', 'SimpleHTTPRequestHandler']
    HELPERS = ['_quote_html', 'DEFAULT_ERROR_MESSAGE', 'DEFAULT_ERROR_CONTENT_TYPE']
    LIBRARY = [('rfc822', 'Message', 'readheaders'), ('rfc822', 'Message', 'isheader'), ('rfc822', 'Message', 'islast'),
               ('rfc822', 'Message', 'iscomment'), ('urllib', None, 'unquote'), ('urlparse', None, 'urlsplit'),
               ('urlparse', None, '_splitnetloc'), ('urlparse', None, '_checknetloc'), ('urlparse', None, 'urlunsplit')]
else:
    SERVER = ['http.server']
    CLASSES = ['BaseHTTPRequestHandler', 'SimpleHTTPRequestHandler']
    HELPERS = ['_quote_html', 'DEFAULT_ERROR_MESSAGE', 'DEFAULT_ERROR_CONTENT_TYPE']
    LIBRARY = [('http.client', None, 'parse_headers'), ('http.client', None, '_read_headers'),
               ('urllib.parse', None, 'unquote'), ('urllib.parse', None, 'unquote_to_bytes'),
               ('urllib.parse', None, '_unquote_impl'), ('urllib.parse', None, '_generate_unquoted_parts'),
               ('urllib.parse', None, 'urlsplit'), ('urllib.parse', None, '_splitnetloc'),
               ('urllib.parse', None, '_checknetloc'), ('urllib.parse', None, 'urlunsplit')]


class Source(object):
    """A module's source: its tree, its lines, and which of its top-level statements are measured."""

    def __init__(self, name):
        __import__(name)
        self.name = name
        self.path = sys.modules[name].__file__
        if self.path.endswith('.pyc'):
            self.path = self.path[:-1]
        with io.open(self.path, 'rb') as f:
            text = f.read()
        self.lines = text.decode('utf-8').split('\n')
        self.tree = ast.parse(text, self.path)

    def line(self, number):
        return ' '.join(self.lines[number - 1].split())

    def measured(self, tree=None):
        """(name, node) of the functions and class bodies that are the handler's, outermost first."""
        found = []
        for node in (tree or self.tree).body:
            if self.name in SERVER:
                if getattr(node, 'name', None) in CLASSES:
                    found.append((node.name, node))
                elif getattr(node, 'name', None) in HELPERS or target_name(node) in HELPERS:
                    found.append((getattr(node, 'name', None) or target_name(node), node))
                continue
            for module, klass, name in LIBRARY:
                if module != self.name:
                    continue
                for inner in ([node] if klass is None else node.body if getattr(node, 'name', None) == klass else []):
                    if isinstance(inner, ast.FunctionDef) and inner.name == name:
                        found.append((name if klass is None else klass + '.' + name, inner))
        return found


def target_name(node):
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id


def sources():
    """The sources of the server and of the library functions, by name."""
    names = SERVER + sorted(set(module for module, _, _ in LIBRARY))
    return dict((name, Source(name)) for name in names)


def in_order(all_sources):
    """The names of sources, those of the server first."""
    return SERVER + sorted(set(all_sources) - set(SERVER))


def execute(source, tree):
    """Run a module's tree as the module."""
    module = types.ModuleType(source.name)
    module.__file__ = source.path
    if '.' in source.name:
        module.__package__ = source.name.rpartition('.')[0]
    sys.modules[source.name] = module
    exec(compile(tree, source.path, 'exec', 0, True), module.__dict__)
    if '.' in source.name:
        parent, _, name = source.name.rpartition('.')
        setattr(sys.modules[parent], name, module)
    return module


def load_server(all_sources, trees=None):
    """Load the server's modules from trees, or from their own."""
    trees = trees or {}
    modules = [execute(all_sources[name], trees.get(name, all_sources[name].tree)) for name in SERVER]
    worker.base, worker.simple = modules[0], modules[-1]


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            for inner in codes(constant):
                yield inner


def library_function(module, name):
    """A measured function of a library module, without the cache around it."""
    owner, _, function = name.rpartition('.')
    function = vars(getattr(module, owner) if owner else module)[function]
    while hasattr(function, '__wrapped__'):
        function = function.__wrapped__
    return function


def replace_library(source, tree):
    """Give the measured functions of a library module the code and the defaults that they have in a tree."""
    module = sys.modules[source.name]
    compiled = list(codes(compile(tree, source.path, 'exec', 0, True)))
    for name, node in source.measured(tree):
        function = library_function(module, name)
        lines = [d.lineno for d in node.decorator_list] + [node.lineno]
        function.__code__ = [c for c in compiled if c.co_name == node.name and c.co_firstlineno in lines][0]
        defaults = [eval(compile(ast.Expression(d), source.path, 'eval'), vars(module)) for d in node.args.defaults]
        function.__defaults__ = tuple(defaults) or None


def forget(all_sources):
    """Empty the caches of the library, so that each case runs what it calls."""
    for name in set(all_sources) - set(SERVER):
        module = sys.modules[name]
        if hasattr(module, 'clear_cache'):
            module.clear_cache()
        if hasattr(module, '_hextobyte'):
            module._hextobyte = None


class Plan(object):
    """The setups and cases, in groups with the same environment."""

    def __init__(self, path):
        with io.open(path, encoding='ascii') as f:
            plan = json.load(f)
        self.setups, self.cases = plan['setups'], plan['cases']
        if sys.version.split()[0] != plan['release']:
            sys.exit('this is %s, not %s' % (sys.version.split()[0], plan['release']))
        for case in self.cases:
            case['data'] = case['request'].encode('latin-1')
        keys = []
        for setup in self.setups:
            key = (setup['zone'], setup['mime'], setup['cwd'])
            if key not in keys:
                keys.append(key)
        self.groups = [Group(self, key) for key in keys]


class Group(object):
    """The setups of one environment: zone, media types of the system, working directory."""

    def __init__(self, plan, key):
        self.zone, self.mime, self.cwd = key
        self.numbers = [i for i, s in enumerate(plan.setups) if (s['zone'], s['mime'], s['cwd']) == key]
        self.config = json.dumps([plan.setups[i] for i in self.numbers])

    def enter(self, all_sources, trees=None):
        """Load the server in the environment; the setups are then in worker.SETUPS, in the order of numbers."""
        os.environ['TZ'] = self.zone
        time.tzset()
        sys.modules.pop('mimetypes', None)
        import mimetypes
        mimetypes.knownfiles[:] = self.mime
        load_server(all_sources, trees)
        for setup in worker.SETUPS if not PY2 else []:
            setup.log.detach()  # or it would close worker.LOG at its end
        worker.configure(self.config)
        mimetypes.knownfiles[:] = self.mime
        self.by_number = dict(zip(self.numbers, worker.SETUPS))
        for setup, config in zip(worker.SETUPS, json.loads(self.config)):
            self.leave_to_class(setup, config)

    def leave_to_class(self, setup, config):
        """Unset what a case does not ask for, so that the class's own default counts, which is the command line's."""
        if config['protocol'] == 'HTTP/1.0':
            delattr(setup.handler, 'protocol_version')
        if config['directory'] is None and self.cwd != 'removed':
            setup.extra.pop('directory', None)


Waits = worker.StaysOpen
Stream = object if PY2 else io.RawIOBase


class Connection(Stream):
    """A connection whose client sends a request in steps, and what the server says, where."""

    def __init__(self, case):
        self.case, self.steps = case, list(case['steps'])
        self.at, self.given, self.rest, self.sent = 0, 0, b'', []
        self.stretches = []
        worker.LOG.seek(0)
        worker.LOG.truncate()

    def cut(self):
        """End a stretch: the client is about to send more."""
        wire, log = b''.join(self.sent), worker.LOG.getvalue()
        if wire or log:
            self.stretches.append({'at': self.at, 'log': log.decode('latin-1'), 'wire': wire.decode('latin-1')})
            self.sent = []
            worker.LOG.seek(0)
            worker.LOG.truncate()

    def more(self):
        """The next piece of the request, b'' at its end."""
        self.cut()
        if not self.steps:
            if not self.case['eof']:
                raise Waits
            self.at = len(self.case['data']) + 1
            return b''
        self.at = self.steps.pop(0)
        piece = self.case['data'][self.given:self.at]
        self.given = self.at
        return piece

    # What socketserver takes for a socket.

    def makefile(self, mode, size):
        if PY2:
            return socket._fileobject(self, mode, size)
        return io.BufferedReader(self, io.DEFAULT_BUFFER_SIZE if size < 0 else size)

    def sendall(self, data):
        self.sent.append(memoryview(data).tobytes())

    # What socket._fileobject and BufferedReader read from.

    def recv(self, size):
        if not self.rest:
            self.rest = self.more()
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self.recv(len(buffer))
        buffer[:len(piece)] = piece
        return len(piece)


LIMIT = sys.getrecursionlimit()
BELOW = 5 + worker.DEEPER  # the calls below the handler in worker.py: see there


def depth():
    """How many calls the caller is deep."""
    frame, n = sys._getframe(1), 0
    while frame is not None:
        frame, n = frame.f_back, n + 1
    return n


def converse(setup, case):
    """One connection, as an answer."""
    connection = Connection(case)
    end, crash = 'closed', b''
    sys.stderr = setup.log
    sys.setrecursionlimit(LIMIT + depth() - BELOW)
    try:
        setup.handler(connection, ('127.0.0.1', 50000), None, **setup.extra)
    except Waits:
        end = 'open'
    except Exception:
        crash = worker.last_line(getattr(setup.log, 'encoding', None))
    finally:
        sys.stderr = worker.STDERR
        sys.setrecursionlimit(LIMIT)
        connection.cut()
    return {'stretches': connection.stretches, 'end': end, 'end_at': connection.at, 'crash': crash.decode('latin-1')}


FIFO_PAUSE = 0.3  # seconds in which the writer of a fifo that was read gives it back its time; it needs a twentieth


def ask(group, case):
    """The answer of a case whose group was entered."""
    if case['slow']:
        time.sleep(FIFO_PAUSE)
    setup = group.by_number[case['setup']]
    setup.enter()
    if group.cwd != 'removed':
        return converse(setup, case)
    there = os.path.join(setup.root, 'removed')
    os.mkdir(there)
    os.chdir(there)
    if 'directory' in setup.extra:
        setup.extra['directory'] = os.getcwd()
    os.rmdir(there)
    return converse(setup, case)
