package room

import "sync/atomic"

// Counts is what the engine carries at a moment, and what it has carried since it was
// started.
type Counts struct {
	Publications int // of speakers, connected
	Viewers      int // subscriptions, under way and established
	In, Out      Traffic
}

// meter counts traffic, on the packet's path.
type meter struct{ packets, bytes atomic.Uint64 }

func (m *meter) add(payload int) {
	m.packets.Add(1)
	m.bytes.Add(uint64(payload))
}

func (m *meter) read() Traffic { return Traffic{m.packets.Load(), m.bytes.Load()} }

// Traffic counts RTP packets and the bytes of their payloads.
type Traffic struct{ Packets, Bytes uint64 }

// Counts counts.
func (r *Room) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := Counts{Viewers: r.viewers}
	for _, s := range r.slots {
		if s.pub != nil {
			c.Publications++
		}
	}
	c.In, c.Out = r.in.read(), r.out.read()
	return c
}
