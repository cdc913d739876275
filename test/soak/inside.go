package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"
)

// counts are what a process knows of itself.
type counts struct {
	Goroutines int    `json:"goroutines"`
	Heap       uint64 `json:"heapBytes"` // that is in use, garbage excluded
	Objects    uint64 `json:"heapObjects"`
}

// inside is what a child answers: how much it holds, and its plugs to pull.
func inside(p *plugs) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /goroutines", func(w http.ResponseWriter, _ *http.Request) {
		_ = pprof.Lookup("goroutine").WriteTo(w, 1)
	})
	mux.HandleFunc("GET /heap", func(w http.ResponseWriter, _ *http.Request) {
		_ = pprof.Lookup("heap").WriteTo(w, 0)
	})
	mux.HandleFunc("GET /count", func(w http.ResponseWriter, _ *http.Request) { tell(w, counts{Goroutines: runtime.NumGoroutine()}) })
	mux.HandleFunc("GET /rest", func(w http.ResponseWriter, _ *http.Request) {
		runtime.GC() // what has a finalizer goes with the second
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		tell(w, counts{runtime.NumGoroutine(), m.HeapAlloc, m.HeapObjects})
	})
	mux.HandleFunc("POST /plugs/{device}/{fault}", func(w http.ResponseWriter, r *http.Request) {
		if err := p.set(r.PathValue("device"), fault(r.PathValue("fault"))); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	return mux
}

func tell(w http.ResponseWriter, c counts) { _ = json.NewEncoder(w).Encode(c) } // who asked is there

// window looks into a child.
type window struct{ http http.Client }

func openWindow(socket string) window {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return window{http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 20 * time.Second}}
}

func (w *window) ask(ctx context.Context, method, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://child"+path, bytes.NewReader(nil))
	if err != nil {
		return nil, err
	}
	response, err := w.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s: %s", path, response.Status, body)
	}
	return body, err
}

func (w *window) counts(ctx context.Context, path string) (c counts, err error) {
	body, err := w.ask(ctx, http.MethodGet, path)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(body, &c)
}
