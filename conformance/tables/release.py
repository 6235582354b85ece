"""Print the release of this interpreter."""
from __future__ import print_function

import sys

print(sys.version.split()[0])
