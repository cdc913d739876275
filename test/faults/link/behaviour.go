package link

import (
	"math/rand/v2"
	"time"
)

// Behaviour is what one direction does to packets. The zero value hands each on at
// once.
type Behaviour struct {
	Cut     bool          // nothing passes
	Loss    float64       // the share that is lost, 0 to 1
	Repeat  float64       // the share that arrives twice, 0 to 1
	Reorder float64       // the share that those behind it overtake, 0 to 1
	Delay   time.Duration // of every packet
	Jitter  time.Duration // up to so much more; the order stays
}

// and gives the behaviour of two faults at the same time.
func (b Behaviour) and(o Behaviour) Behaviour {
	either := func(p, q float64) float64 { return 1 - (1-p)*(1-q) }
	return Behaviour{
		Cut: b.Cut || o.Cut, Loss: either(b.Loss, o.Loss), Repeat: either(b.Repeat, o.Repeat),
		Reorder: either(b.Reorder, o.Reorder), Delay: b.Delay + o.Delay, Jitter: b.Jitter + o.Jitter,
	}
}

// overtaken is how long a reordered packet is held back: two packets of sound.
const overtaken = 45 * time.Millisecond

// lane decides what becomes of one packet after the other.
type lane struct {
	random *rand.Rand
	last   time.Time // when the latest packet that keeps the order is due
}

func newLane(seed uint64, d Direction) *lane {
	return &lane{random: rand.New(rand.NewPCG(seed, uint64(d)))}
}

// due gives when a packet that comes in at now goes out: never, once or twice. It
// draws the same numbers for each packet, so that the n-th packet's luck does not
// depend on what the link did before.
func (l *lane) due(b Behaviour, now time.Time) []time.Time {
	lost, twice := l.random.Float64() < b.Loss, l.random.Float64() < b.Repeat
	late, jitter := l.random.Float64() < b.Reorder, l.random.Float64()
	if b.Cut || lost {
		return nil
	}
	at := now.Add(b.Delay + time.Duration(jitter*float64(b.Jitter)))
	if at.Before(l.last) {
		at = l.last
	}
	if late {
		at = at.Add(overtaken)
	} else {
		l.last = at
	}
	if twice {
		return []time.Time{at, at}
	}
	return []time.Time{at}
}
