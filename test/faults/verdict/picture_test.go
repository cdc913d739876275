package verdict

import (
	"strings"
	"testing"
	"time"
)

// rates has one each second, from a second before the fault.
func rates(kilobits ...int) (all []Rate) {
	for n, k := range kilobits {
		all = append(all, Rate{At: time.Duration(n-1) * time.Second, BitRate: k * 1000, Width: 640, Height: 360, FrameRate: 15})
	}
	return all
}

// From a second on until the fourth there is a fault.
func TestPicture(t *testing.T) {
	const ended = 3 * time.Second
	for _, row := range []struct {
		name  string
		rates []Rate
		least int           // kbit/s
		back  time.Duration // 0: not
		ended bool
		want  []string
	}{
		{"gives way and comes back", rates(500, 500, 300, 200, 300, 390, 400), 200, 5 * time.Second, false, nil},
		{"comes back late", rates(500, 500, 300, 200, 300, 300, 390, 400), 200, 6 * time.Second, false, []string{"back 3.00 s after the fault"}},
		{"does not come back", rates(500, 500, 300, 200, 300), 200, 0, false, []string{"back for ever after the fault"}},
		{"gives nothing up", rates(500, 500, 480, 480, 480), 480, 3 * time.Second, false, []string{"gave nothing up"}},
		{"the turn ends", rates(500, 500, 300, 0, 0), 300, 0, true, []string{"back for ever"}},
	} {
		p := PictureOf(row.rates, ended-1)
		if p.Before.BitRate != 500_000 || p.Least.BitRate != 1000*row.least || p.Back.At != row.back || p.Ended != row.ended {
			t.Errorf("%s: %+v", row.name, p)
		}
		r := Run{Stage: On, Podium: State{Status: On}, Ended: ended, Picture: p}
		fits(t, row.name, Judge(r, Want{Gives: true, PictureBy: 2 * time.Second}), row.want)
	}
}

func TestSound(t *testing.T) {
	r := Run{Stage: On, Podium: State{Status: On}, Sound: 0.84}
	fits(t, "too little sound", Judge(r, Want{Sound: 0.85}), []string{"84 % of the sound was heard, want 85 %"})
	fits(t, "enough sound", Judge(r, Want{Sound: 0.84}), nil)
}

func TestPictures(t *testing.T) {
	wide := Run{Row: "5 % loss", Stage: On}
	kicked := Run{Row: "Wi-Fi", Again: true, Second: "the host kicks", Stage: Off, Queue: time.Millisecond}
	kept := Run{Row: "Wi-Fi", Stage: On, Queue: time.Millisecond, Ended: time.Second, Sound: 0.943, Picture: PictureOf(rates(500, 500, 190, 480), 2*time.Second-1)}
	lines := strings.Split(strings.TrimSpace(Pictures([]Run{wide, kept, kicked})), "\n")
	if want := "| Wi-Fi |  | 94 % | 500 kbit/s, 640 x 360, 15/s | 190 kbit/s, 640 x 360, 15/s | 1.00 s |"; len(lines) != 3 || lines[2] != want {
		t.Errorf("%q, want %q", lines, want)
	}
}
