package lamp

import "fmt"

// Patterns lists every pattern there is, in the order of the table of lamps.
func Patterns() []Pattern {
	return []Pattern{Off, On, Slow, SlowInverse, Fast, FastInverse, Blip, DoubleBlip, Refused, Fault}
}

// String is the pattern's name; the zero value is Off.
func (p Pattern) String() string {
	if p == "" {
		return string(Off)
	}
	return string(p)
}

// MarshalText gives the name, so JSON and YAML show the zero value as "off".
func (p Pattern) MarshalText() ([]byte, error) {
	return []byte(p.String()), nil
}

// UnmarshalText accepts the name of a pattern and nothing else.
func (p *Pattern) UnmarshalText(text []byte) error {
	for _, known := range Patterns() {
		if string(text) == string(known) {
			*p = known
			return nil
		}
	}
	return fmt.Errorf("unknown lamp pattern %q; there are %v", text, Patterns())
}

// InStep reports whether two lamps that show p and q must share one clock: the
// same steady rhythm, or one and its other half. Patterns that begin with a press
// or an event (Refused) have a clock of their own.
func (p Pattern) InStep(q Pattern) bool {
	r, s := rhythms[p], rhythms[q]
	if len(r.lengths) == 0 || r.once || len(r.lengths) != len(s.lengths) {
		return false
	}
	for i := range r.lengths {
		if r.lengths[i] != s.lengths[i] {
			return false
		}
	}
	return true
}

// words say for a person what a lamp does.
var words = map[Pattern]string{
	On: "steady", Slow: "slow (0.5 Hz)", SlowInverse: "slow (0.5 Hz), in turn with the other", Fast: "fast (2 Hz)",
	FastInverse: "fast (2 Hz), in turn with the other", Blip: "one short blip every 2 s", DoubleBlip: "double blip every 2 s",
	Refused: "3 flashes at 2 Hz, then dark", Fault: "3 short ones, pause",
}

// Words say for a person what a lamp does; empty: nothing.
func (p Pattern) Words() string { return words[p] }
