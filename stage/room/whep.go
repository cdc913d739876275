package room

import (
	"net/http"
	"net/url"

	"podium/stage"
)

// WHEP returns the viewers' side, to be mounted at /v1/whep/. Whoever mounts it
// has authorised the viewer, says who it is (stage.WithViewer), and has checked
// that the user exists. A session is ended by the one who opened it.
func (r *Room) WHEP() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/whep/{meeting}/{user}", r.postViewer)
	mux.HandleFunc("OPTIONS /v1/whep/{meeting}/{user}", describe(http.MethodPost))
	mux.HandleFunc("/v1/whep/{meeting}/{user}", notAllowed(http.MethodPost))
	mux.HandleFunc("DELETE /v1/whep/{meeting}/{user}/{session}", r.deleteViewer)
	mux.HandleFunc("OPTIONS /v1/whep/{meeting}/{user}/{session}", describe(http.MethodDelete))
	mux.HandleFunc("/v1/whep/{meeting}/{user}/{session}", notAllowed(http.MethodDelete))
	return r.door(mux)
}

func (r *Room) postViewer(w http.ResponseWriter, req *http.Request) {
	o, prob := readOffer(w, req, receives)
	if prob != nil {
		prob.write(w)
		return
	}
	at := seat{req.PathValue("meeting"), req.PathValue("user")}
	who := seat{at.meeting, stage.ViewerOf(req.Context())}
	s, prob := r.reserve(at, who)
	if prob != nil {
		prob.write(w)
		return
	}
	v, text, prob := r.subscribe(req.Context(), s, who, o)
	if prob != nil {
		r.release(s, who)
		prob.write(w)
		return
	}
	w.Header().Set("Location", "/v1/whep/"+url.PathEscape(at.meeting)+"/"+url.PathEscape(at.user)+"/"+v.id)
	writeAnswer(w, text)
}

func (r *Room) deleteViewer(w http.ResponseWriter, req *http.Request) {
	v := r.viewerAt(seat{req.PathValue("meeting"), req.PathValue("user")}, req.PathValue("session"))
	if v == nil || v.who.user != stage.ViewerOf(req.Context()) || !r.leave(v) {
		refuse(http.StatusNotFound, "There is no such session.").write(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (r *Room) viewerAt(at seat, id string) *viewer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.slots[at]; s != nil {
		return s.viewers[id]
	}
	return nil
}
