#!/usr/bin/env python3
"""Records what the pinned releases of CPython answer to the inputs below.

    python3 record.py functions INTERPRETER... > functions.txt
    python3 record.py translate INTERPRETER... > ../../fsmap/testdata/translate.txt

An INTERPRETER is the path of a python, or node:FOLDER, where FOLDER has the npm package
pyodide in its node_modules. All eleven releases must be there, and no others.

The interpreters run this same file as workers, which is why it is Python 2 and 3 at once.
"""
import sys

py2 = sys.version_info[0] == 2

releases = ['2.7.18', '3.6.15', '3.7.16', '3.8.18', '3.9.18', '3.10.13', '3.11.7', '3.12.1',
            '3.13.0', '3.14.2', '3.15.0rc1']

# All inputs are bytes. For functions of text they are its Latin-1 form, or, where the text
# may have any character, its generalized UTF-8.

inputs = {}

inputs['unquote'] = [
    b'', b'/', b'/a%20b', b'/a+b', b'%', b'%%', b'%4', b'%41', b'%4g', b'%g1', b'%%41', b'%4%31', b'%zz%41',
    b'%2525', b'%2f%2F', b'%00', b'/\x00', b'\xe9', b'/caf\xc3\xa9', b'/caf\xc3\xa9%20', b'/caf%C3%A9', b'/caf%c3%a9',
    # A raw character ends the run of ASCII, and with it the UTF-8 sequence.
    b'%C3\xa9', b'%C3%A9\xa9', b'\xc3%A9', b'%E2\x82%AC', b'%E2%82%AC', b'%F0%9F%98%80',
    # Surrogates pass, and are not put together.
    b'%ED%A0%80', b'%ED%B2%80', b'%ED%B3%BF', b'%ED%A0%80%ED%B0%80', b'%ED%9F%BF', b'%EE%80%80',
    # One failure, and the surrogates that passed are replaced as well.
    b'%ED%A0%80%FF', b'%ED%A0%80\xe9%FF', b'%FF\xe9%ED%A0%80',
    # One U+FFFD for each maximal ill-formed subpart.
    b'%80', b'%80%80', b'%BF%41', b'%C0%80', b'%C1%BF', b'%C2', b'%C2%41', b'%C2%C2%80', b'%E0%80%80', b'%E0%9F%BF',
    b'%E0%A0', b'%E0%A0%41', b'%E2%82', b'%E2%82%E2%82%AC', b'%ED%A0', b'%ED', b'%F0%80%80%80', b'%F0%8F%BF%BF',
    b'%F0%90', b'%F0%90%80', b'%F0%90%80%41', b'%F1%80%80%C3%A9', b'%F4%8F%BF%BF', b'%F4%90%80%80', b'%F5%80%80%80',
    b'%FF', b'%FE%FF', b'%C3%28', b'%A0%A1', b'a%E2b%82c%ACd', b'%E2%82%', b'%E2%82%A', b'%E2%8\xe9',
]

inputs['quote'] = [bytes(bytearray([c])) for c in range(128)] + [
    b'', b'/a b/~c', b'caf\xc3\xa9', b'\xe2\x82\xac', b'\xf0\x9f\x98\x80', b'\xed\xb3\xbf', b'\xed\xa0\x80\xed\xb0\x80',
]

