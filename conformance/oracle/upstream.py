"""Run the cases that CPython itself has for SimpleHTTPRequestHandler against another server.

    python3.13 upstream.py bin/simplehttp [case ...]

The interpreter that runs this is the release that the server is to equal; its own
test_httpservers.py is taken as it stands. Only the thread that it starts its server in is replaced:
by a process.
"""

from __future__ import print_function

import os
import re
import subprocess
import sys
import unittest

try:
    from test import test_httpservers
except ImportError:
    sys.exit("this interpreter has no test_httpservers")

BINARY = os.path.abspath(sys.argv[1])
SERIES = "%d.%d" % sys.version_info[:2]


class ServerProcess(object):
    """What TestServerThread is, over a process. The cases change the directory after they start their
    server, and expect it to follow: they serve the directory of temporary files."""

    def __init__(self, test_object, request_handler):
        self.test_object = test_object
        import tempfile
        self.directory = tempfile.gettempdir()

    def start(self):
        args = [BINARY, "--python", SERIES, "-b", "127.0.0.1", "-d", self.directory, "0"]
        with open(os.devnull, "wb") as null:
            self.process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=null)
        banner = self.process.stdout.readline().decode()
        self.test_object.HOST = "127.0.0.1"
        self.test_object.PORT = int(re.search(" port ([0-9]+) ", banner).group(1))
        if hasattr(self.test_object, "server_started"):
            self.test_object.server_started.set()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def main():
    test_httpservers.TestServerThread = ServerProcess
    case = test_httpservers.SimpleHTTPServerTestCase
    names = sys.argv[2:] or unittest.TestLoader().getTestCaseNames(case)
    suite = unittest.TestSuite(case(name) for name in names)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    print("%s: %d passed, %d failed" % (SERIES, result.testsRun - len(result.failures) - len(result.errors),
                                        len(result.failures) + len(result.errors)))
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
