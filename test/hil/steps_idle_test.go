//go:build hil

package hil

import (
	"strings"
	"testing"
	"time"

	"podium/control"
	"podium/test/hil/guestapi"
)

func (r *rig) stepDevices(t *testing.T) {
	for command, want := range map[string]string{
		"gpiodetect":                     "[" + guestapi.ChipLabel + "] (54 lines)",
		"v4l2-ctl -d /dev/video0 --info": "vivid",
		"arecord -l":                     "Loopback",
		"uname -m":                       "aarch64",
	} {
		out, err := r.Run(guestapi.Command{Args: strings.Fields(command)})
		if err != nil || !strings.Contains(out.Stdout, want) {
			t.Errorf("%s: %q is not in %s%s %v", command, want, out.Stdout, out.Stderr, err)
		}
	}
	r.nobodyHolds(t)
	r.linesFree(t)
}

func (r *rig) linesFree(t *testing.T) {
	t.Helper()
	out, err := r.Run(guestapi.Command{Args: []string{"gpioinfo"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{guestapi.LineRequest, guestapi.LineCancel, guestapi.LineRed, guestapi.LineGreen} {
		for line := range strings.Lines(out.Stdout) {
			if strings.Contains(line, `"`+name+`"`) && !strings.Contains(line, "unused") {
				t.Errorf("line %s is held: %s", name, line)
			}
		}
	}
}

// tokens writes a token for each who takes part.
func (r *rig) tokens(t *testing.T, ttl string) {
	t.Helper()
	for user, preset := range map[string]string{podiumID: "podium", "host": "host", "viewer": "viewer"} {
		token := r.must(t, "token", "--meeting", meeting, "--user", user, "--name", user, "--preset", preset, "--ttl", ttl, "--config", "/etc/podium/stage.yaml")
		if err := r.WriteFile("/etc/podium/"+strings.TrimSuffix(user, "-1")+".token", 0o600, []byte(token)); err != nil {
			t.Fatal(err)
		}
	}
}

func (r *rig) stepNotConnected(t *testing.T) {
	r.tokens(t, "24h")
	r.start(t, "podium", "run", "/etc/podium/podium.yaml")
	r.untilStatus(t, "no server yet", func(s status) bool {
		return !s.Connected && s.Lamps.Green == "blip" && s.Lamps.Red == "off"
	})
	if err := r.Follow("status", "/run/podium/podium.sock", control.EventsPath); err != nil {
		t.Fatal(err)
	}
	until(t, "green blips", r.Lamps, func(l guestapi.Lamps) bool { return blips(l) >= 2 })
	if out := r.podium(t, "host", "requests"); out.Exit != 4 || !strings.Contains(out.Stderr, "127.0.0.1:8080") {
		t.Errorf("host without a server: exit %d, %s", out.Exit, out.Stderr)
	}
	r.nobodyHolds(t)
}

func blips(l guestapi.Lamps) (n int) {
	var up time.Duration
	for _, c := range l.Changes {
		switch {
		case c.Line != guestapi.LineGreen:
		case c.High:
			up = c.At
		case c.At-up < 900*time.Millisecond:
			n++
		}
	}
	return n
}

// stepTools asks what a technician asks, beside the running podium.
func (r *rig) stepTools(t *testing.T) {
	list := r.must(t, "devices", "--config", "/etc/podium/podium.yaml")
	t.Logf("podium devices:\n%s", list)
	for _, words := range [][]string{{guestapi.LineRed, "pinctrl-bcm2711", "podium@", "panel.red"}, {"/dev/video0", "vivid", "camera.device"}, {"YUYV:", "320x180"}, {"hw:Loopback,1", "microphone.device"}} {
		if !logged(list, words...) {
			t.Errorf("podium devices has no line with %q", words)
		}
	}
	answers := r.bash(t, "podium check --config /etc/podium/podium.yaml") // without the environment of the host's commands
	t.Logf("podium check:\n%s", answers)
	for _, words := range [][]string{{"ok", "a podium runs"}, {"ok", "token", podiumID}, {"ok", "server"}, {"ok", "panel.red", "held by the running podium"}, {"ok", "camera", "/dev/video0"}, {"ok", "microphone", "Loopback"}} {
		if !logged(answers, words...) {
			t.Errorf("podium check has no line with %q", words)
		}
	}
	if out := r.podium(t, "test-lamps", "--config", "/etc/podium/podium.yaml"); out.Exit != 1 || !strings.Contains(out.Stderr, "systemctl stop podium") {
		t.Errorf("podium test-lamps beside the podium: exit %d: %s", out.Exit, out.Stderr)
	}
}

// stepTestPanel tests lamps and buttons while no podium runs.
func (r *rig) stepTestPanel(t *testing.T) {
	from := r.now(t)
	text := r.must(t, "test-lamps", "--config", "/etc/podium/podium.yaml", "--state", "on-air", "--each", "500ms")
	if !strings.Contains(text, "red steady") {
		t.Errorf("podium test-lamps says %q", text)
	}
	if changes := r.lamp(t, guestapi.LineRed, from); len(changes) != 2 || !changes[0].High || changes[1].High {
		t.Errorf("test-lamps moved the red lamp like this: %+v", changes)
	}
	if _, err := r.Machine.Start("buttons", "podium", "test-buttons", "--config", "/etc/podium/podium.yaml"); err != nil {
		t.Fatal(err)
	}
	ask := func() (guestapi.Process, error) { return r.Process("buttons") }
	until(t, "test-buttons", ask, func(p guestapi.Process) bool { return logged(p.Output, "request on GPIO17") })
	r.wait(t, 300*time.Millisecond)
	r.press(t, guestapi.LineRequest)
	r.press(t, guestapi.LineCancel)
	p := until(t, "both presses", ask, func(p guestapi.Process) bool {
		return logged(p.Output, "request", "pressed") && logged(p.Output, "request", "released") && logged(p.Output, "cancel", "pressed")
	})
	t.Logf("podium test-buttons:\n%s", p.Output)
	r.terminate(t, "buttons")
	r.linesFree(t)
}

func (r *rig) stepConnected(t *testing.T) {
	r.start(t, "stage", "stage", "/etc/podium/stage.yaml")
	s := r.untilStatus(t, "connected", func(s status) bool { return s.isOff() && s.Lamps.Green == "off" })
	if s.Meeting != meeting || s.UserID != podiumID || len(s.Faults) != 0 {
		t.Errorf("status: %+v", s)
	}
	from := r.now(t)
	r.wait(t, 3*time.Second)
	if green, red := r.lamp(t, guestapi.LineGreen, from), r.lamp(t, guestapi.LineRed, 0); len(green)+len(red) != 0 {
		t.Errorf("lamps while off stage: green %+v, red %+v", green, red)
	}
	r.nobodyHolds(t)
	r.noMedia(t, 0)
}

func (r *rig) stepViewer(t *testing.T) {
	if _, err := r.Machine.Start("tone", "bash", "-c",
		"while cat /usr/share/podium-hil/tone.raw; do :; done | aplay -q -t raw -f S16_LE -r 48000 -c 1 -D hw:Loopback,0,0"); err != nil {
		t.Fatal(err)
	}
	token := got[[]byte](t)(r.ReadFile("/etc/podium/viewer.token"))
	v := got[guestapi.Viewer](t)(r.View(guestapi.View{
		Name: "viewer", Dir: "/run", Token: strings.TrimSpace(string(token)),
		URL: stageURL + "/v1/whep/" + meeting + "/" + podiumID,
	}))
	if v.Refused != "" {
		t.Fatalf("the viewer was refused: %s", v.Refused)
	}
	until(t, "viewer", r.viewer, func(v guestapi.Viewer) bool { return v.State == "connected" })
	r.noMedia(t, 0)
}

func (r *rig) viewer() (guestapi.Viewer, error) { return r.Viewer("viewer") }
