package capture

import (
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
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

// audioTap stands between recorder and encoder and notes the times of the block
// that the encoder is about to encode. Our recorders give blocks of exactly one
// packet, so block and packet are the same.
type audioTap struct {
	source   microphoneReader
	captured time.Time
	position int64
}

func (t *audioTap) Read() (wave.Audio, func(), error) {
	block, release, err := t.source.Read()
	if err != nil {
		return nil, func() {}, err
	}
	t.captured, t.position = t.source.Captured(), t.source.Position()
	return block, release, nil
}