inputs['urlsplit'] = [
    b'', b'/', b'/a/b', b'/a?', b'/a#', b'/a?#', b'/a?b#c?d', b'/a#b?c', b'?x', b'#x', b'.', b'..', b'a', b'*',
    b'/a%2f', b'/a b', b'/caf\xe9', b'//', b'///', b'////', b'//h', b'//h/', b'//h/a', b'//h?q', b'//h#f', b'///a',
    b'////a', b'/////a/', b'/a//b', b'//evil.example/..', b'////evil.example/..', b'//u@h:80/a',
    # Schemes.
    b'http:', b'http:/', b'http://', b'http:///', b'http:////a', b'http:a', b'http:80', b'HTTP:80', b'HTTP://H/a',
    b'Http:a', b'ftp:', b'ftp:80', b'ftp:80a', b'ftp:/a', b'ftp:a', b'ftp:?q', b'ftp:#f', b'ftp:/../..', b'x:', b'x:80',
    b'x:/a', b'x:a', b'x://h/a', b'X+-.9:a', b'1a:b', b'+:a', b'-:a', b'.:a', b':a', b'a_b:c', b'a b:c', b'\xe9:a',
    b'h\xe9:a', b'\xaa:a', b'a:b:c', b'/a:b', b'?a:b', b'http://h:80', b'http://h/../..', b'mailto:a@b',
    b'ws:', b'ws:x', b'ws:/x', b'wss:/x', b'rtsp:/x', b'rtsps:/x', b'rtspu:/x', b'itms-services:/x',
    b'itms-services:?x', b'git+ssh:/x', b'svn+ssh:/x', b'sftp:/x', b'nfs:/x', b'git:/x', b'rsync:/x', b'svn:/x',
    b'gopher:/x', b'nntp:/x', b'telnet:/x', b'imap:/x', b'wais:/x', b'file:/x', b'mms:/x', b'https:/x', b'shttp:/x',
    b'snews:/x', b'prospero:/x', b'sip:/x', b'hdl:/x', b'http:////', b'x:////a', b'x://', b'file:////a',
    # Controls and blanks. CR, LF and TAB never reach a request-target.
    b'\x00/a', b'\x01\x1f http:a', b' /a', b'\x1b', b'/a\x00', b'/a ', b'\x7f/a', b'\xa0/a', b'/a\tb', b'\n/a', b'/\r/a',
    b'ht\ntp:a', b'\x01\n\x01a', b'//h\t[',
    # Brackets.
    b'//[', b'//]', b'x://[/../..', b'/a[b', b'/a?[', b'//h/[', b'//[]', b'//[]/', b'//][', b'//]a[', b'//]::1[',
    b'//a]b[::1', b'//[::1]', b'//[::1]/', b'//[::1]:80/', b'//[::1]80', b'//[::1]x', b'//x[::1]', b'//u@[::1]',
    b'//u@x[::1]', b'//u[@[::1]', b'//u[@]h', b'//[u]@h', b'//[::1]@h', b'//[::1]@', b'//[::1]@[::2]', b'//[::1][::2]',
    b'//[[::1]]', b'//[v1.x]', b'//[V1.x]', b'//[v1.]', b'//[v.x]', b'//[v1x]', b'//[vg.x]', b'//[vF0.:\xe9]', b'//[v1..]',
    b'//[v]', b'//[w1.x]', b'//[1.2.3.4]', b'//[01.2.3.4]', b'//[1.2.3]', b'//[1.2.3.4.5]', b'//[256.1.1.1]',
    b'//[1.2.3.255]', b'//[1..3.4]', b'//[1.2.3.\xb2]', b'//[1.2.3.4]:80', b'//[abc]', b"//[a'b]", b'//[a"\'b]',
    b'//[caf\xe9]', b'//[\x7f\xa0\xad]', b'//[a\\b]', b'//[ ]', b'http://[abc]/', b'http://[::1]/', b'//[%]', b'//[::1%]',
    b'//[::1%eth0]', b'//[::1%a%b]', b'//[%eth0]', b'//[::%\xe9]',
    b'//[::]', b'//[:]', b'//[:::]', b'//[1]', b'//[1:2]', b'//[1::2]', b'//[1:2:3:4:5:6:7:8]', b'//[1:2:3:4:5:6:7]',
    b'//[1:2:3:4:5:6:7:8:9]', b'//[1:2:3:4:5:6:7::]', b'//[::2:3:4:5:6:7:8]', b'//[1:2:3:4::5:6:7:8]', b'//[1::2::3]',
    b'//[:1:2:3:4:5:6:7]', b'//[1:2:3:4:5:6:7:]', b'//[:1::2]', b'//[1::2:]', b'//[12345::]', b'//[g::]', b'//[FfFf::0]',
    b'//[::1.2.3.4]', b'//[1:2:3:4:5:6:1.2.3.4]', b'//[1:2:3:4:5:6:7:1.2.3.4]', b'//[1:2:3:4:5::1.2.3.4]',
    b'//[::1.2.3.256]', b'//[1.2.3.4::]', b'//[::1.2.3.4:5]', b'//[1:2:3:4:5:6:7:8:1.2.3.4]', b'//[::\xb2]',
    b'//[0000:0000:0000:0000:0000:0000:255.255.255.255]', b'//[' + b'1:' * 40 + b']', b'//[' + b'a' * 120 + b']',
    # NFKC: no Latin-1 character becomes one of /?#@:
] + [b'//h' + bytes(bytearray([c])) + b'x/' for c in range(0xa0, 0x100)]

