package capture

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4/pkg/media"

	"podium/capture/testsource"
)

var quiet = slog.New(slog.DiscardHandler)

// unpaced opens the test picture with frames that come as fast as they are read.
func unpaced(t testing.TB, c VideoConfig) *Video {
	t.Helper()
	c.Log = quiet
	c, err := c.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	v, err := openVideo(c, testsource.NewVideo(testsource.VideoOptions{Unpaced: true}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func sample(t testing.TB, v interface{ ReadSample() (media.Sample, error) }) media.Sample {
	t.Helper()
	s, err := v.ReadSample()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFirstAccessUnit(t *testing.T) {
	for _, size := range [][2]int{{320, 180}, {640, 360}, {1280, 720}, {1920, 1080}, {64, 64}, {322, 182}} {
		v := unpaced(t, VideoConfig{Width: size[0], Height: size[1]})
		unit := sample(t, v).Data
		if !isKeyframe(unit) {
			t.Fatalf("%v: the first access unit is no keyframe", size)
		}
		sps := nals(unit)[0]
		if sps[0]&0x1f != nalSPS {
			t.Fatalf("%v: the first NAL unit has type %d", size, sps[0]&0x1f)
		}
		if profile, constraints := sps[1], sps[2]; profile != 66 || constraints&0x40 == 0 {
			t.Errorf("%v: profile %d, constraints %#x; want constrained baseline", size, profile, constraints)
		}
		if w, h := spsSize(t, sps); w != size[0] || h != size[1] {
			t.Errorf("the parameter set says %dx%d, want %v", w, h, size)
		}
		if size[1] == 720 && sps[3] != 31 {
			t.Errorf("level %d at 720p30, want 31 (42e01f)", sps[3])
		}
	}
}

func TestEveryKeyframeRequestIsAnswered(t *testing.T) {
	v := unpaced(t, VideoConfig{Width: 128, Height: 96, BitRate: 300_000})
	sample(t, v)
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 1000 {
		for range r.IntN(3) {
			if isKeyframe(sample(t, v).Data) && n == 0 {
				t.Fatal("a keyframe that nobody asked for")
			}
		}
		v.RequestKeyframe()
		if !isKeyframe(sample(t, v).Data) {
			t.Fatalf("request %d was lost", n)
		}
	}
}

// Requests from another goroutine, at any moment of an encode, are all followed
// by a keyframe.
func TestKeyframeRequestsDuringEncoding(t *testing.T) {
	v := unpaced(t, VideoConfig{Width: 320, Height: 180})
	var asked sync.WaitGroup
	stop := make(chan struct{})
	keyframes := make(chan struct{}, 1)
	asked.Go(func() {
		for range 40 {
			select {
			case <-keyframes: // one from before this request does not count
			default:
			}
			v.RequestKeyframe()
			<-keyframes
		}
		close(stop)
	})
	for {
		select {
		case <-stop:
			asked.Wait()
			return
		default:
		}
		if isKeyframe(sample(t, v).Data) {
			select {
			case keyframes <- struct{}{}:
			default:
			}
		}
	}
}

func TestBitRate(t *testing.T) {
	for _, test := range []struct {
		w, h int
		rate float64
		bits int
	}{{640, 360, 30, 400_000}, {320, 180, 30, 250_000}, {320, 180, 10, 100_000}} {
		t.Run(fmt.Sprintf("%dx%d at %v", test.w, test.h, test.rate), func(t *testing.T) {
			c := VideoConfig{Width: test.w, Height: test.h, FrameRate: test.rate, BitRate: test.bits, Log: quiet}
			v, err := openVideo(c, &noisyCamera{})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			var total int
			var last time.Duration
			for last < 6*time.Second {
				s := sample(t, v)
				total += 8 * len(s.Data)
				last += s.Duration
			}
			got := float64(total) / last.Seconds()
			if got < 0.95*float64(test.bits) || got > 1.05*float64(test.bits) {
				t.Errorf("%.0f bit/s over %v, asked for %d", got, last, test.bits)
			}
			t.Logf("%.0f bit/s of %d; %+v", got, test.bits, v.Counters())
		})
	}
}

func TestTimesFollowTheCamera(t *testing.T) {
	v := unpaced(t, VideoConfig{Width: 64, Height: 64, FrameRate: 30})
	first := sample(t, v)
	sum := first.Duration
	if first.Duration != time.Second/30 {
		t.Errorf("the first lasts %v", first.Duration)
	}
	var last media.Sample
	for range 90 {
		last = sample(t, v)
		sum += last.Duration
	}
	if got, want := sum, last.Timestamp.Sub(first.Timestamp)+time.Second/30; got != want {
		t.Errorf("durations sum to %v, the camera's clock to %v", got, want)
	}
}

// A sample is left alone until the next one is asked for, whatever goes on behind it.
func TestSampleIsValidUntilTheNext(t *testing.T) {
	v := unpaced(t, VideoConfig{Width: 320, Height: 180})
	for range 20 {
		s := sample(t, v)
		kept := string(s.Data)
		v.RequestKeyframe()
		time.Sleep(2 * time.Millisecond)
		if kept != string(s.Data) {
			t.Fatal("the data changed before the next sample was asked for")
		}
	}
}

func TestVideoAfterClose(t *testing.T) {
	v := unpaced(t, VideoConfig{Width: 64, Height: 64})
	sample(t, v)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	v.RequestKeyframe()
	if _, err := v.ReadSample(); err != io.EOF {
		t.Errorf("got %v", err)
	}
}

func TestTestDevice(t *testing.T) {
	v, err := OpenVideo(VideoConfig{Device: "test:Hall 2", Width: 320, Height: 180, FrameRate: 20, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	start := time.Now()
	for range 5 {
		sample(t, v)
	}
	if passed := time.Since(start); passed < 200*time.Millisecond {
		t.Errorf("5 frames at 20 per second after %v", passed)
	}
	want := Info{Device: "test", Encoder: "openh264", BitRate: 2_500_000, Width: 320, Height: 180, FrameRate: 20, PixelFormat: "I420"}
	if got := v.Info(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// BenchmarkEncode720p is one 720p frame of the test picture, drawn and encoded.
func BenchmarkEncode720p(b *testing.B) {
	v := unpaced(b, VideoConfig{})
	sample(b, v)
	b.ReportAllocs()
	for b.Loop() {
		sample(b, v)
	}
}

// BenchmarkEncode720pNoise is one 720p frame that moves all over: the worst case.
func BenchmarkEncode720pNoise(b *testing.B) {
	v, err := openVideo(VideoConfig{Width: 1280, Height: 720, FrameRate: 30, BitRate: 2_500_000, Log: quiet}, &noisyCamera{})
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	b.ReportAllocs()
	for b.Loop() {
		sample(b, v)
	}
}
