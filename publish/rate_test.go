package publish

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// played is a connection of a capacity with a queue before it, and an estimator as
// Pion's: it sees the queue grow a moment later, and then gives 85 % of what arrives.
type played struct {
	control  *rateControl
	now      time.Time
	capacity float64 // bit/s
	queue    float64 // bits
	estimate int
	worst    float64 // s that the queue was long
}

func (p *played) run(length time.Duration) (least, most, last int) {
	const step = lookEvery
	least = 1 << 62
	for end := p.now.Add(length); p.now.Before(end); p.now = p.now.Add(step) {
		congested := p.queue > 0.05*p.capacity
		if congested {
			p.estimate = int(0.85 * p.capacity)
		}
		last = p.control.look(p.now, connection{takes: p.estimate, grows: congested})
		sent := float64(last + p.control.sound)
		p.queue = min(max(0, p.queue+(sent-p.capacity)*step.Seconds()), p.capacity)
		p.worst = max(p.worst, p.queue/p.capacity)
		least, most = min(least, last), max(most, last)
	}
	return least, most, last
}

// The picture fits itself to a connection that becomes narrow, rests there, and has
// all again soon after it is wide.
func TestRateFitsTheConnection(t *testing.T) {
	const top, sound = 2_500_000, 80_000
	p := &played{control: newRateControl(top, sound), now: time.Unix(1, 0), capacity: 10_000_000, estimate: 5_000_000}
	if least, _, _ := p.run(10 * time.Second); least != top {
		t.Errorf("%d bit/s on a wide connection", least)
	}
	p.capacity = 600_000
	p.run(8 * time.Second)
	p.worst = 0
	least, most, _ := p.run(60 * time.Second)
	if least < 300_000 || most > 600_000 || p.worst > 0.25 {
		t.Errorf("on 600,000 bit/s: %d to %d for the picture, and %.2f s of queue", least, most, p.worst)
	}
	p.capacity = 10_000_000
	for began := p.now; ; {
		if _, _, last := p.run(lookEvery); last >= 0.8*top {
			if took := p.now.Sub(began); took > 20*time.Second {
				t.Errorf("80 %% again after %v", took)
			}
			break
		}
		if p.now.Sub(began) > time.Minute {
			t.Fatal("never at 80 % again")
		}
	}
}

// A picture that stands still sends little, and an estimator sees no more than that: one
// false alarm does not cost it its quality for long.
func TestRateRecoversFromAFalseAlarm(t *testing.T) {
	r, now := newRateControl(2_500_000, 80_000), time.Unix(1, 0)
	r.look(now, connection{takes: 3_000_000})
	if got := r.look(now, connection{takes: 170_000, grows: true}); got < 1_400_000 {
		t.Errorf("one false alarm leaves %d bit/s", got)
	}
	for range 45 {
		now = now.Add(lookEvery)
		r.look(now, connection{takes: 170_000})
	}
	if got := r.look(now, connection{takes: 170_000}); got < 2_000_000 {
		t.Errorf("9 s later: %d bit/s", got)
	}
}

// Whatever the estimator says, and however the clock runs, the picture gets neither
// more than was configured nor less than it can live on.
func TestRateStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.IntRange(50_000, 20_000_000).Draw(t, "top")
		r, now := newRateControl(top, rapid.IntRange(0, 300_000).Draw(t, "sound")), time.Unix(1, 0)
		for range rapid.IntRange(1, 100).Draw(t, "looks") {
			now = now.Add(time.Duration(rapid.Int64Range(-1, int64(time.Hour)).Draw(t, "passed")))
			got := r.look(now, connection{rapid.Int().Draw(t, "takes"), rapid.Bool().Draw(t, "grows"), rapid.Float64().Draw(t, "loss")})
			if got > top || got < min(top, leastVideo) {
				t.Fatalf("%d of %d bit/s", got, top)
			}
		}
	})
}
