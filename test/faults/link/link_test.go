package link

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// device is one end of the link under test.
type device struct {
	in chan []byte

	mu  sync.Mutex
	got []arrival
}

type arrival struct {
	number int
	at     time.Time
}

func newDevice() *device { return &device{in: make(chan []byte)} }

func (d *device) Read(p []byte) (int, error) {
	packet, ok := <-d.in
	if !ok {
		return 0, io.EOF
	}
	return copy(p, packet), nil
}

func (d *device) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = append(d.got, arrival{int(binary.BigEndian.Uint32(p[len(p)-4:])), time.Now()})
	return len(p), nil
}

func (d *device) numbers() (numbers []int) {
	for _, a := range d.got {
		numbers = append(numbers, a.number)
	}
	return numbers
}

// rtp is a packet of sound with a number.
func rtp(number int) []byte {
	packet := ipv4(17, udp(20, 0x80, 111)...)
	binary.BigEndian.PutUint32(packet[len(packet)-4:], uint32(number))
	return packet
}

// run runs a link inside a bubble, with its two devices.
func run(t *testing.T, seed uint64, do func(l *Link, podium, stage *device)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		podium, stage := newDevice(), newDevice()
		l := New(seed, podium, stage)
		ended := make(chan error)
		go func() { ended <- l.Run() }()
		do(l, podium, stage)
		time.Sleep(time.Minute) // all that is on its way has arrived
		close(podium.in)
		close(stage.in)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// send sends so many packets, 20 ms apart.
func send(d *device, from, to int) {
	for n := from; n < to; n++ {
		d.in <- rtp(n)
		time.Sleep(20 * time.Millisecond)
	}
}

func sequence(from, to int) (numbers []int) {
	for n := from; n < to; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

func TestAGoodLinkHandsOnAtOnce(t *testing.T) {
	run(t, 1, func(_ *Link, podium, stage *device) {
		begun := time.Now()
		send(podium, 0, 100)
		send(stage, 0, 3)
		synctest.Wait()
		if !slices.Equal(stage.numbers(), sequence(0, 100)) || !slices.Equal(podium.numbers(), sequence(0, 3)) {
			t.Errorf("up %v, down %v", stage.numbers(), podium.numbers())
		}
		for n, a := range stage.got {
			if want := begun.Add(time.Duration(n) * 20 * time.Millisecond); !a.at.Equal(want) {
				t.Errorf("packet %d arrived %v late", n, a.at.Sub(want))
			}
		}
	})
}

func TestACutIsOfItsDirectionAndEnds(t *testing.T) {
	run(t, 1, func(l *Link, podium, stage *device) {
		send(podium, 0, 3)
		heal := l.Add(Behaviour{Cut: true}, Up)
		again := l.Add(Behaviour{Cut: true}, Up)
		cutAt := time.Now()
		send(podium, 3, 6)
		send(stage, 0, 3)
		heal()
		send(podium, 6, 9) // the second cut is not over
		again()
		send(podium, 9, 12)
		synctest.Wait()
		if want := append(sequence(0, 3), sequence(9, 12)...); !slices.Equal(stage.numbers(), want) {
			t.Errorf("up %v, want %v", stage.numbers(), want)
		}
		if !slices.Equal(podium.numbers(), sequence(0, 3)) {
			t.Errorf("down %v", podium.numbers())
		}
		// What was sent is seen even where it was cut.
		if seen := l.Seen(Up, RTP, cutAt); len(seen) != 9 || !seen[0].Equal(cutAt) {
			t.Errorf("seen since the cut: %v", seen)
		}
		if seen := l.Seen(Up, TCP, time.Time{}); len(seen) != 0 {
			t.Errorf("TCP was seen: %v", seen)
		}
	})
}

func TestFaults(t *testing.T) {
	const packets = 1000
	for _, row := range []struct {
		name     string
		add      []Behaviour
		least    int // that arrive
		most     int
		soonest  time.Duration
		latest   time.Duration
		inOrder  bool
		repeated bool
	}{
		{"5 % loss", []Behaviour{{Loss: 0.05}}, 930, 970, 0, 0, true, false},
		{"30 % loss", []Behaviour{{Loss: 0.3}}, 650, 750, 0, 0, true, false},
		{"30 % loss twice", []Behaviour{{Loss: 0.3}, {Loss: 0.3}}, 440, 540, 0, 0, true, false},
		{"delay", []Behaviour{{Delay: 300 * time.Millisecond}}, packets, packets, 300 * time.Millisecond, 300 * time.Millisecond, true, false},
		{"jitter", []Behaviour{{Delay: 100 * time.Millisecond, Jitter: 50 * time.Millisecond}}, packets, packets, 100 * time.Millisecond, 150 * time.Millisecond, true, false},
		{"repeat", []Behaviour{{Repeat: 0.2}}, 1150, 1250, 0, 0, true, true},
		{"reorder", []Behaviour{{Reorder: 0.2}}, packets, packets, 0, overtaken, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			run(t, 7, func(l *Link, podium, stage *device) {
				for _, b := range row.add {
					l.Add(b, Both...)
				}
				begun := time.Now()
				send(podium, 0, packets)
				time.Sleep(time.Second)
				synctest.Wait()
				numbers := stage.numbers()
				if len(numbers) < row.least || len(numbers) > row.most {
					t.Errorf("%d arrived", len(numbers))
				}
				if slices.IsSorted(numbers) != row.inOrder {
					t.Errorf("in order: %v", !row.inOrder)
				}
				if twice := len(slices.Compact(slices.Sorted(slices.Values(numbers)))) < len(numbers); twice != row.repeated {
					t.Errorf("repeated: %v", twice)
				}
				for _, a := range stage.got {
					took := a.at.Sub(begun.Add(time.Duration(a.number) * 20 * time.Millisecond))
					if took < row.soonest || took > row.latest {
						t.Errorf("packet %d took %v", a.number, took)
					}
				}
			})
		})
	}
}

// The n-th packet's luck depends on the seed alone, not on what was before.
func TestTheSeedDecides(t *testing.T) {
	luck := func(seed uint64, before Behaviour) (got []int) {
		run(t, seed, func(l *Link, podium, stage *device) {
			end := l.Add(before, Up)
			send(podium, 0, 100)
			end()
			l.Add(Behaviour{Loss: 0.5}, Up)
			send(podium, 100, 200)
			synctest.Wait()
			first, _ := slices.BinarySearch(stage.numbers(), 100)
			got = stage.numbers()[first:]
		})
		return got
	}
	one, same, other := luck(1, Behaviour{}), luck(1, Behaviour{Cut: true}), luck(2, Behaviour{})
	if !slices.Equal(one, same) {
		t.Errorf("one seed, two outcomes:\n%v\n%v", one, same)
	}
	if slices.Equal(one, other) {
		t.Errorf("two seeds, one outcome: %v", one)
	}
}

// broken is a device that fails.
type broken struct{}

func (broken) Read([]byte) (int, error)  { return 0, errors.New("no such device") }
func (broken) Write([]byte) (int, error) { return 0, errors.New("no such device") }

func TestABrokenDeviceIsTold(t *testing.T) {
	if err := New(1, broken{}, broken{}).Run(); err == nil {
		t.Error("no error")
	}
}