inputs['normpath'] = [
    b'', b'.', b'..', b'/', b'//', b'///', b'////', b'a', b'/a', b'//a', b'///a', b'a/', b'/a/', b'a//b', b'/a//b/',
    b'./a', b'a/.', b'/./a', b'a/..', b'/a/..', b'a/../b', b'/a/../b', b'../a', b'../../a', b'/../a', b'/../../a',
    b'a/../..', b'a/../../b', b'/a/../../b', b'a/b/../../..', b'a/..b', b'a/.../b', b'..a', b'/..', b'//..', b'//../a',
    b'///..', b'/a/b/../../c', b'/a/b/c/../../..', b'../a/../..', b'/a\x00b/../c', b'\x00', b'/ /. /', b'/\xff/../\xfe',
    b'a/./../.', b'./.', b'./..', b'.//', b'../', b'/.', b'a/b/..', b'http://h/../..',
]

inputs['splitext'] = [
    b'', b'a', b'a.b', b'a.b.c', b'.a', b'..a', b'.a.b', b'..a.b', b'a.', b'.', b'..', b'...', b'/', b'/a.b', b'a.b/c',
    b'a.b/.c', b'a.b/..c', b'a.b/.c.d', b'a.b/', b'/.', b'/..', b'a/..b.c', b'.../.a', b'a.\x00', b'a.\xff', b'....a',
]

inputs['fsdecode'] = [
    b'', b'a', b'\x00', b'\x7f', b'\x80', b'\xff', b'\xc3\xa9', b'\xc3', b'\xa9', b'\xc0\x80', b'\xe2\x82\xac', b'\xe2\x82',
    b'\xe2\x82x', b'\xed\x9f\xbf', b'\xed\xa0\x80', b'\xed\xb2\x80', b'\xed\xbf\xbf', b'\xee\x80\x80', b'\xe0\x9f\xbf',
    b'\xf0\x9f\x98\x80', b'\xf0\x8f\xbf\xbf', b'\xf4\x8f\xbf\xbf', b'\xf4\x90\x80\x80', b'\xf1\x80\x80', b'\xf5\x80', b'caf\xe9.txt',
]

inputs['fsencode'] = [
    b'', b'a', b'\xc3\xa9', b'\xe2\x82\xac', b'\xf0\x9f\x98\x80', b'\xed\xb2\x80', b'\xed\xb3\xbf', b'\xed\xb1\xbf',
    b'\xed\xb4\x80', b'\xed\xa0\x80', b'\xed\xbf\xbf', b'\xed\xa0\x80\xed\xb2\x80', b'\xed\xb3\x83\xed\xb2\xa9', b'a\xed\xb3\xbfb',
    b'\xed\x9f\xbf', b'\xee\x80\x80',
]

inputs['int'] = [
    b'', b'0', b'7', b'007', b'-0', b'-7', b'+7', b'--7', b'+-7', b'- 7', b'+ 7', b'-', b'+', b'- -7', b'1_0', b'1__0', b'_1',
    b'1_', b'+_1', b'1_0_0', b'0_0', b'1 0', b' 7', b'7 ', b' \t\n\v\f\r7\r\f\v\n\t ', b'\x1c7', b'7\x1f', b'\x857', b'7\xa0',
    b'\xa0-7\x85', b'- \xa07', b'\xb2', b'1\xb2', b'0x1', b'1e3', b'1.0', b'7L', b'\x007', b'7\x00', b'9223372036854775807',
    b'9223372036854775808', b'-9223372036854775807', b'-9223372036854775808', b'99999999999999999999', b'-99999999999999999999',
]

