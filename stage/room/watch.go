package room

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// onICE follows ICE. Disconnected means that nothing at all, media included,
// was heard for the lease: that is the time it was configured with.
func (p *publication) onICE(state webrtc.ICEConnectionState) {
	switch state {
	case webrtc.ICEConnectionStateConnected, webrtc.ICEConnectionStateCompleted:
		p.iceUp.Store(true)
	case webrtc.ICEConnectionStateDisconnected, webrtc.ICEConnectionStateFailed:
		p.lose("nothing heard for " + p.slot.room.conf.Lease.String())
	}
}

// onConnection follows ICE and DTLS together.
func (p *publication) onConnection(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateConnected:
		p.up.Store(true)
	case webrtc.PeerConnectionStateFailed:
		p.lose("the connection failed")
	case webrtc.PeerConnectionStateClosed:
		p.lose("closed by the publisher")
	}
}

// lose tells the watch that the connection is gone. It never waits: Pion calls
// it, and only the first reason counts.
func (p *publication) lose(reason string) {
	select {
	case p.lost <- reason:
	default:
	}
}

// watch looks after an accepted publication until it ends.
func (p *publication) watch() {
	began := time.Now()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case reason := <-p.lost:
			p.slot.room.end(p, reason)
			return
		case now := <-tick.C:
			p.slot.room.settleSleep()
			p.settleAir(now)
			p.checkConnect(now.Sub(began))
		}
	}
}

// checkConnect gives up a publisher that accepted the answer and never came.
func (p *publication) checkConnect(since time.Duration) {
	lease := p.slot.room.conf.Lease
	switch {
	case !p.iceUp.Load() && since > lease:
		p.lose("never connected")
	case !p.up.Load() && since > max(lease, connectLimit):
		p.lose("ICE connected but DTLS did not")
	}
}

// markAir says that a packet was forwarded.
func (p *publication) markAir() {
	s := p.slot
	if s.onAir.Load() {
		return
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.pub == p && !p.cut.Load() {
		s.setAir(true)
	}
}

// settleAir takes the slot off air after a silence.
func (p *publication) settleAir(now time.Time) {
	s := p.slot
	quiet := func() bool { return now.Sub(s.room.began)-time.Duration(p.heardAt.Load()) > airGap }
	if !s.onAir.Load() || !quiet() {
		return
	}
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.pub == p && quiet() {
		s.setAir(false)
	}
}

// end takes a publication off whose connection is gone or that its publisher
// deleted. The turn goes on: the stage may admit it again.
func (r *Room) end(p *publication, reason string) bool {
	r.mu.Lock()
	if p.slot.pub != p {
		r.mu.Unlock()
		return false
	}
	r.detach(p)
	if p.slot.pass != p.pass { // a newer token stands for the turn, and this one for nothing
		r.drop(p.pass)
	}
	r.tidy(p.slot)
	r.mu.Unlock()

	p.slot.shut(p)
	r.log.Info("publication cut", "meeting", p.slot.seat.meeting, "user", p.slot.seat.user, "reason", reason)
	return true
}
