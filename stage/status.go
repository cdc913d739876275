package stage

import "fmt"

// Status is where a participant stands towards the stage.
type Status string

// The four statuses of the contract. There is none for "rejected" or "kicked":
// a rejection is an event, a kick is OffStage with a reason.
const (
	OffStage  Status = "OFF_STAGE"
	Requested Status = "REQUESTED_TO_JOIN_STAGE"
	Accepted  Status = "ACCEPTED_TO_JOIN_STAGE"
	OnStage   Status = "ON_STAGE"
)

// Statuses lists every status in the order of a speaker's way to the stage.
var Statuses = []Status{OffStage, Requested, Accepted, OnStage}

// UnmarshalText accepts the four statuses and nothing else.
func (s *Status) UnmarshalText(text []byte) error {
	for _, known := range Statuses {
		if string(text) == string(known) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("unknown stage status %q", text)
}

// Reason says why a status changed, or why a request ended without a turn.
type Reason string

// The reasons of the contract, in the order in which a turn can meet them.
const (
	ReasonRequested    Reason = "requested"
	ReasonApproved     Reason = "approved"
	ReasonInvited      Reason = "invited"
	ReasonJoined       Reason = "joined"
	ReasonLeft         Reason = "left"
	ReasonCancelled    Reason = "cancelled"
	ReasonDeclined     Reason = "declined"
	ReasonRejected     Reason = "rejected"
	ReasonRevoked      Reason = "revoked"
	ReasonExpired      Reason = "expired"
	ReasonRemoved      Reason = "removed"
	ReasonLeaseExpired Reason = "lease_expired"
)

// The reasons of the extras (ours).
const (
	ReasonCleared       Reason = "cleared"        // a host cleared the queue
	ReasonTimeOver      Reason = "time_over"      // the speaking time is over
	ReasonOverridden    Reason = "overridden"     // another speaker took the place (mode override)
	ReasonPriority      Reason = "priority"       // a chair's priority took the stage
	ReasonStageDisabled Reason = "stage_disabled" // a host disabled the stage
)
