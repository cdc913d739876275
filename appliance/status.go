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
	// The extras of the stage; absent where there is nothing to say.
	Refusal      *Refusal      `json:"refusal,omitempty"`
	Grant        *Grant        `json:"grant,omitempty"`
	Suspended    bool          `json:"suspended"` // a chair holds priority: the turn goes on, and nothing leaves
	SpeakingTime *SpeakingTime `json:"speakingTime,omitempty"`
	IdentifyMs   int64         `json:"identifyMs,omitempty"` // how long the lamps go on saying which podium this is
	Gate         Gate          `json:"gate"`
	Meeting      string        `json:"meeting"`
	UserID       string        `json:"userId"`
	Server       string        `json:"server"`
	Media        Media         `json:"media"`
	Faults       []Fault       `json:"faults"`
	Machine      *Machine      `json:"machine,omitempty"` // absent where it says nothing of itself
}

// Machine is what a Raspberry Pi says of itself.
type Machine struct {
	TemperatureC *float64 `json:"temperatureC,omitempty"` // of the processor
	// What slows it down now, and did since it was started: underVoltage,
	// frequencyCapped, throttled, softTemperatureLimit.
	Throttled []string `json:"throttled"`
	Before    []string `json:"throttledBefore"`
}

// Gate tells whether media may leave, and if not, why: all that speaks against
// it, the gravest first.
type Gate struct {
	Open    bool     `json:"open"`
	Why     string   `json:"why,omitempty"` // the first of the reasons, for a person
	Reasons []Reason `json:"reasons"`
}

func newGate(against []Reason) Gate {
	g := Gate{Open: len(against) == 0, Reasons: append([]Reason{}, against...)}
	if !g.Open {
		g.Why = against[0].Text
	}
	return g
}

// Refusal is the stage's answer to the latest press; its text is in Message.
type Refusal struct {
	Code         stage.Code `json:"code"`
	RetryAfterMs int64      `json:"retryAfterMs,omitempty"` // how long the same press is refused yet
}

func (r refusal) view(now time.Time) *Refusal {
	if r.code == 0 {
		return nil
	}
	return &Refusal{Code: r.code, RetryAfterMs: max(0, r.until.Sub(now).Milliseconds())}
}

// Media is what the running publication sends; zero when none runs.
type Media struct {
	Tracks    []stage.Media `json:"tracks"` // what of the grant this podium has
	Packets   uint64        `json:"packets"`
	Bytes     uint64        `json:"bytes"`
	Encoder   string        `json:"encoder"`         // of the picture, without one of the sound
	Width     int           `json:"width"`           // pixels
	Height    int           `json:"height"`          // pixels
	FrameRate float64       `json:"frameRate"`       // frames per second
	BitRate   int           `json:"bitRate"`         // bit/s asked of this encoder
	Level     *Level        `json:"level,omitempty"` // of the sound that goes out
	Closed    *Reason       `json:"-"`               // why the publisher's own gate is shut; nil: it is open
}

// Level is how loud the sound is over the last 300 ms, in dB below full scale: speech
// peaks between -20 and -6, and -100 is no sound at all.
type Level struct {
	Peak float64 `json:"peak"`
	RMS  float64 `json:"rms"`
}

// View gives the part of Status that the state knows.
func (s *State) View(now time.Time) Status {
	gate := newGate(s.gate(now))
	position := 0
	if s.status == stage.Requested {
		position = s.position
	}
	status := Status{
		Status: s.status, Connected: s.connected, OnAir: gate.Open && s.flowing,
		Lamps: s.lamps(now), Position: position, Reason: s.reason, Message: s.message,
		Refusal: s.refusal.view(now), Grant: s.grant.view(s.status, now), Suspended: s.turn.suspended,
		SpeakingTime: s.turn.speaking.view(now),
		Gate:         gate, Faults: append([]Fault{}, s.faults...),
	}
	if s.identifying(now) {
		status.IdentifyMs = s.identifyUntil.Sub(now).Milliseconds()
	}
	return status
}
