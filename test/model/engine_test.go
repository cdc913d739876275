package model

import (
	"fmt"
	"time"

	"podium/stage"
)

// tokenLife is how long a publish token may wait for its use.
const tokenLife = 30 * time.Second

// rounding is what the steps of the clocks may add to a lease.
const rounding = 5 * time.Millisecond

// airSilence is how long one may be silent and still count as heard.
const airSilence = time.Second

// engine stands for stage/room: one seat per user, one-time tokens, one
// publication per user, and an eviction that cuts at once.
type engine struct {
	seats  map[string]*seat
	passes map[string]*pass
	made   int
}

// seat is one user's place in the media.
type seat struct {
	turn *stage.Turn // nil: nobody may publish
	pass *pass       // the newest token of the turn
	pub  *session    // nil: nobody publishes
	air  bool        // as last announced
}

// pass is the engine's side of a one-time token.
type pass struct {
	place      *place
	turn       stage.Turn
	expires    time.Duration
	used, over bool
}

// session is one publication as the engine sees it.
type session struct {
	pass *pass
	own  *publication // nil: of somebody who has got hold of a token
	cut  bool
}

func newEngine() engine {
	return engine{seats: map[string]*seat{}, passes: map[string]*pass{}}
}

// admit gives leave to publish once in a turn, as room.Admit does.
func (s *server) admit(t stage.Turn) (stage.Admission, *pass) {
	e := &s.engine
	at := e.seats[t.UserID]
	if at == nil {
		at = &seat{}
		e.seats[t.UserID] = at
	}
	if at.turn != nil && t.Number < at.turn.Number {
		s.w.fatalf("P10: turn %d of %s is admitted after turn %d", t.Number, t.UserID, at.turn.Number)
	}
	if at.turn != nil && t.Number > at.turn.Number {
		s.endTurn(t.UserID, at)
	}
	if at.pass != nil && !at.pass.used {
		at.pass.over = true
	}
	e.made++
	token := fmt.Sprintf("token-%d-%d", s.process, e.made)
	p := &pass{turn: t, expires: s.clock.after(s.w.now, tokenLife)}
	at.turn, at.pass = &p.turn, p
	e.passes[token] = p
	return stage.Admission{Token: token, ExpiresAt: s.clock.at(p.expires)}, p
}

// evict ends the user's turn: nothing more of it is forwarded.
func (s *server) evict(user string) {
	if at := s.engine.seats[user]; at != nil {
		s.endTurn(user, at)
	}
	delete(s.turns, user)
}

func (s *server) endTurn(user string, at *seat) {
	if at.pass != nil {
		at.pass.over = true
	}
	if at.pub != nil {
		at.pub.pass.over = true
		s.cut(user, at, true)
	}
	at.turn, at.pass = nil, nil
}

// cut ends the publication of a seat. Its owner is told, or finds out in time.
func (s *server) cut(user string, at *seat, tells bool) {
	gone := at.pub
	at.pub = nil
	gone.cut = true
	s.announce(user, at, false)
	if gone.own != nil {
		gone.own.site.mediaEnds(gone.own, tells)
	}
}

// publish uses a token up. It answers with an HTTP status.
func (s *server) publish(token string, own *publication) (*session, int) {
	p := s.engine.passes[token]
	switch {
	case p == nil:
		return nil, 401
	case p.over:
		return nil, 403
	case p.used, s.w.now >= p.expires:
		return nil, 401
	}
	user := p.turn.UserID
	at := s.engine.seats[user]
	if at.pass != p {
		return nil, 401
	}
	if s.w.used[token] {
		s.w.fatalf("P10: the token %s is used twice", token)
	}
	s.w.used[token] = true
	if at.pub != nil {
		s.cut(user, at, true)
	}
	p.used = true
	at.pub = &session{pass: p, own: own}
	return at.pub, 201
}

// forwards takes a packet of a session, and reports whether it goes on to the
// viewers.
func (s *server) forwards(one *session) bool {
	at := s.engine.seats[one.pass.turn.UserID]
	if one.cut || at == nil || at.pub != one {
		return false
	}
	s.announce(one.pass.turn.UserID, at, true)
	return true
}

// announce tells the rules that media began or ceased to arrive, a little later.
func (s *server) announce(user string, at *seat, on bool) {
	if at.air == on {
		return
	}
	at.air = on
	s.airs = append(s.airs, air{at: s.w.now + 5*time.Millisecond, user: user, on: on})
}

// listen announces the silence of those who were heard.
func (s *server) listen() {
	for user, at := range s.engine.seats {
		if at.air && at.pub != nil && at.pub.own != nil && s.w.now-at.pub.own.heardAt > airSilence && s.runs() {
			s.announce(user, at, false)
		}
	}
}

// checkEngine holds what the engine may let in, whatever the podiums send.
func (s *server) checkEngine() {
	for user, at := range s.engine.seats {
		if at.turn == nil && at.pub == nil {
			continue
		}
		w := s.w
		if status := s.rules.Status(user); status != stage.OnStage {
			w.fatalf("P11: the engine keeps a place for %s, who is %s", user, status)
		}
		if s.rules.Silences(user) {
			w.fatalf("P11: the engine keeps a place for %s, whom the chair silences", user)
		}
		if at.turn == nil || at.turn.Number != s.turns[user] {
			w.fatalf("P10: the engine's turn of %s is %v, the newest is %d", user, at.turn, s.turns[user])
		}
		if at.pub == nil {
			continue
		}
		if at.pub.pass.turn.Number != at.turn.Number || at.pub.pass.place.turn != s.users[user].turn {
			w.fatalf("P10: %s publishes with a token of turn %d, the newest is %d", user, at.pub.pass.turn.Number, at.turn.Number)
		}
		if silent := s.clock.span(w.now - s.heard[user]); silent > lease+rounding && s.runs() && w.now > s.frozenUntil {
			w.fatalf("P6: the engine takes packets of %s, of whom nothing was heard for %v", user, silent)
		}
	}
}
