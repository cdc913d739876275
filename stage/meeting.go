package stage

import (
	"slices"
	"time"
)

// Options shape a meeting.
type Options struct {
	Name     string
	Settings Settings
	Lease    time.Duration // how long a lost connection keeps its status
}

// Meeting is one room with one stage: the rules as a state machine. Every
// method is one step; it takes the time as an argument, changes the state, and
// returns what the outside has to do. It is not safe for concurrent use: its
// owner orders the steps.
type Meeting struct {
	opts    Options
	people  map[string]*person // by userId
	peers   map[string]*person // by peerId, connected ones only
	away    map[string]*person // by userId, those with a lease running
	queue   []*person          // REQUESTED, in request order
	viewers viewerCount
}

// Peer is one connection of a participant, as its token describes it.
type Peer struct {
	PeerID      string
	UserID      string
	DisplayName string
	Preset      Preset
}

// person is one user of the meeting: one status for all connections.
type person struct {
	Peer        // of the newest connection
	conns       []Peer
	status      Status
	onAir       bool
	requestedAt time.Time
	position    int       // as last told; 0 when not waiting
	publisher   string    // the peer that holds the turn; set only ON_STAGE
	lostUntil   time.Time // the end of the lease of the connection lost last; zero: none lost
	pubUntil    time.Time // the same for the publisher's connection
}

// NewMeeting makes an empty meeting.
func NewMeeting(o Options) *Meeting {
	return &Meeting{
		opts:   o,
		people: map[string]*person{}, peers: map[string]*person{}, away: map[string]*person{},
	}
}

// Empty reports whether nobody is in the meeting or expected back.
func (m *Meeting) Empty() bool { return len(m.people) == 0 }

// Has reports whether userID is in the meeting, or lost and expected back.
func (m *Meeting) Has(userID string) bool { return m.people[userID] != nil }

// Status gives a user's status, OffStage for one who is not there.
func (m *Meeting) Status(userID string) Status {
	if p := m.people[userID]; p != nil {
		return p.status
	}
	return OffStage
}

// SetOnAir records that a user's media began or ceased to arrive.
func (m *Meeting) SetOnAir(userID string, onAir bool, now time.Time) Outcome {
	var s step
	p := m.people[userID]
	if p == nil || p.onAir == onAir || (onAir && p.status != OnStage) {
		return Outcome{}
	}
	p.onAir = onAir
	s.all(EventParticipantOnAir, ParticipantUpdate{p.view()})
	return m.finish(&s, now)
}

// Participants lists those who are named to the others, by userId: the listed,
// and whoever is on the way to the stage.
func (m *Meeting) Participants() []Participant {
	list := []Participant{}
	for _, p := range m.people {
		if p.Preset.Listed || p.status != OffStage {
			list = append(list, p.view())
		}
	}
	slices.SortFunc(list, func(a, b Participant) int {
		if a.UserID < b.UserID {
			return -1
		}
		return 1
	})
	return list
}

// Requests lists the queue, first come first.
func (m *Meeting) Requests() []Request {
	list := make([]Request, len(m.queue))
	for i, p := range m.queue {
		list[i] = p.request(i + 1)
	}
	return list
}

func (p *person) view() Participant {
	return Participant{
		UserID: p.UserID, PeerID: p.PeerID, DisplayName: p.DisplayName,
		Preset: p.Preset.Name, Status: p.status, OnAir: p.onAir,
	}
}

func (p *person) request(position int) Request {
	return Request{
		DisplayName: p.DisplayName, UserID: p.UserID, PeerID: p.PeerID,
		RequestedAt: Time{p.requestedAt}, Position: position,
	}
}
