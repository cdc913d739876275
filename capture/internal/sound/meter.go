package sound

import (
	"math"
	"sync/atomic"
	"time"
)

// Silence is the level of no sound at all, in dBFS: below the last bit.
const Silence = -100.0

// Level is how loud the sound is, in dB below full scale (a sine of full scale has a
// peak of 0 and an RMS of -3), never below Silence.
type Level struct {
	Peak, RMS float64
}

// meterTime is the time over which a level is taken.
const meterTime = 300 * time.Millisecond

// meter takes levels over successive stretches of meterTime.
type meter struct {
	length int // samples of a stretch
	n      int
	peak   int
	sum    float64
	shown  atomic.Uint64 // two float32: peak and RMS
}

func (m *meter) init(rate, channels int) {
	m.length = int(int64(rate)*int64(meterTime)/int64(time.Second)) * channels
	m.show(Level{Silence, Silence})
}

func (m *meter) take(samples []int16) {
	for _, v := range samples {
		x := int(v)
		m.peak = max(m.peak, x, -x)
		m.sum += float64(x * x)
	}
	m.n += len(samples)
	if m.n >= m.length && m.n > 0 {
		m.show(Level{Peak: decibel(float64(m.peak)), RMS: decibel(math.Sqrt(m.sum / float64(m.n)))})
		m.n, m.peak, m.sum = 0, 0, 0
	}
}

func decibel(v float64) float64 {
	return max(Silence, 20*math.Log10(max(v, 1e-9)/-math.MinInt16))
}

func (m *meter) show(l Level) {
	m.shown.Store(uint64(math.Float32bits(float32(l.Peak)))<<32 | uint64(math.Float32bits(float32(l.RMS))))
}

func (m *meter) level() Level {
	v := m.shown.Load()
	return Level{Peak: float64(math.Float32frombits(uint32(v >> 32))), RMS: float64(math.Float32frombits(uint32(v)))}
}
