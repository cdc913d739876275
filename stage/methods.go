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
)

// Participant is one user as the others see them.
type Participant struct {
	UserID      string `json:"userId"`
	PeerID      string `json:"peerId"` // of the newest connection
	DisplayName string `json:"displayName"`
	Preset      string `json:"preset"`
	Status      Status `json:"status"`
	OnAir       bool   `json:"onAir"` // media has come; ON_STAGE alone does not say so
}

// Request is one entry of the queue. Position 1 is next.
type Request struct {
	DisplayName string `json:"displayName"`
	UserID      string `json:"userId"`
	PeerID      string `json:"peerId"`
	RequestedAt Time   `json:"requestedAt"`
	Position    int    `json:"position"`
}

// Settings are what holds for a whole meeting.
type Settings struct {
	StageEnabled bool `json:"stageEnabled"`
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
}

// StatusResult answers a participant's own methods.
type StatusResult struct {
	Status  Status `json:"status"`
	Publish *Place `json:"publish,omitempty"` // Join and Publish only
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
}

// TargetResult tells what came of a host method for one user.
type TargetResult struct {
	UserID  string `json:"userId"`
	OK      bool   `json:"ok"`
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
