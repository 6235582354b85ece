package server

import (
	"net/netip"
	"slices"
	"testing"
)

// FuzzAddress compares the reading of addresses with net/netip, which the server does not link, and reads again what
// it writes.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{
		"127.0.0.1", "127.1", "0x7f000001", "010.0.0.1", "::", "::1", "fe80::1:2:3:4", "1:2:3:4:5:6:7:8", "1::2:3:4:5:6:7:8",
		"::ffff:127.0.0.1", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1.2.3.4::", "::1.2.3.4:5", ":1", "1:", "12345::", "::+1", "::01.2.3.4",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := netip.ParseAddr(s)
		v6, ok6 := parseIPv6(s)
		if is6 := err == nil && want.Is6() && want.Zone() == ""; ok6 != is6 || ok6 && v6.ip != want.As16() {
			t.Errorf("parseIPv6(%q) = %v, %t, want %v, %v", s, v6, ok6, want, err)
		}
		v4, ok4 := parseIPv4(s)
		if err == nil && want.Is4() && (!ok4 || [4]byte(v4.ip[12:]) != want.As4()) {
			t.Errorf("parseIPv4(%q) = %v, %t, want %v", s, v4, ok4, want)
		}
		if again, ok := parseIPv6(v6.String()); ok6 && (!ok || again != v6) {
			t.Errorf("parseIPv6(%q) = %v, and again %v", s, v6, again)
		}
		if again, ok := parseIPv4(v4.String()); ok4 && (!ok || again != v4) {
			t.Errorf("parseIPv4(%q) = %v, and again %v", s, v4, again)
		}
	})
}

// FuzzHosts checks that each line of a table is found by its names and by its address, and that no text stops it.
func FuzzHosts(f *testing.F) {
	f.Add("127.0.0.1 localhost\n::1 ip6-localhost ip6.localhost # comment\n")
	f.Add("1.2.3.4 B 1.2.3.4")
	f.Add("#\n127.1\tA\r\n\n1.2.3.4\n0x7f.1 b.c B")
	f.Fuzz(func(t *testing.T, text string) {
		table := parseHosts(text)
		for _, line := range table {
			for _, name := range line.names {
				if !slices.Contains(table.lookUp(name), line.address) {
					t.Errorf("of %q, %q does not lead to %v", text, name, line.address)
				}
			}
			fqdn, known := table.GetFQDN(line.address.String()), false
			for _, other := range table {
				known = known || other.address == line.address && slices.Contains(other.names, fqdn)
			}
			if !known {
				t.Errorf("of %q, %v has the name %q", text, line.address, fqdn)
			}
		}
	})
}
