package model

import (
	"time"

	"podium/appliance"
	"podium/stage"
)

// take reads one frame at the server.
func (s *server) take(c *conn) {
	f := first(&c.toServer)
	if s.w.now < s.downUntil { // nobody listens: the kernel refuses
		if f.kind == frameJoin {
			s.w.send(&c.toClient, &c.site.lines, frame{kind: frameFin})
		}
		return
	}
	if f.kind == frameJoin {
		s.join(c)
		return
	}
	if !c.open {
		return
	}
	if f.kind != frameFin {
		s.hear(c)
	}
	switch f.kind {
	case frameCall:
		s.w.step("call", c.site, f.method)
		if c.gone && f.press != nil {
			f.press.late = true
		}
		s.call(c, f)
	case frameLeave:
		s.w.step("meeting.leave", c.site, nil)
		s.drop(c, s.rules.Leave)
	case frameFin:
		s.w.step("connection lost", c.site, nil)
		s.lost(c)
	}
}

// hear renews the lease of a connection.
func (s *server) hear(c *conn) {
	c.readEnd, c.heardAt = s.clock.after(s.w.now, lease), s.w.now
	s.heard[c.site.user] = s.w.now
}

func (s *server) join(c *conn) {
	s.w.step("meeting.join", c.site, nil)
	c.peer, c.open = s.nextPeer(), true
	c.pingAt = s.clock.after(s.w.now, lease/3)
	s.hear(c)
	s.conns = append(s.conns, c)
	s.w.peers[c.peer] = c.site
	site := c.site
	joined, out := s.rules.Join(stage.Peer{PeerID: c.peer, UserID: site.user, Preset: site.preset}, s.local())
	s.settle(out, nil)
	s.w.send(&c.toClient, &site.lines, frame{
		kind: frameJoined, event: appliance.Connected{Joined: joined}, mark: s.users[site.user].mark,
	})
	s.announceAll(out)
}

// call carries one own method out, as stage/server does: the engine admits
// first, evicts before the answer, and the answer precedes the notices.
func (s *server) call(c *conn, f frame) {
	now, user := s.local(), c.site.user
	var at *stage.Place
	var p *pass
	if f.method == stage.Join || f.method == stage.Publish {
		if err := s.rules.Check(c.peer, f.method, now); err != nil {
			s.refuse(c, f, err)
			return
		}
		if !s.rules.Silences(user) {
			at, p = s.placeFor(c, f.method)
		}
	}
	result, out, err := s.rules.Own(c.peer, f.method, now)
	if err != nil {
		if p != nil {
			s.evict(user)
		}
		s.refuse(c, f, err)
		return
	}
	s.settle(out, f.press)
	if p != nil {
		p.place = &place{turn: s.users[user].turn, site: c.site, life: c.site.life}
		s.w.places[at.Token] = p.place
		s.w.tokens = append(s.w.tokens, at.Token)
	}
	result.Publish = at
	s.answer(c, f, appliance.Answered{ID: f.id, Result: result})
	s.announceAll(out)
}

func (s *server) placeFor(c *conn, method stage.Method) (*stage.Place, *pass) {
	user := c.site.user
	number, known := s.turns[user]
	if method == stage.Join || !known {
		s.numbers++
		number = s.numbers
	}
	turn := stage.Turn{Meeting: "hall", UserID: user, Number: number, Media: s.rules.GrantedMedia(user)}
	admission, p := s.admit(turn)
	s.turns[user] = number
	return &stage.Place{
		URL: "http://hall/v1/whip/hall", Token: admission.Token, ExpiresAt: stage.Time{Time: admission.ExpiresAt}, Media: turn.Media,
	}, p
}

func (s *server) refuse(c *conn, f frame, err *stage.Error) {
	s.answer(c, f, appliance.Answered{ID: f.id, Err: err})
}

func (s *server) answer(c *conn, f frame, a appliance.Answered) {
	s.w.send(&c.toClient, &c.site.lines, frame{kind: frameEvent, id: f.id, event: a, mark: s.users[c.site.user].mark})
}

// ping keeps the podium's lease.
func (s *server) ping(c *conn) {
	c.pingAt = s.clock.after(s.w.now, lease/3)
	s.w.send(&c.toClient, &c.site.lines, frame{kind: framePing})
}

// translate gives what of a notice a podium takes, as internal/service does.
func translate(n stage.Notice, user string) appliance.Event {
	switch p := n.Params.(type) {
	case stage.StatusUpdate:
		return appliance.StatusChanged{StatusUpdate: p}
	case stage.Rejected:
		return appliance.TurnedDown{Reason: p.Reason}
	case stage.Removed:
		return appliance.TurnedDown{Reason: p.Reason}
	case stage.Position:
		return appliance.Moved{Position: p.Position}
	case stage.Approved:
		return appliance.Granted{Approved: p}
	case stage.Suspended:
		return appliance.Suspended{Suspended: p}
	case stage.TimeUpdate:
		return appliance.Timed{TimeUpdate: p}
	case stage.Identification:
		return appliance.Identify{For: time.Duration(p.DurationMs) * time.Millisecond, By: p.By}
	case stage.ParticipantUpdate:
		if n.Event == stage.EventParticipantOnAir && p.Participant.UserID == user {
			return appliance.Aired{On: p.Participant.OnAir}
		}
	case stage.SettingsUpdate:
		return appliance.SettingsChanged{Settings: p.Settings}
	}
	return nil
}
