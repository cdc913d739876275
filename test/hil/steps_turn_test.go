//go:build hil

package hil

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"podium/test/hil/guestapi"
)

func (r *rig) stepPress(t *testing.T) {
	from := r.press(t, guestapi.LineRequest)
	r.untilRequested(t)
	s := r.untilStatus(t, "requested", func(s status) bool { return s.Status == "REQUESTED_TO_JOIN_STAGE" && s.Position == 1 })
	if s.Lamps.Green != "double-blip" || s.Lamps.Red != "off" {
		t.Errorf("next in the queue: lamps %+v", s.Lamps)
	}
	until(t, "green flashes", r.Lamps, func(l guestapi.Lamps) bool {
		ups := 0
		for _, c := range l.Changes {
			if c.Line == guestapi.LineGreen && c.High && c.At > from {
				ups++
			}
		}
		return ups >= 5
	})
	if red := r.lamp(t, guestapi.LineRed, 0); len(red) != 0 {
		t.Errorf("the red line moved: %+v", red)
	}
	r.nobodyHolds(t)
	r.noMedia(t, 0)
}

func (r *rig) press(t *testing.T, line string) time.Duration {
	t.Helper()
	return got[time.Duration](t)(r.Press(line, 150*time.Millisecond))
}

func (r *rig) untilRequested(t *testing.T) {
	t.Helper()
	type request struct {
		UserID      string
		DisplayName string
		Position    int
	}
	until(t, "the host's queue", func() (list []request, err error) {
		err = json.Unmarshal([]byte(r.podium(t, "host", "requests", "--json").Stdout), &list)
		return list, err
	}, func(list []request) bool {
		return len(list) == 1 && list[0].UserID == podiumID && list[0].Position == 1
	})
}

func (r *rig) stepGrant(t *testing.T) {
	from := r.now(t)
	r.grant(t)
	if first := r.leavingSince(t, 0).first; first < from {
		t.Errorf("the first packet left at %s, the grant came after %s", first, from)
	}
	r.redTellsTheTruth(t, from)
	r.checkHistory(t, "status")
	if holders := got[[]guestapi.Holder](t)(r.mediaHolders()); len(holders) < 2 {
		t.Errorf("on air, but camera and microphone are held by %+v", holders)
	}
	if green := got[guestapi.Lamps](t)(r.Lamps()).Level[guestapi.LineGreen]; green {
		t.Error("the green line is high on stage")
	}
}

func (r *rig) grant(t *testing.T) {
	t.Helper()
	r.must(t, "host", "grant", podiumID)
	s := r.untilStatus(t, "on air", func(s status) bool { return s.isOnAir() && s.Media.Width > 0 })
	if s.Media.Width != 320 || s.Media.Height != 180 || s.Media.Packets == 0 {
		t.Errorf("media: %+v", s.Media)
	}
}

func (r *rig) stepMedia(t *testing.T) {
	v := until(t, "the viewer's media", r.viewer, func(v guestapi.Viewer) bool {
		return v.Tracks["video"].Packets >= 80 && v.Tracks["audio"].Packets >= 250
	})
	if video, audio := v.Tracks["video"].Codec, v.Tracks["audio"].Codec; video != "video/H264" || audio != "audio/opus" {
		t.Errorf("the viewer gets %s and %s", video, audio)
	}
	first := r.leavingSince(t, 0).first
	for kind, track := range v.Tracks {
		t.Logf("viewer's first %s packet %.3f s after the first on the wire", kind, (track.First - first).Seconds())
	}
}

func (r *rig) stepKick(t *testing.T) {
	from := r.now(t)
	r.must(t, "host", "kick", podiumID)
	returned := r.now(t)
	s := r.untilStatus(t, "kicked", status.isOff)
	if s.Reason != "removed" {
		t.Errorf("reason %q, want removed", s.Reason)
	}
	r.offAir(t, from)
	left := r.silence(t, 0)
	until(t, "the green lamp tells of the removal", func() (bool, error) {
		return slices.ContainsFunc(r.history(t, "status"), func(s status) bool { return s.Lamps.Green == "refused" }), nil
	}, func(seen bool) bool { return seen })
	t.Logf("kick called at %.3f s, answered at %.3f s, last packet on the wire at %.3f s", from.Seconds(), returned.Seconds(), left.last.Seconds())
	v := got[guestapi.Viewer](t)(r.CloseViewer("viewer"))
	t.Logf("the viewer received %+v", v.Tracks)
}

func (r *rig) offAir(t *testing.T, from time.Duration) {
	t.Helper()
	lamps := got[guestapi.Lamps](t)(r.Lamps())
	if lamps.Level[guestapi.LineRed] {
		t.Error("the red line is still high")
	}
	for _, c := range lamps.Changes {
		if c.Line == guestapi.LineRed && c.At > from && !c.High {
			t.Logf("the red line fell at %.3f s", c.At.Seconds())
		}
	}
	r.untilReleased(t)
}

func (r *rig) stepDecode(t *testing.T) {
	for _, name := range []string{"viewer.h264", "viewer.ogg"} {
		r.keep(t, name, got[[]byte](t)(r.ReadFile("/run/"+name)))
	}
	checkPicture(t, r.file("viewer.h264"))
	checkSound(t, r.file("viewer.ogg"))
}
