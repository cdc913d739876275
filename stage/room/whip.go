package room

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"podium/stage"
)

// WHIP returns the publishers' side (RFC 9725), to be mounted at /v1/whip/. It
// authorises by the one-time token of Admit, which is also the session's key.
func (r *Room) WHIP() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/whip/{meeting}", r.postPublication)
	mux.HandleFunc("OPTIONS /v1/whip/{meeting}", describe(http.MethodPost))
	mux.HandleFunc("/v1/whip/{meeting}", notAllowed(http.MethodPost))
	mux.HandleFunc("DELETE /v1/whip/{meeting}/{session}", r.deletePublication)
	mux.HandleFunc("OPTIONS /v1/whip/{meeting}/{session}", describe(http.MethodDelete))
	mux.HandleFunc("/v1/whip/{meeting}/{session}", notAllowed(http.MethodDelete))
	return r.door(mux)
}

// door lets requests in while the room is open and counts them, so that Close
// can wait for them.
func (r *Room) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		allowAnyOrigin(w.Header())
		r.settleSleep()
		if !r.enter() {
			busy("The media room is closed.").write(w)
			return
		}
		defer r.work.Done()
		next.ServeHTTP(w, req)
	})
}

func (r *Room) postPublication(w http.ResponseWriter, req *http.Request) {
	meeting := req.PathValue("meeting")
	p, prob := r.passFor(req)
	if prob == nil {
		_, prob = r.usable(p, meeting)
	}
	if prob != nil {
		prob.write(w)
		return
	}
	o, prob := readOffer(w, req, sends)
	if prob != nil {
		prob.write(w)
		return
	}
	pub, text, prob := r.publish(req.Context(), p, meeting, o)
	if prob != nil {
		prob.write(w)
		return
	}
	w.Header().Set("Location", "/v1/whip/"+url.PathEscape(meeting)+"/"+pub.id)
	writeAnswer(w, text)
}

func writeAnswer(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", sdpType)
	w.WriteHeader(http.StatusCreated)
	// Whoever is gone by now is dropped when the connection does not come up.
	_, _ = w.Write([]byte(text))
}

// publish uses pass p up for offer o, or leaves it as it was. Of two requests
// with one token the second waits for the first, and then finds it used.
func (r *Room) publish(ctx context.Context, p *pass, meeting string, o *offer) (*publication, string, *problem) {
	p.posting.Lock()
	defer p.posting.Unlock()
	s, prob := r.usable(p, meeting)
	if prob != nil {
		return nil, "", prob
	}
	if p.tries++; p.tries > maxTries {
		return nil, "", refuse(http.StatusTooManyRequests,
			"%d offers have been tried with this publish token; ask for another (stage.publish).", maxTries)
	}
	for _, kind := range []stage.Media{stage.Audio, stage.Video} {
		if o.has(kind) && !p.turn.Carries(kind) {
			return nil, "", refuse(http.StatusUnprocessableEntity, "The offer has %s, which this turn does not carry.", kind)
		}
	}
	pub, err := r.newPublication(s, p)
	if err != nil {
		r.log.Error("cannot make a publisher's connection", "err", err)
		return nil, "", busy("The server cannot take another connection now.")
	}
	text, prob := answer(ctx, pub.pc, o, nil)
	if prob == nil {
		prob = r.accept(pub, meeting)
	}
	if prob != nil {
		pub.close()
		return nil, "", prob
	}
	r.log.Info("publication accepted", "meeting", meeting, "user", p.turn.UserID, "turn", p.turn.Number)
	return pub, text, nil
}

// accept makes pub the publication of its slot, in place of a former one.
func (r *Room) accept(pub *publication, meeting string) *problem {
	p, s := pub.pass, pub.slot
	r.mu.Lock()
	// The token was fresh when the request began; what may have happened since
	// is that the turn ended or a newer token took its place.
	switch {
	case r.closed:
		r.mu.Unlock()
		return busy("The media room is closed.")
	case p.over || s.pass != p:
		prob := unauthorized("A newer publish token has replaced this one.")
		if p.over {
			prob = p.state(meeting, time.Now())
		}
		r.mu.Unlock()
		return prob
	}
	old := s.pub
	p.used, p.pub = true, pub
	s.pub = pub
	if old != nil {
		pub.heardAt.Store(old.heardAt.Load())
		r.detach(old)
		r.drop(old.pass)
	}
	r.mu.Unlock()

	s.shut(old)
	s.open(pub)
	pub.start(pub.watch)
	return nil
}

func (r *Room) deletePublication(w http.ResponseWriter, req *http.Request) {
	p, prob := r.passFor(req)
	var pub *publication
	if prob == nil {
		pub, prob = r.session(p, req.PathValue("meeting"), req.PathValue("session"))
	}
	if prob != nil {
		prob.write(w)
		return
	}
	r.end(pub, "ended by the publisher")
	w.WriteHeader(http.StatusOK)
}

// session finds the running publication that p is the key of.
func (r *Room) session(p *pass, meeting, id string) (*publication, *problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case p == nil || p.turn.Meeting != meeting || p.over:
		return nil, p.state(meeting, time.Now())
	case p.pub == nil || p.pub.id != id:
		return nil, refuse(http.StatusNotFound, "There is no such session.")
	}
	return p.pub, nil
}
