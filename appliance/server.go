package appliance

import (
	"errors"
	"slices"
	"time"

	"podium/stage"
)

// connect takes the server's word after a join. What was wished for meanwhile is
// said now; a turn that is not this process's own is given up.
func (s *State) connect(j stage.Joined, now time.Time) {
	s.connected = true
	s.lease = time.Duration(j.LeaseMs) * time.Millisecond
	s.status = j.Self.Status
	s.peer = j.Self.PeerID
	s.learn(j.Settings)
	known := s.recall(j.Self.TurnState, now)
	switch {
	case s.turn.on && s.status == stage.OnStage:
		s.resumeTurn(j, now)
	case s.turn.on: // settle closes it
	case s.status == stage.OnStage && s.isOurs(j.PublisherPeerID):
		s.getOff(now) // a turn that has ended here, or a grant that outlived its process
	case s.giveUp && s.status != stage.OffStage && s.status != stage.OnStage:
		s.getOff(now)
	default:
		s.resumeAsk(known, now)
	}
	s.giveUp = false
}

// resumeTurn keeps a turn over a lost connection inside its lease. The server
// may still count it to a connection of ours that it has not missed yet.
func (s *State) resumeTurn(j stage.Joined, now time.Time) {
	switch publisher := j.PublisherPeerID; {
	case publisher == s.peer:
		if s.ask.method == stage.Publish {
			s.sendAsk()
		}
	case s.isOurs(publisher):
		s.publish(now) // brings the turn over to this connection
	default:
		s.endTurn(Reason{CauseElsewhere, "another device of this participant has the stage"})
		return
	}
	s.mine = append(slices.Clone(s.mine), s.peer)
	s.resumePublication(j, now)
}

// isOurs reports whether a connection is this process's, now or during its
// latest turn.
func (s *State) isOurs(peerID string) bool {
	return peerID == s.peer || slices.Contains(s.mine, peerID)
}

// resumeAsk sends a press that waited for the connection, if it still fits. known
// tells that the grant is the one that the speaker saw: a press is for no other.
func (s *State) resumeAsk(known bool, now time.Time) {
	fits := map[stage.Method]stage.Status{
		stage.RequestAccess: stage.OffStage,
		stage.Join:          stage.Accepted,
	}
	wanted, waiting := fits[s.ask.method]
	switch {
	case !waiting:
		s.ask = ask{}
	case s.status == wanted && (known || wanted != stage.Accepted):
		s.sendAsk()
	default:
		missed := s.ask.method == stage.Join
		s.ask = ask{}
		if missed { // the press was for that grant, and for no other turn
			s.consent = false
			s.refuse("the grant is gone", now)
		}
	}
}

// changed takes the server's word on the status.
func (s *State) changed(u stage.StatusUpdate, now time.Time) {
	s.status, s.reason, s.position = u.Status, u.Reason, u.Position
	switch u.Status {
	case stage.Requested:
		s.waits(u)
	case stage.OffStage:
		if s.ask.method != stage.RequestAccess {
			s.consent = false
		}
		if u.Reason == stage.ReasonLeaseExpired {
			s.refuse(string(u.Reason), now)
		}
	case stage.Accepted:
		s.accepted(u.Reason, now)
	}
}

// waits binds the consent to the request: one that is found after a time away may
// be another device's of the same user.
func (s *State) waits(u stage.StatusUpdate) {
	if u.RequestedAt == nil {
		return
	}
	if u.Reason == stage.ReasonJoined && !s.asked.IsZero() && !s.asked.Equal(u.RequestedAt.Time) {
		s.consent = false
	}
	s.asked = u.RequestedAt.Time
}

// accepted goes live by itself only on an approval of what this speaker asked
// for.
func (s *State) accepted(reason stage.Reason, now time.Time) {
	switch reason {
	case stage.ReasonApproved, stage.ReasonRequested:
		if s.consent && !s.Options.PressToJoin && s.ask.method == "" {
			s.join(now)
		}
	case stage.ReasonJoined: // what happened while we were away; a join that waited has been looked at
		s.consent = s.consent && s.ask.method == stage.Join
	default: // an invitation
		s.consent = false
	}
}

