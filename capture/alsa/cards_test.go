//go:build linux && (amd64 || arm64)

package alsa

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// sysfs makes a /sys/class/sound with a loopback as card 0 and two real cards.
func sysfs(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	sys := filepath.Join(root, "class", "sound")
	for _, dir := range []string{"pcmC0D0c", "pcmC0D0p", "pcmC0D1c", "pcmC0D1p", "pcmC1D0p", "pcmC2D0c", "pcmC10D0c", "controlC0"} {
		if err := os.MkdirAll(filepath.Join(sys, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for number, card := range map[string][2]string{"0": {"Loopback", "snd_aloop"}, "1": {"vc4hdmi", "vc4_hdmi"}, "2": {"Mic", "snd-usb-audio"}, "10": {"Webcam", "snd-usb-audio"}} {
		driver := filepath.Join(root, "drivers", card[1])
		device := filepath.Join(sys, "card"+number, "device")
		for _, dir := range []string{driver, device} {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(driver, filepath.Join(device, "driver")); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(sys, "card"+number, "id"), []byte(card[0]+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sys
}

func names(all []Found) (out []string) {
	for _, f := range all {
		out = append(out, f.Name)
	}
	return out
}

func TestFind(t *testing.T) {
	all := find(sysfs(t), "/dev/snd")
	if got, want := names(all), []string{"hw:Mic,0", "hw:Webcam,0", "hw:Loopback,1", "hw:Loopback,0"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if all[2].Path != "/dev/snd/pcmC0D1c" || all[2].Driver != loopback {
		t.Errorf("%+v", all[2])
	}
}

func TestNames(t *testing.T) {
	all := find(sysfs(t), "/dev/snd")
	for name, want := range map[string]string{
		"Loopback": "hw:Loopback,1", "loopback": "hw:Loopback,1", "Loopback,1": "hw:Loopback,1", "Loopback,0": "hw:Loopback,0",
		"hw:Loopback,1,0": "hw:Loopback,1", "plughw:Loopback,1": "hw:Loopback,1", "hw:0,1": "hw:Loopback,1",
		"hw:CARD=Loopback,DEV=1,SUBDEV=0": "hw:Loopback,1", "Mic": "hw:Mic,0", "2": "hw:Mic,0", "10": "hw:Webcam,0",
		"Mic,3": "", "Nothing": "", "vc4hdmi": "",
	} {
		c, err := parse(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := ""
		if i := slices.IndexFunc(all, c.matches); i >= 0 {
			got = all[i].Name
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if c, _ := parse("hw:Loopback,1,3"); c.subdevice != 3 {
		t.Errorf("subdevice %d", c.subdevice)
	}
}

func TestNamesThatAreNoCard(t *testing.T) {
	for _, name := range []string{"null", "hw:null", "default", "dsnoop:Loopback,1", "pulse:x", "Loopback,x", "Loopback,-1", "a,1,2,3", ""} {
		if _, err := parse(name); err == nil {
			t.Errorf("no error for %q", name)
		}
	}
}
