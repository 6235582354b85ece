"""Answer questions about this interpreter's own functions. Runs unchanged on 2.7 and 3.x.

A question is a line of standard input: the name of a function below, and its arguments in
hexadecimal, separated by tabs. The answer is a line too: "=" and the result in hexadecimal, or
"!" and, in hexadecimal, the last line of the traceback. Text is generalized UTF-8 ("surrogatepass").
"""
from __future__ import print_function

import binascii
import os
import sys
import tempfile
import traceback

PY2 = sys.version_info[0] == 2

import mimetypes

if PY2:
    import SimpleHTTPServer as server
else:
    import http.server as server
    from importlib import reload


def text(arg):
    return arg if PY2 else arg.decode("utf-8", "surrogatepass")


def data(value):
    return value if PY2 else value.encode("utf-8", "surrogatepass")


def latin1(arg):
    return arg if PY2 else arg.decode("latin-1")


def number(n):
    """An int as ParseInt has it: saturated."""
    most = 2 ** 63 - 1
    return str(max(-most, min(most, n))).encode("ascii")


def isspace(arg):
    """A letter for each character: s for space."""
    return "".join("s" if c.isspace() else "." for c in latin1(arg)).encode("ascii")


def rep(arg):
    value = repr(latin1(arg))
    return value if PY2 else value.encode("latin-1")


def lower(arg):
    return data(text(arg).lower())


def integer(arg):
    return number(int(text(arg)))


def decode(arg):
    """What reading a short file as UTF-8 text says, whose end is not in the middle of a character."""
    if not PY2:
        arg.decode("utf-8")
    return b""


def bare():
    """A handler that serves nobody."""
    class Handler(server.SimpleHTTPRequestHandler):
        def __init__(self):
            pass
    return Handler()


def guess(extensions, count, *args):
    """guess_type of all paths that follow the contents of count mime.types files. extensions is
    empty, or extensions_map: key and value on a line each."""
    global server
    folder = tempfile.mkdtemp()
    files = []
    for i, content in enumerate(args[:int(count)]):
        files.append(os.path.join(folder, "%d.types" % i))
        with open(files[-1], "wb") as f:
            f.write(content)
    try:
        reload(mimetypes)
        mimetypes.knownfiles[:] = files
        server = reload(server)  # up to 3.8 the class body reads the files
        handler = bare()
        if extensions:
            lines = text(extensions).split("\n")
            handler.extensions_map = dict(zip(lines[0::2], lines[1::2]))
        types = []
        for path in args[int(count):]:
            try:
                types.append("=" + handler.guess_type(text(path)))
            except Exception:
                types.append("!" + crash())
        return data("\n".join(types))
    finally:
        for name in files:
            os.remove(name)
        os.rmdir(folder)


def listing(target, path, encoding, *entries):
    """The page of list_directory. Each entry is a letter, - file, d directory, l link, L link to a
    directory, and a name."""
    encoding = encoding.decode("ascii")
    path = text(path)
    kinds = {}
    names = []
    for entry in entries:
        name = entry[1:] if PY2 else entry[1:].decode(encoding, "surrogateescape")
        names.append(name)
        kinds[os.path.join(path, name)] = entry[:1]
    handler = bare()
    handler.path = latin1(target)
    handler.send_response = handler.send_header = lambda *args: None
    handler.end_headers = lambda: None
    handler.extra_response_headers = ()
    handler.request_version = "HTTP/1.0"
    handler._send_extra_response_headers = lambda: None
    kept = os.listdir, os.path.isdir, os.path.islink, sys.getfilesystemencoding
    os.listdir = lambda path: list(names)
    os.path.isdir = lambda path: kinds[path] in (b"d", b"L")
    os.path.islink = lambda path: kinds[path] in (b"l", b"L")
    sys.getfilesystemencoding = lambda: encoding
    try:
        return handler.list_directory(path).read()
    finally:
        os.listdir, os.path.isdir, os.path.islink, sys.getfilesystemencoding = kept


def crash():
    kind, value = sys.exc_info()[:2]
    return traceback.format_exception_only(kind, value)[-1].strip()


FUNCTIONS = {
    "isspace": isspace, "repr": rep, "lower": lower, "int": integer,
    "decode": decode, "guess": guess, "listing": listing,
}


def main():
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        try:
            result = FUNCTIONS[words[0]](*[binascii.unhexlify(w.encode("ascii")) for w in words[1:]])
            sign = "="
        except Exception:
            result = crash()
            result = result if PY2 else result.encode("utf-8", "backslashreplace")
            sign = "!"
        print(sign + binascii.hexlify(result).decode("ascii"))


main()
