package server

import (
	"slices"

	"podium/stage"
)

// listeners are who hears of a meeting, as of the parcels opened so far. They belong
// to the meeting's line and are guarded by its lock.
type listeners struct {
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
	frame, hostFrame []byte
}

func newBulletin(n stage.Notice) bulletin {
	b := bulletin{Notice: n, frame: notification(n.Event, n.Params)}
	b.hostFrame = b.frame
	if n.HostParams != nil {
		b.hostFrame = notification(n.Event, n.HostParams)
	}
	return b
}

// tell brings a notice to those it is for, hosts first.
func (l *listeners) tell(b bulletin) {
	switch b.To {
	case stage.ToPeer:
		if c := l.peers[b.PeerID]; c != nil {
			b.send(c)
		}
	case stage.ToUser:
		for _, c := range l.users[b.UserID] {
			b.send(c)
		}
	case stage.ToHosts:
		for _, c := range l.hosts {
			b.send(c)
		}
	default:
		except := ""
		if b.To == stage.ToOthers {
			except = b.UserID
		}
		for _, list := range [][]*conn{l.hosts, l.rest} {
			for _, c := range list {
				if except == "" || c.claims.Subject != except {
					b.send(c)
				}
			}
		}
	}
}

func (b bulletin) send(c *conn) {
	if c.isHost() {
		c.send(b.hostFrame)
		return
	}
	c.send(b.frame)
}
