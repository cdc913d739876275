package publish_test

import (
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// narrow is a socket behind a link of so many bits in a second, with a queue of
// 200 ms before it: what does not fit in is lost.
type narrow struct {
	net.PacketConn
	rate  atomic.Int64 // bit/s
	ended chan struct{}
	queue chan datagram
}

type datagram struct {
	data []byte
	from net.Addr
	due  time.Time
}

func newNarrow(c net.PacketConn, rate int64) *narrow {
	n := &narrow{PacketConn: c, queue: make(chan datagram, 10_000), ended: make(chan struct{})}
	n.rate.Store(rate)
	go n.run()
	return n
}

func (n *narrow) run() {
	defer close(n.ended)
	var free time.Time // when the link has sent what it was given
	for {
		buf := make([]byte, 2000)
		size, from, err := n.PacketConn.ReadFrom(buf)
		if err != nil {
			return
		}
		now := time.Now()
		if free.Before(now) {
			free = now
		}
		if free.Sub(now) > 200*time.Millisecond {
			continue
		}
		free = free.Add(time.Duration(int64(size+28) * 8 * int64(time.Second) / n.rate.Load()))
		n.queue <- datagram{buf[:size], from, free}
	}
}

// ReadFrom gives each datagram when the link has sent it.
func (n *narrow) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case d := <-n.queue:
		time.Sleep(time.Until(d.due))
		return copy(b, d.data), d.from, nil
	case <-n.ended:
		return 0, nil, net.ErrClosed
	}
}

// Over a link that takes half of the picture, the picture becomes smaller, and the
// sound comes through; when the link is wide again, so is the picture.
func TestSoundSurvivesANarrowLink(t *testing.T) {
	var link *narrow
	r := newReceiverBehind(t, func(c net.PacketConn) net.PacketConn { link = newNarrow(c, 10_000_000); return link })
	o := newOwner(t)
	o.openTo(r.url())
	eventually(t, "picture and sound", func() bool { return len(r.got(audio)) > 20 && len(r.got(video)) > 20 })
	link.rate.Store(400_000)
	camera := o.devices.Cameras()[0]
	eventually(t, "a smaller picture", func() bool { b := camera.BitRate(); return b > 0 && b < 330_000 })
	time.Sleep(time.Second) // the queue becomes empty
	from, sent := len(r.got(audio)), o.devices.Microphones()[0].Samples()
	time.Sleep(4 * time.Second)
	heard := int64(len(r.got(audio)) - from)
	sent = o.devices.Microphones()[0].Samples() - sent
	if heard < sent*90/100 {
		t.Errorf("%d of %d packets of sound came through", heard, sent)
	}
	low := camera.BitRate()
	t.Logf("%d of %d packets of sound, %d bit/s for the picture", heard, sent, low)
	link.rate.Store(20_000_000)
	eventually(t, "a larger picture", func() bool { return camera.BitRate() > min(2*low, 500_000) })
}
