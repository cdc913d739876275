package model

import (
	"time"

	"pgregory.net/rapid"

	"podium/appliance"
	"podium/stage"
)

// frameKind is what a frame on a connection carries.
type frameKind int

const (
	frameJoin   frameKind = iota // meeting.join, and the handshake before it
	frameLeave                   // meeting.leave
	frameCall                    // an own method
	framePong                    // answers a ping
	frameEvent                   // an answer or a notification, as the podium takes it
	framePing                    // of the server
	frameFin                     // the other end has closed
	frameJoined                  // the answer to meeting.join
)

// frame is one message on its way.
type frame struct {
	at     time.Duration // not before this moment
	kind   frameKind
	id     uint64 // of the call, and of its answer; 0: a notification
	method stage.Method
	press  *press // what a request was made for
	event  appliance.Event
	mark   mark
}

// conn is one connection between a podium and the server. Each end has its own
// idea of whether it lives.
type conn struct {
	site     *site
	toServer []frame
	toClient []frame

	// The server's end.
	peer    string // empty: not joined yet
	open    bool
	readEnd time.Duration // when the server gives it up
	heardAt time.Duration // when its last frame came
	pingAt  time.Duration

	gone bool // the podium's end is closed
}

// lines are the ways between one podium and the server.
type lines struct {
	cutUp, cutDown bool // the stage connection, in one direction each
	cutMedia       bool
	delay          time.Duration // of what is not delayed further
}

var delays = rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, 20 * time.Millisecond, 150 * time.Millisecond, 700 * time.Millisecond, 2 * time.Second})

// late draws how long a message is under way.
func (w *world) late(l *lines) time.Duration {
	if w.calm {
		return l.delay
	}
	return l.delay + delays.Draw(w.t, "delay")
}

// The fates of a message in a wild network.
const (
	arrives = iota
	arrivesTwice
	overtakes
	isLost
)

var fates = rapid.SampledFrom([]int{arrives, arrives, arrives, overtakes, arrivesTwice, isLost})

// send puts a frame on its way. A stream keeps the order and loses nothing but
// itself; a wild network is worse than that.
func (w *world) send(queue *[]frame, l *lines, f frame) {
	last := time.Duration(0)
	if n := len(*queue); n > 0 {
		last = (*queue)[n-1].at
	}
	ping := f.kind == framePing || f.kind == framePong
	f.at = w.now + l.delay
	if !ping {
		f.at = w.now + w.late(l)
	}
	if !w.wild || w.calm || ping || f.kind == frameJoin || f.kind == frameFin || f.kind == frameJoined {
		f.at = max(f.at, last)
		*queue = append(*queue, f)
		return
	}
	switch fates.Draw(w.t, "fate") {
	case arrives:
		f.at = max(f.at, last)
		*queue = append(*queue, f)
	case arrivesTwice:
		f.at = max(f.at, last)
		*queue = append(*queue, f)
		f.at += delays.Draw(w.t, "repeated after")
		*queue = append(*queue, f)
	case overtakes: // and is overtaken: its place is by its own delay
		*queue = append(*queue, f)
		for i := len(*queue) - 1; i > 0 && (*queue)[i-1].at > f.at && (*queue)[i-1].kind != frameJoin && (*queue)[i-1].kind != frameJoined; i-- {
			(*queue)[i-1], (*queue)[i] = (*queue)[i], (*queue)[i-1]
		}
	case isLost:
	}
}

// first takes the first frame off.
func first(queue *[]frame) frame {
	f := (*queue)[0]
	copy(*queue, (*queue)[1:])
	*queue = (*queue)[:len(*queue)-1]
	return f
}

// soonest looks for the frames of a connection.
func (c *conn) soonest(d *due) {
	s := c.site
	if len(c.toServer) > 0 && !s.lines.cutUp {
		at := c.toServer[0].at
		if server := s.w.server; at < server.frozenUntil {
			at = server.frozenUntil
		}
		d.or(due{at: at, kind: frameToServer, conn: c, site: s})
	}
	if len(c.toClient) > 0 && !s.lines.cutDown && !c.gone {
		d.or(due{at: max(c.toClient[0].at, s.frozenUntil), kind: frameToClient, conn: c, site: s})
	}
	if c.open {
		server := s.w.server
		d.or(due{at: max(c.readEnd, server.frozenUntil), kind: serverRead, conn: c, site: s})
		d.or(due{at: max(c.pingAt, server.frozenUntil), kind: serverPing, conn: c, site: s})
	}
}

// over reports whether nobody needs the connection any more.
func (c *conn) over() bool { return c.gone && !c.open && len(c.toServer) == 0 }
