//go:build linux && !portable

package server

// A hostCache spells addresses of clients, and remembers some, so that another connection from
// the same client allocates nothing. Its zero value is ready.
type hostCache [hostsCached]struct {
	ip   [16]byte
	v6   bool
	text string
}

// text returns the address as text.
func (h *hostCache) text(a ipAddress) string {
	slot := &h[int(a.ip[15]^a.ip[14]<<3)%len(h)]
	if slot.text == "" || slot.ip != a.ip || slot.v6 != a.v6 {
		slot.ip, slot.v6, slot.text = a.ip, a.v6, a.String()
	}
	return slot.text
}
