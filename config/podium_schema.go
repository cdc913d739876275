package config

import (
	"errors"
	"os"
	"strings"
)

// podiumSchema is the table of podium.yaml, bound to p.
func podiumSchema(p *Podium) schema {
	settings := []setting{
		text("server", &p.Server, isBaseURL, "The stage server's address, http or https."),
		pin("serverFingerprint", &p.Fingerprint,
			"The fingerprint of the server's key, SHA256: and 64 digits (podium fingerprint prints it on the server). Only that server is then spoken to, whoever signed its certificate. Empty: the system's authorities judge."),
		text("tokenFile", &p.TokenFile, notEmpty("name the file that holds this podium's token"),
			"The file with this podium's token (podium token makes one). A name without / is a systemd credential, or a file beside this one."),
		text("socket", &p.Socket, isSocket, "The control socket that podium press and podium status talk to."),
		oneOf("join", &p.Join, []Join{JoinAuto, JoinPress},
			"auto: an approved request goes live by itself. press: every turn wants a second press. An invitation always wants a press."),
		level("log", &p.Log, "How much is logged: debug, info, warn or error."),
		text("metricsListen", &p.MetricsListen, isListenOrNone,
			"Where /metrics (Prometheus) and /healthz are served, host:port (TCP), to whoever asks; none: nowhere. They say what podium status says, in numbers."),
	}
	settings = append(settings, mqttSettings(&p.MQTT)...)
	settings = append(settings, panelSettings(&p.Panel)...)
	settings = append(settings, mediaSettings(p)...)
	return schema{
		title:    "The podium's configuration (podium run --config FILE).",
		settings: settings,
		sections: map[string]string{
			"mqtt":          "A broker (MQTT 5) that is told what the podium is doing. It tells the podium nothing.",
			"panel":         "Buttons and lamps. Lines are found by name on the first chip that has one of the labels.",
			"panel.request": "The button that asks for the stage.",
			"panel.cancel":  "The button that takes it back, and leaves the stage.",
			"panel.red":     "The lamp that is steady while packets leave.",
			"panel.green":   "The lamp of the queue.",
			"panel.yellow":  "The lamp of faults: steady of this unit, flashing of the system. Without it the green lamp tells.",
			"panel.ring":    "A ring of addressable lamps (APA102, SK9822) that shows what the lamps show, large.",
			"camera":        "The picture, sent as H.264.",
			"microphone":    "The sound, sent as Opus.",
		},
	}
}

func mqttSettings(m *MQTT) []setting {
	return []setting{
		text("mqtt.broker", &m.Broker, isBroker, "The broker, such as mqtts://broker.example:8883; none: there is none."),
		text("mqtt.user", &m.User, isAnything, "The podium's name at the broker."),
		text("mqtt.passwordFile", &m.PasswordFile, isAnything, "The file with its password. A name without / is a systemd credential, or a file beside this one."),
		text("mqtt.topic", &m.Topic, isTopic, "What every topic begins with: the state is at TOPIC/MEETING/USERID/state."),
		text("mqtt.discovery", &m.Discovery, isTopic, "What Home Assistant's discovery topics begin with; none: it is told nothing."),
	}
}

func panelSettings(p *Panel) []setting {
	const (
		line = "The line's name (gpioinfo lists them)"
		high = "false: the button connects the line to ground. true: to 3.3 V."
		pull = "The chip's resistor: up, down, none, or auto (up, with activeHigh down)."
		low  = "false: a high line lights the lamp. true: a low one."
	)
	pulls := []Pull{PullAuto, PullUp, PullDown, PullNone}
	return []setting{
		oneOf("panel.kind", &p.Kind, []PanelKind{PanelGPIO, PanelNone}, "gpio: the lines below. none: only the control socket."),
		list("panel.chips", &p.Chips, notEmpty("name the label of a GPIO chip (gpiodetect lists them)"),
			"Labels of the header's GPIO chip: Pi 5, Pi 4 and 400, Pi 3 and Zero 2."),
		text("panel.request.line", &p.Request.Line, isLine, line+"."),
		yesNo("panel.request.activeHigh", &p.Request.ActiveHigh, high),
		oneOf("panel.request.pull", &p.Request.Pull, pulls, pull),
		text("panel.cancel.line", &p.Cancel.Line, isLine, line+", or none for a panel with one button: that one then cancels and leaves too."),
		yesNo("panel.cancel.activeHigh", &p.Cancel.ActiveHigh, high),
		oneOf("panel.cancel.pull", &p.Cancel.Pull, pulls, pull),
		text("panel.red.line", &p.Red.Line, isLine, line+"."),
		yesNo("panel.red.activeLow", &p.Red.ActiveLow, low),
		text("panel.green.line", &p.Green.Line, isLine, line+"."),
		yesNo("panel.green.activeLow", &p.Green.ActiveLow, low),
		text("panel.yellow.line", &p.Yellow.Line, isLine, line+", or none; GPIO24 is suggested."),
		yesNo("panel.yellow.activeLow", &p.Yellow.ActiveLow, low),
		text("panel.ring.device", &p.Ring.Device, notEmpty("name a SPI device, such as /dev/spidev0.0, or none"), "Its SPI device, such as /dev/spidev0.0, or none. Data is GPIO10 (pin 19), clock GPIO11 (pin 23)."),
		number("panel.ring.leds", &p.Ring.LEDs, 1, 144, "Lamps in the ring"),
		number("panel.ring.brightness", &p.Ring.Brightness, 1, 31, "Brightness of all"),
	}
}

