package model

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"podium/appliance"
)

// The pauses between two attempts to connect, as in stage/client.
const (
	minBackoff = 100 * time.Millisecond
	maxBackoff = 2 * time.Second
	handshake  = 5 * time.Second // how long an attempt may take
)

// client stands for stage/client: it keeps one connection up, and gives it up
// after a lease of silence.
type client struct {
	site    *site
	conn    *conn // nil: none
	joined  bool
	waiting []uint64      // calls without an answer
	dialAt  time.Duration // of the next attempt, while there is no connection
	readEnd time.Duration // when the connection is given up
	lease   time.Duration
	backoff time.Duration
}

func (c *client) soonest(d *due) {
	if c.conn == nil {
		d.or(due{at: c.dialAt, kind: dial, site: c.site})
		return
	}
	d.or(due{at: c.readEnd, kind: readExpired, site: c.site})
}

// dial makes a connection and asks to be let into the meeting.
func (c *client) dial() {
	w, s := c.site.w, c.site
	c.conn, c.joined = &conn{site: s}, false
	w.conns = append(w.conns, c.conn)
	c.readEnd = s.clock.after(w.now, handshake)
	w.send(&c.conn.toServer, &s.lines, frame{kind: frameJoin})
}

// call sends a call of the podium's, or has it fail in a moment.
func (c *client) call(e appliance.Call) {
	w, s := c.site.w, c.site
	if c.conn == nil || !c.joined {
		at := w.now + delays.Draw(w.t, "until the call fails")
		s.failing = append(s.failing, failing{at: at, id: e.ID})
		return
	}
	c.waiting = append(c.waiting, e.ID)
	w.send(&c.conn.toServer, &s.lines, frame{kind: frameCall, id: e.ID, method: e.Method, press: s.lastPress()})
}

// take reads one frame at the podium.
func (c *client) take(from *conn) {
	w, s := c.site.w, c.site
	f := first(&from.toClient)
	if from != c.conn || !s.alive() {
		return
	}
	if f.kind == frameFin {
		w.step("connection closed", s, nil)
		c.end()
		return
	}
	c.readEnd = s.clock.after(w.now, c.lease)
	s.heardAt = s.local()
	s.tell(message{event: appliance.Heard{At: s.heardAt}})
	switch f.kind {
	case framePing:
		w.send(&from.toServer, &s.lines, frame{kind: framePong})
	case frameJoined:
		w.step("joined", s, nil)
		c.joined, c.backoff = true, minBackoff
		joined, _ := f.event.(appliance.Connected)
		joined.At = s.heardAt
		s.tell(message{event: joined, mark: f.mark})
	case frameEvent:
		w.step("told", s, f.event)
		if f.id != 0 {
			i := slices.Index(c.waiting, f.id)
			if i < 0 {
				return // answered already
			}
			c.waiting = slices.Delete(c.waiting, i, i+1)
		}
		s.tell(message{event: f.event, mark: f.mark})
	}
}

// end gives the connection up. Its calls are not answered any more.
func (c *client) end() {
	w, s := c.site.w, c.site
	if c.conn == nil {
		return
	}
	c.conn.gone = true
	w.send(&c.conn.toServer, &s.lines, frame{kind: frameFin})
	c.conn, c.joined = nil, false
	waiting := c.waiting
	c.waiting = nil
	for _, id := range waiting {
		s.tell(message{event: appliance.Answered{ID: id, Err: appliance.ErrInterrupted}, mark: s.known})
	}
	s.tell(message{event: appliance.Disconnected{Why: "gone"}})
	pause := c.backoff
	if !w.calm {
		pause = c.backoff * time.Duration(rapid.SampledFrom([]int{2, 3, 4}).Draw(w.t, "jitter")) / 4
	}
	c.dialAt = w.now + pause
	c.backoff = min(2*c.backoff, maxBackoff)
}
