package model

import (
	"time"

	"podium/appliance"
	"podium/stage"
)

// What follows is known to the test alone: which press stands behind which
// request, grant and turn. Messages carry it beside what they say.
type (
	// press is one press of the request button that the podium's loop has taken.
	press struct {
		at      time.Duration
		site    *site
		life    int      // of the site
		late    bool     // it reached the server over a connection that the podium had given up
		request *request // the one that the podium showed as waiting when it was pressed
		grant   *grant   // the one that the podium showed as given when it was pressed
		used    *turn    // that it was for
	}
	// request is one stay in the queue.
	request struct{ by *press }
	// grant is one stay in ACCEPTED.
	grant struct {
		invited bool
		request *request // that was granted; nil: none was waiting
		by      *press   // of a request that was granted at once
	}
	// turn is one stay ON_STAGE. One that was restored may be one of before, whose end
	// the store did not take.
	turn struct {
		grant    *grant
		restored bool
	}
	// mark is where a user stood when a message was sent.
	mark struct {
		request *request
		grant   *grant
		status  stage.Status
	}
	// standing is where a user stands at the server.
	standing struct {
		mark
		turn *turn
	}
	// place is a publishing place that was handed out.
	place struct {
		turn *turn
		site *site
		life int // of the site that it was handed to
	}
)

// moved takes one status change of a user; by is the press behind the call that
// caused the step.
func (u *standing) moved(s stage.StatusUpdate, by *press) {
	was := u.status
	u.status = s.Status
	switch s.Status {
	case stage.OffStage:
		u.request, u.grant, u.turn = nil, nil, nil
	case stage.Requested:
		u.request, u.grant, u.turn = &request{by: by}, nil, nil
	case stage.Accepted:
		g := &grant{invited: s.Reason == stage.ReasonInvited}
		if was == stage.Requested {
			g.request = u.request
		} else if !g.invited {
			g.by = by
		}
		u.grant, u.request = g, nil
	case stage.OnStage:
		u.turn = &turn{grant: u.grant}
	}
}

// restored takes a status that a server knew when it began. Where it is another
// than before, nobody has pressed for it.
func (u *standing) restored(status stage.Status) {
	if u.status == status {
		return
	}
	*u = standing{mark: mark{status: status}}
	switch status {
	case stage.Requested:
		u.request = &request{}
	case stage.Accepted:
		u.grant = &grant{}
	case stage.OnStage:
		u.grant = &grant{}
		u.turn = &turn{grant: u.grant, restored: true}
	}
}

// adoptable is how long a press that met no answer may still find a request.
const adoptable = 3500 * time.Millisecond

// pressed notes a press that the loop has taken.
func (s *site) pressed(p appliance.Press, shown stage.Status) {
	switch {
	case p.Long:
	case p.Button == appliance.ButtonCancel:
		s.presses, s.cancelled = nil, true
	default:
		s.cancelled = false
		one := &press{at: s.w.now, site: s, life: s.life}
		switch shown {
		case stage.Requested:
			one.request = s.known.request
		case stage.Accepted:
			one.grant = s.known.grant
		}
		s.presses = append(s.presses, one)
	}
}

// learned notes what the podium was told of its user. A press that waits is for
// the request that the podium then shows as its own.
func (s *site) learned(m mark) {
	s.known = m
	for _, p := range s.presses {
		if m.status == stage.Requested && p.grant == nil && s.w.now-p.at <= adoptable {
			p.request = m.request
		}
	}
}

// asker is the press that brought a user where he stands; nil: it is not known, or
// it came when the podium could not know of it any more.
func (u *standing) asker() *press {
	var by *press
	switch {
	case u.request != nil:
		by = u.request.by
	case u.grant != nil && u.grant.request != nil:
		by = u.grant.request.by
	case u.grant != nil:
		by = u.grant.by
	}
	if by == nil || by.late {
		return nil
	}
	return by
}

// lastPress is what a request that is sent now was made for.
func (s *site) lastPress() *press {
	if n := len(s.presses); n > 0 {
		return s.presses[n-1]
	}
	return nil
}

// consent finds this speaker's press for this very turn; nil: there is none. In
// a wild network, and from a server that has forgotten what it said, a podium cannot
// know that its grant has become another one: there a press counts that was for no
// other turn.
func (s *site) consent(t *turn) *press {
	for _, p := range s.presses {
		same := p.used == t || s.w.stale && t.restored
		if p.used != nil && !same {
			continue
		}
		g := t.grant
		switch {
		case s.w.wild, s.w.stale, p.used == t, p.grant != nil && p.grant == g:
			return p
		case s.options.PressToJoin || g.invited:
		case g.by == p, g.request != nil && (g.request.by == p || g.request == p.request):
			return p
		}
	}
	return nil
}
