//go:build linux && !portable

package server

import "time"

// A wheel keeps the deadlines of connections: a slot for each tick, which comes round again. Most deadlines
// move on long before they are over, and moving one on is an assignment: where a connection is in the wheel
// is looked at when its old time has come.
type wheel struct {
	slots [wheelSlots]*conn // by tick; the first of a list
	count int
	next  int64 // no connection is in a slot for an earlier tick
}

const (
	tick       = 100 * time.Millisecond
	wheelSlots = 1024 // somewhat more than the time for which most deadlines are set
)

// set makes t the deadline of c.
func (w *wheel) set(c *conn, t time.Duration) {
	at := tickAfter(t)
	if c.slot != 0 && c.slot > at {
		w.remove(c)
	}
	c.deadline = t
	if c.slot == 0 {
		w.insert(c, at)
	}
}

// tickAfter is the first tick at which t is over. Ticks count from 1.
func tickAfter(t time.Duration) int64 { return int64(t/tick) + 1 }

func (w *wheel) insert(c *conn, at int64) {
	first := &w.slots[at%wheelSlots]
	c.slot, c.prev, c.next = at, nil, *first
	if c.next != nil {
		c.next.prev = c
	}
	*first = c
	if w.count == 0 || at < w.next {
		w.next = at
	}
	w.count++
}

// remove takes c out of the wheel, if it is there.
func (w *wheel) remove(c *conn) {
	if c.slot == 0 {
		return
	}
	if c.prev == nil {
		w.slots[c.slot%wheelSlots] = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	}
	c.slot, c.prev, c.next = 0, nil, nil
	w.count--
}

// due returns a connection whose deadline is over, which has none then; nil if there is none.
func (w *wheel) due(now time.Duration) *conn {
	for last := int64(now / tick); w.count > 0 && w.next <= last; {
		at := w.next
		for c := w.slots[at%wheelSlots]; c != nil; {
			next := c.next
			if c.slot <= at {
				w.remove(c)
				if c.deadline > now {
					w.insert(c, tickAfter(c.deadline))
				} else if c.deadline > 0 {
					c.deadline = 0
					return c
				}
			}
			c = next
		}
		if w.next == at { // insert may have moved it on already
			w.next++
		}
	}
	return nil
}

// first is when to look for what is due; false if there is nothing to wait for. A connection may be found
// there whose deadline has moved on.
func (w *wheel) first() (t time.Duration, ok bool) {
	if w.count == 0 {
		return 0, false
	}
	for range wheelSlots {
		if w.slots[w.next%wheelSlots] != nil {
			break
		}
		w.next++
	}
	return time.Duration(w.next) * tick, true
}
