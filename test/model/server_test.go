package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"podium/stage"
)

// lease is the meeting's.
const lease = 5 * time.Second

// server stands for stage/server around the real rules: one meeting, its
// connections, its clock, its store, and the engine of the same process.
type server struct {
	w     *world
	clock clock
	rules *stage.Meeting

	engine  engine
	turns   map[string]uint64 // by userId: the number of the running turn
	numbers uint64
	conns   []*conn
	peers   int
	process int
	airs    []air
	tickAt  time.Duration

	downUntil   time.Duration // no process runs before
	frozenUntil time.Duration // the process stands still before
	asleepSince time.Duration // the machine sleeps with it, and its timers do; 0: it does not
	slept       time.Duration // what the clock of this process's rules has not counted

	stored     stage.Saved // what outlives the process
	diskFull   bool
	owed       stage.Saved         // what the store did not take
	remembered map[string]standing // behind what is stored

	users map[string]*standing
	heard map[string]time.Duration // when any connection of the user was
}

// air is a report of the engine on its way to the rules.
type air struct {
	at   time.Duration
	user string
	on   bool
}

var meetingOptions = stage.Options{Name: "hall", Lease: lease, Settings: stage.Settings{StageEnabled: true}}

func newServer(w *world, c clock) *server {
	s := &server{w: w, clock: c, tickAt: never, users: map[string]*standing{}, remembered: map[string]standing{}}
	for _, user := range users {
		s.users[user] = &standing{mark: mark{status: stage.OffStage}}
	}
	s.begin()
	return s
}

// begin is a new process, which knows only what was stored.
func (s *server) begin() {
	s.process++
	s.engine, s.turns, s.airs, s.heard = newEngine(), map[string]uint64{}, nil, map[string]time.Duration{}
	s.numbers, s.asleepSince, s.slept = 0, 0, 0
	s.rules = stage.Restore(meetingOptions, s.load(), s.local())
	for user, u := range s.users {
		if status := s.rules.Status(user); u.status != status { // what was said last was not stored
			*u = s.remembered[user]
			u.restored(status)
		}
		s.heard[user] = s.w.now
	}
	s.keepTime()
}

// load reads what was stored, through its form in the file.
func (s *server) load() (saved stage.Saved) {
	if s.process == 1 {
		return saved
	}
	data, err := json.Marshal(s.stored)
	if err == nil {
		err = json.Unmarshal(data, &saved)
	}
	if err != nil {
		s.w.fatalf("cannot read what was stored: %v", err)
	}
	return saved
}

// local is the time of the rules, as it travels: in whole milliseconds. It does not
// count what the machine has slept in this process's life.
func (s *server) local() time.Time { return s.clock.at(s.w.now - s.slept).Truncate(time.Millisecond) }

// runs reports whether the process can do anything now.
func (s *server) runs() bool {
	return s.w.now >= s.downUntil && s.w.now >= s.frozenUntil && s.asleepSince == 0
}

// soonest looks for what falls due at the server.
func (s *server) soonest(d *due) {
	if s.w.now < s.downUntil {
		d.or(due{at: s.downUntil, kind: serverUp})
		return
	}
	if s.asleepSince > 0 {
		d.or(due{at: s.frozenUntil, kind: serverThaw})
	}
	d.or(due{at: max(s.tickAt, s.frozenUntil), kind: serverTick})
	if len(s.airs) > 0 {
		d.or(due{at: max(s.airs[0].at, s.frozenUntil), kind: aired})
	}
}

// keepTime sets the clock for the next tick that the rules want.
func (s *server) keepTime() {
	s.tickAt = never
	if at, ok := s.rules.Deadline(); ok {
		s.tickAt = max(s.w.now, s.clock.when(at)+s.slept)
	}
}

func (s *server) tick() {
	s.carryOut(s.rules.Tick(s.local()), nil)
	if at, ok := s.rules.Deadline(); ok && !at.After(s.local()) {
		s.w.fatalf("the tick at %v leaves the deadline at %v", s.local(), at)
	}
}

// carryOut does what a step of the rules asks for: the engine first, then the
// store, then the word to everybody.
func (s *server) carryOut(out stage.Outcome, by *press) {
	s.settle(out, by)
	s.announceAll(out)
}

