package stage

// Method names a call of the wire.
type Method string

// The methods of the wire, as in the contract.
const (
	MeetingJoin  Method = "meeting.join"
	MeetingLeave Method = "meeting.leave"

	RequestAccess       Method = "stage.requestAccess"
	CancelRequestAccess Method = "stage.cancelRequestAccess"
	Join                Method = "stage.join"
	Leave               Method = "stage.leave"

	// Publish asks for a fresh publishing place within the running turn, for
	// one whose media path broke while the stage still says ON_STAGE. Ours:
	// join answers 2006 there, and a publish token is used once.
	Publish Method = "stage.publish"

	GrantAccess Method = "stage.grantAccess"
	DenyAccess  Method = "stage.denyAccess"
	Kick        Method = "stage.kick"

	GetAccessRequests Method = "stage.getAccessRequests"

	// Ours, for hosts.
	GrantNext      Method = "stage.grantNext"        // approves the first of the queue
	ClearRequests  Method = "stage.clearRequests"    // turns everybody who waits down
	SetPriority    Method = "stage.setPriority"      // a chair takes or gives up priority
	Identify       Method = "stage.identify"         // makes podiums' lamps show which they are
	GetSettings    Method = "meeting.getSettings"    // allowed to everybody who has joined
	UpdateSettings Method = "meeting.updateSettings" // changes the meeting while it runs
)

// Participant is one user as the others see them.
type Participant struct {
	UserID      string `json:"userId"`
	PeerID      string `json:"peerId"` // of the newest connection
	DisplayName string `json:"displayName"`
	Preset      string `json:"preset"`
	Status      Status `json:"status"`
	OnAir       bool   `json:"onAir"` // media has come; ON_STAGE alone does not say so
	// TurnState (ours) is there while ACCEPTED or ON_STAGE.
	TurnState *TurnState `json:"turn,omitempty"`
}

// TurnState is what is known of a turn that was granted or runs (ours).
type TurnState struct {
	Invited   bool    `json:"invited"`             // the grant was an invitation
	By        string  `json:"by,omitempty"`        // the granting host's userId; absent when no host did
	Media     []Media `json:"media"`               // what the grant covers
	ExpiresAt *Time   `json:"expiresAt,omitempty"` // while ACCEPTED: the end of the grant, if it has one
	OnStageAt *Time   `json:"onStageAt,omitempty"` // while ON_STAGE: since when
	EndsAt    *Time   `json:"endsAt,omitempty"`    // while ON_STAGE and not suspended: the end of the speaking time, if it has one
	Suspended bool    `json:"suspended,omitempty"` // a chair holds priority: nothing is forwarded
}

// Request is one entry of the queue. Position 1 is next.
type Request struct {
	DisplayName string `json:"displayName"`
	UserID      string `json:"userId"`
	PeerID      string `json:"peerId"`
	RequestedAt Time   `json:"requestedAt"`
	Position    int    `json:"position"`
}

// Joined answers MeetingJoin.
type Joined struct {
	Self          Participant   `json:"self"`
	Participants  []Participant `json:"participants"`
	ViewerCount   int           `json:"viewerCount"`
	StageRequests *[]Request    `json:"stageRequests,omitempty"` // hosts only
	LeaseMs       int64         `json:"leaseMs"`
	Settings      Settings      `json:"settings"`
	// PublisherPeerID is the connection that holds this user's running turn
	// (ours). A podium that finds itself there without a turn of its own is a
	// new process, and gives the turn up; one that finds another is a twin,
	// and must not disturb it.
	PublisherPeerID string `json:"publisherPeerId,omitempty"`
	// Priority is who holds a chair's priority (ours); absent: nobody.
	Priority *Priority `json:"priority,omitempty"`
}

// Priority is a chair's priority, held or given up; EventPriority.
type Priority struct {
	Held        bool   `json:"held"`
	UserID      string `json:"userId,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
}

// StatusResult answers a participant's own methods.
type StatusResult struct {
	Status  Status `json:"status"`
	Publish *Place `json:"publish,omitempty"` // Join and Publish only
	// Suspended tells one who joins while a chair holds priority (ours): there
	// is no Publish then; it is asked for with Publish when EventSuspended ends it.
	Suspended bool `json:"suspended,omitempty"`
}

// Place says where and with which one-time token to publish (WHIP, RFC 9725).
type Place struct {
	URL       string  `json:"url"`
	Token     string  `json:"token"`
	ExpiresAt Time    `json:"expiresAt"`
	Media     []Media `json:"media"`
}

// Targets are the parameters of the host methods.
type Targets struct {
	UserIDs []string `json:"userIds"`
	// Expect (ours) refuses every target that is not in this status with 2006:
	// of two hosts who act on one request at the same moment, the second is told.
	Expect Status `json:"expect,omitempty"`
	// Media and SpeakingTimeMs (ours) are for GrantAccess and GrantNext, and hold
	// for this grant in place of the meeting's settings. 0 ms: without end.
	Media          []Media `json:"media,omitempty"`
	SpeakingTimeMs *int64  `json:"speakingTimeMs,omitempty"`
}

// TargetResult tells what came of a host method for one user.
type TargetResult struct {
	UserID  string `json:"userId"`
	OK      bool   `json:"ok"`
	Changed bool   `json:"changed,omitempty"` // ours: false when it was so already
	Code    Code   `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// TargetResults answers the host methods, in the order asked.
type TargetResults struct {
	Results []TargetResult `json:"results"`
}

// RequestList answers GetAccessRequests and is the payload of
// EventAccessRequests.
type RequestList struct {
	StageRequests []Request `json:"stageRequests"`
}

// SettingsResult answers GetSettings and UpdateSettings.
type SettingsResult struct {
	Settings Settings `json:"settings"`
}

// PriorityParams are the parameters of SetPriority.
type PriorityParams struct {
	Held bool `json:"held"`
}

// IdentifyParams are the parameters of Identify.
type IdentifyParams struct {
	UserIDs    []string `json:"userIds"`
	DurationMs *int64   `json:"durationMs,omitempty"` // absent: IdentifyMs; 0 ends it
}

// IdentifyMs is how long an identification lasts, in ms, and at most.
const IdentifyMs = 30_000
