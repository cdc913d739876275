package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"podium/appliance"
)

// Podium is what the door leads to; *appliance.Podium is one.
type Podium interface {
	Tell(appliance.Event) error
	Status() appliance.Status
	Trace() []appliance.TraceStep
	Watch() (changed <-chan struct{}, stop func())
}

// The paths of the handler.
const (
	StatusPath = "/v1/panel/status"
	TracePath  = "/v1/panel/trace"
	PressPath  = "/v1/panel/press"
	EventsPath = "/v1/panel/events"
)

// Press is the body of POST PressPath.
type Press struct {
	Button appliance.Button `json:"button"`
	Long   bool             `json:"long,omitempty"`
}

const (
	maxBody = 4 << 10 // bytes
	// quietInterval is how often the events stream is refreshed without a
	// change, so that counters move and a dead reader is noticed.
	quietInterval = time.Second
	// writeTimeout is how long a reader of the stream may take nothing of it.
	writeTimeout = 5 * time.Second
	// maxStreams bounds the streams that are read at once: each is written to at
	// every change.
	maxStreams = 32
)

// Handler serves a podium's status, trace, presses and a stream of statuses
// (server-sent events, one status as JSON each).
func Handler(p Podium) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+StatusPath, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, p.Status()) })
	mux.HandleFunc("GET "+TracePath, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, p.Trace()) })
	mux.HandleFunc("POST "+PressPath, func(w http.ResponseWriter, r *http.Request) { press(p, w, r) })
	places := make(chan struct{}, maxStreams)
	mux.HandleFunc("GET "+EventsPath, func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			stream(p, w, r)
		default:
			w.Header().Set("Retry-After", "5")
			http.Error(w, fmt.Sprintf("%d programs read the stream of this podium already; end one, or ask for %s now and then", maxStreams, StatusPath), http.StatusServiceUnavailable)
		}
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

func press(p Podium, w http.ResponseWriter, r *http.Request) {
	var in Press
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	err := dec.Decode(&in)
	if err == nil && dec.Decode(&struct{}{}) != io.EOF {
		err = errors.New("there is more behind it")
	}
	if err != nil {
		http.Error(w, `cannot read the press: `+err.Error()+`; send {"button":"request"} or {"button":"cancel"}`, http.StatusBadRequest)
		return
	}
	if in.Button != appliance.ButtonRequest && in.Button != appliance.ButtonCancel {
		http.Error(w, fmt.Sprintf("there is no button %q: use request or cancel", in.Button), http.StatusBadRequest)
		return
	}
	if err := deliver(p, in); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// deliver brings a press as the panel does: the leading edge at once, and for a
// long one the long press behind it.
func deliver(p Podium, in Press) error {
	err := p.Tell(appliance.Press{Button: in.Button})
	if err == nil && in.Long {
		err = p.Tell(appliance.Press{Button: in.Button, Long: true})
	}
	return err
}

func stream(p Podium, w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // a stream has no end; not every connection has a deadline
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	changed, stop := p.Watch()
	defer stop()
	quiet := time.NewTicker(quietInterval)
	defer quiet.Stop()
	for {
		data, err := json.Marshal(p.Status())
		if err != nil {
			return
		}
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout))
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-quiet.C:
		case <-r.Context().Done():
			return
		}
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // a reader that left needs no answer
}
