package main

import (
	"strings"
	"testing"

	"podium/test/rig"
)

// samplesOf makes 24 samples of 10,000 turns.
func samplesOf(held func(turns int) held) []sample {
	var all []sample
	for n := 1; n <= 24; n++ {
		turns := 10_000 * n / 24
		s := sample{Turns: turns}
		s.Held[ofStage], s.Held[ofPodiums] = held(turns), held(turns)
		all = append(all, s)
	}
	return all
}

func atRest() held {
	return held{counts{Goroutines: 36, Heap: 1 << 20}, rig.Usage{Anon: 9000, Files: 38}}
}

// noise goes up and down with the samples, without a direction.
func noise(turns, by int) int { return turns / 416 % 3 * by }

func TestJudge(t *testing.T) {
	for _, row := range []struct {
		name string
		held func(turns int) held
		want string // the figures that have grown
	}{
		{"nothing moves", func(int) held { return atRest() }, ""},
		{"noise", func(turns int) held {
			h := atRest()
			h.Heap += uint64(noise(turns, 200<<10))
			h.Anon += noise(turns, 1500)
			return h
		}, ""},
		{"pools fill at first", func(turns int) held {
			h := atRest()
			h.Heap += uint64(min(turns, 2000)) * 400
			h.Anon += min(turns, 2000)
			return h
		}, ""},
		{"a goroutine of a thousand turns is left over", func(turns int) held {
			h := atRest()
			h.Goroutines += turns / 6000
			return h
		}, "goroutines"},
		{"a file now and then", func(turns int) held {
			h := atRest()
			h.Files += turns / 2000
			return h
		}, "open files"},
		{"a hundred bytes a turn", func(turns int) held {
			h := atRest()
			h.Heap += uint64(100*turns + noise(turns, 50<<10))
			return h
		}, "heap, bytes"},
		{"half a kilobyte of C a turn", func(turns int) held {
			h := atRest()
			h.Anon += turns/2 + noise(turns, 500)
			return h
		}, "anonymous RSS, bytes"},
	} {
		var grown []string
		for _, g := range judge(samplesOf(row.held), 12) {
			if g.Grown && g.Process == "stage" {
				grown = append(grown, g.Figure)
			}
			if !g.Judged {
				t.Errorf("%s: %s is not judged in a full run", row.name, g.Figure)
			}
		}
		if got := strings.Join(grown, ", "); got != row.want {
			t.Errorf("%s: %q has grown, want %q", row.name, got, row.want)
		}
	}
}

func TestAShortRunSaysNothingOfC(t *testing.T) {
	samples := samplesOf(func(turns int) held {
		h := atRest()
		h.Anon += turns * 10
		return h
	})
	for i := range samples {
		samples[i].Turns /= 33
	}
	for _, g := range judge(samples, 12) {
		if g.Grown || g.Judged == (g.Figure == "anonymous RSS, bytes") {
			t.Errorf("%+v", g)
		}
	}
}

func TestMoreStacks(t *testing.T) {
	before := "goroutine profile: total 4\n3 @ 0x1 0x2\n#\t0x1\tmain.serve+0x1\tserve.go:1\n\n1 @ 0x3\n#\t0x3\tmain.other+0x1\tother.go:1\n"
	after := "goroutine profile: total 9\n5 @ 0x1 0x2\n#\t0x1\tmain.serve+0x1\tserve.go:1\n\n1 @ 0x3\n#\t0x3\tmain.other+0x1\tother.go:1\n\n" +
		"3 @ 0x9\n#\t0x9\tmain.leak+0x1\tleak.go:7\n\n1 @ 0x8\n#\t0x8\tnet/http.(*connReader).backgroundRead+0x1\tserver.go:1\n"
	want := "3 more:\n#\t0x9\tmain.leak+0x1\tleak.go:7\n2 more:\n#\t0x1\tmain.serve+0x1\tserve.go:1\n"
	if got := strings.TrimRight(more([]byte(before), []byte(after)), "\n") + "\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := more([]byte(after), []byte(before)); got != "" {
		t.Errorf("fewer are told as %q", got)
	}
}
