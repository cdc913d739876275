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
	opts     Options
	settings Settings
	people   map[string]*person   // by userId
	peers    map[string]*person   // by peerId, connected ones only
	leases   leases               // of lost connections
	live     map[string]*person   // by userId, those ACCEPTED or ON_STAGE
	queue    []*person            // REQUESTED, in request order
	ordered  uint64               // requests so far: the order of the queue
	waits    map[string]time.Time // by userId: when one who was rejected may ask again
	priority Priority
	// chairUntil is until when the holder of a restored priority is expected
	// back; zero: nobody is.
	chairUntil time.Time
	viewers    viewerCount
	listed     []Participant // as Participants gives it; nil when it has changed since
}

// Peer is one connection of a participant, as its token describes it.
type Peer struct {
	PeerID      string
	UserID      string
	DisplayName string
	Preset      Preset
	Device      string // tells a device from its twins, the same after a restart; empty: it does not say
}

// person is one user of the meeting: one status for all connections.
type person struct {
	Peer        // of the newest connection
	conns       []Peer
	status      Status
	requestedAt time.Time
	order       uint64    // in the queue
	position    int       // as last told; 0 when not waiting
	grant       grant     // while ACCEPTED or ON_STAGE
	turn        running   // while ON_STAGE
	publisher   string    // the peer that holds the turn; set only ON_STAGE
	device      string    // the publisher's
	lostUntil   time.Time // the end of the lease of the connection lost last; zero: none lost
	pubUntil    time.Time // the same for the publisher's connection
	airUntil    time.Time // until when a lost publisher's media may go on; zero: as long as the turn
}

// NewMeeting makes an empty meeting.
func NewMeeting(o Options) *Meeting {
	return &Meeting{
		opts: o, settings: o.Settings.normal(),
		people: map[string]*person{}, peers: map[string]*person{},
		live: map[string]*person{}, waits: map[string]time.Time{},
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
	if p == nil || p.turn.onAir() == onAir || (onAir && (p.status != OnStage || p.turn.suspended)) {
		return Outcome{}
	}
	p.turn.setOnAir(onAir, now)
	s.save(p)
	s.all(EventParticipantOnAir, ParticipantUpdate{m.view(p)})
	return m.finish(&s, now)
}

// Participants lists those who are named to the others, by userId: the listed,
// and whoever is on the way to the stage. It is the same list until it changes;
// nobody may write into it.
func (m *Meeting) Participants() []Participant {
	if m.listed == nil {
		m.listed = m.list()
	}
	return m.listed
}

func (m *Meeting) list() []Participant {
	list := []Participant{}
	for _, p := range m.people {
		if p.Preset.Listed || p.status != OffStage {
			list = append(list, m.view(p))
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

func (m *Meeting) view(p *person) Participant {
	return Participant{
		UserID: p.UserID, PeerID: p.PeerID, DisplayName: p.DisplayName,
		Preset: p.Preset.Name, Status: p.status, OnAir: p.turn.onAir(), TurnState: m.turnState(p),
	}
}

func (p *person) request(position int) Request {
	return Request{
		DisplayName: p.DisplayName, UserID: p.UserID, PeerID: p.PeerID,
		RequestedAt: Time{p.requestedAt}, Position: position,
	}
}
