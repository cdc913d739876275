package sound

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func chain(t testing.TB, s Settings) *Chain {
	t.Helper()
	if s.Rate == 0 {
		s.Rate = 48000
	}
	if s.In == 0 {
		s.In = 1
	}
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tone is a second of a sine.
func tone(hertz, amplitude float64) []int16 {
	s := make([]int16, 48000)
	for i := range s {
		s[i] = int16(amplitude * math.Sin(2*math.Pi*hertz*float64(i)/48000))
	}
	return s
}

// loudness is the RMS of the second half, in dB.
func loudness(s []int16) float64 {
	sum := 0.0
	for _, v := range s[len(s)/2:] {
		sum += float64(v) * float64(v)
	}
	return 10 * math.Log10(sum/float64(len(s)/2))
}

func TestHighPass(t *testing.T) {
	for _, c := range []struct{ hertz, want, tolerance float64 }{
		{20, -24, 1}, {40, -12.3, 0.5}, {80, -3, 0.2}, {160, -0.26, 0.1}, {1000, 0, 0.05}, {8000, 0, 0.05},
	} {
		in := tone(c.hertz, 20000)
		out := make([]int16, len(in))
		chain(t, Settings{HighPass: 80}).Process(out, in)
		if got := loudness(out) - loudness(in); math.Abs(got-c.want) > c.tolerance {
			t.Errorf("%v Hz: %.2f dB, want %.2f", c.hertz, got, c.want)
		}
	}
	offset := make([]int16, 48000) // a microphone's direct current
	for i := range offset {
		offset[i] = 3000
	}
	chain(t, Settings{HighPass: 80}).Process(offset, offset)
	if last := offset[len(offset)-1]; last != 0 {
		t.Errorf("direct current of 3000 is %d after a second", last)
	}
}

func TestChannels(t *testing.T) {
	for _, c := range []struct {
		in       int
		channels Channels
		src      []int16
		want     []int16
	}{
		{1, AsIs, []int16{1, 2}, []int16{1, 2}},
		{2, "", []int16{1, 2, 3, 4}, []int16{1, 2, 3, 4}},
		{2, Mono, []int16{100, 300, -32768, -32768}, []int16{200, -32768}},
		{2, Left, []int16{1, 2, 3, 4}, []int16{1, 3}},
		{2, Right, []int16{1, 2, 3, 4}, []int16{2, 4}},
		{1, Right, []int16{1, 2}, []int16{1, 2}},
		{1, Stereo, []int16{1, 2}, []int16{1, 1, 2, 2}},
		{4, Stereo, []int16{1, 2, 3, 4}, []int16{1, 2}},
		{4, Mono, []int16{1, 2, 3, 6}, []int16{3}},
	} {
		p := chain(t, Settings{In: c.in, Channels: c.channels})
		got := make([]int16, len(c.want))
		p.Process(got, c.src)
		if !slices.Equal(got, c.want) || len(c.want)*c.in != len(c.src)*p.Out() {
			t.Errorf("%s of %d channels %v: %v, want %v", c.channels, c.in, c.src, got, c.want)
		}
	}
}

func TestLevel(t *testing.T) {
	for _, c := range []struct {
		amplitude, gain, peak, rms float64
	}{
		{0, 0, Silence, Silence}, {32767, 0, 0, -3.01}, {3276.7, 0, -20, -23.01}, {3276.7, 20, 0, -3.01}, {3276.7, -10, -30, -33.01},
	} {
		p := chain(t, Settings{Gain: c.gain})
		s := tone(1000, c.amplitude)
		p.Process(s, s)
		if l := p.Level(); math.Abs(l.Peak-c.peak) > 0.1 || math.Abs(l.RMS-c.rms) > 0.1 {
			t.Errorf("%v at %v dB: %+v", c.amplitude, c.gain, l)
		}
	}
	if l := chain(t, Settings{}).Level(); l.Peak != Silence || l.RMS != Silence {
		t.Errorf("before the first sound: %+v", l)
	}
}

// Whatever comes, what goes out has the sign of what came in, is never wrapped, and
// the level is a number.
func TestGainSaturates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SliceOfN(rapid.Int16(), 0, 2000).Draw(t, "samples")
		gain := rapid.Float64Range(-20, 40).Draw(t, "dB")
		c, err := New(Settings{Rate: 8000, In: 1, Gain: gain})
		if err != nil {
			t.Fatal(err)
		}
		out := make([]int16, len(s))
		c.Process(out, s)
		for i := range s {
			want := max(math.MinInt16, min(math.MaxInt16, float64(s[i])*math.Pow(10, gain/20)))
			if math.Abs(float64(out[i])-want) > 0.51 {
				t.Fatalf("%d at %v dB is %d", s[i], gain, out[i])
			}
		}
		if l := c.Level(); math.IsNaN(l.Peak+l.RMS) || l.Peak > 0.01 || l.RMS > l.Peak+0.01 || l.Peak < Silence {
			t.Fatalf("level %+v", l)
		}
	})
}

func TestSettingsThatCannotBe(t *testing.T) {
	for _, s := range []Settings{{Channels: "centre"}, {Gain: 41}, {Gain: math.NaN()}, {HighPass: 5}, {HighPass: math.NaN()}, {In: -1}, {Rate: 1}} {
		if s.In == 0 {
			s.In = 1
		}
		if s.Rate == 0 {
			s.Rate = 48000
		}
		if _, err := New(s); err == nil {
			t.Errorf("no error for %+v", s)
		}
	}
}

func TestProcessAllocatesNothing(t *testing.T) {
	c := chain(t, Settings{In: 2, Channels: Mono, HighPass: 80, Gain: 6})
	in, out := make([]int16, 1920), make([]int16, 960)
	if n := testing.AllocsPerRun(100, func() { c.Process(out, in) }); n != 0 {
		t.Errorf("%v allocations for a block", n)
	}
}