inputs['date'] = [
    # The three forms of RFC 9110, and what is close to them.
    b'Sun, 06 Nov 1994 08:49:37 GMT', b'Sunday, 06-Nov-94 08:49:37 GMT', b'Sun Nov  6 08:49:37 1994',
    b'06 Nov 1994 08:49:37 GMT', b'Sun,06 Nov 1994 08:49:37 GMT', b'Sun 06 Nov 1994 08:49:37 GMT', b'XYZ, 06 Nov 1994 08:49:37 GMT',
    b'Sunday 06 Nov 1994 08:49:37 GMT', b'a,b,06 Nov 1994 08:49:37 GMT', b'sUN 6 nOV 1994 8:49:37 gmt',
    b'Sun, 06 November 1994 08:49:37 GMT', b'Sun, 06 Sept 1994 08:49:37 GMT', b'Sun, May 06 1994 08:49:37 GMT',
    b'Sun, Nov 6, 1994 08:49:37 GMT', b'Sun, 06, Nov 1994, 08:49:37, GMT', b'Sun, 06 Nov, 1994 08:49:37 GMT',
    b'Sun, 06 Nov 08:49:37 1994 GMT', b'Sun, 06 Nov GMT 08:49:37 1994', b'06-Nov-94 08:49:37', b'06-Nov-94 08:49:37+0000',
    b'06-11-94 08:49:37 GMT', b'Nov-06-94 08:49:37 GMT', b'6-Nov-94-x 08:49:37 GMT', b'-- 08:49:37 GMT', b'6-Nov- 08:49:37 GMT',
    b'-Nov-94 08:49:37 GMT', b'6--94 08:49:37 GMT', b'Sun, 06 Nov 1994 08:49:37 GMT; length=12', b'Sun, 06 Nov 1994 08:49:37 (GMT)',
    b'Sun,\xa006\xa0Nov\x1c1994\x8508:49:37\x0bGMT', b'Sun, 06 Nov 1994 08:49:37', b'Sun, 06 Nov 1994', b'', b' ', b'Mon,', b'Mon', b'0', b'x',
    # Years.
    b'06 Nov 94 08:49:37 GMT', b'06 Nov 68 08:49:37 GMT', b'06 Nov 69 08:49:37 GMT', b'06 Nov 0 08:49:37 GMT', b'06 Nov 99 08:49:37 GMT',
    b'06 Nov 100 08:49:37 GMT', b'06 Nov -5 08:49:37 GMT', b'01 Jan 0001 00:00:00 GMT', b'01 Jan 1 00:00:00 GMT', b'31 Dec 9999 23:59:59 GMT',
    b'01 Jan 10000 00:00:00 GMT', b'06 Nov 1_994 08:49:37 GMT', b'06 Nov \xb2 08:49:37 GMT', b'06 Nov 99999999999999999999 08:49:37 GMT',
    b'06 Nov , 08:49:37 GMT', b'06 Nov +94 08:49:37 GMT', b'06 Nov x 08:49:37 94',
    # Days.
    b'29 Feb 2000 00:00:00 GMT', b'29 Feb 1900 00:00:00 GMT', b'29 Feb 1996 00:00:00 GMT', b'30 Feb 1996 00:00:00 GMT', b'31 Apr 1996 00:00:00 GMT',
    b'00 Apr 1996 00:00:00 GMT', b'-1 Apr 1996 00:00:00 GMT', b'+1 Apr 1996 00:00:00 GMT', b'1_1 Apr 1996 00:00:00 GMT', b'x Apr 1996 00:00:00 GMT',
    b', Apr 1996 00:00:00 GMT', b'1 Apr 1996 00:00:00 GMT', b'31 Dec 1969 23:59:59 GMT', b'01 Mar 2000 00:00:00 GMT', b'01 Mar 1900 00:00:00 GMT',
    # Times.
    b'06 Nov 1994 08:49 GMT', b'06 Nov 1994 8:4:3 GMT', b'06 Nov 1994 24:00:00 GMT', b'06 Nov 1994 23:60:00 GMT', b'06 Nov 1994 23:59:60 GMT',
    b'06 Nov 1994 -1:00:00 GMT', b'06 Nov 1994 08:49:37:00 GMT', b'06 Nov 1994 08 GMT', b'06 Nov 1994 : GMT', b'06 Nov 1994 08: GMT',
    b'06 Nov 1994 :08:09 GMT', b'06 Nov 1994 08.49.37 GMT', b'06 Nov 1994 08.49 GMT', b'06 Nov 1994 08.49:37 GMT', b'06 Nov 1994 , GMT',
    b'06 Nov 1994 08:49:37.5 GMT', b'06 Nov 1994 08:49:3_7 GMT', b'06 Nov 1994 08:49:37, GMT', b'06 Nov 1994 08:49:37,, GMT',
    b'06 Nov 1994 1.2.3.4 GMT', b'06 Nov 1994 1.2.3.4.5 GMT', b'06 Nov x 1.2.3.4 y', b'x Nov 1994 1.2.3.4 GMT', b'06 Nov 1994 ... GMT',
    b'06 Nov 1994 a.b.c.d GMT', b'06 Nov 1994 1.2.3.4', b'06 Nov 1994 1.2.3.4 +0100', b'32 Nov 1994 1.2.3.4 GMT', b'06 Nov 1994 . GMT', b'06 Nov 1994 .. GMT',
    # Zones.
    b'06 Nov 1994 08:49:37 UT', b'06 Nov 1994 08:49:37 UTC', b'06 Nov 1994 08:49:37 Z', b'06 Nov 1994 08:49:37 z', b'06 Nov 1994 08:49:37 EST',
    b'06 Nov 1994 08:49:37 pdt', b'06 Nov 1994 08:49:37 CET', b'06 Nov 1994 08:49:37 +0000', b'06 Nov 1994 08:49:37 -0000', b'06 Nov 1994 08:49:37 0',
    b'06 Nov 1994 08:49:37 -0', b'06 Nov 1994 08:49:37 +0100', b'06 Nov 1994 08:49:37 -0100', b'06 Nov 1994 08:49:37 1', b'06 Nov 1994 08:49:37 +2359',
    b'06 Nov 1994 08:49:37 +2360', b'06 Nov 1994 08:49:37 +2400', b'06 Nov 1994 08:49:37 -2359', b'06 Nov 1994 08:49:37 -2360', b'06 Nov 1994 08:49:37 +9999',
    b'06 Nov 1994 08:49:37 99999999999999999999', b'06 Nov 1994 08:49:37 -99999999999999999999', b'06 Nov 1994 08:49:37 \xdf', b'06 Nov 1994 08:49:37 0_0',
    b'06 Nov 1994 08:49:37+0000', b'06 Nov 1994 08:49:37-0000', b'06 Nov 1994 08:49:37+0100', b'06 Nov 1994 08:49:37-0100', b'06 Nov 1994 +08:49:37',
    b'06 Nov 1994 08-49+37', b'06 Nov 1994 08:49:37-', b'06 Nov 1994 08:49:37+', b'06 Nov 1994 -', b'06 Nov 1994 +', b'31 Nov 1994 08:49:37 EST',
]

