package server

import (
	"time"

	"podium/stage"
)

// call carries one call out. The answer goes into the step's parcel before the
// notices that the call causes, so that it comes first on this connection.
func (c *conn) call(r rpcRequest) {
	switch r.Method {
	case stage.MeetingJoin:
		c.meetingJoin(r)
	case stage.MeetingLeave:
		c.meetingLeave(r)
	case stage.RequestAccess, stage.CancelRequestAccess, stage.Leave:
		c.own(r)
	case stage.Join, stage.Publish:
		c.takeStage(r)
	default:
		c.host(r)
	}
}

// reply answers within a step: before what the step tells, and when it is stored.
func (c *conn) reply(r rpcRequest, result any, e *rpcError) {
	if r.ID != nil {
		frame := answer(r.ID, result, e)
		c.meeting.parcel.put(func(*listeners) { c.send(frame) })
	}
}

var errStopping = &rpcError{Code: int(stage.CodeInternal), Message: "internal error: the server is stopping"}

// locked runs one step: do answers and gives what the rules ask.
func (c *conn) locked(do func(now time.Time) stage.Outcome) { c.meeting.step(do) }

// isIn checks what every call but meeting.join needs (2005). The caller holds the
// meeting's lock.
func (c *conn) isIn(r rpcRequest) bool {
	if !c.isJoined {
		c.reply(r, nil, stageError(&stage.Error{Code: stage.CodeNotJoined, Detail: "call meeting.join first"}))
	}
	return c.isJoined
}

// ready is isIn for a call that has no parameters.
func (c *conn) ready(r rpcRequest) bool {
	if !c.isIn(r) {
		return false
	}
	bad := readNothing(r.Params)
	if bad != nil {
		c.reply(r, nil, bad)
	}
	return bad == nil
}

func (c *conn) meetingJoin(r rpcRequest) {
	c.locked(func(now time.Time) stage.Outcome {
		if bad := readNothing(r.Params); bad != nil {
			c.reply(r, nil, bad)
			return stage.Outcome{}
		}
		if c.isJoined { // a repeated join changes nothing and answers as the first
			joined, out := c.meeting.rules.Rejoin(c.peerID, now)
			c.replyJoined(r, joined)
			return out
		}
		if c.meeting.closed {
			c.reply(r, nil, errStopping)
			return stage.Outcome{}
		}
		c.isJoined = true
		c.meeting.parcel.put(func(a *listeners) { a.enter(c) })
		joined, out := c.meeting.rules.Join(stage.Peer{
			PeerID: c.peerID, UserID: c.claims.Subject, DisplayName: c.claims.Name, Preset: c.claims.Preset,
			Device: c.device,
		}, now)
		c.replyJoined(r, joined)
		return out
	})
}

func (c *conn) meetingLeave(r rpcRequest) {
	c.locked(func(now time.Time) stage.Outcome {
		if !c.ready(r) {
			return stage.Outcome{}
		}
		c.isJoined = false
		out := c.meeting.rules.Leave(c.peerID, now)
		c.evict(&out)
		c.reply(r, struct{}{}, nil)
		c.meeting.carryOut(out) // while this connection still hears of its own end
		c.meeting.parcel.put(func(a *listeners) { a.leave(c) })
		return stage.Outcome{}
	})
}

func (c *conn) own(r rpcRequest) {
	c.locked(func(now time.Time) stage.Outcome {
		if !c.ready(r) {
			return stage.Outcome{}
		}
		result, out, err := c.meeting.rules.Own(c.peerID, r.Method, now)
		if err != nil {
			c.reply(r, nil, stageError(err))
			return stage.Outcome{}
		}
		c.evict(&out)
		c.reply(r, result, nil)
		return out
	})
}

// evict cuts media before the answer is queued, so that a caller who has the
// answer may rely on it.
func (c *conn) evict(o *stage.Outcome) {
	for _, userID := range o.Evict {
		c.meeting.evict(userID)
	}
	o.Evict = nil
}

// takeStage joins the stage, or renews the publishing place of the running turn.
// The engine admits first: no status is stored before the step is real. While a
// chair's priority is held nobody is admitted; the turn begins silent.
func (c *conn) takeStage(r rpcRequest) {
	c.locked(func(now time.Time) stage.Outcome {
		if !c.ready(r) {
			return stage.Outcome{}
		}
		if err := c.meeting.rules.Check(c.peerID, r.Method, now); err != nil {
			c.reply(r, nil, stageError(err))
			return stage.Outcome{}
		}
		if c.meeting.closed { // its turns have been ended, and no new one may follow
			c.reply(r, nil, errStopping)
			return stage.Outcome{}
		}
		var place *stage.Place
		if !c.meeting.rules.Silences(c.claims.Subject) {
			var fail error
			if place, fail = c.admit(r.Method); fail != nil {
				c.log().Error("cannot admit to the media engine", "err", fail)
				c.reply(r, nil, &rpcError{Code: int(stage.CodeInternal), Message: "internal error: cannot get a publishing place: " + fail.Error()})
				return stage.Outcome{}
			}
		}
		result, out, err := c.meeting.rules.Own(c.peerID, r.Method, now)
		if err != nil {
			c.meeting.evict(c.claims.Subject)
			c.reply(r, nil, stageError(err))
			return stage.Outcome{}
		}
		result.Publish = place
		c.evict(&out)
		c.reply(r, result, nil)
		return out
	})
}

// admit asks the engine for a publishing place that carries what was granted: of
// a new turn for Join, of the running one for Publish. A turn that was evicted
// and goes on (a chair's priority, a restart) is a new one to the engine. The
// caller holds the meeting's lock.
func (c *conn) admit(method stage.Method) (*stage.Place, error) {
	m := c.meeting
	number, known := m.turns[c.claims.Subject]
	if method == stage.Join || !known {
		number = c.server.turns.Add(1)
	}
	turn := stage.Turn{
		Meeting: m.name, UserID: c.claims.Subject, Number: number,
		Media: m.rules.GrantedMedia(c.claims.Subject),
	}
	admission, err := m.engine.Admit(turn)
	if err != nil {
		return nil, err
	}
	m.turns[c.claims.Subject] = number
	return &stage.Place{
		URL: c.base + "/v1/whip/" + pathEscape(m.name), Token: admission.Token,
		ExpiresAt: stage.Time{Time: admission.ExpiresAt}, Media: turn.Media,
	}, nil
}

// host carries out a call of those that decide for others or for the meeting.
func (c *conn) host(r rpcRequest) {
	read, ok := hostCalls[r.Method]
	if !ok {
		if r.ID != nil {
			c.send(answer(r.ID, nil, &rpcError{Code: rpcNoSuchMethod, Message: "there is no method " + quote(string(r.Method))}))
		}
		return
	}
	c.locked(func(now time.Time) stage.Outcome {
		if !c.isIn(r) {
			return stage.Outcome{}
		}
		do, bad := read(r.Params)
		if bad != nil {
			c.reply(r, nil, bad)
			return stage.Outcome{}
		}
		result, out, err := do(c.meeting.rules, c.claims.actor(), now)
		if err != nil {
			c.reply(r, nil, stageError(err))
			return stage.Outcome{}
		}
		c.evict(&out)
		c.reply(r, result, nil)
		return out
	})
}
