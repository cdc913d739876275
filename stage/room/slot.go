package room

import (
	"fmt"
	"sync/atomic"

	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/stage"
)

// slot is one user's place in a meeting's media. It exists while there is a
// turn, a publication or a viewer, and keeps viewers subscribed from turn to turn.
type slot struct {
	room  *Room
	seat  seat
	lanes map[stage.Media]*lane // both kinds, never changed
	api   *webrtc.API           // of this slot's viewers

	// onAir is changed under Room.mu only; the packet path reads it without.
	onAir atomic.Bool

	// Guarded by Room.mu.
	turn    *stage.Turn  // nil: nobody may publish
	pass    *pass        // the newest token of the turn
	pub     *publication // nil: nobody publishes
	viewers map[string]*viewer
	pending int // viewers whose offer is being answered
}

// slotFor returns the slot at a seat and makes it if need be. Room.mu is held.
func (r *Room) slotFor(at seat) (*slot, error) {
	if s := r.slots[at]; s != nil {
		return s, nil
	}
	s := &slot{room: r, seat: at, viewers: map[string]*viewer{}}
	audio, err := newLane(stage.Audio, formats.Opus)
	if err != nil {
		return nil, fmt.Errorf("cannot make the audio lane of %s: %w", at.user, err)
	}
	video, err := newLane(stage.Video, formats.H264)
	if err != nil {
		return nil, fmt.Errorf("cannot make the video lane of %s: %w", at.user, err)
	}
	s.lanes = map[stage.Media]*lane{stage.Audio: audio, stage.Video: video}
	s.api, err = viewerAPI(r.viewing, r.logs, gateFactory{s})
	if err != nil {
		return nil, fmt.Errorf("cannot prepare the viewers of %s: %w", at.user, err)
	}
	r.slots[at] = s
	return s, nil
}

// tidy removes a slot that nobody needs any more. Room.mu is held.
func (r *Room) tidy(s *slot) {
	if s.turn == nil && s.pub == nil && s.pending == 0 && len(s.viewers) == 0 {
		delete(r.slots, s.seat)
	}
}

// shut closes the lanes behind a publication (nil: none). On return nothing of
// it is on its way to a viewer.
func (s *slot) shut(gone *publication) {
	if gone == nil {
		return
	}
	for _, l := range s.lanes {
		l.shut(gone)
	}
}

// open hands the lanes that p may use to p.
func (s *slot) open(p *publication) {
	for kind, l := range s.lanes {
		if p.pass.turn.Carries(kind) {
			l.open(p)
		}
	}
}

// detach takes a publication (nil: none) out of its slot and tears its
// connection down in the background. The packet path sees the cut from here on;
// the caller shuts the lanes when it has let go of Room.mu, which is held.
func (r *Room) detach(p *publication) {
	if p == nil {
		return
	}
	p.cut.Store(true)
	p.pass.pub = nil
	s := p.slot
	if s.pub == p {
		s.pub = nil
		s.setAir(false)
	}
	r.work.Add(1)
	go func() {
		defer r.work.Done()
		p.close()
	}()
}

// setAir announces a change of being on air. Room.mu is held.
func (s *slot) setAir(onAir bool) {
	if s.onAir.Swap(onAir) != onAir {
		s.room.air.announce(s.seat, onAir)
	}
}

// wantKeyframe passes a viewer's need of a keyframe on to the publisher, if any.
func (s *slot) wantKeyframe() {
	s.room.mu.Lock()
	pub := s.pub
	s.room.mu.Unlock()
	if pub != nil {
		pub.keyframes.request()
	}
}

// watched reports whether the slot has viewers.
func (s *slot) watched() bool {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return len(s.viewers) > 0
}
