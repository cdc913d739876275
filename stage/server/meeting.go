package server

import (
	"log/slog"
	"sync"
	"time"

	"podium/stage"
)

// meeting is one running meeting: it orders the steps of the rules, carries out
// what they ask (the engine first), and keeps their clock.
type meeting struct {
	name   string
	server *Server
	engine Engine
	log    *slog.Logger
	users  int // connections that hold it; guarded by the server's lock

	mu     sync.Mutex
	rules  *stage.Meeting
	joined map[string]*conn  // by peerId
	turns  map[string]uint64 // by userId: the number of the running turn
	timer  *time.Timer
	closed bool
}

func newMeeting(name string, s *Server) *meeting {
	m := &meeting{
		name: name, server: s, engine: s.cfg.Engine,
		log:    s.log.With("meeting", name),
		joined: map[string]*conn{}, turns: map[string]uint64{},
		rules: stage.NewMeeting(stage.Options{
			Name: name, Lease: s.cfg.Lease, Settings: stage.DefaultSettings(),
		}),
	}
	m.timer = time.AfterFunc(time.Hour, m.tick)
	m.timer.Stop()
	return m
}

// step does one step of the rules and carries its outcome out.
func (m *meeting) step(do func(now time.Time) stage.Outcome) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.carryOut(do(time.Now()))
}

// carryOut evicts before anybody is told. The caller holds the lock.
func (m *meeting) carryOut(o stage.Outcome) {
	for _, userID := range o.Evict {
		m.evict(userID)
	}
	for _, n := range o.Notices {
		m.deliver(n)
	}
	m.logChanges(o)
	if at, ok := m.rules.Deadline(); ok && !m.closed {
		m.timer.Reset(time.Until(at))
	} else {
		m.timer.Stop()
	}
}

// evict cuts a user's media. The caller holds the lock.
func (m *meeting) evict(userID string) {
	m.engine.Evict(m.name, userID)
	delete(m.turns, userID)
}

// deliver sends one notice to its audience, encoded once for each of the two
// forms it may have.
func (m *meeting) deliver(n stage.Notice) {
	frame := notification(n.Event, n.Params)
	hostFrame := frame
	if n.HostParams != nil {
		hostFrame = notification(n.Event, n.HostParams)
	}
	send := func(c *conn) {
		if c.claims.Preset.AcceptStageRequests {
			c.send(hostFrame)
			return
		}
		c.send(frame)
	}
	if n.To == stage.ToPeer {
		if c := m.joined[n.PeerID]; c != nil {
			send(c)
		}
		return
	}
	for _, c := range m.joined {
		if c.isFor(n) {
			send(c)
		}
	}
}

func (c *conn) isFor(n stage.Notice) bool {
	switch n.To {
	case stage.ToUser:
		return c.claims.Subject == n.UserID
	case stage.ToHosts:
		return c.claims.Preset.AcceptStageRequests
	case stage.ToOthers:
		return c.claims.Subject != n.UserID
	default:
		return true
	}
}

// logChanges writes one line per status change: the record a technician reads.
func (m *meeting) logChanges(o stage.Outcome) {
	for _, n := range o.Notices {
		if u, ok := n.Params.(stage.StatusUpdate); ok && n.To == stage.ToUser {
			m.log.Info("stage status", "user", n.UserID, "status", u.Status, "previous", u.Previous, "reason", u.Reason, "by", u.By)
		}
	}
}

func (m *meeting) tick() {
	m.step(func(now time.Time) stage.Outcome {
		if m.closed {
			return stage.Outcome{}
		}
		return m.rules.Tick(now)
	})
	m.server.sweep(m)
}

// lost tells the rules that a joined connection broke.
func (m *meeting) lost(c *conn) {
	m.step(func(now time.Time) stage.Outcome {
		delete(m.joined, c.peerID)
		return m.rules.Lost(c.peerID, now)
	})
}

func (m *meeting) idle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rules.Empty()
}

// close ends the meeting's clock and every turn that still runs: a grant does
// not survive the service that gave it.
func (m *meeting) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.timer.Stop()
	for userID := range m.turns {
		m.evict(userID)
	}
}
