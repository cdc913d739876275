package room

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"podium/stage"
)

// lane is one kind of media of a slot: the track that viewers are bound to, and
// who may send on it.
type lane struct {
	track *webrtc.TrackLocalStaticRTP

	// sending is held while one packet goes to all viewers. shut never takes it.
	sending sync.Mutex
	stream  splice

	// gate is read-held while one packet goes to one viewer, so that whoever
	// has it whole knows that no packet is on its way.
	gate  sync.RWMutex
	owner *publication // nil: shut
	floor atomic.Uint32

	timing timing
}

func newLane(kind stage.Media, codec webrtc.RTPCodecCapability) (*lane, error) {
	track, err := webrtc.NewTrackLocalStaticRTP(codec, string(kind), "podium")
	if err != nil {
		return nil, err
	}
	return &lane{track: track, stream: newSplice(codec.ClockRate), timing: newTiming(codec.ClockRate)}, nil
}

// open gives the lane to p, unless p was cut meanwhile. It waits until the last
// packet of the former owner has gone to all viewers or was stopped.
func (l *lane) open(p *publication) {
	l.sending.Lock()
	defer l.sending.Unlock()
	l.gate.Lock()
	defer l.gate.Unlock()
	if p.cut.Load() {
		return
	}
	l.owner = p
	l.stream.begin()
	l.timing.begin()
	l.floor.Store(uint32(l.stream.floor))
}

// shut takes the lane from p. The caller has set p.cut before, so that an open
// that comes later does nothing.
func (l *lane) shut(p *publication) {
	l.gate.Lock()
	defer l.gate.Unlock()
	if l.owner == p {
		l.owner = nil
	}
}

// owned reports whether p has the lane.
func (l *lane) owned(p *publication) bool {
	l.gate.RLock()
	defer l.gate.RUnlock()
	return l.owner == p
}

// forward sends a packet of p that arrived at now to all viewers and reports
// whether it did. It changes pkt.
func (l *lane) forward(p *publication, pkt *rtp.Packet, now time.Time) bool {
	l.sending.Lock()
	defer l.sending.Unlock()
	if p.cut.Load() || !l.owned(p) || !l.stream.rewrite(&pkt.Header, now) {
		return false
	}
	l.floor.Store(uint32(l.stream.floor))
	l.timing.forward(pkt.Timestamp, l.stream.timeBy, now)
	// Extension numbers and padding belong to the publisher's session.
	pkt.Header = rtp.Header{
		Version: 2, Marker: pkt.Marker,
		SequenceNumber: pkt.SequenceNumber, Timestamp: pkt.Timestamp,
	}
	pkt.PaddingSize = 0
	// The error is that of viewers who are leaving; each is dealt with by the
	// state of its own connection.
	_ = l.track.WriteRTP(pkt)
	return true
}

// pass calls send for one packet to one viewer, if the lane's owner may still
// send and the packet is its own. A cut counts from where it is set, before the lane is
// shut: what is left of a packet's way to many viewers is not gone.
func (l *lane) pass(seq uint16, send func() (int, error)) (int, error) {
	l.gate.RLock()
	defer l.gate.RUnlock()
	if l.owner == nil || l.owner.cut.Load() || before(seq, uint16(l.floor.Load())) {
		return 0, nil
	}
	return send()
}

// tell notes what a report of p says: its stream had an RTP time at a moment of the
// room's clock.
func (l *lane) tell(p *publication, stamp uint32, at time.Time) {
	l.gate.RLock()
	defer l.gate.RUnlock()
	if l.owner == p {
		l.timing.tell(stamp, at)
	}
}

// clock gives the RTP time at now of what viewers get, for the reports to them; false:
// they get nothing.
func (l *lane) clock(now time.Time) (stamp uint32, ok bool) {
	l.gate.RLock()
	defer l.gate.RUnlock()
	if l.owner == nil || l.owner.cut.Load() {
		return 0, false
	}
	return l.timing.at(now)
}
