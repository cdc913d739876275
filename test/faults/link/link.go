package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// Direction is one of the two ways over the link.
type Direction int

// The directions, as seen from the podium.
const (
	Up   Direction = iota // podium to stage
	Down                  // stage to podium
)

// Both is for faults of the whole link.
var Both = []Direction{Up, Down}

// Link joins two devices. Its methods may be called from any goroutine.
type Link struct {
	ways [2]*way
}

// way is one direction at run time.
type way struct {
	from io.Reader
	to   io.Writer
	out  *outbox

	mu     sync.Mutex // guards what follows
	lane   *lane
	faults []*Behaviour
	seen   [kinds][]time.Time
}

// mtu bounds a packet, in bytes.
const mtu = 64 << 10

// New makes a link between the device at the podium and the one at the stage; each
// Read gives one IP packet and each Write takes one. Run moves the packets.
func New(seed uint64, podium, stage io.ReadWriter) *Link {
	return &Link{ways: [2]*way{
		Up:   {from: podium, to: stage, out: newOutbox(), lane: newLane(seed, Up)},
		Down: {from: stage, to: podium, out: newOutbox(), lane: newLane(seed, Down)},
	}}
}

// Run moves packets until both devices are closed, which is how to end it. A packet
// that a device does not take is lost.
func (l *Link) Run() error {
	ctx, end := context.WithCancel(context.Background())
	var readers, writers sync.WaitGroup
	var errs [2]error
	for d, w := range l.ways {
		readers.Go(func() { errs[d] = w.read() })
		writers.Go(func() { w.out.run(ctx, func(packet []byte) { _, _ = w.to.Write(packet) }) })
	}
	readers.Wait()
	end()
	writers.Wait()
	return errors.Join(errs[:]...)
}

// read takes packets in until the device is closed.
func (w *way) read() error {
	buffer := make([]byte, mtu)
	for {
		n, err := w.from.Read(buffer)
		switch {
		case errors.Is(err, os.ErrClosed), errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("cannot read from a device of the link: %w", err)
		}
		w.take(slices.Clone(buffer[:n]), time.Now())
	}
}

// take notes a packet and queues what is to come of it.
func (w *way) take(packet []byte, now time.Time) {
	w.mu.Lock()
	kind := KindOf(packet)
	w.seen[kind] = append(w.seen[kind], now)
	var sum Behaviour
	for _, fault := range w.faults {
		sum = sum.and(*fault)
	}
	due := w.lane.due(sum, now)
	w.mu.Unlock()
	for _, at := range due {
		w.out.add(packet, at)
	}
}

// Add lays a fault over what the link does already, until end is called. Packets
// that are on their way arrive.
func (l *Link) Add(b Behaviour, directions ...Direction) (end func()) {
	fault := &b
	for _, d := range directions {
		w := l.ways[d]
		w.mu.Lock()
		w.faults = append(w.faults, fault)
		w.mu.Unlock()
	}
	return func() {
		for _, d := range directions {
			w := l.ways[d]
			w.mu.Lock()
			w.faults = slices.DeleteFunc(w.faults, func(f *Behaviour) bool { return f == fault })
			w.mu.Unlock()
		}
	}
}

// Seen gives when packets of a kind came to the link from that side, lost ones
// included, since a moment.
func (l *Link) Seen(d Direction, k Kind, since time.Time) []time.Time {
	w := l.ways[d]
	w.mu.Lock()
	defer w.mu.Unlock()
	first, _ := slices.BinarySearchFunc(w.seen[k], since, time.Time.Compare)
	return slices.Clone(w.seen[k][first:])
}
