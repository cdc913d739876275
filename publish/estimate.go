package publish

import (
	"errors"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/cc"
	"github.com/pion/interceptor/pkg/gcc"
	"github.com/pion/rtp"

	"podium/internal/pionlog"
)

const (
	// lookEvery is how often the estimate is looked at.
	lookEvery = 200 * time.Millisecond
	// The estimator's first and highest word, bit/s.
	firstEstimate, mostEstimate = 3_000_000, 50_000_000
	// overuse is gcc's word for a queue that grows.
	overuse = "overuse"
	// soundHeaders is what IP, UDP, SRTP and RTP add to 50 packets of sound in a second,
	// bit/s.
	soundHeaders = 50 * 8 * (20 + 8 + 12 + 8 + 10)
)

// estimator is Pion's estimate of what the connection takes: GCC over transport-wide
// feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01,
// draft-ietf-rmcat-gcc-02). Without such feedback it says nothing.
type estimator struct {
	cc.BandwidthEstimator
}

// newEstimating is the interceptor that estimates, and the estimator of the connection
// to come.
func newEstimating(logs pionlog.Factory) (interceptor.Factory, *estimator, error) {
	e := &estimator{}
	var err error
	e.BandwidthEstimator, err = gcc.NewSendSideBWE(gcc.SendSideBWEInitialBitrate(firstEstimate), gcc.SendSideBWEMaxBitrate(mostEstimate),
		gcc.SendSideBWEMinBitrate(leastVideo), gcc.SendSideBWEPacer(&straight{}), gcc.WithLoggerFactory(logs))
	if err != nil {
		return nil, nil, err
	}
	factory, err := cc.NewInterceptor(func() (cc.BandwidthEstimator, error) { return e.BandwidthEstimator, nil })
	return factory, e, err
}

// now gives what the connection looks like. Of Pion's two estimates it takes the one by
// delay: the one by loss falls on and on as long as a queue of before is sent again.
func (e *estimator) now() connection {
	stats := e.GetStats()
	usage, _ := stats["usage"].(string)
	loss, _ := stats["averageLoss"].(float64)
	takes, _ := stats["delayTargetBitrate"].(int)
	return connection{takes: takes, grows: usage == overuse, loss: loss}
}

// straight is a pacer that holds nothing back: behind the gate there is no queue that
// would have to be emptied, and sound never waits for a picture.
type straight struct {
	mu      sync.RWMutex
	streams map[uint32]interceptor.RTPWriter
	last    interceptor.RTPWriter
}

// AddStream meets gcc.Pacer.
func (s *straight) AddStream(ssrc uint32, w interceptor.RTPWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams == nil {
		s.streams = map[uint32]interceptor.RTPWriter{}
	}
	s.streams[ssrc], s.last = w, w
}

// Write meets gcc.Pacer. What is sent again by RTX has an SSRC that nobody has named.
func (s *straight) Write(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
	s.mu.RLock()
	w, ok := s.streams[h.SSRC]
	if !ok {
		w = s.last
	}
	s.mu.RUnlock()
	if w == nil {
		return 0, errors.New("a packet of no stream")
	}
	return w.Write(h, payload, a)
}

// SetTargetBitrate meets gcc.Pacer.
func (s *straight) SetTargetBitrate(int) {}

// Close meets gcc.Pacer.
func (s *straight) Close() error { return nil }

// adaptive is a VideoSource that makes do with less. SetBitRate returns at once.
type adaptive interface{ SetBitRate(bitRate int) }

// steer tells the picture's source how much the connection takes, until over is closed.
func (b *publication) steer(e *estimator, over <-chan struct{}) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var control *rateControl
	strikes := 0
	for {
		select {
		case <-over:
			return
		case <-tick.C:
		}
		source, info := b.picture()
		if source == nil {
			continue
		}
		if control == nil {
			sound := 0
			if b.sound != nil {
				sound = b.sound.info().BitRate + soundHeaders
			}
			control = newRateControl(info.BitRate, sound)
		}
		seen := e.now()
		if strikes++; !seen.congested() {
			strikes = 0
		}
		if strikes == 1 { // one look alone may have met a busy processor
			continue
		}
		source.SetBitRate(control.look(time.Now(), seen))
	}
}

// picture gives the open camera, if it can make do with less.
func (b *publication) picture() (adaptive, Info) {
	if b.camera == nil {
		return nil, Info{}
	}
	source := b.camera.source.Load()
	if source == nil {
		return nil, Info{}
	}
	a, ok := (*source).(adaptive)
	if !ok {
		return nil, Info{}
	}
	return a, b.camera.info()
}