targets = [
    b'', b'/', b'/a', b'/a/', b'a', b'a/', b'.', b'./', b'..', b'../', b'/.', b'/./', b'/..', b'/../', b'/../../etc/passwd', b'../../etc/passwd',
    b'/a/..', b'/a/../', b'/a/../..', b'a/../../b', b'/a/./b', b'//a//b//', b'///', b'/a?b', b'/a#b', b'/a?b#c', b'/a#b?c', b'?', b'?/', b'/?/', b'/a?/', b'/a/?',
    b'#', b'#/', b'/a%3fb', b'/a%23b', b'/a%2fb', b'/a%2f', b'/a%2F', b'/%2f', b'%2f', b'/%2e%2e/', b'/%2e%2e%2fetc', b'/%2E%2E/%2E', b'/%252e%252e/', b'/a%2f..%2f..%2fb',
    b'/a%2f%2e%2e', b'/a%2f.', b'/a/%2e', b'/..%5c..', b'/..\\..', b'/c:/x', b'/a%00b', b'/%00', b'/%00/', b'/\x00', b'/a%00/../b', b'/%2e%2e%00/',
    b'/a%20b', b'/a+b', b'/caf\xc3\xa9', b'/caf%C3%A9', b'/caf\xe9', b'/%C3\xa9', b'/caf%E9', b'/%FF', b'/\xff', b'/%ED%B3%BF', b'/%ED%B3%BF/%FF', b'/%ED%A0%80', b'/%ED%A0%80/',
    b'/%ED%A0%80%00', b'/%ED%B3%83%ED%B2%A9', b'/%F0%9F%98%80', b'/%', b'/%4', b'/%zz/', b'/%E2%82/..', b'/\xa0', b'/a/\xa0', b'/a/%20', b'/a/%0a', b'http://h/a', b'http://h/../..',
    b'http://h/', b'x:', b'*', b'~', b'/~/', b'/index.html/', b'/a/\x1c', b'/a/ ', b'/...', b'/..a', b'/.../..',
]
bases = [b'/srv', b'/srv/', b'/', b'', b'.', b'rel/dir', b'/caf\xc3\xa9', b'/caf\xe9', b'/\xed\xa0\x80', b'//', b'/a/../b']
inputs['translate'] = [b'/srv\n' + t for t in targets] + [
    b + b'\n' + t for b in bases[1:] for t in (b'/', b'', b'/x', b'/x/', b'/../x', b'/%00', b'/%ED%B3%BF', b'/caf%C3%A9/')]

