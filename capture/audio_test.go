package capture

import (
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/io/audio"
	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture/testsource"
)

// opusFrame returns what a packet's first byte says, RFC 6716, section 3.1.
func opusFrame(packet []byte) (length time.Duration, stereo bool, frames int) {
	config := packet[0] >> 3
	switch {
	case config < 12: // SILK
		length = []time.Duration{10, 20, 40, 60}[config%4] * time.Millisecond
	case config < 16: // hybrid
		length = []time.Duration{10, 20}[config%2] * time.Millisecond
	default: // CELT
		length = []time.Duration{2500, 5000, 10000, 20000}[config%4] * time.Microsecond
	}
	return length, packet[0]&4 != 0, []int{1, 2, 2, 0}[packet[0]&3]
}

func TestOpusPackets(t *testing.T) {
	a, err := openAudio(AudioConfig{Device: TestDevice, Log: quiet}, testsource.NewAudio(testsource.AudioOptions{Unpaced: true}))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got, want := a.Info(), (Info{Device: "test", Encoder: "opus", BitRate: 48_000, SampleRate: 48000, Channels: 1, Level: Level{Peak: -100, RMS: -100}}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	var bytes int
	start := sample(t, a).Timestamp
	for n := 1; n <= 500; n++ {
		s := sample(t, a)
		bytes += len(s.Data)
		if length, stereo, frames := opusFrame(s.Data); length != 20*time.Millisecond || stereo || frames != 1 {
			t.Fatalf("packet %d: %d frames of %v, stereo %v", n, frames, length, stereo)
		}
		if s.Duration != 20*time.Millisecond || s.Timestamp.Sub(start) != time.Duration(n)*20*time.Millisecond {
			t.Fatalf("packet %d lasts %v, captured at %v", n, s.Duration, s.Timestamp.Sub(start))
		}
	}
	if l := a.Info().Level; l.Peak > -6 || l.Peak < -40 || l.RMS > l.Peak || l.RMS < -60 {
		t.Errorf("the test sound's level is %+v", l)
	}
	if got := 8 * bytes / 10; got < 24_000 || got > 62_000 {
		t.Errorf("%d bit/s, asked for 48000", got)
	}
}

// TestDelay: picture and sound of a device that is late are as old as they are.
func TestDelay(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Hour} {
		v, err := OpenVideo(VideoConfig{Device: TestDevice, Width: 64, Height: 64, Delay: delay, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		a, err := OpenAudio(AudioConfig{Device: TestDevice, Delay: delay, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		for name, s := range map[string]media.Sample{"picture": sample(t, v), "sound": sample(t, a)} {
			if age := time.Since(s.Timestamp); age < delay || age > delay+time.Minute || s.Duration > time.Second {
				t.Errorf("delay %s: the %s is %s old, and lasts %s", delay, name, age, s.Duration)
			}
		}
	}
}

// scripted is a microphone whose blocks have these positions, in samples.
type scripted struct {
	positions      []int64
	rate, channels int
	at             int
}

func (s *scripted) Open() error                                  { return nil }
func (s *scripted) Close() error                                 { return nil }
func (s *scripted) Properties() []prop.Media                     { return nil }
func (s *scripted) AudioRecord(prop.Media) (audio.Reader, error) { return s, nil }
func (s *scripted) Captured() time.Time                          { return time.Unix(0, 0) }
func (s *scripted) Position() int64                              { return s.positions[s.at-1] }
func (s *scripted) Name() string                                 { return "scripted" }

func (s *scripted) Format() prop.Media {
	return prop.Media{Audio: prop.Audio{SampleRate: s.rate, ChannelCount: s.channels}}
}

func (s *scripted) Read() (wave.Audio, func(), error) {
	s.at++
	return wave.NewInt16Interleaved(wave.ChunkInfo{Len: s.rate / 50, Channels: s.channels, SamplingRate: s.rate}), func() {}, nil
}

// Lost sound is a gap in RTP time, one packet later, and is made up for exactly.
func TestLostSoundIsAGap(t *testing.T) {
	for _, rate := range []int{48000, 16000} {
		block := int64(rate / 50)
		device := &scripted{rate: rate, channels: 2, positions: []int64{0, block, 11 * block, 12 * block, 13 * block}}
		a, err := openAudio(AudioConfig{Device: "scripted", Log: quiet}, device)
		if err != nil {
			t.Fatal(err)
		}
		for n, want := range []time.Duration{20, 20, 200, 20, 20} {
			s := sample(t, a)
			if s.Duration != want*time.Millisecond {
				t.Errorf("%d Hz, packet %d lasts %v, want %v ms", rate, n, s.Duration, want)
			}
			if _, stereo, _ := opusFrame(s.Data); len(s.Data) > 3 && !stereo {
				t.Errorf("packet %d is mono", n)
			}
		}
		if a.Info().BitRate != 64_000 {
			t.Errorf("%d bit/s in stereo", a.Info().BitRate)
		}
		a.Close()
	}
}

// What is configured of the sound is done before it is encoded.
func TestSoundIsShaped(t *testing.T) {
	device := &scripted{rate: 48000, channels: 2, positions: []int64{0, 960}}
	a, err := openAudio(AudioConfig{Device: "scripted", Channels: "mono", HighPass: 80, Gain: 6, Log: quiet}, device)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, stereo, _ := opusFrame(sample(t, a).Data); stereo || a.Info().Channels != 1 || a.Info().BitRate != 48_000 {
		t.Errorf("mono of two channels is %+v", a.Info())
	}
	for _, c := range []AudioConfig{{Channels: "centre"}, {Gain: 100}, {HighPass: 3}} {
		c.Device, c.Log = TestDevice, quiet
		if _, err := OpenAudio(c); err == nil {
			t.Errorf("no error for %+v", c)
		}
	}
}

func TestTimelineNeverStandsStill(t *testing.T) {
	l := timeline{period: 40}
	ms := time.Millisecond
	l.period *= ms
	var sum time.Duration
	for _, at := range []time.Duration{0, 40 * ms, 40 * ms, 30 * ms, 160 * ms} { // a clock that stumbles
		d := l.next(at)
		if d <= 0 {
			t.Errorf("at %v: %v", at, d)
		}
		sum += d
	}
	if sum != 200*ms {
		t.Errorf("the durations sum to %v, the clock to 160 ms and one period", sum)
	}
}
