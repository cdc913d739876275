package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"podium/stage/enrol"
	"podium/stage/server/openapi"
)

// meetingPath is what the REST calls of a meeting begin with.
const meetingPath = "/v1/meetings/{meeting}/"

// route is one entry of the HTTP surface. The OpenAPI document describes each;
// a test holds the two together.
type route struct {
	verb  string
	path  string
	serve http.Handler
}

// routes lists the HTTP surface but for the pages.
func (s *Server) routes() []route {
	whip, whep := http.HandlerFunc(s.serveWHIP), http.HandlerFunc(s.serveWHEP)
	list := []route{
		{http.MethodGet, "/v1/stage", http.HandlerFunc(s.serveStage)},
		{http.MethodGet, meetingPath + "record", http.HandlerFunc(s.serveRecord)},
		{http.MethodGet, meetingPath + "podiums", http.HandlerFunc(s.servePodiums)},
		{http.MethodPost, meetingPath + "podiums", http.HandlerFunc(s.serveNewCode)},
		{http.MethodDelete, meetingPath + "podiums/{user}", http.HandlerFunc(s.serveWithdraw)},
		{http.MethodPost, enrol.Path, http.HandlerFunc(s.serveEnrol)},
		{http.MethodPost, "/v1/whip/{meeting}", whip},
		{http.MethodDelete, "/v1/whip/{meeting}/{session}", whip},
		{http.MethodPost, "/v1/whep/{meeting}/{user}", whep},
		{http.MethodDelete, "/v1/whep/{meeting}/{user}/{session}", whep},
		{http.MethodGet, "/v1/openapi.json", openapi.Handler()},
		{http.MethodGet, "/healthz", http.HandlerFunc(s.serveHealth)},
		{http.MethodGet, "/metrics", s.cfg.Metrics},
	}
	for _, call := range restCalls {
		list = append(list, route{call.verb, meetingPath + call.name, s.serveCall(call)})
	}
	return list
}

// mux serves the routes, and says what is wrong with what nearly is one.
func (s *Server) mux() *http.ServeMux {
	mux := http.NewServeMux()
	verbs := map[string][]string{} // of the calls, by name
	for _, r := range s.routes() {
		mux.Handle(r.verb+" "+r.path, r.serve)
		if name, ok := strings.CutPrefix(r.path, meetingPath); ok {
			verbs[name] = append(verbs[name], r.verb)
		}
	}
	mux.HandleFunc(meetingPath+"{name}", func(w http.ResponseWriter, r *http.Request) { refuseCall(w, r, verbs) })
	mux.HandleFunc("OPTIONS "+meetingPath+"{name}", func(w http.ResponseWriter, r *http.Request) { s.preflight(w, r, verbs) })
	// The engine answers OPTIONS and what else is asked of its paths.
	mux.HandleFunc("/v1/whip/", s.serveWHIP)
	mux.HandleFunc("/v1/whep/{meeting}/{user}", s.serveWHEP)
	mux.HandleFunc("/v1/whep/{meeting}/{user}/{session}", s.serveWHEP)
	return mux
}

// preflight tells a browser whether a page of another origin may send this call.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request, verbs map[string][]string) {
	allowed := verbs[r.PathValue("name")]
	if allowed == nil || r.Header.Get("Access-Control-Request-Method") == "" {
		refuseCall(w, r, verbs)
		return
	}
	if !s.checkOrigin(w, r) {
		return
	}
	shareWith(w, r)
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", strings.Join(allowed, ", "))
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// refuseCall answers what is no call: 405 where another verb makes one.
func refuseCall(w http.ResponseWriter, r *http.Request, verbs map[string][]string) {
	name := r.PathValue("name")
	allowed, ok := verbs[name]
	if !ok {
		known := strings.Join(slices.Sorted(maps.Keys(verbs)), ", ")
		writeRefusal(w, &rpcError{Code: rpcNoSuchMethod, Message: "there is no " + quote(name) + "; there are " + known})
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeError(w, http.StatusMethodNotAllowed, "cannot "+quote(r.Method)+" "+name+"; use "+strings.Join(allowed, " or "))
}