# What each function answers: a list of byte strings, or None for an exception that has no
# text of interest. text() and data() are bytes and str of the functions under test.

if py2:
    import posixpath
    import urllib
    import urlparse as parse
    import SimpleHTTPServer as server
    parse.unquote, parse.quote = urllib.unquote, urllib.quote

    def text(data):
        return data
    data = wide = unwide = text
else:
    import datetime
    import email.utils
    import os
    import posixpath
    import urllib.parse as parse
    import http.server as server

    def text(data):
        return data.decode('latin-1')

    def data(text):
        return text.encode('latin-1')

    def wide(data):
        return data.decode('utf-8', 'surrogatepass')

    def unwide(text):
        return text.encode('utf-8', 'surrogatepass')


def exception(e):
    return [('%s: %s' % (type(e).__name__, e)).encode('latin-1')]


def answer_unquote(s):
    if py2:
        return [parse.unquote(s), b'strict']
    try:
        return [unwide(parse.unquote(text(s), errors='surrogatepass')), b'strict']
    except UnicodeDecodeError:
        return [unwide(parse.unquote(text(s))), b'replaced']


def answer_quote(s):
    return [parse.quote(s) if py2 else data(parse.quote(wide(s), errors='surrogatepass'))]


def answer_urlsplit(s):
    try:
        parts = parse.urlsplit(text(s))
    except ValueError as e:
        return exception(e)
    return [data(p) for p in list(parts) + [parse.urlunsplit(parts)]]


def answer_normpath(s):
    return [data(posixpath.normpath(text(s)))]


def answer_splitext(s):
    return [data(p) for p in posixpath.splitext(text(s))]


def answer_fsdecode(s):
    return [unwide(s.decode('utf-8', 'surrogateescape'))]


def answer_fsencode(s):
    try:
        return [wide(s).encode('utf-8', 'surrogateescape')]
    except UnicodeEncodeError:
        return None


def answer_int(s):
    try:
        n = int(text(s))
    except ValueError:
        return None
    limit = 2**63 - 1
    return [('%d' % max(-limit, min(limit, n))).encode('ascii')]


def answer_date(s):
    """As send_head treats the result."""
    try:
        ims = email.utils.parsedate_to_datetime(text(s))
    except (TypeError, IndexError, OverflowError, ValueError):
        return [b'ignored']
    except UnboundLocalError as e:
        return [b'crash'] + exception(e)
    if ims.tzinfo is None:
        ims = ims.replace(tzinfo=datetime.timezone.utc)
    if ims.tzinfo is not datetime.timezone.utc:
        return [b'other zone']
    since = ims - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return [b'utc', b'%d' % (since.days * 86400 + since.seconds)]


