package stage

// How says by which rule somebody was let on stage.
type How string

// The ways onto the stage. In the last three the meeting's mode decided.
const (
	HowApproved How = "approved" // a host granted the request
	HowInvited  How = "invited"  // a host invited
	HowAllowed  How = "allowed"  // the preset allows it
	HowFIFO     How = "fifo"
	HowOpen     How = "open"
	HowOverride How = "override"
)

// Entry is one line of the record: one turn on stage.
type Entry struct {
	UserID      string  `json:"userId"`
	DisplayName string  `json:"displayName"`
	OnStageAt   Time    `json:"onStageAt"`
	OffStageAt  *Time   `json:"offStageAt,omitempty"` // absent: still on stage
	OnStageMs   int64   `json:"onStageMs"`            // from OnStageAt to the end, or to now
	OnAirMs     int64   `json:"onAirMs"`              // how long media arrived
	How         How     `json:"how"`
	LetInBy     string  `json:"letInBy,omitempty"` // the host's userId; absent when no host did
	Media       []Media `json:"media"`             // what the grant covered
	EndReason   Reason  `json:"endReason,omitempty"`
	EndedBy     string  `json:"endedBy,omitempty"` // the acting host's userId; absent when no host did
}
