package capture

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"podium/capture/encoder"
	"podium/capture/encoder/m2m"
	"podium/capture/encoder/openh264"
)

// DefaultEncoder is the encoder of a VideoConfig that names none.
const DefaultEncoder = "openh264"

// BoardEncoder is the encoder that some boards have (package m2m). Where there is none,
// or it fails, DefaultEncoder encodes for the rest of the recording.
const BoardEncoder = "v4l2m2m"

// builders are the encoders of this binary, by name.
var builders = map[string]encoder.Builder{DefaultEncoder: openh264.New, BoardEncoder: m2m.New}

// builderOf finds an encoder for one recording; "" is the default one.
func builderOf(name string, log *slog.Logger) (encoder.Builder, error) {
	if name == "" {
		name = DefaultEncoder
	}
	b, ok := builders[name]
	switch {
	case !ok:
		return nil, CheckEncoder(name)
	case name == BoardEncoder:
		return encoder.Fallback(b, builders[DefaultEncoder], func(err error) {
			log.Warn("the board does not encode; "+DefaultEncoder+" does", "err", err)
		}), nil
	}
	return b, nil
}

// CheckEncoder refuses what a VideoConfig's Encoder cannot be in this binary.
func CheckEncoder(name string) error {
	if name == "" || slices.Contains(Encoders(), name) {
		return nil
	}
	return fmt.Errorf("cannot encode with %q: this podium has %s", name, strings.Join(Encoders(), ", "))
}

// FindBoardEncoder names the node and the card that BoardEncoder would take, or says
// why there is none.
func FindBoardEncoder() (node, card string, err error) { return m2m.Find(m2m.Options{}) }

// Encoders lists what a VideoConfig's Encoder may be.
func Encoders() []string {
	names := []string{OwnEncoder}
	for name := range builders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
