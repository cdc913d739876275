package room

import (
	"sync"
	"testing"

	"github.com/pion/rtcp"

	"podium/stage"
)

// asked counts how often a publisher is asked for which packet.
type asked struct {
	mu    sync.Mutex
	times map[uint16]int
}

func (a *asked) add(n *rtcp.TransportLayerNack) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.times == nil {
		a.times = map[uint16]int{}
	}
	for _, pair := range n.Nacks {
		for _, seq := range pair.PacketList() {
			a.times[seq]++
		}
	}
}

func (a *asked) about(seq uint16) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.times[seq]
}

// losing publishes, and once the viewer sees it sends n more packets of each kind
// without the first, whose number it gives, and the next one to send.
func (p *publisher) losing(w *watcher, n int) (lost, next uint16) {
	p.hall.Helper()
	eventually(p.hall, "packets at the viewer", func() bool {
		p.write(lost)
		lost++
		return len(w.packets(stage.Video)) > 0
	})
	return lost, p.writeFrom(lost+1, n)
}

// writeFrom sends n packets of each kind, and gives the number of the next.
func (p *publisher) writeFrom(seq uint16, n int) uint16 {
	for range n {
		p.write(seq)
		seq++
	}
	return seq
}

// A packet that comes back when 200 others have passed it is still of use: the viewer's
// picture waits for it.
func TestALatePacketComesThrough(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1)))
	lost, _ := p.losing(w, 200)
	eventually(t, "the room asks for what is lost", func() bool { return p.asked.about(lost) > 0 })
	p.write(lost)
	late := p.sent.Load()
	eventually(t, "it reaches the viewer", func() bool {
		for _, g := range w.packets(stage.Video) {
			if g.number == late {
				return true
			}
		}
		return false
	})
}

// What does not come is not asked for without end: the answers would take the place of
// what goes on.
func TestALostPacketIsGivenUp(t *testing.T) {
	h := newHall(t, Config{})
	w := h.watch("ada")
	p := newPublisher(h, nil).start(h.admit(turn("ada", 1)))
	first, next := p.losing(w, 10)
	eventually(t, "the room asks for what is lost", func() bool { return p.asked.about(first) >= askTimes })
	p.writeFrom(next+1, 10)
	eventually(t, "the room asks for the next", func() bool { return p.asked.about(next) >= askTimes/2 })
	if n := p.asked.about(first); n > askTimes {
		t.Errorf("the room asked %d times for a packet, want at most %d", n, askTimes)
	}
}
