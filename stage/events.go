package stage

// Event names a notification of the wire.
type Event string

// The notifications of the contract.
const (
	EventStatus            Event = "stageStatusUpdate"
	EventAccessRequests    Event = "stageAccessRequestUpdate"
	EventNewRequest        Event = "newStageRequest"
	EventApproved          Event = "stageRequestApproved"
	EventRejected          Event = "stageRequestRejected"
	EventRemoved           Event = "stageRemoved"
	EventParticipantJoined Event = "participantJoined"
	EventParticipantLeft   Event = "participantLeft"
	EventViewerCount       Event = "viewerCountUpdate"
	EventParticipantStatus Event = "participantStageStatusUpdate"
	// EventParticipantOnAir tells that a participant's media began or ceased to
	// arrive (ours: the contract's onAir is a fact of its own and may change
	// without the status).
	EventParticipantOnAir Event = "participantOnAirUpdate"
	// EventPosition tells one who waits that the place in the queue has changed
	// (ours). The first place comes with the status.
	EventPosition Event = "stagePositionUpdate"
)

// StatusUpdate is EventStatus: to the participant, on every change and after
// every meeting join.
type StatusUpdate struct {
	Status   Status `json:"status"`
	Previous Status `json:"previous"`
	Reason   Reason `json:"reason"`
	By       string `json:"by,omitempty"` // the acting host's userId; absent when it was the participant
	// Position in the queue while REQUESTED (ours).
	Position int `json:"position,omitempty"`
}

// Position is EventPosition.
type Position struct {
	Position int `json:"position"` // 1 = next
}

// NewRequest is EventNewRequest: to hosts, when the list grew.
type NewRequest struct {
	Count   int     `json:"count"` // all that are pending
	Request Request `json:"request"`
}

// Approved is EventApproved.
type Approved struct {
	Invited   bool    `json:"invited"`
	ExpiresAt *Time   `json:"expiresAt,omitempty"` // absent: the grant does not run out
	Media     []Media `json:"media"`
}

// Rejected is EventRejected.
type Rejected struct {
	Reason Reason `json:"reason"`
}

// Removed is EventRemoved.
type Removed struct {
	Reason Reason `json:"reason"`
	By     string `json:"by,omitempty"`
}

// ParticipantUpdate is EventParticipantJoined, EventParticipantLeft and
// EventParticipantOnAir.
type ParticipantUpdate struct {
	Participant Participant `json:"participant"`
}

// ViewerCount is EventViewerCount: the unlisted, at most once a second.
type ViewerCount struct {
	Count int `json:"count"`
}

// ParticipantStatus is EventParticipantStatus: to all others.
type ParticipantStatus struct {
	Participant Participant `json:"participant"`
	Previous    Status      `json:"previous"`
	Status      Status      `json:"status"`
}

// Audience says whom a notice is for.
type Audience int

// The audiences. Others and User go with Notice.UserID.
const (
	ToUser   Audience = iota // every connection of UserID
	ToPeer                   // the one connection PeerID
	ToHosts                  // every connection that may decide
	ToOthers                 // every connection but those of UserID
	ToAll
)

// Notice is one event on its way to an audience.
type Notice struct {
	To     Audience
	UserID string
	PeerID string
	Event  Event
	Params any
}

// Outcome is what one step of the rules asks of the outside: Evict first, then
// the notices in their order.
type Outcome struct {
	Evict   []string // userIds whose media must be cut at once
	Notices []Notice
}
