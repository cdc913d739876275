package capture

import (
	"fmt"
	"io"
	"time"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
)

// standInFormat is what the silence of a microphone has that was never there.
var standInFormat = prop.Media{Audio: prop.Audio{SampleRate: 48000, ChannelCount: 1, SampleSize: 2, IsInterleaved: true, Latency: packetTime}}

// keptMicrophone is a microphone that goes on without its device: while that is gone
// silence stands in for it, and the device is opened again when it is back. It is a
// mediadevices driver for one recording.
type keptMicrophone struct {
	choice choice
	// fresh makes a driver for one recording; device "" is the first usable one.
	fresh func(device string) microphone

	config AudioConfig
	keeper *keeper[microphoneReader]
}

func keepMicrophone(c AudioConfig, fresh func(device string) microphone) *keptMicrophone {
	return &keptMicrophone{choice: choice{configured: c.Device}, fresh: fresh, config: c}
}

// Open does nothing: what is opened depends on what is wanted of it.
func (m *keptMicrophone) Open() error { return nil }

// Properties is empty: a device that is not there has none.
func (m *keptMicrophone) Properties() []prop.Media { return nil }

// AudioRecord starts the microphone, or the silence that stands for it.
func (m *keptMicrophone) AudioRecord(want prop.Media) (audio.Reader, error) {
	r := &keptSound{microphone: m, format: standInFormat}
	m.keeper = newKeeper("microphone", m.config.Log, func(gone time.Duration) (started[microphoneReader], error) { return m.start(want, gone) })
	if err := m.keeper.begin(); err != nil {
		return nil, err
	}
	r.keeper = m.keeper
	if live, ok := m.keeper.live(); ok {
		r.format = live.Format()
	}
	r.block = wave.NewInt16Interleaved(wave.ChunkInfo{Len: r.length(), Channels: r.format.ChannelCount, SamplingRate: r.format.SampleRate})
	return r, nil
}

// Close closes the device, if there is one.
func (m *keptMicrophone) Close() error {
	if m.keeper == nil {
		return nil
	}
	return m.keeper.Close()
}

// start opens the device that the configuration names.
func (m *keptMicrophone) start(want prop.Media, gone time.Duration) (started[microphoneReader], error) {
	d := m.fresh(m.choice.next(gone))
	if err := d.Open(); err != nil {
		return started[microphoneReader]{}, err
	}
	reader, err := d.AudioRecord(want)
	if err != nil {
		_ = d.Close() // it does not record
		return started[microphoneReader]{}, err
	}
	source, ok := reader.(microphoneReader)
	if !ok {
		_ = d.Close() // it cannot be used
		return started[microphoneReader]{}, fmt.Errorf("cannot capture from %s: its driver tells no capture times", m.choice.configured)
	}
	m.choice.took(source.Name())
	return started[microphoneReader]{reader: source, close: d.Close}, nil
}

// keptSound reads from the device while it is there. Positions go on through every
// loss as the time does, so that RTP time has neither a jump nor a drift. Read
// belongs to one goroutine.
type keptSound struct {
	microphone *keptMicrophone
	keeper     *keeper[microphoneReader]
	format     prop.Media // of the blocks; that of the device which was there first
	block      *wave.Int16Interleaved

	begun    bool
	captured time.Time
	position int64
	heard    microphoneReader // whose block was the last; nil: nobody's
	base     int64            // position of heard's sample 0
}

func (s *keptSound) length() int { return s.format.SampleRate / int(time.Second/packetTime) }

// Read blocks for the next 20 ms: the microphone's, or silence. It returns io.EOF
// after Close, and no other error.
func (s *keptSound) Read() (wave.Audio, func(), error) {
	for {
		if s.keeper.isClosed() {
			return nil, func() {}, io.EOF
		}
		live, ok := s.keeper.live()
		if !ok {
			s.heard = nil
			if s.wait() {
				continue
			}
			s.standIn(time.Now())
			return s.block, func() {}, nil
		}
		sound, release, err := live.Read()
		if err == nil {
			var took bool
			took, err = s.take(live, sound)
			release()
			if took {
				return s.block, func() {}, nil
			}
		}
		if err != nil && !s.keeper.isClosed() {
			s.keeper.lose(err)
		}
	}
}

// take copies a block of the microphone's; false: it is from before what was sent
// already.
func (s *keptSound) take(live microphoneReader, sound wave.Audio) (bool, error) {
	in, ok := sound.(*wave.Int16Interleaved)
	info := sound.ChunkInfo()
	if !ok || info.SamplingRate != s.format.SampleRate || info.Len != s.length() || info.Channels < 1 {
		return false, fmt.Errorf("microphone %s has %d Hz now and the turn began with %d Hz: it can be used from the next turn on", live.Name(), info.SamplingRate, s.format.SampleRate)
	}
	captured, position := live.Captured(), live.Position()
	if s.heard != live {
		steps := int64(1)
		if s.begun {
			steps = int64((captured.Sub(s.captured) + packetTime/2) / packetTime)
			if steps < 1 {
				return false, nil
			}
		} else {
			s.position = -int64(s.length())
		}
		s.heard, s.base = live, s.position+steps*int64(s.length())-position
	}
	s.begun, s.captured, s.position = true, captured, s.base+position
	s.keeper.works()
	mix(s.block.Data, s.format.ChannelCount, in.Data, info.Channels)
	return true, nil
}

// mix copies samples with as many channels as the receiver has: one is given to all,
// many are averaged into one.
func mix(dst []int16, to int, src []int16, from int) {
	if to == from {
		copy(dst, src)
		return
	}
	for i := 0; i < len(dst)/to && (i+1)*from <= len(src); i++ {
		sum := 0
		for _, v := range src[i*from : (i+1)*from] {
			sum += int(v)
		}
		for c := range to {
			dst[i*to+c] = int16(sum / from)
		}
	}
}

// wait reports whether to look at the device anew, before the next 20 ms are over.
func (s *keptSound) wait() bool {
	due := time.Duration(0)
	if s.begun {
		due = time.Until(s.captured.Add(2 * packetTime))
	}
	timer := time.NewTimer(max(due, 0))
	defer timer.Stop()
	select {
	case <-s.keeper.back:
		return true
	case <-s.keeper.stop:
		return true
	case <-timer.C:
		return false
	}
}

// standIn makes a block of silence that ends now at the latest. What was lost until
// the loss was noticed is left out.
func (s *keptSound) standIn(now time.Time) {
	clear(s.block.Data)
	if !s.begun {
		s.begun, s.captured = true, now.Add(-packetTime)
		return
	}
	steps := max(1, int64(now.Sub(s.captured)/packetTime)-1)
	if steps < 5 {
		steps = 1 // late by little: caught up with
	}
	s.captured = s.captured.Add(time.Duration(steps) * packetTime)
	s.position += steps * int64(s.length())
}

// Captured is the time of the first sample of the block last read.
func (s *keptSound) Captured() time.Time { return s.captured }

// Position is the number of that sample, lost ones counted.
func (s *keptSound) Position() int64 { return s.position }

// Format is that of every block, whichever device gives it.
func (s *keptSound) Format() prop.Media { return s.format }

// Name is the device's, or as configured where none was found yet.
func (s *keptSound) Name() string { return s.microphone.choice.name() }

// Trouble tells why there is silence in place of the sound; nil: there is none.
func (s *keptSound) Trouble() error { return s.keeper.Trouble() }
