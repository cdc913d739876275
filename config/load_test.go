package config

import (
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestFileSetsEveryKind(t *testing.T) {
	dir := folder(t)
	got, err := LoadPodium(write(t, dir, "podium.yaml", `
server: https://stage.example.org/hall/
join: press
log: debug
panel:
  kind: gpio
  chips: [pinctrl-bcm2711]
  cancel: {line: none}
  red: {line: GPIO5, activeLow: true}
camera:
  device: /dev/video2
  width: 640
  height: 360
microphone: {device: "hw:Loopback,1,0", bitRate: 32000}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultPodium()
	want.Server, want.TokenFile = "https://stage.example.org/hall", dir+"/podium.token"
	want.Join, want.Log = JoinPress, slog.LevelDebug
	want.Panel.Chips, want.Panel.Cancel.Line = []string{"pinctrl-bcm2711"}, None
	want.Panel.Red = Lamp{Line: "GPIO5", ActiveLow: true}
	want.Camera.Device, want.Camera.Width, want.Camera.Height = "/dev/video2", 640, 360
	want.Microphone = Microphone{Device: "hw:Loopback,1,0", BitRate: 32000, Channels: ChannelsAuto}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestEnvironmentOverridesTheFile(t *testing.T) {
	dir := folder(t)
	t.Setenv("PODIUM_LISTEN", "127.0.0.1:9000")
	t.Setenv("PODIUM_ANNOUNCE", "192.0.2.1, 2001:db8::1")
	t.Setenv("PODIUM_LEASE", "2s")
	t.Setenv("PODIUM_LOG", "") // as not set
	got, err := LoadStage(write(t, dir, "stage.yaml", "listen: 0.0.0.0:1\nlog: warn\nlease: 9s\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != "127.0.0.1:9000" || got.Lease != 2*time.Second || got.Log != slog.LevelWarn ||
		!reflect.DeepEqual(got.Announce, []string{"192.0.2.1", "2001:db8::1"}) {
		t.Errorf("got %+v", got)
	}
}

// Every override is one value of the right type: set each to something and see
// that it either arrives or is refused by its own name.
func TestEveryKeyHasAnOverride(t *testing.T) {
	p := DefaultPodium()
	for _, one := range podiumSchema(&p).settings {
		t.Run(one.key, func(t *testing.T) {
			t.Setenv(EnvName(one.key), "\x01")
			_, err := LoadPodium(write(t, folder(t), "podium.yaml", ""))
			var e *Error
			if !errors.As(err, &e) || e.Env != EnvName(one.key) || e.Key != one.key {
				t.Errorf("%s was not looked at: %v", EnvName(one.key), err)
			}
		})
	}
}

func TestEnvName(t *testing.T) {
	for key, want := range map[string]string{
		"server": "PODIUM_SERVER", "tokenFile": "PODIUM_TOKEN_FILE", "socket": "PODIUM_SOCKET",
		"camera.frameRate": "PODIUM_CAMERA_FRAME_RATE", "publicURL": "PODIUM_PUBLIC_URL",
		"panel.red.activeLow": "PODIUM_PANEL_RED_ACTIVE_LOW", "tls.keyFile": "PODIUM_TLS_KEY_FILE",
	} {
		if got := EnvName(key); got != want {
			t.Errorf("EnvName(%q) = %s, want %s", key, got, want)
		}
	}
}

// No two keys of a file may share a variable.
func TestEnvNamesAreDistinct(t *testing.T) {
	p, s := DefaultPodium(), DefaultStage()
	for _, table := range []schema{podiumSchema(&p), stageSchema(&s)} {
		seen := map[string]string{}
		for _, one := range table.settings {
			if other := seen[EnvName(one.key)]; other != "" {
				t.Errorf("%s and %s are both %s", one.key, other, EnvName(one.key))
			}
			seen[EnvName(one.key)] = one.key
		}
	}
}

func TestWithoutFile(t *testing.T) {
	dir := folder(t)
	t.Setenv("PODIUM_TOKEN_FILE", dir+"/podium.token")
	if _, err := LoadPodium(""); err != nil {
		t.Error(err)
	}
	_, err := LoadPodium(dir + "/missing.yaml")
	if err == nil || !strings.Contains(err.Error(), "missing.yaml: there is no such file") {
		t.Errorf("got %v", err)
	}
}

func TestResistor(t *testing.T) {
	for _, row := range []struct {
		button Button
		want   Pull
	}{
		{Button{}, PullUp}, {Button{Pull: PullAuto}, PullUp}, {Button{ActiveHigh: true, Pull: PullAuto}, PullDown},
		{Button{Pull: PullNone}, PullNone}, {Button{ActiveHigh: true, Pull: PullUp}, PullUp},
	} {
		if got := row.button.Resistor(); got != row.want {
			t.Errorf("%+v: %s, want %s", row.button, got, row.want)
		}
	}
}
