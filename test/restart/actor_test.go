package restart

import (
	"math/rand/v2"
	"slices"

	"podium/stage"
)

// actor is one podium and the host that decides about it. Nobody else acts on this
// podium, so what its last acknowledged step left behind is known exactly; of a
// step under way both ends are possible.
type actor struct {
	hall   *hall
	user   string
	random *rand.Rand
	podium *peer
	host   *peer

	status stage.Status // by the last acknowledged step
	next   stage.Status // what the step under way makes of it; else the same
	turns  int          // ended ones that were acknowledged

	request request
}

// request is the podium's place in the queue, as far as it is known.
type request struct {
	sent, known uint64 // when in the order of everything it was asked for, and acknowledged; 0: not
	at          string // requestedAt, once a host was told
}

// step is one thing that an actor may do in a status.
type step struct {
	method stage.Method
	byHost bool
	to     stage.Status
}

var steps = map[stage.Status][]step{
	stage.OffStage: {
		{stage.RequestAccess, false, stage.Requested}, {stage.RequestAccess, false, stage.Requested},
		{stage.GrantAccess, true, stage.Accepted}, {stage.MeetingLeave, false, stage.OffStage},
	},
	stage.Requested: {
		{stage.CancelRequestAccess, false, stage.OffStage}, {stage.DenyAccess, true, stage.OffStage},
		{stage.GrantAccess, true, stage.Accepted}, {stage.GrantAccess, true, stage.Accepted},
		{stage.MeetingLeave, false, stage.OffStage}, {stage.GetAccessRequests, true, stage.Requested},
	},
	stage.Accepted: {
		{stage.Join, false, stage.OnStage}, {stage.Join, false, stage.OnStage}, {stage.Join, false, stage.OnStage},
		{stage.CancelRequestAccess, false, stage.OffStage}, {stage.DenyAccess, true, stage.OffStage}, {stage.Kick, true, stage.OffStage},
	},
	stage.OnStage: {
		{stage.Leave, false, stage.OffStage}, {stage.Kick, true, stage.OffStage}, {stage.MeetingLeave, false, stage.OffStage},
	},
}

// act does steps until the service is gone; an error is a step that was refused.
func (a *actor) act() error {
	for {
		choices := steps[a.status]
		s := choices[a.random.IntN(len(choices))]
		a.next = s.to
		if s.method == stage.RequestAccess {
			a.request = request{sent: a.hall.now()}
		}
		if err := a.do(s); err != nil {
			return onlyRefusal(err)
		}
		if a.status == stage.OnStage && s.to == stage.OffStage {
			a.turns++
		}
		a.status = s.to
		switch {
		case s.method == stage.RequestAccess:
			a.request.known = a.hall.now()
		case a.status != stage.Requested:
			a.request = request{}
		}
		a.hall.acknowledged()
		if err := a.follow(s); err != nil {
			return onlyRefusal(err)
		}
	}
}

func onlyRefusal(err error) error {
	if r, ok := err.(refusal); ok {
		return r
	}
	return nil
}

func (a *actor) do(s step) error {
	switch {
	case s.method == stage.GetAccessRequests:
		return nil
	case s.byHost:
		return a.host.decide(s.method, a.user)
	default:
		return a.podium.call(s.method, struct{}{}, nil)
	}
}

// follow does what belongs to a step and changes nothing.
func (a *actor) follow(s step) error {
	switch s.method {
	case stage.MeetingLeave:
		return a.podium.call(stage.MeetingJoin, struct{}{}, nil)
	case stage.RequestAccess, stage.GetAccessRequests:
		var list stage.RequestList
		err := a.host.call(stage.GetAccessRequests, struct{}{}, &list)
		if at := slices.IndexFunc(list.StageRequests, a.isMine); at >= 0 {
			a.request.at = wire(list.StageRequests[at].RequestedAt)
		}
		return err
	default:
		return nil
	}
}

func (a *actor) isMine(r stage.Request) bool { return r.UserID == a.user }

func wire(t stage.Time) string {
	text, _ := t.MarshalJSON()
	return string(text)
}

// chair changes what holds for the whole meeting.
type chair struct {
	hall          *hall
	random        *rand.Rand
	host          *peer
	warning, next int64 // speakingWarningMs: acknowledged, and by the step under way
	held, holds   bool  // priority, the same
}

func (c *chair) act() error {
	for {
		c.next, c.holds = c.warning, c.held
		var err error
		if c.random.IntN(3) == 0 {
			c.holds = !c.held
			err = c.host.call(stage.SetPriority, stage.PriorityParams{Held: c.holds}, nil)
		} else {
			c.next++
			err = c.host.call(stage.UpdateSettings, stage.SettingsPatch{SpeakingWarningMs: &c.next}, nil)
		}
		if err != nil {
			return onlyRefusal(err)
		}
		c.warning, c.held = c.next, c.holds
		c.hall.acknowledged()
	}
}
