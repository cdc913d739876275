package stage

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Access says whether a participant may get on stage.
type Access string

// The three values of the contract's stageAccess.
const (
	Allowed    Access = "ALLOWED"     // may join without asking
	CanRequest Access = "CAN_REQUEST" // a host decides
	NotAllowed Access = "NOT_ALLOWED" // only watches
)

// Preset is what a participant may do. The two axes, getting on stage and
// deciding for others, are independent of each other.
type Preset struct {
	Name                string `json:"name"`
	StageEnabled        bool   `json:"stageEnabled"`
	StageAccess         Access `json:"stageAccess"`
	AcceptStageRequests bool   `json:"acceptStageRequests"` // true makes a host
	Listed              bool   `json:"listed"`              // false: counted, not named, to the others
}

// Presets are the ready-made ones, by name.
var Presets = map[string]Preset{
	"host":     {Name: "host", StageEnabled: true, StageAccess: Allowed, AcceptStageRequests: true, Listed: true},
	"panelist": {Name: "panelist", StageEnabled: true, StageAccess: Allowed, Listed: true},
	"podium":   {Name: "podium", StageEnabled: true, StageAccess: CanRequest, Listed: true},
	"viewer":   {Name: "viewer", StageEnabled: true, StageAccess: NotAllowed},
}

// UnmarshalJSON accepts the name of a ready-made preset or an object. In an
// object stageEnabled and listed default to true, and stageAccess is required.
func (p *Preset) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		known, ok := Presets[name]
		if !ok {
			return fmt.Errorf("unknown preset %q: use host, panelist, podium, viewer or an object", name)
		}
		*p = known
		return nil
	}
	type plain Preset
	own := plain{Name: "custom", StageEnabled: true, Listed: true}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&own); err != nil {
		return fmt.Errorf("preset: %w", err)
	}
	switch own.StageAccess {
	case Allowed, CanRequest, NotAllowed:
	default:
		return fmt.Errorf("preset: stageAccess is %q: use ALLOWED, CAN_REQUEST or NOT_ALLOWED", own.StageAccess)
	}
	*p = Preset(own)
	return nil
}
