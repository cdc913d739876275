package service

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"podium/stage/door"
)

// serveNumbers serves a podium's metrics and health until the context ends.
func (u *unit) serveNumbers(ctx context.Context) error {
	if u.cfg.numbers == nil {
		<-ctx.Done()
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", newMetrics(u.cfg.version, u.cfg.log, podiumMetrics(u.podium.Status)))
	mux.HandleFunc("GET /healthz", u.serveHealth)
	server := door.Server(door.Headers(mux), door.Usual)
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(u.cfg.numbers); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// podiumHealth is what a podium's /healthz answers.
type podiumHealth struct {
	Status string   `json:"status"` // ok
	Ready  bool     `json:"ready"`  // a press would be heard
	Why    []string `json:"why"`    // it is not
}

// serveHealth answers while the process is alive, and says whether it is ready, too:
// whoever asks with ?ready is answered 503 when it is not. Whether the loop is alive, the
// service manager's watchdog sees to.
func (u *unit) serveHealth(w http.ResponseWriter, r *http.Request) {
	s := u.podium.Status()
	h, code := podiumHealth{Status: "ok", Why: []string{}}, http.StatusOK
	if !s.Connected {
		h.Why = append(h.Why, "not connected to "+s.Server)
	}
	for _, f := range s.Faults {
		h.Why = append(h.Why, f.Part+": "+f.Text)
	}
	h.Ready = len(h.Why) == 0
	if !h.Ready && r.URL.Query().Has("ready") {
		code = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(h)
}
