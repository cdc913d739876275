package technician

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"podium/capture"
	"podium/capture/alsa"
	"podium/capture/v4l2"
	"podium/config"
	"podium/control"
	"podium/hw/header"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// bench is a machine on which all is well, and the configuration of its podium.
func bench(t *testing.T) (machine, config.Podium) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", noon.Format(http.TimeFormat))
		if r.URL.Path != "/healthz" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	c := config.DefaultPodium()
	folder := t.TempDir()
	c.Server, c.TokenFile, c.Socket = server.URL, filepath.Join(folder, "token"), filepath.Join(folder, "podium.sock")
	writeToken(t, c.TokenFile, noon.Add(time.Hour))
	m := machine{
		chips: func() ([]header.Chip, error) {
			return []header.Chip{{Name: "gpiochip1", Label: "other"}, {Name: "gpiochip0", Label: "pinctrl-rp1", Lines: []header.Line{
				{Name: "GPIO17"}, {Name: "GPIO27"}, {Name: "GPIO22"}, {Name: "GPIO23"}, {Name: "GPIO24"},
			}}}, nil
		},
		cameras: func() []v4l2.Found {
			return []v4l2.Found{{Path: "/dev/v4l/by-id/usb-cam", Node: "/dev/video0", Card: "Cam", Formats: []v4l2.Format{
				{Pixels: "MJPG", Width: 1280, Height: 720, FrameRate: 30}, {Pixels: "YUYV", Width: 640, Height: 480, FrameRate: 15},
			}}}
		},
		microphones: func() []alsa.Found { return []alsa.Found{{Name: "hw:Mic,0", Card: "Mic", Driver: "snd-usb-audio"}} },
		status:      func(context.Context, string) (bool, error) { return false, control.ErrNobody },
		now:         func() time.Time { return noon },
	}
	return m, c
}

func writeToken(t *testing.T, path string, end time.Time) {
	t.Helper()
	claims := fmt.Sprintf(`{"sub":"pulpit","meeting":"council","exp":%d}`, end.Unix())
	token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".x"
	if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
}

// holdsRed has somebody hold the red lamp's line.
func holdsRed(holder string) func(*machine, *config.Podium) {
	return func(m *machine, _ *config.Podium) {
		m.chips = func() ([]header.Chip, error) {
			lines := []header.Line{{Name: "GPIO17"}, {Name: "GPIO27"}, {Name: "GPIO22", Used: true, Holder: holder}, {Name: "GPIO23"}}
			return []header.Chip{{Name: "gpiochip0", Label: "pinctrl-rp1", Lines: lines}}, nil
		}
	}
}