// settle does what comes before anybody is told. by is the press behind the call
// that caused the step.
func (s *server) settle(out stage.Outcome, by *press) {
	for _, user := range out.Evict {
		s.evict(user)
	}
	for _, n := range out.Notices {
		if u, ok := n.Params.(stage.StatusUpdate); ok && n.To == stage.ToUser {
			s.users[n.UserID].moved(u, by)
		}
	}
	s.save(out.Saved)
}

func (s *server) announceAll(out stage.Outcome) {
	for _, n := range out.Notices {
		s.tell(n)
	}
	s.keepTime()
}

func (s *server) save(change stage.Saved) {
	s.owed = merged(s.owed, change)
	if !s.diskFull {
		s.stored, s.owed = merged(s.stored, s.owed), stage.Saved{}
		for user, u := range s.users {
			s.remembered[user] = *u
		}
	}
}

// merged does what a store does.
func merged(a, b stage.Saved) stage.Saved {
	if b.Settings != nil {
		a.Settings = b.Settings
	}
	if b.Priority != nil {
		a.Priority = b.Priority
	}
	for _, p := range b.People {
		a.People = append(slices.DeleteFunc(slices.Clone(a.People), func(o stage.SavedPerson) bool { return o.UserID == p.UserID }), p)
	}
	for _, x := range b.Waits {
		a.Waits = append(slices.DeleteFunc(slices.Clone(a.Waits), func(o stage.SavedWait) bool { return o.UserID == x.UserID }), x)
	}
	return a
}

// tell sends one notice to those whom it is for.
func (s *server) tell(n stage.Notice) {
	for _, c := range s.conns {
		user := c.site.user
		switch n.To {
		case stage.ToUser:
			if user != n.UserID {
				continue
			}
		case stage.ToPeer:
			if c.peer != n.PeerID {
				continue
			}
		case stage.ToHosts:
			continue
		case stage.ToOthers:
			if user == n.UserID {
				continue
			}
		}
		if e := translate(n, user); e != nil {
			s.w.send(&c.toClient, &c.site.lines, frame{kind: frameEvent, event: e, mark: s.users[user].mark})
		}
	}
}

// lost ends a connection at the server's side: it was heard when its last frame
// came.
func (s *server) lost(c *conn) {
	s.drop(c, func(peer string, now time.Time) stage.Outcome {
		return s.rules.Silent(peer, now.Add(-s.clock.span(s.w.now-c.heardAt)), now)
	})
}

// wake tells the rules that the machine has slept, before anything else, and hangs
// up on those who were silent for a lease by that.
func (s *server) wake() {
	slept := s.w.now - s.asleepSince
	s.asleepSince, s.slept = 0, s.slept+slept
	s.carryOut(s.rules.Slept(s.clock.span(slept), s.local()), nil)
	for _, c := range slices.Clone(s.conns) {
		c.pingAt += slept
		if left := lease - s.clock.span(s.w.now-c.heardAt); left > 0 {
			c.readEnd = s.clock.after(s.w.now, left)
		} else {
			s.lost(c)
		}
	}
}

func (s *server) drop(c *conn, how func(string, time.Time) stage.Outcome) {
	if !c.open {
		return
	}
	c.open = false
	s.conns = slices.DeleteFunc(s.conns, func(o *conn) bool { return o == c })
	out := how(c.peer, s.local())
	s.w.send(&c.toClient, &c.site.lines, frame{kind: frameFin})
	s.carryOut(out, nil)
}

// end is the end of the process. Its kernel may still tell the podiums.
func (s *server) end(until time.Duration, tells bool) {
	for _, c := range s.conns {
		c.open = false
		if tells {
			s.w.send(&c.toClient, &c.site.lines, frame{kind: frameFin})
		}
	}
	s.conns = nil
	for user, at := range s.engine.seats {
		if at.pub != nil {
			s.cut(user, at, false)
		}
	}
	s.downUntil, s.frozenUntil, s.asleepSince, s.tickAt, s.owed = until, 0, 0, never, stage.Saved{}
}

func (s *server) nextPeer() string {
	s.peers++
	return fmt.Sprintf("peer-%d-%d", s.process, s.peers)
}
