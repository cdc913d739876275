package broker

import (
	"encoding/json"
	"strings"

	"podium/appliance"
	"podium/stage"
)

// Identity is whose state it is.
type Identity struct {
	Meeting, UserID string
	Version         string
}

// State is the payload of the state's topic: what of the status a hall's control system
// looks at.
type State struct {
	Status    stage.Status `json:"status"`
	Connected bool         `json:"connected"`
	OnAir     bool         `json:"onAir"`
	Position  int          `json:"position"`
	Red       string       `json:"red"`
	Green     string       `json:"green"`
	Reason    stage.Reason `json:"reason"`
	Problem   bool         `json:"problem"`
	Faults    []string     `json:"faults"`
}

// StateOf takes it from a status.
func StateOf(s appliance.Status) State {
	out := State{
		Status: s.Status, Connected: s.Connected, OnAir: s.OnAir, Position: s.Position, Reason: s.Reason,
		Red: string(s.Lamps.Red), Green: string(s.Lamps.Green), Problem: len(s.Faults) > 0, Faults: []string{},
	}
	for _, f := range s.Faults {
		out.Faults = append(out.Faults, f.Part+": "+f.Text)
	}
	return out
}

// The payloads of the availability's topic.
const (
	Online  = "online"
	Offline = "offline"
)

// topics are those of one podium.
type topics struct{ state, available, discovery string }

// topicsOf gives the topics under a prefix; discovery is Home Assistant's prefix, empty:
// it is told nothing.
func topicsOf(prefix, discovery string, id Identity) topics {
	base := prefix + "/" + level(id.Meeting) + "/" + level(id.UserID)
	t := topics{state: base + "/state", available: base + "/available"}
	if discovery != "" {
		t.discovery = discovery + "/device/" + objectID(id) + "/config"
	}
	return t
}

// level makes a name one level of a topic, without what has a meaning there (MQTT 5.0,
// section 4.7).
func level(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == '+' || r == '#' || r == '/' || r == 0x7f {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if strings.HasPrefix(clean, "$") {
		return "_" + clean[1:]
	}
	return clean
}

// objectID has only what Home Assistant takes in an id.
func objectID(id Identity) string {
	return "podium_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, id.Meeting+"_"+id.UserID)
}

type entity map[string]any

// discovery is Home Assistant's description of a device with its entities (MQTT
// discovery, device payload; 2024.11 and newer).
func discovery(t topics, id Identity) ([]byte, error) {
	of := objectID(id)
	sensor := func(key, name, icon string) entity {
		return entity{"p": "sensor", "name": name, "unique_id": of + "_" + key, "icon": icon, "value_template": "{{ value_json." + key + " }}"}
	}
	yesNo := func(key, name, class string) entity {
		return entity{
			"p": "binary_sensor", "name": name, "unique_id": of + "_" + key, "device_class": class,
			"value_template": "{{ 'ON' if value_json." + key + " else 'OFF' }}",
		}
	}
	return json.Marshal(entity{
		"dev":                entity{"ids": []string{of}, "name": id.UserID, "mf": "Podium", "mdl": "Podium", "sw": id.Version, "sa": id.Meeting},
		"o":                  entity{"name": "podium", "sw": id.Version},
		"state_topic":        t.state,
		"availability_topic": t.available,
		"cmps": entity{
			"status":    sensor("status", "Status", "mdi:podium"),
			"position":  sensor("position", "Position in the queue", "mdi:counter"),
			"onAir":     yesNo("onAir", "On air", "running"),
			"connected": yesNo("connected", "Stage", "connectivity"),
			"problem":   yesNo("problem", "Fault", "problem"),
		},
	})
}
