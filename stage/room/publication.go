package room

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"podium/internal/reports"
	"podium/stage"
)

// largestPacket is the receive buffer in bytes; RTP on a network with an MTU of
// 1,500 stays below.
const largestPacket = 1600

// publication is one WHIP session: a publisher's connection from its offer to
// its end.
type publication struct {
	id        string
	slot      *slot
	pass      *pass
	pc        *webrtc.PeerConnection
	keyframes *keyframes

	// cut is set first when the publication ends; every packet looks at it.
	cut atomic.Bool
	// heardAt is when the last RTP packet came, in ns since Room.began: by a clock that
	// nobody sets.
	heardAt atomic.Int64
	// unheard is for how long, in ns, the machine has slept since anything came.
	unheard atomic.Int64

	clock foreignClock // of its reports

	iceUp, up atomic.Bool
	lost      chan string // why the connection is gone; one reason suffices
	done      chan struct{}

	mu     sync.Mutex // guards taken and closed
	taken  map[stage.Media]bool
	closed bool
	work   sync.WaitGroup // its goroutines; added to under mu while not closed
}

// newPublication makes the connection for pass p in slot s; nothing is
// negotiated yet.
func (r *Room) newPublication(s *slot, p *pass) (*publication, error) {
	pc, err := r.publishers.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	pub := &publication{
		id: newID(), slot: s, pass: p, pc: pc,
		lost: make(chan string, 1), done: make(chan struct{}), taken: map[stage.Media]bool{},
	}
	pub.keyframes = &keyframes{gap: keyframeGap, send: pub.sendPLI}
	pc.OnTrack(pub.receive)
	pc.OnICEConnectionStateChange(pub.onICE)
	pc.OnConnectionStateChange(pub.onConnection)
	return pub, nil
}

func (p *publication) sendPLI(ssrc uint32) {
	// It fails only when the connection is gone, and then nobody needs it.
	_ = p.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: ssrc}})
}

// start runs f as a goroutine of the publication's; false: it has ended.
func (p *publication) start(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.work.Add(1)
	go func() {
		defer p.work.Done()
		f()
	}()
	return true
}

// claim reports whether a track of kind is the first of its kind that the turn
// carries. A second one would be a stream that no offer announced.
func (p *publication) claim(kind stage.Media) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[kind] || !p.pass.turn.Carries(kind) {
		return false
	}
	p.taken[kind] = true
	return true
}

// receive is called by Pion when the first packet of a stream has come.
func (p *publication) receive(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	kind := stage.Audio
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		kind = stage.Video
	}
	if !p.claim(kind) {
		return
	}
	p.start(func() { p.readReports(receiver, uint32(track.SSRC()), p.slot.lanes[kind]) })
	p.start(func() { p.pump(track, p.slot.lanes[kind]) })
	if kind == stage.Video {
		p.keyframes.aim(uint32(track.SSRC()))
		if p.slot.watched() {
			p.keyframes.request()
		}
	}
}

// pump forwards a stream until its connection is closed.
func (p *publication) pump(track *webrtc.TrackRemote, l *lane) {
	buf := make([]byte, largestPacket)
	var pkt rtp.Packet
	for {
		n, _, err := track.Read(buf)
		if err != nil {
			return
		}
		if pkt.Unmarshal(buf[:n]) != nil {
			continue
		}
		p.hear()
		p.slot.room.in.add(len(pkt.Payload))
		if now := time.Now(); l.forward(p, &pkt, now) {
			p.heardAt.Store(int64(now.Sub(p.slot.room.began)))
			p.markAir()
		}
	}
}

// readReports reads the publisher's RTCP on a stream: the interceptors live from its
// being read, and the viewers of the lane from what it tells.
func (p *publication) readReports(receiver *webrtc.RTPReceiver, ssrc uint32, l *lane) {
	buf := make([]byte, largestPacket)
	for {
		n, _, err := receiver.Read(buf)
		if err != nil {
			return
		}
		p.hear()
		p.learn(buf[:n], ssrc, l, time.Now())
	}
}

// learn takes from RTCP that arrived at now when the stream ssrc has which RTP time
// (RFC 3550, section 6.4.1). A sender without a wall clock says 0.
func (p *publication) learn(data []byte, ssrc uint32, l *lane, now time.Time) {
	packets, err := rtcp.Unmarshal(data)
	if err != nil {
		return
	}
	for _, packet := range packets {
		if report, ok := packet.(*rtcp.SenderReport); ok && report.SSRC == ssrc && report.NTPTime != 0 {
			l.tell(p, report.RTPTime, p.clock.at(reports.Time(report.NTPTime), now))
		}
	}
}

// close tears the connection down and waits for all goroutines.
func (p *publication) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	close(p.done)
	p.keyframes.close()
	_ = p.pc.GracefulClose()
	p.work.Wait()
}
