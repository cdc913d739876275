package stage

import (
	"fmt"
	"slices"
	"time"
)

// Mode is how a meeting decides about those who ask (the discussion modes of
// conference systems). ALLOWED participants never wait for a mode.
type Mode string

// The four modes.
const (
	ModeRequest  Mode = "request"  // a host grants
	ModeFIFO     Mode = "fifo"     // the next in the queue is accepted when a place is free
	ModeOpen     Mode = "open"     // accepted at once while there is room; then 2101
	ModeOverride Mode = "override" // accepted at once; the longest-speaking podium goes off
)

// Modes lists every mode.
var Modes = []Mode{ModeRequest, ModeFIFO, ModeOpen, ModeOverride}

// TimeEnd is what happens when the speaking time is over.
type TimeEnd string

// The two endings of a speaking time.
const (
	EndWarn TimeEnd = "warn" // the speaker stays, and is warned on
	EndOff  TimeEnd = "off"  // the speaker goes off stage
)

// PriorityEffect is what a chair's priority does to all others on stage.
type PriorityEffect string

// The two effects of a chair's priority.
const (
	PrioritySuspend PriorityEffect = "suspend" // silent while it is held, restored after
	PriorityRemove  PriorityEffect = "remove"  // off stage
)

// Settings are what holds for a whole meeting. A host may change them while it
// runs. The zero value of each but StageEnabled is neutral.
type Settings struct {
	StageEnabled bool `json:"stageEnabled"`
	Mode         Mode `json:"mode"` // empty: request
	// StageLimit is the most participants ACCEPTED or ON_STAGE together; 0: any number.
	StageLimit int `json:"stageLimit"`
	// QueueLimit is the most participants REQUESTED; 0: any number.
	QueueLimit int `json:"queueLimit"`
	// RequestsClosed refuses new requests with 2102. Who waits goes on waiting.
	RequestsClosed bool `json:"requestsClosed"`
	// Media is what a grant covers that does not say it; empty: audio and video.
	Media []Media `json:"media"`
	// GrantExpiryMs is how long an ACCEPTED waits for its join; 0: for ever.
	GrantExpiryMs int64 `json:"grantExpiryMs"`
	// SpeakingTimeMs is how long a turn may last; 0: without end. It rests while suspended.
	SpeakingTimeMs int64 `json:"speakingTimeMs"`
	// SpeakingWarningMs is how long before the end the warning begins; 0: no warning.
	SpeakingWarningMs int64   `json:"speakingWarningMs"`
	SpeakingEnd       TimeEnd `json:"speakingEnd"` // empty: warn
	// RejectionWaitMs is how long one who was rejected has to wait before the
	// next request (2103); 0: not at all.
	RejectionWaitMs int64 `json:"rejectionWaitMs"`
	// Priority is what a chair's priority does; empty: suspend.
	Priority PriorityEffect `json:"priority"`
}

// DefaultSettings are those of a new meeting.
func DefaultSettings() Settings {
	return Settings{StageEnabled: true, GrantExpiryMs: 60_000, SpeakingWarningMs: 30_000}.normal()
}

// normal writes the neutral values out, so that a reader finds each key with
// a value that means something.
func (s Settings) normal() Settings {
	if s.Mode == "" {
		s.Mode = ModeRequest
	}
	if s.SpeakingEnd == "" {
		s.SpeakingEnd = EndWarn
	}
	if s.Priority == "" {
		s.Priority = PrioritySuspend
	}
	s.Media = bothIfNone(s.Media)
	return s
}

func (s Settings) equal(o Settings) bool {
	media := slices.Equal(s.Media, o.Media)
	s.Media, o.Media = nil, nil
	return media && s.plain() == o.plain()
}

// plain is what of the settings can be compared by ==.
func (s Settings) plain() any {
	type comparable struct {
		stageEnabled, requestsClosed    bool
		mode                            Mode
		stageLimit, queueLimit          int
		expiry, speaking, warning, wait int64
		end                             TimeEnd
		priority                        PriorityEffect
	}
	return comparable{s.StageEnabled, s.RequestsClosed, s.Mode, s.StageLimit, s.QueueLimit,
		s.GrantExpiryMs, s.SpeakingTimeMs, s.SpeakingWarningMs, s.RejectionWaitMs, s.SpeakingEnd, s.Priority}
}

