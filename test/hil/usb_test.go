//go:build hil

package hil

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"podium/test/hil/guestapi"
	"podium/test/hil/machine"
)

// The names by which the podium knows its devices, whatever order they come in.
const (
	usbCamera     = "/dev/v4l/by-id/usb-Podium_Test_Cam_SN0001-video-index0"
	usbMicrophone = "Mic"
	usbScript     = "/usr/share/podium-hil/usb.sh"
	usbPictures   = "/usr/share/podium-hil/pictures"
)

// TestUSB is a podium with a USB camera that sends Motion JPEG and with a USB
// microphone, by the drivers that real ones have; both are unplugged and plugged in.
func TestUSB(t *testing.T) {
	t.Parallel()
	r := newRig(t, "hil-usb")
	t.Cleanup(func() { r.keepLogs(t) })
	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"start", r.usbStart},
		{"devices", r.usbDevices},
		{"the board has no encoder", r.usbEncoder},
		{"camera on air", func(t *testing.T) { r.usbUnplugged(t, "camera", "cam") }},
		{"microphone on air", func(t *testing.T) { r.usbUnplugged(t, "microphone", "mic") }},
		{"both off air", r.usbOffAir},
		{"a button bounces", r.stepBounce},
		{"both buttons at once", r.stepBothButtons},
		{"a button is stuck", r.stepStuck},
		{"the board encodes", r.stepBoardEncoder},
	} {
		if !t.Run(step.name, step.run) {
			return
		}
	}
}

// usbPictureFiles are a second of a picture that moves.
func usbPictureFiles(a *machine.Archive) error {
	for n := range 10 {
		picture := image.NewYCbCr(image.Rect(0, 0, 320, 180), image.YCbCrSubsampleRatio420)
		for i := range picture.Y {
			picture.Y[i] = byte(i%320 + 24*n)
		}
		for i := range picture.Cb {
			c := color.YCbCr{Cb: byte(80 + 8*n), Cr: 140}
			picture.Cb[i], picture.Cr[i] = c.Cb, c.Cr
		}
		var file bytes.Buffer
		if err := jpeg.Encode(&file, picture, nil); err != nil {
			return err
		}
		if err := a.AddFile(fmt.Sprintf("%s/%03d.jpg", strings.TrimPrefix(usbPictures, "/"), n), 0o644, file.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// usb runs the script that makes and plugs the devices.
func (r *rig) usb(t *testing.T, args string) {
	t.Helper()
	r.bash(t, usbScript+" "+args)
}

func (r *rig) usbStart(t *testing.T) {
	r.bash(t, "/lib/systemd/systemd-udevd --daemon && udevadm trigger --action=add && udevadm settle")
	r.usb(t, "make")
	for name, script := range map[string]string{
		"feeder": "while :; do /init uvcfeed " + usbPictures + "; sleep 0.1; done",
		"player": "while :; do aplay -q -t raw -f S16_LE -r 48000 -c 1 -D hw:UAC1Gadget /usr/share/podium-hil/tone.raw; sleep 0.1; done 2>/dev/null",
	} {
		if _, err := r.Machine.Start(name, "bash", "-c", script); err != nil {
			t.Fatal(err)
		}
	}
	r.usb(t, "plug cam")
	r.usb(t, "plug mic")
	r.untilBash(t, "the USB camera's name", "ls "+usbCamera)
	r.untilBash(t, "the USB microphone", "cat /proc/asound/"+usbMicrophone+"/id")
	text := string(got[[]byte](t)(r.ReadFile("/etc/podium/podium.yaml")))
	text = strings.NewReplacer(cameraNode, usbCamera+"\n  encoder: v4l2m2m", "device: Loopback", "device: "+usbMicrophone).Replace(text)
	if err := r.WriteFile("/etc/podium/podium.yaml", 0o644, []byte(text)); err != nil {
		t.Fatal(err)
	}
	r.tokens(t, "24h")
	r.start(t, "stage", "stage", "/etc/podium/stage.yaml")
	if err := r.Listen(notifySocket); err != nil {
		t.Fatal(err)
	}
	r.startPodium(t)
}

// untilBash waits until a script succeeds.
func (r *rig) untilBash(t *testing.T, what, script string) {
	t.Helper()
	until(t, what, func() (guestapi.Outcome, error) {
		return r.Run(guestapi.Command{Args: []string{"bash", "-c", script}})
	}, func(o guestapi.Outcome) bool { return o.Exit == 0 })
}

func (r *rig) usbDevices(t *testing.T) {
	list := r.must(t, "devices", "--config", "/etc/podium/podium.yaml")
	for _, words := range [][]string{{usbCamera, "Test Cam", "camera.device"}, {"MJPG:", "320x180 at up to 30"}, {"hw:Mic,0", "snd-usb-audio", "microphone.device"}} {
		if !logged(list, words...) {
			t.Errorf("podium devices has no line with %q:\n%s", words, list)
		}
	}
}

// usbUnplugged unplugs a device on air, and plugs it in again: the other one goes on,
// something goes out in its place, and it is back in the same turn.
func (r *rig) usbUnplugged(t *testing.T, part, gadget string) {
	from, heard, shown := r.wholeTurn(t)
	t.Logf("%s", since(from, heard, shown))
	unplugged := r.now(t)
	r.usb(t, "unplug "+gadget)
	s := r.untilStatus(t, "the fault", func(s status) bool { return s.fault(part) != "" && s.isOnAir() })
	t.Logf("%.1f s after it was unplugged: %s", (r.now(t) - unplugged).Seconds(), s.fault(part))
	r.othersGoOn(t, deviceFault{part: part}, standIn)
	r.usb(t, "plug "+gadget)
	r.deviceIsBack(t, deviceFault{part: part})
	r.othersGoOn(t, deviceFault{part: part}, itself)
	r.end(t, "cancel", from)
	r.untilReleased(t)
}

// usbOffAir unplugs both while nobody uses them.
func (r *rig) usbOffAir(t *testing.T) {
	r.usb(t, "unplug cam")
	r.usb(t, "unplug mic")
	r.wait(t, time.Second)
	if s := got[status](t)(r.status()); !s.isOff() || len(s.Faults) > 0 {
		t.Errorf("without its devices: %s", s)
	}
	r.usb(t, "plug cam")
	r.usb(t, "plug mic")
	r.untilBash(t, "the USB camera's name", "ls "+usbCamera)
	r.untilBash(t, "the USB microphone", "cat /proc/asound/"+usbMicrophone+"/id")
	from, heard, shown := r.wholeTurn(t)
	t.Logf("%s", since(from, heard, shown))
	r.end(t, "cancel", from)
	r.untilReleased(t)
}
