package testsource

import (
	"io"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/prop"
	"github.com/pion/mediadevices/pkg/wave"
)

func listen(t testing.TB, o AudioOptions) (*Audio, *AudioReader) {
	t.Helper()
	a := NewAudio(o)
	t.Cleanup(func() { a.Close() })
	r, err := a.AudioRecord(prop.Media{})
	if err != nil {
		t.Fatal(err)
	}
	return a, r.(*AudioReader)
}

func TestBlocksFollowTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, r := listen(t, AudioOptions{})
		start := time.Now()
		for n := range int64(100) {
			if _, _, err := r.Read(); err != nil {
				t.Fatal(err)
			}
			if r.Position() != n*960 || r.Captured().Sub(start) != time.Duration(n)*20*time.Millisecond {
				t.Fatalf("block %d: position %d, captured at %v", n, r.Position(), r.Captured().Sub(start))
			}
		}
		time.Sleep(200 * time.Millisecond) // still buffered
		if r.Read(); r.Position() != 100*960 {
			t.Errorf("after 200 ms: position %d", r.Position())
		}
		time.Sleep(time.Second) // lost, and the numbers show it
		if r.Read(); r.Position() != 159*960 {
			t.Errorf("after a second: position %d", r.Position())
		}
		a.Close()
		if _, _, err := r.Read(); err != io.EOF {
			t.Errorf("after close: %v", err)
		}
	})
}

func TestSoundIsSoftAndHasAPulse(t *testing.T) {
	_, r := listen(t, AudioOptions{Unpaced: true})
	r.sound.offset = 0
	var level [50]float64 // RMS of each 20 ms of a second
	last, step := 0.0, 0.0
	for i := range level {
		block, _, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range block.(*wave.Int16Interleaved).Data {
			x := float64(v) / math.MaxInt16
			level[i] += x * x / blockLength
			step = max(step, math.Abs(x-last))
			last = x
		}
		level[i] = math.Sqrt(level[i])
	}
	if level[0] < 2*level[40] {
		t.Errorf("no pulse: %.3f at the start, %.3f later", level[0], level[40])
	}
	if level[40] < 0.02 || level[0] > 0.3 {
		t.Errorf("level out of range: %.3f and %.3f", level[0], level[40])
	}
	if step > 0.03 {
		t.Errorf("a click: two samples %.3f apart", step)
	}
}

func TestRefusesAnotherRate(t *testing.T) {
	if _, err := NewAudio(AudioOptions{}).AudioRecord(prop.Media{Audio: prop.Audio{SampleRate: 44100}}); err == nil {
		t.Error("no error for 44100 Hz")
	}
}
