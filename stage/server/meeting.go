package server

import (
	"log/slog"
	"sync"
	"time"

	"podium/stage"
)

// meeting is one running meeting: it orders the steps of the rules, carries out
// what they ask (the engine first), and keeps their clock. What the steps tell
// leaves by its line.
type meeting struct {
	name   string
	server *Server
	engine Engine
	log    *slog.Logger
	users  int  // connections that hold it; guarded by the server's lock
	queued bool // has something to store; guarded by the committer's lock
	line   line
	pulse  heartbeat

	mu     sync.Mutex
	rules  *stage.Meeting
	parcel *parcel // of the step that is being done
	roll   roll
	turns  map[string]uint64 // by userId: the number of the running turn
	timer  *time.Timer
	closed bool
}

// newMeeting takes up what an earlier process, or an earlier time in this one,
// has saved of the meeting.
func newMeeting(name string, s *Server, saved stage.Saved) *meeting {
	m := &meeting{
		name: name, server: s, engine: s.cfg.Engine,
		log:   s.log.With("meeting", name),
		turns: map[string]uint64{},
		rules: stage.Restore(stage.Options{Name: name, Lease: s.cfg.Lease, Settings: stage.DefaultSettings()}, saved, time.Now()),
	}
	m.line.listeners.crier = &s.crier
	m.timer = time.AfterFunc(time.Hour, m.tick)
	m.keepTime()
	return m
}

// step does one step of the rules and carries its outcome out.
func (m *meeting) step(do func(now time.Time) stage.Outcome) { m.stepWith(&parcel{}, do) }

// settled is step for a caller who may know of it only when it is stored.
func (m *meeting) settled(do func(now time.Time) stage.Outcome) {
	p := &parcel{opened: make(chan struct{})}
	m.stepWith(p, do)
	<-p.opened
}

func (m *meeting) stepWith(p *parcel, do func(now time.Time) stage.Outcome) {
	m.server.settleSleep()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stepLocked(p, do)
}

func (m *meeting) stepLocked(p *parcel, do func(now time.Time) stage.Outcome) {
	m.parcel = p
	m.carryOut(do(time.Now()))
	m.parcel = nil
	m.pulse.beat()
	if !m.line.hand(p) {
		m.server.commits.add(m)
	}
}

// carryOut evicts at once: closing waits for nothing. What is to be told goes
// into the step's parcel. The caller holds the lock.
func (m *meeting) carryOut(o stage.Outcome) {
	for _, userID := range o.Evict {
		m.evict(userID)
	}
	for _, n := range o.Notices {
		b := newBulletin(n)
		m.parcel.put(func(a *listeners) { a.tell(b) })
	}
	m.parcel.saved = merge(m.parcel.saved, o.Saved)
	m.logChanges(o)
	m.keepTime()
}

// keepTime sets the clock for the next tick that the rules want.
func (m *meeting) keepTime() {
	if m.closed {
		m.timer.Stop()
		return
	}
	if at, ok := m.rules.Deadline(); ok {
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

// lost tells the rules that a joined connection broke. Its last answers have been
// queued when it returns.
func (m *meeting) lost(c *conn) {
	m.settled(func(now time.Time) stage.Outcome {
		m.parcel.put(func(a *listeners) { a.leave(c) })
		return m.rules.Silent(c.peerID, now.Add(-c.silence()), now)
	})
}

// idle reports whether nobody is here or expected, and nothing is left to store.
func (m *meeting) idle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rules.Empty() && m.line.idle()
}

// close ends the meeting's clock and the media of every turn that still runs. The
// statuses stand: a service that starts again takes them up.
func (m *meeting) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.timer.Stop()
	for userID := range m.turns {
		m.evict(userID)
	}
}
