package room

import (
	"fmt"
	"testing"
	"time"

	"github.com/pion/rtp"

	"podium/stage"
)

// BenchmarkForward is one video packet of 1,200 bytes to a number of viewers
// that are really connected, over loopback UDP.
func BenchmarkForward(b *testing.B) {
	for _, viewers := range []int{1, 10, 50} {
		b.Run(fmt.Sprint(viewers), func(b *testing.B) {
			h := newHall(b, Config{})
			for range viewers {
				h.watch("ada")
			}
			newPublisher(h, nil).start(h.admit(turn("ada", 1)))
			h.room.mu.Lock()
			pub := h.room.slots[seat{"hall", "ada"}].pub
			h.room.mu.Unlock()
			lane, pkt := pub.slot.lanes[stage.Video], rtp.Packet{}
			payload := make([]byte, 1200)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				pkt.Header = rtp.Header{Version: 2, SequenceNumber: uint16(i), Timestamp: uint32(i) * 90}
				pkt.Payload = payload
				if !lane.forward(pub, &pkt, time.Now()) {
					b.Fatal("not forwarded")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*viewers), "ns/viewer")
		})
	}
}

// BenchmarkEvict is the time until Evict has returned while packets flow to
// ten viewers.
func BenchmarkEvict(b *testing.B) {
	h := newHall(b, Config{})
	for range 10 {
		h.watch("ada")
	}
	var spent time.Duration
	for i := range b.N {
		p := newPublisher(h, nil).start(h.admit(turn("ada", uint64(i+1)))).feed()
		eventually(b, "on air", func() bool { return len(h.aired("ada")) == 2*i+1 })
		began := time.Now()
		h.room.Evict("hall", "ada")
		spent += time.Since(began)
		p.silence()
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "ns/evict")
}
