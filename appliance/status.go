package appliance

import (
	"time"

	"podium/stage"
)

// Status is what `podium status --json` shows: what the podium is doing and why.
type Status struct {
	Status    stage.Status `json:"status"`
	Connected bool         `json:"connected"`
	OnAir     bool         `json:"onAir"` // packets are leaving now
	Lamps     Lamps        `json:"lamps"`
	Position  int          `json:"position"` // in the queue, 1 = next; 0 when not waiting
	Reason    stage.Reason `json:"reason"`   // of the latest change of the status
	Message   string       `json:"message,omitempty"`
	Gate      Gate         `json:"gate"`
	Meeting   string       `json:"meeting"`
	UserID    string       `json:"userId"`
	Server    string       `json:"server"`
	Media     Media        `json:"media"`
	Faults    []Fault      `json:"faults"`
}

// Gate tells whether media may leave, and if not, why.
type Gate struct {
	Open bool   `json:"open"`
	Why  string `json:"why,omitempty"`
}

// Media is what the running publication sends; zero when none runs.
type Media struct {
	Packets   uint64  `json:"packets"`
	Bytes     uint64  `json:"bytes"`
	Encoder   string  `json:"encoder"`
	Width     int     `json:"width"`     // pixels
	Height    int     `json:"height"`    // pixels
	FrameRate float64 `json:"frameRate"` // frames per second
	BitRate   int     `json:"bitRate"`   // bit/s asked of the video encoder
}

// view gives the part of Status that the state knows.
func (s *State) view(now time.Time) Status {
	open, why := s.gate(now)
	position := 0
	if s.status == stage.Requested {
		position = s.position
	}
	return Status{
		Status: s.status, Connected: s.connected, OnAir: open && s.flowing,
		Lamps: s.lamps(now), Position: position, Reason: s.reason, Message: s.message,
		Gate: Gate{Open: open, Why: why}, Faults: append([]Fault{}, s.faults...),
	}
}
