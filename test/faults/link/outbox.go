package link

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// outbox holds packets until they are due.
type outbox struct {
	mu    sync.Mutex
	queue parcels
	count uint64
	news  chan struct{} // filled when the first packet may be another one
}

// parcel is a packet on its way; the number keeps those due together in order.
type parcel struct {
	at     time.Time
	number uint64
	packet []byte
}

func newOutbox() *outbox { return &outbox{news: make(chan struct{}, 1)} }

func (o *outbox) add(packet []byte, at time.Time) {
	o.mu.Lock()
	o.count++
	heap.Push(&o.queue, parcel{at, o.count, packet})
	o.mu.Unlock()
	select {
	case o.news <- struct{}{}:
	default:
	}
}

// run sends what is due until the context ends.
func (o *outbox) run(ctx context.Context, send func([]byte)) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(o.sendDue(send))
		select {
		case <-ctx.Done():
			return
		case <-o.news:
		case <-timer.C:
		}
	}
}

// sendDue sends what is due, and tells how long the next packet has to wait.
func (o *outbox) sendDue(send func([]byte)) time.Duration {
	for {
		o.mu.Lock()
		if len(o.queue) == 0 {
			o.mu.Unlock()
			return time.Hour
		}
		if wait := time.Until(o.queue[0].at); wait > 0 {
			o.mu.Unlock()
			return wait
		}
		next, _ := heap.Pop(&o.queue).(parcel)
		o.mu.Unlock()
		send(next.packet)
	}
}

// parcels is a heap, the first due on top.
type parcels []parcel

func (p parcels) Len() int      { return len(p) }
func (p parcels) Swap(a, b int) { p[a], p[b] = p[b], p[a] }
func (p parcels) Less(a, b int) bool {
	if !p[a].at.Equal(p[b].at) {
		return p[a].at.Before(p[b].at)
	}
	return p[a].number < p[b].number
}

// Push is container/heap's.
func (p *parcels) Push(x any) {
	if one, ok := x.(parcel); ok {
		*p = append(*p, one)
	}
}

// Pop is container/heap's.
func (p *parcels) Pop() any {
	last := len(*p) - 1
	one := (*p)[last]
	(*p)[last] = parcel{}
	*p = (*p)[:last]
	return one
}
