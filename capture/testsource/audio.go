package testsource

import (
	"fmt"
	"sync"
	"time"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
)

const (
	sampleRate  = 48000 // Hz
	blockTime   = 20 * time.Millisecond
	blockLength = sampleRate / 50 // samples
	buffered    = 10              // blocks, as much as a sound card keeps
)

// AudioOptions shape the test sound; the zero value is ready for use.
type AudioOptions struct {
	Unpaced bool // blocks come as fast as they are read, with the times they would have had
}

// Audio is the test sound as a mediadevices driver: mono, 48 kHz, blocks of
// 20 ms.
type Audio struct {
	options AudioOptions
	once    sync.Once
	stop    chan struct{}
}

// NewAudio makes a test sound. It starts nothing.
func NewAudio(o AudioOptions) *Audio { return &Audio{options: o, stop: make(chan struct{})} }

// Open does nothing: there is no device.
func (a *Audio) Open() error { return nil }

// Close ends every Read with io.EOF.
func (a *Audio) Close() error {
	a.once.Do(func() { close(a.stop) })
	return nil
}

// Properties is the one format.
func (a *Audio) Properties() []prop.Media { return []prop.Media{soundFormat()} }

func soundFormat() prop.Media {
	return prop.Media{Audio: prop.Audio{SampleRate: sampleRate, ChannelCount: 1, SampleSize: 2, IsInterleaved: true, Latency: blockTime}}
}

// AudioRecord starts the sound.
func (a *Audio) AudioRecord(want prop.Media) (audio.Reader, error) {
	if want.SampleRate != 0 && want.SampleRate != sampleRate {
		return nil, fmt.Errorf("cannot make the test sound at %d Hz: it has %d Hz", want.SampleRate, sampleRate)
	}
	now := time.Now()
	return &AudioReader{
		sound:  sound{offset: int64(now.Nanosecond()) * sampleRate / int64(time.Second)},
		ticker: ticker{start: now, period: blockTime, slack: buffered, unpaced: a.options.Unpaced, stop: a.stop},
		block:  wave.NewInt16Interleaved(wave.ChunkInfo{Len: blockLength, Channels: 1, SamplingRate: sampleRate}),
	}, nil
}

// AudioReader makes the blocks. Read belongs to one goroutine.
type AudioReader struct {
	sound    sound
	ticker   ticker
	block    *wave.Int16Interleaved
	captured time.Time
	position int64
}

// Read blocks until the next 20 ms are over and returns them. The block is
// valid until the next Read.
func (r *AudioReader) Read() (wave.Audio, func(), error) {
	due, _, err := r.ticker.next()
	if err != nil {
		return nil, func() {}, err
	}
	r.captured = due.Add(-blockTime)
	r.position = (r.ticker.number - 1) * blockLength
	r.sound.fill(r.block.Data, r.position)
	return r.block, func() {}, nil
}

// Captured is the time of the first sample of the block last read.
func (r *AudioReader) Captured() time.Time { return r.captured }

// Position is the number of the first sample of the block last read, those that
// nobody read in time included.
func (r *AudioReader) Position() int64 { return r.position }

// Format is what the blocks are.
func (r *AudioReader) Format() prop.Media { return soundFormat() }

// Name is the device's name for people.
func (r *AudioReader) Name() string { return "test" }
