package capture

import (
	"fmt"
	"slices"
	"strings"

	"podium/capture/encoder"
	"podium/capture/encoder/openh264"
)

// DefaultEncoder is the encoder of a VideoConfig that names none.
const DefaultEncoder = "openh264"

// builders are the encoders of this binary, by name.
var builders = map[string]encoder.Builder{DefaultEncoder: openh264.New}

// builderOf finds an encoder; "" is the default one.
func builderOf(name string) (encoder.Builder, error) {
	if name == "" {
		name = DefaultEncoder
	}
	if b, ok := builders[name]; ok {
		return b, nil
	}
	return nil, fmt.Errorf("cannot encode with %q: this podium has %s", name, strings.Join(Encoders(), ", "))
}

// Encoders lists what a VideoConfig's Encoder may be.
func Encoders() []string {
	names := []string{OwnEncoder}
	for name := range builders {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
