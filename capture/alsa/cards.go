//go:build linux && (amd64 || arm64)

package alsa

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"podium/capture/internal/holder"
)

// Found is one capture device of a sound card.
type Found struct {
	Name   string // "hw:Loopback,1": for AudioConfig.Device
	Card   string // the card's id: "Loopback"
	Number int    // the card's number
	Device int    // the device's number on the card
	Driver string // the kernel's driver: "snd_aloop", "snd-usb-audio"
	Path   string // "/dev/snd/pcmC0D1c"
	Holder string // who has it open, as "podium (pid 812)"; empty: nobody that this process may see
}

// loopback is the driver whose cards have no microphone: what one program plays
// into device 0, another captures from device 1.
const loopback = "snd_aloop"

// Find lists the capture devices of all cards, in the order "auto" tries them:
// real cards by number, loopback cards last. It opens nothing. There is no
// silent stand-in device: without a sound card the list is empty.
func Find() []Found {
	all := find("/sys/class/sound", "/dev/snd")
	for i := range all {
		all[i].Holder = holder.Names(all[i].Path)
	}
	return all
}

// Named finds the capture device that a name means, as AudioConfig.Device has it.
func Named(all []Found, name string) (Found, error) {
	m := &Microphone{options: Options{Device: name}, find: func() []Found { return all }}
	found, _, err := m.choose()
	return found, err
}

func find(sys, dev string) []Found {
	paths, _ := filepath.Glob(filepath.Join(sys, "pcmC[0-9]*D[0-9]*c"))
	var all []Found
	for _, path := range paths {
		var f Found
		if _, err := fmt.Sscanf(filepath.Base(path), "pcmC%dD%dc", &f.Number, &f.Device); err != nil {
			continue
		}
		card := filepath.Join(sys, "card"+strconv.Itoa(f.Number))
		id, err := os.ReadFile(filepath.Join(card, "id"))
		if err != nil {
			continue
		}
		f.Card = strings.TrimSpace(string(id))
		if driver, err := filepath.EvalSymlinks(filepath.Join(card, "device", "driver")); err == nil {
			f.Driver = filepath.Base(driver)
		}
		f.Name = fmt.Sprintf("hw:%s,%d", f.Card, f.Device)
		f.Path = filepath.Join(dev, filepath.Base(path))
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Found) int { return a.rank() - b.rank() })
	return all
}

// rank orders cards by number and devices within a card; of a loopback card,
// device 1 comes first, because things are played into device 0.
func (f Found) rank() int {
	r := f.Number<<8 + f.Device<<1
	if f.Driver == loopback {
		r += 1 << 24
		if f.Device == 1 {
			r -= 3
		}
	}
	return r
}

// choice is a name taken apart.
type choice struct {
	card      string
	device    int // -1: the card's first
	subdevice int // -1: any that is free
}

// parse reads "Loopback", "Loopback,1", "hw:Loopback,1,0", "hw:0,0",
// "plughw:..." and ALSA's longer form "hw:CARD=Loopback,DEV=1,SUBDEV=0".
func parse(name string) (choice, error) {
	c := choice{device: -1, subdevice: -1}
	if kind, rest, ok := strings.Cut(name, ":"); ok {
		if kind != "hw" && kind != "plughw" {
			return c, fmt.Errorf("cannot use microphone %q: it must be a card, such as \"hw:Loopback,1\", not an ALSA plug-in", name)
		}
		name = rest
	}
	parts := strings.Split(name, ",")
	if len(parts) > 3 {
		return c, fmt.Errorf("cannot use microphone %q: more than card, device and subdevice", name)
	}
	c.card = strings.TrimPrefix(parts[0], "CARD=")
	for i, part := range parts[1:] {
		key, to := "DEV=", &c.device
		if i == 1 {
			key, to = "SUBDEV=", &c.subdevice
		}
		n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(part), key))
		if err != nil || n < 0 {
			return c, fmt.Errorf("cannot use microphone %q: %q is no number", name, part)
		}
		*to = n
	}
	if c.card == "" || c.card == "null" || c.card == "default" {
		return c, fmt.Errorf("cannot use microphone %q: it must name a sound card", name)
	}
	return c, nil
}

// matches reports whether a device is meant, by the card's id or number.
func (c choice) matches(f Found) bool {
	card := strings.EqualFold(c.card, f.Card) || c.card == strconv.Itoa(f.Number)
	return card && (c.device < 0 || c.device == f.Device)
}

// list names the devices for an error text.
func list(found []Found) string {
	if len(found) == 0 {
		return "no sound card can record"
	}
	words := make([]string, len(found))
	for i, f := range found {
		words[i] = f.Name
	}
	return "there is " + strings.Join(words, ", ")
}