// answeredReasons are the reasons of what our own calls bring about. The event
// that follows says the same.
var answeredReasons = map[stage.Method]stage.Reason{
	stage.RequestAccess:       stage.ReasonRequested,
	stage.CancelRequestAccess: stage.ReasonCancelled,
	stage.Join:                stage.ReasonJoined,
	stage.Publish:             stage.ReasonJoined,
	stage.Leave:               stage.ReasonLeft,
}

// answered takes the answer to our latest call; one to an earlier call is late,
// and changes nothing here any more.
func (s *State) answered(a Answered, now time.Time) {
	if s.ask.method == "" || a.ID != s.ask.id {
		s.unwanted(a, now)
		return
	}
	method := s.ask.method
	if a.Err == nil && a.Result.Publish == nil && !a.Result.Suspended && (method == stage.Join || method == stage.Publish) {
		a.Err = &stage.Error{Code: stage.CodeInternal, Detail: "the server gave no publishing place"}
	}
	if a.Err != nil {
		s.failed(a.Err, now)
		return
	}
	s.ask = ask{}
	s.message, s.refusal = "", refusal{}
	s.status, s.reason = a.Result.Status, answeredReasons[method]
	switch method {
	case stage.RequestAccess:
		s.answeredRequest(now)
	case stage.Join:
		if !s.consent { // what was pressed for was taken back, and something else was given
			s.refuse("the grant that was pressed for is gone", now)
			s.getOff(now)
			return
		}
		s.consent = false // it was for this turn
		s.turn = turn{on: true, place: a.Result.Publish}
		s.mine = []string{s.peer}
	case stage.Publish:
		if !s.turn.on { // it ended while this was asked: what was brought over is another device's turn
			s.getOff(now)
			return
		}
		if !a.Result.Suspended {
			s.newPlace(a.Result.Publish)
		}
	case stage.Leave, stage.CancelRequestAccess:
		s.giveUp = false
	}
	if a.Result.Suspended {
		s.suspend(true, s.turn.chair, now)
	}
}

// unwanted takes back at the server what an earlier call has brought although it
// was given up: over a connection that was replaced while the loop was busy.
func (s *State) unwanted(a Answered, now time.Time) {
	if a.Err != nil || s.turn.on {
		return
	}
	var unwanted bool
	switch a.Result.Status {
	case stage.OnStage: // and whatever is asked now is refused there
		unwanted = s.ask.method != stage.Leave
	case stage.Requested, stage.Accepted:
		unwanted = s.ask.method == "" && !s.consent
	}
	if unwanted {
		s.status = a.Result.Status
		s.getOff(now)
	}
}

// answeredRequest goes on at once where access is free.
func (s *State) answeredRequest(now time.Time) {
	if s.status == stage.Accepted && s.consent && !s.Options.PressToJoin {
		s.join(now)
	}
}

// failed takes an error as the answer to our latest call.
func (s *State) failed(err error, now time.Time) {
	method := s.ask.method
	var refused *stage.Error
	switch {
	case errors.Is(err, ErrInterrupted):
		s.interrupted(now)
		return
	case !errors.As(err, &refused) && (method == stage.Leave || method == stage.CancelRequestAccess):
		return // not the stage's word (too many calls, say): stays asked, and is said again
	}
	s.ask = ask{}
	switch method {
	case stage.RequestAccess, stage.Join:
		s.consent = false
		s.refuse(err.Error(), now)
		s.refusal = refusalOf(refused, now)
	case stage.Publish:
		s.retryMedia(now)
	}
}

// refusalOf keeps of an error what a program can use; nil: it was not the
// stage's.
func refusalOf(e *stage.Error, now time.Time) refusal {
	if e == nil {
		return refusal{}
	}
	r := refusal{code: e.Code}
	if e.RetryAfter > 0 {
		r.until = now.Add(min(e.RetryAfter, longestWait))
	}
	return r
}
