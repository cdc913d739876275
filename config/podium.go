package config

import (
	"log/slog"

	"podium/internal/fingerprint"
)

// Words that stand for a device.
const (
	Auto = "auto" // the first that fits
	None = "none" // not fitted
)

// Join says what makes an approved podium go live.
type Join string

// The ways to join. An invitation always wants a press.
const (
	JoinAuto  Join = "auto"  // the press that asked is the consent for that turn
	JoinPress Join = "press" // every turn wants a second press
)

// PanelKind says what buttons and lamps there are.
type PanelKind string

// The kinds of panel.
const (
	PanelGPIO PanelKind = "gpio" // on the header
	PanelNone PanelKind = "none" // only the control socket
)

// Podium is a checked podium.yaml.
type Podium struct {
	Server string // base URL of the stage, http or https, without a final slash
	// Fingerprint is that of the server's key; zero: the system's authorities judge it.
	Fingerprint fingerprint.Key
	TokenFile   string // path of the file with this podium's token
	Socket      string // path of the control socket
	Join        Join
	Log         slog.Level
	// MetricsListen is the TCP address of /metrics and /healthz, host:port; None: there is
	// none.
	MetricsListen string
	MQTT          MQTT
	Panel         Panel
	Camera        Camera

	Microphone Microphone
}

// MQTT is a broker that is told what the podium is doing.
type MQTT struct {
	Broker       string // mqtt:// or mqtts:// URL; None: there is none
	User         string
	PasswordFile string // empty: there is no password
	Topic        string // what every topic begins with
	Discovery    string // the same for Home Assistant's; None: it is told nothing
}

// Panel is the buttons and lamps.
type Panel struct {
	Kind    PanelKind
	Chips   []string // labels of GPIO chips, the first found is used
	Request Button
	Cancel  Button // Line None: a one-button panel
	Red     Lamp
	Green   Lamp
	Ring    Ring
	Yellow  Lamp // Line None: not fitted, and green tells of faults too
}

// Ring is a ring of addressable lamps that shows what the lamps show.
type Ring struct {
	Device     string // path of a SPI device, or None
	LEDs       int
	Brightness int // 1 to 31
}

// Pull is the resistor that holds a button's line while nobody presses.
type Pull string

// The resistors inside the chip.
const (
	PullAuto Pull = "auto" // against the press: up, or down with ActiveHigh
	PullUp   Pull = "up"
	PullDown Pull = "down"
	PullNone Pull = "none" // there is one outside
)

// Button is one input line.
type Button struct {
	Line       string // name as GPIO17, or None
	ActiveHigh bool   // a press raises the line; else it pulls it to ground
	Pull       Pull
}

// Resistor is Pull with PullAuto (and the zero value) settled.
func (b Button) Resistor() Pull {
	switch {
	case b.Pull != PullAuto && b.Pull != "":
		return b.Pull
	case b.ActiveHigh:
		return PullDown
	}
	return PullUp
}

// Lamp is one output line.
type Lamp struct {
	Line      string // name as GPIO22, or None
	ActiveLow bool   // the lamp is lit by a low line
}

// Camera is the picture's source and encoding.
type Camera struct {
	Device        string // Auto, None or a path
	Width, Height int    // pixels, even
	FrameRate     int    // frames/s
	BitRate       int    // bit/s
	Encoder       string // a name of capture.Encoders
	Delay         int    // ms that a picture is older than its device says
	// Command is a program, with its arguments, that writes H.264 (Annex B) to its
	// standard output; empty: Device.
	Command []string
}

// Microphone is the sound's source and encoding.
type Microphone struct {
	Device   string   // Auto, None or an ALSA name
	BitRate  int      // bit/s
	Channels Channels // what is made of its channels
	HighPass int      // Hz; 0: none
	Gain     int      // dB
	Delay    int      // ms that a sound is older than its device says
}

// Channels says what is made of a microphone's channels.
type Channels string

// The choices.
const (
	ChannelsAuto   Channels = Auto     // as the device gives them
	ChannelsMono   Channels = "mono"   // the mean of all
	ChannelsLeft   Channels = "left"   // the first alone
	ChannelsRight  Channels = "right"  // the second alone
	ChannelsStereo Channels = "stereo" // two, also of one
)

// DefaultPodium returns what an empty podium.yaml means.
func DefaultPodium() Podium {
	return Podium{
		Server:        "http://127.0.0.1:8080",
		TokenFile:     "podium.token",
		Socket:        "/run/podium/podium.sock",
		MetricsListen: None,
		MQTT:          MQTT{Broker: None, Topic: "podium", Discovery: "homeassistant"},
		Join:          JoinAuto,
		Panel: Panel{
			Kind:    PanelGPIO,
			Chips:   []string{"pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"},
			Request: Button{Line: "GPIO17", Pull: PullAuto},
			Cancel:  Button{Line: "GPIO27", Pull: PullAuto},
			Red:     Lamp{Line: "GPIO22"},
			Green:   Lamp{Line: "GPIO23"},
			Yellow:  Lamp{Line: None},
			Ring:    Ring{Device: None, LEDs: 12, Brightness: 8},
		},
		Camera:     Camera{Device: Auto, Width: 1280, Height: 720, FrameRate: 30, BitRate: 2_500_000, Encoder: "openh264"},
		Microphone: Microphone{Device: Auto, BitRate: 64_000, Channels: ChannelsAuto},
	}
}

// LoadPodium reads path, lets the environment override it, and checks it. An
// empty path means no file: the defaults and the environment alone. TokenFile
// comes back as the path where the token is (see docs/configuration.md on
// secrets). Errors are *Error, several of them joined.
func LoadPodium(path string) (Podium, error) { return readPodium(path, true) }

// PodiumWithoutToken is LoadPodium for one that is about to be enrolled: its token is not
// there yet.
func PodiumWithoutToken(path string) (Podium, error) { return readPodium(path, false) }

func readPodium(path string, token bool) (Podium, error) {
	p := DefaultPodium()
	found, err := load(path, podiumSchema(&p))
	if err != nil {
		return Podium{}, err
	}
	if err := p.check(found, token); err != nil {
		return Podium{}, err
	}
	return p, nil
}
