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
	// EventParticipant tells that something else about a participant changed:
	// the turn was suspended, restored, or got another end (ours).
	EventParticipant Event = "participantUpdate"
	EventTime        Event = "stageTimeUpdate"       // ours
	EventSuspended   Event = "stageSuspended"        // ours
	EventIdentify    Event = "stageIdentify"         // ours
	EventPriority    Event = "stagePriorityUpdate"   // ours
	EventSettings    Event = "meetingSettingsUpdate" // ours
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
	// RequestedAt is since when, while REQUESTED (ours).
	RequestedAt *Time `json:"requestedAt,omitempty"`
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

// ParticipantUpdate is EventParticipantJoined, EventParticipantLeft,
// EventParticipantOnAir and EventParticipant.
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
	// Reason and By go to hosts only (ours): a decline is seen by the host, and
	// what one host decided by the others.
	Reason Reason `json:"reason,omitempty"`
	By     string `json:"by,omitempty"`
}

// TimePhase is where a speaker stands in the speaking time.
type TimePhase string

// The phases of a speaking time.
const (
	TimeUnlimited TimePhase = "unlimited" // there is no end (any more)
	TimeRunning   TimePhase = "running"
	TimeWarning   TimePhase = "warning" // it is nearly over
	TimeOver      TimePhase = "over"
	TimePaused    TimePhase = "paused" // while suspended
)

// TimeUpdate is EventTime: to the participant on stage, when a phase begins.
type TimeUpdate struct {
	Phase       TimePhase `json:"phase"`
	LimitMs     int64     `json:"limitMs"`          // of the whole turn; 0: none
	RemainingMs int64     `json:"remainingMs"`      // negative when it is over
	EndsAt      *Time     `json:"endsAt,omitempty"` // absent while unlimited or paused
}

// Suspended is EventSuspended: to the participant on stage. When it ends, the
// participant asks for a new publishing place (Publish): the turn goes on.
type Suspended struct {
	Suspended bool   `json:"suspended"`
	By        string `json:"by,omitempty"` // the chair's userId
}

// Identification is EventIdentify: to the participant.
type Identification struct {
	DurationMs int64  `json:"durationMs"` // 0: it ends now
	By         string `json:"by"`
}

// SettingsUpdate is EventSettings: to everybody.
type SettingsUpdate struct {
	Settings Settings `json:"settings"`
	By       string   `json:"by,omitempty"`
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
	// HostParams, if not nil, are sent in place of Params to those who may decide.
	HostParams any
}

// Outcome is what one step of the rules asks of the outside: Evict first, then
// the notices in their order. What is in Saved has to be stored before anybody
// is told.
type Outcome struct {
	Evict   []string // userIds whose media must be cut at once
	Notices []Notice
	Saved   Saved // what of the step outlives the process
}
