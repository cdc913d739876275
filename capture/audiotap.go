package capture

import (
	"fmt"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"

	"podium/capture/internal/sound"
)

// packetTime is the length of one Opus packet.
const packetTime = 20 * time.Millisecond

// microphone is what an Audio needs: a mediadevices driver.
type microphone interface {
	driver.Adapter
	driver.AudioRecorder
}

// microphoneReader is what our own recorders' readers can do beyond
// mediadevices' audio.Reader.
type microphoneReader interface {
	audio.Reader
	Captured() time.Time // of the first sample of the block last read
	Position() int64     // its number in the stream, lost samples counted
	Format() prop.Media  // as negotiated with the device
	Name() string        // of the device, for people
}

// audioTap stands between recorder and encoder, shapes the sound, and notes the times
// of the block that the encoder is about to encode. Our recorders give blocks of exactly one
// packet, so block and packet are the same.
type audioTap struct {
	source   microphoneReader
	chain    *sound.Chain
	block    *wave.Int16Interleaved
	captured time.Time
	position int64
}

func (t *audioTap) Read() (wave.Audio, func(), error) {
	block, release, err := t.source.Read()
	if err != nil {
		return nil, func() {}, err
	}
	defer release()
	in, ok := block.(*wave.Int16Interleaved)
	if !ok {
		return nil, func() {}, fmt.Errorf("microphone %s gives samples of the kind %T, not of 16 bits", t.source.Name(), block)
	}
	t.captured, t.position = t.source.Captured(), t.source.Position()
	t.chain.Process(t.block.Data, in.Data)
	return t.block, func() {}, nil
}

// newAudioTap makes the tap for a microphone that records.
func newAudioTap(source microphoneReader, c AudioConfig) (*audioTap, error) {
	format := source.Format()
	chain, err := sound.New(sound.Settings{
		Rate: format.SampleRate, In: format.ChannelCount, Channels: sound.Channels(c.Channels), HighPass: c.HighPass, Gain: c.Gain,
	})
	if err != nil {
		return nil, err
	}
	length := format.SampleRate / int(time.Second/packetTime)
	return &audioTap{source: source, chain: chain,
		block: wave.NewInt16Interleaved(wave.ChunkInfo{Len: length, Channels: chain.Out(), SamplingRate: format.SampleRate})}, nil
}
