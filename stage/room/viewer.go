package room

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// viewer is one WHEP session: a subscription to a slot.
type viewer struct {
	id   string
	slot *slot
	who  seat // who watches
	pc   *webrtc.PeerConnection
	wait *time.Timer // gives up a connection that does not come

	mu     sync.Mutex // guards closed
	closed bool
	work   sync.WaitGroup // RTCP readers; added to under mu while not closed
}

// reserve finds or makes the slot at a seat for one more viewer, who. The
// reservation ends with seatViewer or release.
func (r *Room) reserve(at, who seat) (*slot, *problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, busy("The media room is closed.")
	}
	if r.viewers >= maxViewers {
		return nil, busy("This server has as many viewers as it can carry.")
	}
	if who.user != "" && r.watches[who] >= r.conf.WatchesPerParticipant {
		return nil, refuse(http.StatusTooManyRequests,
			"This user watches %d speakers already, which is as many as one may (limits.watchesPerParticipant); end a view.", r.watches[who])
	}
	s, err := r.slotFor(at)
	if err != nil {
		r.log.Error("cannot make a slot", "meeting", at.meeting, "user", at.user, "err", err)
		return nil, busy("The server cannot take another viewer now.")
	}
	if len(s.viewers)+s.pending >= maxViewersPerUser {
		return nil, busy("This participant has as many viewers as one can have.")
	}
	s.pending++
	r.viewers++
	r.watches[who]++
	return s, nil
}

// release gives a reservation back.
func (r *Room) release(s *slot, who seat) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.pending--
	r.countOff(who)
	r.tidy(s)
}

// countOff forgets one subscription of who. Room.mu is held.
func (r *Room) countOff(who seat) {
	r.viewers--
	if r.watches[who]--; r.watches[who] <= 0 {
		delete(r.watches, who)
	}
}

// subscribe answers a viewer's offer from the slot's tracks.
func (r *Room) subscribe(ctx context.Context, s *slot, who seat, o *offer) (*viewer, string, *problem) {
	pc, err := s.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		r.log.Error("cannot make a viewer's connection", "err", err)
		return nil, "", busy("The server cannot take another viewer now.")
	}
	v := &viewer{id: newID(), slot: s, who: who, pc: pc}
	v.wait = time.AfterFunc(connectLimit, func() { r.leave(v) })
	pc.OnConnectionStateChange(v.onConnection)
	text, prob := answer(ctx, pc, o, func() error { return v.addTracks(o) })
	if prob == nil && !r.seatViewer(v) {
		prob = busy("The media room is closed.")
	}
	if prob != nil {
		v.close()
		return nil, "", prob
	}
	return v, text, nil
}

// addTracks binds the viewer to the lanes it asked for.
func (v *viewer) addTracks(o *offer) error {
	for _, kind := range o.kinds {
		sender, err := v.pc.AddTrack(v.slot.lanes[kind].track)
		if err != nil {
			return err
		}
		v.mu.Lock()
		if !v.closed {
			v.work.Add(1)
			go v.readFeedback(sender)
		}
		v.mu.Unlock()
	}
	return nil
}

// readFeedback reads a viewer's RTCP: for the interceptors, and for its wish
// for a keyframe.
func (v *viewer) readFeedback(sender *webrtc.RTPSender) {
	defer v.work.Done()
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				v.slot.wantKeyframe()
			}
		}
	}
}

func (v *viewer) onConnection(state webrtc.PeerConnectionState) {
	switch state {
	case webrtc.PeerConnectionStateConnected:
		v.wait.Stop()
		v.slot.wantKeyframe()
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		v.slot.room.leave(v)
	}
}

// seatViewer turns the reservation into a subscription; false: the room closed.
func (r *Room) seatViewer(v *viewer) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	v.slot.pending--
	v.slot.viewers[v.id] = v
	return true
}

// leave ends a subscription, once; false: it had ended, or never began.
func (r *Room) leave(v *viewer) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.slot.viewers[v.id] != v {
		return false
	}
	r.unseat(v)
	r.tidy(v.slot)
	return true
}

// unseat takes a viewer out of its slot and tears its connection down in the
// background. Room.mu is held.
func (r *Room) unseat(v *viewer) {
	delete(v.slot.viewers, v.id)
	r.countOff(v.who)
	r.work.Add(1)
	go func() {
		defer r.work.Done()
		v.close()
	}()
}

// close tears the connection down and waits for the viewer's goroutines.
func (v *viewer) close() {
	v.mu.Lock()
	v.closed = true
	v.mu.Unlock()
	v.wait.Stop()
	_ = v.pc.GracefulClose()
	v.work.Wait()
}
