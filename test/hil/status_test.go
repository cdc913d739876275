//go:build hil

package hil

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"podium/control"
	"podium/test/hil/guestapi"
)

// status is what `podium status --json` promises.
type status struct {
	Status    string
	Connected bool
	OnAir     bool
	Lamps     struct{ Red, Green string }
	Position  int
	Reason    string
	Meeting   string
	UserID    string
	Media     struct {
		Packets       int
		Encoder       string
		Width, Height int
	}
	Gate struct {
		Open    bool
		Reasons []struct{ Reason, Text string }
	}
	Faults []struct{ Part, Text string }
}

// fault is what a status says is wrong with a part; "": nothing.
func (s status) fault(part string) string {
	for _, f := range s.Faults {
		if f.Part == part {
			return f.Text
		}
	}
	return ""
}

func (s status) String() string {
	text := fmt.Sprintf("%s connected=%v onAir=%v red=%s green=%s packets=%d", s.Status, s.Connected, s.OnAir, s.Lamps.Red, s.Lamps.Green, s.Media.Packets)
	if s.Reason != "" {
		text += " reason=" + s.Reason
	}
	for _, f := range s.Faults {
		text += fmt.Sprintf(" fault %s: %q", f.Part, f.Text)
	}
	return text
}

func (s status) isOnAir() bool { return s.Status == "ON_STAGE" && s.OnAir && s.Lamps.Red == "on" }

func (s status) isOff() bool {
	return s.Connected && s.Status == "OFF_STAGE" && !s.OnAir && s.Lamps.Red == "off"
}

// status asks the podium at its control socket, as podium status does.
func (r *rig) status() (s status, err error) {
	text, err := r.Ask("/run/podium/podium.sock", control.StatusPath)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

// untilStatus waits for a state of the podium.
func (r *rig) untilStatus(t *testing.T, what string, is func(status) bool) status {
	t.Helper()
	return until(t, what, r.status, is)
}

// history is every status that the podium has announced on a followed stream.
func (r *rig) history(t *testing.T, stream string) (all []status) {
	t.Helper()
	for _, e := range got[guestapi.Events](t)(r.Events(stream)).Events {
		var s status
		if err := json.Unmarshal(e.Data, &s); err != nil {
			t.Fatalf("status %s: %v", e.Data, err)
		}
		all = append(all, s)
	}
	return all
}

// announced is a stream of statuses as lines with their times.
func announced(events guestapi.Events) (text []byte) {
	for _, e := range events.Events {
		text = fmt.Appendf(text, "%8.3f s  %s\n", e.At.Seconds(), e.Data)
	}
	return text
}

// checkHistory demands of every status that the red lamp is steady only on
// stage and on air, and becomes so only after packets have left.
func (r *rig) checkHistory(t *testing.T, stream string) {
	t.Helper()
	before := ""
	for _, s := range r.history(t, stream) {
		if s.Lamps.Red == "on" && (s.Status != "ON_STAGE" || !s.OnAir) {
			t.Errorf("the red lamp is steady in %s", s)
		}
		if s.Lamps.Red == "on" && before != "on" && s.Media.Packets == 0 {
			t.Errorf("the red lamp became steady before a packet left: %s", s)
		}
		before = s.Lamps.Red
	}
}

// nobodyHolds demands that no process has the camera or the microphone open.
func (r *rig) nobodyHolds(t *testing.T) {
	t.Helper()
	if h := got[[]guestapi.Holder](t)(r.mediaHolders()); len(h) != 0 {
		t.Errorf("held although nobody is on stage: %+v", h)
	}
}

// mediaHolders lists who has a camera or the capture side of a card open, besides who
// plays the far end of a USB device.
func (r *rig) mediaHolders() (all []guestapi.Holder, err error) {
	for _, device := range []string{"/dev/video", "/dev/snd/pcmC"} {
		holders, err := r.Holders(device)
		if err != nil {
			return nil, err
		}
		for _, h := range holders {
			capture := device == "/dev/video" || strings.HasSuffix(h.Path, "c")
			if capture && h.Command != "init" {
				all = append(all, h)
			}
		}
	}
	return all, nil
}

// untilReleased waits until nobody holds camera and microphone.
func (r *rig) untilReleased(t *testing.T) {
	t.Helper()
	begun := time.Now()
	until(t, "camera and microphone closed", r.mediaHolders, func(h []guestapi.Holder) bool { return len(h) == 0 })
	t.Logf("devices closed after %.1f s", time.Since(begun).Seconds())
}
