"""Print the facts of this interpreter that the Go tables are made of, as one JSON document.

Runs unchanged on 2.7 and 3.x. Text that differs between builds of one release (paths, dates)
is left out, so that two runs print the same bytes.
"""
from __future__ import print_function

import io
import json
import os
import sys

PY2 = sys.version_info[0] == 2

import mimetypes

# Emptied before http.server is imported: from 3.7 on init(files=()) reads these files all the same.
KNOWNFILES = list(mimetypes.knownfiles)
mimetypes.knownfiles[:] = []

if PY2:
    import BaseHTTPServer as base
    import SimpleHTTPServer as simple
    import httplib as client
else:
    import http.server as base
    import http.client as client
    simple = base

import unicodedata


def pair(cls, names):
    """The attributes of cls that its release has, without those that are not plain values."""
    return {n: getattr(cls, n) for n in names if hasattr(cls, n)}


def responses():
    """[[code, name, phrase, long message]] in order of code. 2.7 has no names."""
    rows = []
    for code, (phrase, explain) in base.BaseHTTPRequestHandler.responses.items():
        rows.append([int(code), getattr(code, "name", ""), phrase, explain])
    return sorted(rows)


def runs(points):
    """["0041-005A", "00AA", ...]: the ranges of a sorted list of code points."""
    out = []
    for c in points:
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return ["%04X" % a if a == b else "%04X-%04X" % (a, b) for a, b in out]


def shifts(pairs):
    """["0041-005A +20", "0100-012E/2 +1", ...]: ranges of code points, with a step of two after
    the slash, that move by the same distance."""
    out = []
    for c, d in pairs:
        if out:
            lo, hi, step, shift = out[-1]
            if shift == d and (c - hi == step or (lo == hi and c - hi in (1, 2))):
                out[-1] = [lo, c, c - hi, d]
                continue
        out.append([c, c, 1, d])
    text = []
    for lo, hi, step, d in out:
        span = "%04X" % lo
        if hi > lo:
            span += "-%04X" % hi
        if step > 1:
            span += "/%d" % step
        text.append("%s %s%X" % (span, "-" if d < 0 else "+", abs(d)))
    return text


def characters():
    """What str.lower(), int() and str.split() know about every code point."""
    simple_lower, special, ignorable, cased, decimals, spaces = [], [], [], [], [], []
    sigma, final = "\u03a3", "\u03c2"
    for c in range(sys.maxunicode + 1):
        s = chr(c)
        low = s.lower()
        if len(low) != 1:
            special.append(["%04X" % c, " ".join("%04X" % ord(x) for x in low)])
        elif low != s:
            simple_lower.append((c, ord(low) - c))
        # A final sigma shows the two properties: it follows a cased letter, ignorable
        # characters between them not counted.
        after_digit = ("1" + s + sigma).lower()[-1] == final
        after_letter = ("A" + s + sigma).lower()[-1] == final
        if after_digit:
            cased.append(c)
        elif after_letter:
            ignorable.append(c)
        if s.isspace():
            spaces.append(c)
        try:
            decimals.append((c, int(s)))
        except ValueError:
            pass
    zeros = [c for c, d in decimals if d == 0]
    assert decimals == [(z + i, i) for z in zeros for i in range(10)]
    return {
        "lower": shifts(simple_lower),
        "lower_special": special,
        "cased_not_ignorable": runs(cased),
        "case_ignorable": runs(ignorable),
        "decimal_zeros": runs(zeros),
        "whitespace": runs(spaces),
    }


def help_text():
    """What `python3 -m http.server --help` prints at 80 columns; 2.7 has none."""
    if PY2:
        return ""
    import runpy
    os.environ["COLUMNS"] = "80"
    os.environ["NO_COLOR"] = "1"  # 3.14 colours the help
    os.environ.pop("FORCE_COLOR", None)
    sys.executable = "/usr/bin/python3"  # 3.14 names the interpreter in the usage
    argv, stdout = sys.argv, sys.stdout
    sys.argv, sys.stdout = ["server.py", "--help"], io.StringIO()
    try:
        sys.modules.pop("http.server", None)
        runpy.run_module("http.server", run_name="__main__", alter_sys=True)
    except SystemExit:
        return sys.stdout.getvalue()
    finally:
        sys.argv, sys.stdout = argv, stdout


def layout(value, indent):
    """JSON, one key a line, and lists filled to 100 columns, so that a difference can be read."""
    inner = indent + " "
    if isinstance(value, dict) and value:
        rows = [inner + json.dumps(k) + ": " + layout(value[k], inner) for k in sorted(value)]
        return "{\n" + ",\n".join(rows) + "\n" + indent + "}"
    flat = json.dumps(value)
    if not isinstance(value, (list, tuple)) or len(flat) + len(indent) <= 100:
        return flat
    rows = [""]
    for item in value:
        text = json.dumps(item)
        if rows[-1] and len(rows[-1]) + len(text) > 98:
            rows.append("")
        rows[-1] += (", " if rows[-1] else "") + text
    return "[\n" + ",\n".join(inner + row for row in rows) + "\n" + indent + "]"


def main():
    handler = base.BaseHTTPRequestHandler
    facts = {
        "release": sys.version.split()[0],
        "unicode": unicodedata.unidata_version,
        "base": pair(handler, [
            "sys_version", "server_version", "default_request_version", "protocol_version",
            "error_message_format", "error_content_type", "weekdayname", "monthname",
            "rbufsize", "wbufsize", "timeout"]),
        "simple": pair(simple.SimpleHTTPRequestHandler, [
            "server_version", "index_pages", "default_content_type", "extensions_map"]),
        "server": pair(base.HTTPServer, ["allow_reuse_address", "allow_reuse_port"]),
        "client": pair(client, ["_MAXLINE", "_MAXHEADERS"]),
        # Not in 2.7 and 3.6: no limit.
        "int_max_str_digits": getattr(getattr(sys, "int_info", None), "default_max_str_digits", 0),
        "responses": responses(),
        "mimetypes": {
            "knownfiles": KNOWNFILES,
            "types_map": mimetypes.types_map,
            "suffix_map": mimetypes.suffix_map,
            "encodings_map": mimetypes.encodings_map,
        },
        "help": help_text(),
    }
    # 2.7 holds the defaults in the module, 3.x builds them from the template.
    if "error_message_format" not in facts["base"]:
        facts["base"]["error_message_format"] = base.DEFAULT_ERROR_MESSAGE
    if not PY2:
        facts["characters"] = characters()
    print(layout(facts, ""))


main()
