package server

import (
	"slices"

	"podium/stage"
)

// listeners are who hears of a meeting, as of the parcels opened so far. They belong
// to the meeting's line and are guarded by its lock.
type listeners struct {
	crier *crier
	peers map[string]*conn   // by peerId
	users map[string][]*conn // by userId
	hosts []*conn            // those that may decide
	rest  []*conn            // all others
}

// enter lets a connection hear from here on.
func (l *listeners) enter(c *conn) {
	if l.peers == nil {
		l.peers, l.users = map[string]*conn{}, map[string][]*conn{}
	}
	l.peers[c.peerID] = c
	l.users[c.claims.Subject] = append(l.users[c.claims.Subject], c)
	list := l.list(c)
	c.place = len(*list)
	*list = append(*list, c)
}

// leave lets a connection hear nothing more; it may have left before.
func (l *listeners) leave(c *conn) {
	if l.peers[c.peerID] != c {
		return
	}
	delete(l.peers, c.peerID)
	user := c.claims.Subject
	l.users[user] = slices.DeleteFunc(l.users[user], func(o *conn) bool { return o == c })
	if len(l.users[user]) == 0 {
		delete(l.users, user)
	}
	list := l.list(c)
	last := len(*list) - 1
	moved := (*list)[last]
	(*list)[c.place], (*list)[last] = moved, nil
	moved.place = c.place
	*list = (*list)[:last]
}

func (l *listeners) list(c *conn) *[]*conn {
	if c.isHost() {
		return &l.hosts
	}
	return &l.rest
}

// bulletin is a notice in its wire form: what hosts hear may differ.
type bulletin struct {
	stage.Notice
	frame, hostFrame frame
}

func newBulletin(n stage.Notice) bulletin {
	b := bulletin{Notice: n, frame: text(notification(n.Event, n.Params))}
	b.hostFrame = b.frame
	if n.HostParams != nil {
		b.hostFrame = text(notification(n.Event, n.HostParams))
	}
	return b
}

// tell brings a notice to those it is for, hosts first.
func (l *listeners) tell(b bulletin) {
	switch b.To {
	case stage.ToPeer:
		if c := l.peers[b.PeerID]; c != nil {
			c.deliver(b.frameFor(c))
		}
	case stage.ToUser:
		for _, c := range l.users[b.UserID] {
			c.deliver(b.frameFor(c))
		}
	case stage.ToHosts:
		l.tellHosts(b, "")
	case stage.ToOthers:
		l.tellHosts(b, b.UserID)
		l.tellRest(b, b.UserID)
	default:
		l.tellHosts(b, "")
		l.tellRest(b, "")
	}
}

// tellHosts brings a notice to the hosts but those of one user, at once.
func (l *listeners) tellHosts(b bulletin, except string) {
	for _, c := range l.hosts {
		if except == "" || c.claims.Subject != except {
			c.deliver(b.hostFrame)
		}
	}
}

// tellRest brings a notice to all others, when the crier comes round.
func (l *listeners) tellRest(b bulletin, except string) {
	for _, c := range l.rest {
		if except == "" || c.claims.Subject != except {
			c.queue(b.frame)
		}
	}
	l.crier.add(l.rest)
}

func (b bulletin) frameFor(c *conn) frame {
	if c.isHost() {
		return b.hostFrame
	}
	return b.frame
}
