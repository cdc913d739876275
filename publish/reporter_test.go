package publish

import (
	"errors"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestReporterTellsNothingOfTheDead: in any order of what publications tell and
// of their ends, Flowing alternates, its end comes with the publication's, and
// what a publication wanted to tell is not told after its end.
func TestReporterTellsNothingOfTheDead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &reporter{wake: make(chan struct{}, 1), faults: map[string]known{}}
		b := &publication{}
		shown, faulty := false, false
		tell := func() bool {
			e, ok, _ := r.next()
			switch e := e.(type) {
			case Flowing:
				if e.On == shown {
					t.Fatalf("Flowing %t twice", e.On)
				}
				if e.On && b.mute {
					t.Fatal("Flowing after the end")
				}
				shown = e.On
			case Lost:
				if shown {
					t.Fatal("Lost while Flowing")
				}
			case Fault:
				faulty = true
			case FaultCleared:
				if !faulty {
					t.Fatal("cleared what was no fault")
				}
				faulty = false
			}
			return ok
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				r.flow(b, true)
			case 1:
				r.flow(b, false)
			case 2:
				r.lose(b, Lost{})
			case 3: // Close, and perhaps Open
				r.end(b)
				for tell() {
				}
				if shown {
					t.Fatal("Flowing stands after the end")
				}
				b = &publication{}
			case 4:
				r.fault(b, Camera, errors.New("unplugged"))
			case 5:
				r.works(b, Camera)
			default:
				tell()
			}
		}
	})
}

// TestReportMayBlock: an owner that is busy holds up nobody else.
func TestReportMayBlock(t *testing.T) {
	var told []Event
	inside, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	r := startReporter(func(e Event) {
		once.Do(func() { close(inside) })
		<-release
		told = append(told, e)
	})
	b := &publication{}
	r.flow(b, true)
	<-inside
	r.flow(b, false)
	r.flow(b, true)
	r.lose(b, Lost{Status: 1})
	r.end(b)
	close(release)
	r.stop()
	<-r.done
	if len(told) != 2 || told[0] != (Flowing{true}) || told[1] != (Flowing{false}) {
		t.Errorf("told %v", told)
	}
}

// TestAFaultIsToldOncePerPublication: the owner may have forgotten it with the
// publication that it came with, and the next one has the same again.
func TestAFaultIsToldOncePerPublication(t *testing.T) {
	r := &reporter{wake: make(chan struct{}, 1), faults: map[string]known{}}
	for range 2 {
		b := &publication{}
		r.fault(b, Camera, errors.New("unplugged"))
		r.fault(b, Camera, errors.New("unplugged"))
		for i, want := range []bool{true, false} {
			if _, told, _ := r.next(); told != want {
				t.Errorf("event %d was told: %t", i+1, told)
			}
		}
		r.end(b)
	}
	b := &publication{}
	r.works(b, Camera)
	if e, _, _ := r.next(); e != (FaultCleared{Camera}) {
		t.Errorf("told %v when it works again", e)
	}
}
