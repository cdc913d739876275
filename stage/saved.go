package stage

// Saved is what of a meeting outlives the process: as a whole for Restore, and
// as the part that one step has changed in Outcome.
type Saved struct {
	Settings *Settings     `json:"settings,omitempty"` // replaces the former
	Priority *Priority     `json:"priority,omitempty"` // replaces the former
	People   []SavedPerson `json:"people,omitempty"`   // each replaces the former of its userId; OFF_STAGE: is forgotten
	Waits    []SavedWait   `json:"waits,omitempty"`    // each replaces the former of its userId
	Record   []Entry       `json:"record,omitempty"`   // ended turns, to be appended; Restore does not need them
}

// Empty reports whether there is nothing to store.
func (s Saved) Empty() bool {
	return s.Settings == nil && s.Priority == nil && len(s.People)+len(s.Waits)+len(s.Record) == 0
}

// SavedPerson is one who waits, is let in, or is on stage.
type SavedPerson struct {
	UserID      string `json:"userId"`
	DisplayName string `json:"displayName"`
	PeerID      string `json:"peerId"`
	Preset      Preset `json:"preset,omitzero"`
	Status      Status `json:"status"`

	Order       uint64 `json:"order,omitempty"` // in the queue
	RequestedAt *Time  `json:"requestedAt,omitempty"`

	How       How     `json:"how,omitempty"`
	LetInBy   string  `json:"letInBy,omitempty"`
	Media     []Media `json:"media,omitempty"`
	ExpiresAt *Time   `json:"expiresAt,omitempty"`
	LimitMs   *int64  `json:"limitMs,omitempty"` // the grant's own speaking time

	OnStageAt *Time `json:"onStageAt,omitempty"`
	SpokenMs  int64 `json:"spokenMs,omitempty"` // before RunningAt
	RunningAt *Time `json:"runningAt,omitempty"`
	OnAirMs   int64 `json:"onAirMs,omitempty"`
	Suspended bool  `json:"suspended,omitempty"`

	Device string `json:"device,omitempty"` // that holds the turn
}

// SavedWait is one who was rejected and has to wait.
type SavedWait struct {
	UserID string `json:"userId"`
	Until  Time   `json:"until"`
}