func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*machine, *config.Podium)
		wrong  string // the only one that is; empty: none
		says   []string
	}{
		{"all well", func(*machine, *config.Podium) {}, "", nil},
		{"no token", func(_ *machine, c *config.Podium) { c.TokenFile += "x" }, "token", []string{"no such file", "podium token"}},
		{"expired token", func(_ *machine, c *config.Podium) { writeToken(t, c.TokenFile, noon.Add(-time.Hour)) }, "token", []string{"expired", "clock"}},
		{"loose token", func(_ *machine, c *config.Podium) { _ = os.Chmod(c.TokenFile, 0o644) }, "token", []string{"others", "chmod"}},
		{"no server", func(_ *machine, c *config.Podium) { c.Server = "http://127.0.0.1:1" }, "server", []string{"refused", "systemctl"}},
		{"another server", func(_ *machine, c *config.Podium) { c.Server += "/not" }, "server", []string{"404", "journalctl"}},
		{"a clock that is off", func(m *machine, c *config.Podium) {
			m.now = func() time.Time { return noon.Add(-5 * time.Minute) }
		}, "clock", []string{"5m", "timedatectl"}},
		{"no folder for the socket", func(_ *machine, c *config.Podium) { c.Socket = "/no/such/podium.sock" }, "socket", []string{"/no/such", "mkdir"}},
		{"the podium runs", func(m *machine, _ *config.Podium) {
			holdsRed("podium@8")(m, nil)
			m.status = func(context.Context, string) (bool, error) { return true, nil }
		}, "", nil},
		{"a socket of another user", func(m *machine, _ *config.Podium) {
			m.status = func(context.Context, string) (bool, error) { return false, errors.New("permission denied") }
		}, "socket", []string{"permission", "root"}},
		{"a foreign podium", holdsRed("podium@8"), "panel.red", []string{"podium@8", "end"}},
		{"a line in use", holdsRed("gpioset@9"), "panel.red", []string{"GPIO22", "gpioset@9"}},
		{"a line of the kernel", holdsRed(""), "panel.red", []string{"kernel", "config.txt"}},
		{"no such line", func(_ *machine, c *config.Podium) { c.Panel.Yellow.Line = "GPIO99" }, "panel.yellow", []string{"GPIO99", "podium devices"}},
		{"no such chip", func(_ *machine, c *config.Podium) { c.Panel.Chips = []string{"pi"} }, "panel", []string{"pinctrl-rp1", "panel.chips"}},
		{"no chips to be seen", func(m *machine, _ *config.Podium) {
			m.chips = func() ([]header.Chip, error) { return nil, errors.New("denied") }
		}, "panel", []string{"denied", "gpio"}},
		{"no panel", func(m *machine, c *config.Podium) {
			c.Panel.Kind = config.PanelNone
			m.chips = func() ([]header.Chip, error) { t.Error("looked for a panel"); return nil, nil }
		}, "", nil},
		{"no camera", func(m *machine, _ *config.Podium) { m.cameras = func() []v4l2.Found { return nil } }, "camera", []string{"no camera", "plug"}},
		{"another camera", func(_ *machine, c *config.Podium) { c.Camera.Device = "/dev/video7" }, "camera", []string{"/dev/video7", "usb-cam"}},
		{"a size it has not", func(_ *machine, c *config.Podium) { c.Camera.Width = 1920 }, "camera", []string{"MJPG 1280x720"}},
		{"a rate it has not", func(_ *machine, c *config.Podium) { c.Camera.FrameRate = 60 }, "camera", []string{"30", "frameRate"}},
		{"no picture", func(m *machine, c *config.Podium) {
			c.Camera.Device = config.None
			m.cameras = func() []v4l2.Found { return nil }
		}, "", nil},
		{"a program", func(_ *machine, c *config.Podium) { c.Camera.Command = []string{"sh"} }, "", nil},
		{"no such program", func(_ *machine, c *config.Podium) { c.Camera.Command = []string{"rpicam-not"} }, "camera", []string{"rpicam-not", "apt install"}},
		{"a camera that does not encode", func(_ *machine, c *config.Podium) { c.Camera.Encoder = "camera" }, "camera", []string{"usb-cam", "openh264"}},
		{"no such encoder", func(_ *machine, c *config.Podium) { c.Camera.Encoder = "vp8" }, "camera", []string{"vp8", "openh264"}},
		{"no microphone", func(m *machine, _ *config.Podium) { m.microphones = func() []alsa.Found { return nil } }, "microphone", []string{"no sound card", "plug"}},
		{"another microphone", func(_ *machine, c *config.Podium) { c.Microphone.Device = "Desk" }, "microphone", []string{"Desk", "hw:Mic,0"}},
		{"a test sound", func(_ *machine, c *config.Podium) { c.Microphone.Device = "test" }, "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, c := bench(t)
			row.change(&m, &c)
			var wrong []string
			well := m.check(t.Context(), c, func(r Result) {
				if r.OK {
					return
				}
				wrong = append(wrong, r.What)
				for _, word := range row.says {
					if !strings.Contains(r.Says+r.Next, word) {
						t.Errorf("%q, next %q: no %q", r.Says, r.Next, word)
					}
				}
				if r.Next == "" {
					t.Errorf("%s: %s: no next step", r.What, r.Says)
				}
			})
			if got := strings.Join(wrong, " "); got != row.wrong || well != (row.wrong == "") {
				t.Errorf("wrong: %q, want %q; all well: %t", got, row.wrong, well)
			}
		})
	}
}

func TestCheckTellsWhoEncodes(t *testing.T) {
	m, c := bench(t)
	c.Camera.Encoder = capture.BoardEncoder
	for _, row := range []struct {
		encoder func() (string, string, error)
		says    string
	}{
		{func() (string, string, error) { return "/dev/video11", "bcm2835-codec-encode", nil }, "/dev/video11 (bcm2835-codec-encode)"},
		{func() (string, string, error) { return "", "", errors.New("this board has none") }, "this board has none; openh264 will encode"},
	} {
		m.encoder = row.encoder
		var said string
		if !m.check(t.Context(), c, func(r Result) {
			if r.What == "encoder" {
				said = r.Says
			}
		}) || said != row.says {
			t.Errorf("%q, want %q", said, row.says)
		}
	}
}