func mediaSettings(p *Podium) []setting {
	return []setting{
		text("camera.device", &p.Camera.Device, isCamera, "auto: the first camera. none: no picture. test: a test picture. Else a path, best one of /dev/v4l/by-id."),
		number("camera.width", &p.Camera.Width, 160, 1920, "Pixels, even"),
		number("camera.height", &p.Camera.Height, 90, 1080, "Pixels, even"),
		number("camera.frameRate", &p.Camera.FrameRate, 1, 60, "Frames a second"),
		number("camera.bitRate", &p.Camera.BitRate, 50_000, 20_000_000, "Bits a second"),
		oneOf("camera.encoder", &p.Camera.Encoder, []string{"openh264", "v4l2m2m", "camera", "x264"},
			"What makes H.264 of the picture: openh264 (software, on every Pi), v4l2m2m (the board's own encoder, on a Pi 3, 4 and Zero 2 W; openh264 takes over where it is missing or stuck), x264 (only in a binary that was built with the tag x264, and is then under the GPL), or camera (the camera itself, where it has the pixel format H264)."),
		list("camera.command", &p.Camera.Command, notEmpty("give a program and its arguments, each an entry of its own"),
			"A program that writes H.264 (Annex B) to its standard output, with its arguments, in place of camera.device: for a CSI camera [rpicam-vid, -t, 0, -n, --codec, h264, --inline, --intra, 30, --profile, baseline, --width, 1280, --height, 720, --framerate, 30, --bitrate, 2500000, -o, -]. Its picture is sent as it is; --intra is how many pictures a late viewer waits for."),
		number("camera.delay", &p.Camera.Delay, 0, 1000, "ms that a picture is older than its device says, where viewers hear before they see: a camera.command knows nothing of its own delay"),
		text("microphone.device", &p.Microphone.Device, isMicrophone, "auto: the first microphone. none: no sound. test: a test sound. Else an ALSA card, such as Mic or hw:Mic,0."),
		number("microphone.bitRate", &p.Microphone.BitRate, 6_000, 256_000, "Bits a second (Opus, RFC 6716)"),
		oneOf("microphone.channels", &p.Microphone.Channels, []Channels{ChannelsAuto, ChannelsMono, ChannelsLeft, ChannelsRight, ChannelsStereo},
			"auto: as the device gives them. mono: their mean. left, right: that one alone. stereo: two."),
		number("microphone.highPass", &p.Microphone.HighPass, 0, 500, "Hz; below it the sound is taken away, 12 dB per octave: 80 helps against steps and wind. 0: none; else from 20"),
		number("microphone.gain", &p.Microphone.Gain, -20, 40, "dB, added to what the device gives"),
		number("microphone.delay", &p.Microphone.Delay, 0, 1000, "ms that a sound is older than its device says, where viewers hear after they see"),
	}
}

// check looks at what more than one key decides, and settles paths.
func (p *Podium) check(found places, token bool) error {
	var bad faults
	p.Server = strings.TrimRight(p.Server, "/")
	if !p.Fingerprint.IsZero() && !strings.HasPrefix(p.Server, "https://") {
		bad.add(found.fail("serverFingerprint", "is given, but server is %s: only https has a key to compare; give server as https://", p.Server))
	}
	p.TokenFile = found.path("tokenFile", p.TokenFile)
	if p.MQTT.PasswordFile != "" {
		p.MQTT.PasswordFile = found.path("mqtt.passwordFile", p.MQTT.PasswordFile)
		if _, err := os.Stat(p.MQTT.PasswordFile); err != nil && p.MQTT.Broker != None {
			bad.add(found.fail("mqtt.passwordFile", "cannot read %s: %v", p.MQTT.PasswordFile, errors.Unwrap(err)))
		}
	}
	bad.add(p.Panel.check(found))
	if p.Camera.Width%2 != 0 {
		bad.add(found.fail("camera.width", "%d is odd; H.264 wants an even width", p.Camera.Width))
	}
	if p.Camera.Height%2 != 0 {
		bad.add(found.fail("camera.height", "%d is odd; H.264 wants an even height", p.Camera.Height))
	}
	if p.Camera.Device == None && len(p.Camera.Command) == 0 && p.Microphone.Device == None {
		bad.add(found.fail("camera.device", "camera and microphone are both none: this podium could send nothing; give one of them"))
	}
	if p.Microphone.HighPass > 0 && p.Microphone.HighPass < 20 {
		bad.add(found.fail("microphone.highPass", "%d Hz is below what is heard; give 0 for none, or 20 to 500", p.Microphone.HighPass))
	}
	if _, err := ReadToken(p.TokenFile); err != nil && token {
		bad.add(found.fail("tokenFile", "%v", err))
	}
	return bad.join()
}

// check refuses a panel that cannot ask, or two parts on one line.
func (p Panel) check(found places) error {
	if p.Kind == PanelNone {
		return nil
	}
	var bad faults
	if len(p.Chips) == 0 {
		bad.add(found.fail("panel.chips", "is empty; name a chip, or set panel.kind: none"))
	}
	if p.Request.Line == None {
		bad.add(found.fail("panel.request.line", "is none: nobody could ask; name a line, or set panel.kind: none"))
	}
	if p.Red.Line == None || p.Green.Line == None {
		bad.add(found.fail("panel", "a lamp is none: nobody could see whether the podium is live; name both lines, or set panel.kind: none"))
	}
	used := map[string]string{}
	for _, part := range []struct{ key, line string }{
		{"panel.request.line", p.Request.Line}, {"panel.cancel.line", p.Cancel.Line},
		{"panel.red.line", p.Red.Line}, {"panel.green.line", p.Green.Line}, {"panel.yellow.line", p.Yellow.Line},
	} {
		if other := used[part.line]; other != "" && part.line != None {
			bad.add(found.fail(part.key, "%s is already %s; give each its own line", part.line, other))
		}
		used[part.line] = part.key
	}
	return bad.join()
}