// SettingsPatch changes some settings; what is absent stays.
type SettingsPatch struct {
	StageEnabled      *bool           `json:"stageEnabled,omitempty"`
	Mode              *Mode           `json:"mode,omitempty"`
	StageLimit        *int            `json:"stageLimit,omitempty"`
	QueueLimit        *int            `json:"queueLimit,omitempty"`
	RequestsClosed    *bool           `json:"requestsClosed,omitempty"`
	Media             *[]Media        `json:"media,omitempty"`
	GrantExpiryMs     *int64          `json:"grantExpiryMs,omitempty"`
	SpeakingTimeMs    *int64          `json:"speakingTimeMs,omitempty"`
	SpeakingWarningMs *int64          `json:"speakingWarningMs,omitempty"`
	SpeakingEnd       *TimeEnd        `json:"speakingEnd,omitempty"`
	RejectionWaitMs   *int64          `json:"rejectionWaitMs,omitempty"`
	Priority          *PriorityEffect `json:"priority,omitempty"`
}

// SettingsKeys are the keys of a SettingsPatch as they travel.
var SettingsKeys = []string{
	"stageEnabled", "mode", "stageLimit", "queueLimit", "requestsClosed", "media", "grantExpiryMs",
	"speakingTimeMs", "speakingWarningMs", "speakingEnd", "rejectionWaitMs", "priority",
}

// The bounds of what a host may set, in ms.
const (
	maxPlaces = 10_000
	minTimeMs = 1000
	hourMs    = int64(time.Hour / time.Millisecond)
	dayMs     = 24 * hourMs

	maxExpiryMs = hourMs
)

// Check says which value is impossible, and what is possible.
func (p SettingsPatch) Check() error {
	if err := oneOf("mode", p.Mode, Modes); err != nil {
		return err
	}
	if err := oneOf("speakingEnd", p.SpeakingEnd, []TimeEnd{EndWarn, EndOff}); err != nil {
		return err
	}
	if err := oneOf("priority", p.Priority, []PriorityEffect{PrioritySuspend, PriorityRemove}); err != nil {
		return err
	}
	if p.Media != nil {
		if err := CheckMedia(*p.Media); err != nil {
			return err
		}
	}
	return p.checkNumbers()
}

func (p SettingsPatch) checkNumbers() error {
	for _, n := range []struct {
		key   string
		value *int
	}{{"stageLimit", p.StageLimit}, {"queueLimit", p.QueueLimit}} {
		if n.value != nil && (*n.value < 0 || *n.value > maxPlaces) {
			return fmt.Errorf("%s is %d: give 1 to %d, or 0 for no limit", n.key, *n.value, maxPlaces)
		}
	}
	for _, n := range []struct {
		key   string
		value *int64
		most  int64
		none  string
	}{
		{"grantExpiryMs", p.GrantExpiryMs, maxExpiryMs, "that it never expires"},
		{"speakingTimeMs", p.SpeakingTimeMs, dayMs, "no limit"},
		{"speakingWarningMs", p.SpeakingWarningMs, hourMs, "no warning"},
		{"rejectionWaitMs", p.RejectionWaitMs, dayMs, "no wait"},
	} {
		if n.value != nil && *n.value != 0 && (*n.value < minTimeMs || *n.value > n.most) {
			return fmt.Errorf("%s is %d: give %d to %d (ms), or 0 for %s", n.key, *n.value, minTimeMs, n.most, n.none)
		}
	}
	return nil
}

func oneOf[T ~string](key string, value *T, known []T) error {
	if value == nil || slices.Contains(known, *value) {
		return nil
	}
	return fmt.Errorf("%s is %q: give one of %v", key, *value, known)
}

// CheckMedia says what is wrong with a list of media that a grant is to cover.
func CheckMedia(list []Media) error {
	if len(list) == 0 {
		return fmt.Errorf("media is empty: give [%q] or [%q, %q]", Audio, Audio, Video)
	}
	for i, m := range list {
		if m != Audio && m != Video {
			return fmt.Errorf("media has %q: give %q and %q", m, Audio, Video)
		}
		if slices.Contains(list[:i], m) {
			return fmt.Errorf("media has %q twice", m)
		}
	}
	return nil
}

// with gives the settings after the patch.
func (s Settings) with(p SettingsPatch) Settings {
	set(&s.StageEnabled, p.StageEnabled)
	set(&s.Mode, p.Mode)
	set(&s.StageLimit, p.StageLimit)
	set(&s.QueueLimit, p.QueueLimit)
	set(&s.RequestsClosed, p.RequestsClosed)
	set(&s.Media, p.Media)
	set(&s.GrantExpiryMs, p.GrantExpiryMs)
	set(&s.SpeakingTimeMs, p.SpeakingTimeMs)
	set(&s.SpeakingWarningMs, p.SpeakingWarningMs)
	set(&s.SpeakingEnd, p.SpeakingEnd)
	set(&s.RejectionWaitMs, p.RejectionWaitMs)
	set(&s.Priority, p.Priority)
	return s.normal()
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// bothIfNone gives the media in their usual order; none means both.
func bothIfNone(list []Media) []Media {
	if len(list) == 0 {
		return []Media{Audio, Video}
	}
	list = slices.Clone(list)
	slices.Sort(list) // "audio" before "video"
	return list
}