def answer_translate(s):
    """A base directory, a newline, a target. The answer: text, name, what is wrong."""
    base, target = s.split(b'\n', 1)
    handler = new_handler(base)
    path = handler.translate_path(text(target))
    if py2:
        return [path, path, b'HasNUL' if '\0' in path else b'Good']
    try:
        name = path.encode('utf-8', 'surrogateescape')
    except UnicodeEncodeError:
        return [unwide(path), b'', b'HasSurrogate']
    return [unwide(path), name, b'HasNUL' if b'\0' in name else b'Good']


def new_handler(base):
    """A handler without a connection. Up to 3.6 it asks for the working directory."""
    if py2:
        server.os.getcwd = lambda: base
        import types
        return types.InstanceType(server.SimpleHTTPRequestHandler)
    directory = base.decode('utf-8', 'surrogateescape')
    handler = server.SimpleHTTPRequestHandler.__new__(server.SimpleHTTPRequestHandler)
    if sys.version_info < (3, 7):
        server.os.getcwd = lambda: directory
    handler.directory = directory
    return handler


sets = {
    'functions': ['unquote', 'quote', 'urlsplit', 'normpath', 'splitext', 'fsdecode', 'fsencode', 'int', 'date'],
    'translate': ['translate'],
}
missing_in = {'date': ['2.7.18', '3.6.15'], 'fsdecode': ['2.7.18'], 'fsencode': ['2.7.18']}


def quoted(s):
    """As a Go string literal."""
    out = []
    for c in bytearray(s):
        if c in (0x22, 0x5c):
            out.append('\\' + chr(c))
        elif 0x20 <= c < 0x7f:
            out.append(chr(c))
        else:
            out.append('\\x%02x' % c)
    return '"' + ''.join(out) + '"'


def work(wanted):
    """Prints release, and then one line for every input."""
    release = sys.version.split()[0]
    print(release)
    for function in sets[wanted]:
        if release in missing_in.get(function, []):
            continue
        for s in inputs[function]:
            answer = globals()['answer_' + function](s)
            shown = '-' if answer is None else ' '.join(quoted(a) for a in answer)
            print('%s\t%s\t%s' % (function, quoted(s), shown))


pyodide = """
const {loadPyodide} = await import(process.argv[1] + '/node_modules/pyodide/pyodide.mjs');
const {readFileSync} = await import('fs');
const python = await loadPyodide();
python.globals.set('source', readFileSync(process.argv[2], 'utf8'));
python.runPython(`import sys; sys.argv = ['record.py', 'worker', '${process.argv[3]}']
exec(compile(source, 'record.py', 'exec'), {'__name__': '__main__'})`);
"""


def run(interpreter, wanted):
    import subprocess
    if interpreter.startswith('node:'):
        command = ['node', '--input-type=module', '-e', pyodide, interpreter[5:], __file__, wanted]
    else:
        command = [interpreter, __file__, 'worker', wanted]
    lines = subprocess.check_output(command).decode('ascii').splitlines()
    return lines[0], [line.split('\t') for line in lines[1:]]


def series(release):
    return '.'.join(release.split('.')[:2])


def record(wanted, interpreters):
    answers = {}
    found = []
    for interpreter in interpreters:
        release, lines = run(interpreter, wanted)
        found.append(release)
        for function, given, answer in lines:
            answers.setdefault((function, given), {}).setdefault(answer, []).append(release)
    if sorted(found) != sorted(releases):
        sys.exit('want %s, have %s' % (releases, found))
    print('# Recorded by record.py %s from %s. Do not edit.' % (wanted, ' '.join(releases)))
    for function in sets[wanted]:
        for s in inputs[function]:
            print('\n%s %s' % (function, quoted(s)))
            groups = answers[function, quoted(s)].items()
            for answer, who in sorted(groups, key=lambda g: min(map(releases.index, g[1]))):
                who.sort(key=releases.index)
                print('\t%s %s' % ('all' if len(groups) == 1 else ','.join(map(series, who)), answer))


if __name__ == '__main__':
    if sys.argv[1] == 'worker':
        work(sys.argv[2])
    else:
        record(sys.argv[1], sys.argv[2:])
