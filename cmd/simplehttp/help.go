package main

import (
	"strings"

	"simplehttp/cpython"
)

const help = `usage: simplehttp [PORT] [option ...]

Serve a directory over HTTP, byte for byte as a release of CPython does.

positional arguments:
  PORT                  bind to this port (default: 8000; 0: one that is free)

options:
  -h, --help            show this help message and exit
  --version             show which release is equalled, and exit
  --python RELEASE      the release of CPython to equal: 2.7, 3.6 ... 3.15, or
                        in full, such as 3.13.0 (default: 3.14; under the name
                        SimpleHTTPServer 2.7)
  -b, --bind ADDRESS    bind to this address: IPv4, IPv6, or a name that is in
                        /etc/hosts (default: all interfaces)
  -d, --directory DIRECTORY
                        serve this directory (default: current directory)
  -p, --protocol VERSION
                        conform to this HTTP version: HTTP/1.0, or HTTP/1.1 to
                        keep connections (default: HTTP/1.0)
  --content-type TYPE   media type for unknown extensions (default:
                        application/octet-stream)
  -H, --header HEADER VALUE
                        add a field to every 200 answer; may be repeated
  --no-mime-files       do not read the system's mime.types files

limits, of which 0 is none; they show only where a client goes beyond one:
  --max-connections N   connections at a time; more wait (default: one for
                        each 16 KiB of memory, at most 20000)
  --max-per-client N    the same from one address; more are closed
                        (default: four fifths)
  --max-unfinished N    bytes of a request that has not come whole (default:
                        8388608)
  --max-all-unfinished N
                        the same of all of them (default: an eighth of memory,
                        from 16 MiB to 256 MiB)
  --head-timeout S      seconds for which a client may send nothing of its
                        request (default: 60)
  --whole-head-timeout S
                        seconds for a whole request (default: 300)
  --idle-timeout S      seconds between requests of a connection (default: 75)
  --send-timeout S      seconds for which it may take nothing of an answer
                        (default: 60)
  --min-rate N          bytes a second that it has to take for longer (default:
                        512)

Every option is taken with every release. Those that a release lacks are an
extension there: 2.7 has none; --directory came with 3.7, --protocol with 3.11,
--content-type and --header with 3.15; --python, --version, --no-mime-files
and the limits are ours alone.

exit status: 0 after SIGINT (with 2.7: 1) and SIGTERM, 1 for what fails, 2 for
a mistake in the command line.
`

// versionText tells which release is equalled, and which can be.
func versionText(v cpython.Version) string {
	var all []string
	for _, v := range cpython.Versions() {
		all = append(all, v.String())
	}
	return "simplehttp, equal to CPython " + v.String() + "\nreleases: " + strings.Join(all, ", ") + "\n"
}
