package server

import (
	"strings"

	"simplehttp/fsmap"
)

// Hosts is the table of names that /etc/hosts holds. There is no DNS here: it would need package
// net, and a reverse look-up per log line, as 2.7 has it, can hold a request up for seconds.
type Hosts []hostLine

// A hostLine is a line of the table: an address, the canonical name, and aliases.
type hostLine struct {
	address ipAddress
	names   []string
}

// hostsFile is where the C library looks.
const hostsFile = "/etc/hosts"

// ReadHosts reads /etc/hosts. A file that cannot be read is an empty table.
func ReadHosts() Hosts {
	text, err := readFile(new(fsmap.RealFS), hostsFile)
	if err != nil {
		return nil
	}
	return parseHosts(string(text))
}

// parseHosts reads lines of an address and names; # begins a comment (hosts(5)).
func parseHosts(text string) Hosts {
	var table Hosts
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		a, ok := parseIPv6(words[0])
		if !ok {
			a, ok = parseIPv4(words[0])
		}
		if ok {
			table = append(table, hostLine{a, words[1:]})
		}
	}
	return table
}

// lookUp returns the addresses of name, in the order of the table.
func (h Hosts) lookUp(name string) []ipAddress {
	var found []ipAddress
	for _, line := range h {
		for _, n := range line.names {
			if strings.EqualFold(n, name) {
				found = append(found, line.address)
				break
			}
		}
	}
	return found
}

// GetFQDN is socket.getfqdn of an address: of the names of its first line, the first that has a
// dot, else the canonical name; the address itself if no line has it. 2.7 logs this for clients.
func (h Hosts) GetFQDN(host string) string {
	a, ok := parseIPv6(host)
	if !ok {
		if a, ok = parseIPv4(host); !ok {
			return host
		}
	}
	for _, line := range h {
		if line.address != a {
			continue
		}
		for _, n := range line.names {
			if strings.Contains(n, ".") {
				return n
			}
		}
		return line.names[0]
	}
	return host
}
