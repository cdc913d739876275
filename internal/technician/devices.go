package technician

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"podium/capture/alsa"
	"podium/capture/v4l2"
	"podium/config"
	"podium/hw/header"
)

// Devices is what this machine has that a podium can use.
type Devices struct {
	Lines       []Line       `json:"lines"`
	Cameras     []Camera     `json:"cameras"`
	Microphones []Microphone `json:"microphones"`
	SPI         []string     `json:"spi"`      // device files, for a ring of lamps
	Problems    []string     `json:"problems"` // what could not be looked at
}

// Line is a named GPIO line.
type Line struct {
	Name   string `json:"name"`
	Chip   string `json:"chip"`             // "gpiochip0 (pinctrl-rp1)"
	Header bool   `json:"header"`           // it is on the pin header's chip
	Busy   bool   `json:"busy"`             // somebody holds it
	Holder string `json:"holder,omitempty"` // who, as far as the kernel says
	Use    string `json:"use,omitempty"`    // what the configuration uses it for: "panel.red"
}

// Camera is a camera that is connected.
type Camera struct {
	Device  string   `json:"device"` // as camera.device wants it
	Node    string   `json:"node"`
	Name    string   `json:"name"`
	Formats []string `json:"formats"` // "MJPG 1280x720 at up to 30"
	Holder  string   `json:"holder,omitempty"`
	Use     string   `json:"use,omitempty"`
}

// Microphone is a sound card's capture device.
type Microphone struct {
	Device string `json:"device"` // as microphone.device wants it
	Driver string `json:"driver"`
	Holder string `json:"holder,omitempty"`
	Use    string `json:"use,omitempty"`
}

// Look lists the devices. It starts none and requests no line. c may be nil: then
// nothing is marked as used.
func Look(c *config.Podium) Devices {
	d := Devices{Lines: []Line{}, Cameras: []Camera{}, Microphones: []Microphone{}, SPI: []string{}, Problems: []string{}}
	chips, err := header.Survey()
	if err != nil {
		d.Problems = append(d.Problems, err.Error())
	}
	d.Lines = append(d.Lines, named(chips, c)...)
	for i, f := range v4l2.Find() {
		camera := Camera{Device: f.Path, Node: f.Node, Name: f.Card, Holder: f.Holder, Formats: []string{}}
		for _, format := range f.Formats {
			camera.Formats = append(camera.Formats, format.String())
		}
		if c != nil && (c.Camera.Device == f.Path || c.Camera.Device == f.Node || c.Camera.Device == config.Auto && i == 0) {
			camera.Use = "camera.device"
		}
		d.Cameras = append(d.Cameras, camera)
	}
	cards := alsa.Find()
	used := ""
	if c != nil {
		if f, err := alsa.Named(cards, orFirst(c.Microphone.Device)); err == nil {
			used = f.Path
		}
	}
	for _, f := range cards {
		m := Microphone{Device: f.Name, Driver: f.Driver, Holder: f.Holder}
		if f.Path == used {
			m.Use = "microphone.device"
		}
		d.Microphones = append(d.Microphones, m)
	}
	spi, _ := filepath.Glob("/dev/spidev*")
	d.SPI = append(d.SPI, spi...)
	return d
}

// orFirst turns "auto" into what capture calls the first one.
func orFirst(device string) string {
	if device == config.Auto {
		return ""
	}
	return device
}

// named are the lines with a name of a person's choice, the header's first.
func named(chips []header.Chip, c *config.Podium) []Line {
	labels := header.DefaultChipLabels()
	uses := map[string]string{}
	if c != nil && c.Panel.Kind == config.PanelGPIO {
		labels = c.Panel.Chips
		for _, part := range parts(c.Panel) {
			uses[part.line] = part.key
		}
	}
	var all []Line
	for _, chip := range chips {
		onHeader := slices.Contains(labels, chip.Label)
		for _, l := range chip.Lines {
			if l.Name == "" || l.Name == "-" || l.Name == "_" {
				continue
			}
			line := Line{Name: l.Name, Chip: fmt.Sprintf("%s (%s)", chip.Name, chip.Label), Header: onHeader, Busy: l.Used, Holder: l.Holder}
			if onHeader {
				line.Use = uses[l.Name]
			}
			all = append(all, line)
		}
	}
	slices.SortStableFunc(all, func(a, b Line) int {
		switch {
		case a.Header == b.Header:
			return 0
		case a.Header:
			return -1
		}
		return 1
	})
	return all
}

// part is one line of a panel.
type part struct{ key, line string }

// parts are the lines that a panel has.
func parts(p config.Panel) []part {
	return slices.DeleteFunc([]part{
		{"panel.request", p.Request.Line}, {"panel.cancel", p.Cancel.Line},
		{"panel.red", p.Red.Line}, {"panel.green", p.Green.Line}, {"panel.yellow", p.Yellow.Line},
	}, func(p part) bool { return p.line == config.None || p.line == "" })
}

// Print writes the devices for a person; what comes from elsewhere is made fit to be
// shown by row, which ends the line and separates cells by tabs.
func (d Devices) Print(w io.Writer, row func(io.Writer, ...string)) {
	row(w, "LINE", "CHIP", "STATE", "USED FOR")
	for _, l := range d.Lines {
		row(w, l.Name, l.Chip, state(l.Busy, l.Holder), l.Use)
	}
	if len(d.Lines) == 0 {
		row(w, "none: this machine shows no GPIO line with a name")
	}
	row(w)
	row(w, "CAMERA", "NAME", "STATE", "USED FOR")
	for _, c := range d.Cameras {
		row(w, c.Device, c.Name, state(c.Holder != "", c.Holder), c.Use)
		for _, f := range grouped(c.Formats) {
			row(w, "  "+f)
		}
	}
	if len(d.Cameras) == 0 {
		row(w, "none: no camera is connected, or this user is not in the group video")
	}
	row(w)
	row(w, "MICROPHONE", "DRIVER", "STATE", "USED FOR")
	for _, m := range d.Microphones {
		row(w, m.Device, m.Driver, state(m.Holder != "", m.Holder), m.Use)
	}
	if len(d.Microphones) == 0 {
		row(w, "none: no sound card that can record is connected")
	}
	if len(d.SPI) > 0 {
		row(w)
		row(w, "SPI", strings.Join(d.SPI, " "))
	}
	for _, p := range d.Problems {
		row(w)
		row(w, "cannot look", p)
	}
}

// grouped puts what has the same pixel format on one line: "MJPG: 640x480 at up to 30".
func grouped(formats []string) []string {
	var lines []string
	for _, f := range formats {
		pixels, rest, _ := strings.Cut(f, " ")
		if last := len(lines) - 1; last >= 0 && strings.HasPrefix(lines[last], pixels+": ") {
			lines[last] += ", " + rest
			continue
		}
		lines = append(lines, pixels+": "+rest)
	}
	return lines
}

func state(busy bool, holder string) string {
	switch {
	case !busy:
		return "free"
	case holder == "":
		return "busy: held by the kernel"
	}
	return "busy: " + holder
}
