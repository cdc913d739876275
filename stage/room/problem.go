package room

import (
	"fmt"
	"net/http"
	"strings"
)

// problem is a refused request: a status and one sentence for a person.
type problem struct {
	status int
	text   string
}

func refuse(status int, format string, args ...any) *problem {
	return &problem{status, fmt.Sprintf(format, args...)}
}

func unauthorized(text string) *problem { return &problem{http.StatusUnauthorized, text} }

func busy(text string) *problem { return &problem{http.StatusServiceUnavailable, text} }

// write answers the request with the problem.
func (p *problem) write(w http.ResponseWriter) {
	switch p.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "2")
	}
	http.Error(w, p.text, p.status)
}

// allowAnyOrigin lets a page of any origin call: what opens these addresses is a
// token in a header, never a cookie that a browser would add by itself.
func allowAnyOrigin(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Location, Retry-After")
}

// describe answers OPTIONS, CORS preflights included (RFC 9725).
func describe(methods ...string) http.HandlerFunc {
	list := strings.Join(append(methods, http.MethodOptions), ", ")
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Allow", list)
		h.Set("Accept-Post", sdpType)
		h.Set("Access-Control-Allow-Methods", list)
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
		w.WriteHeader(http.StatusNoContent)
	}
}

// notAllowed answers every other method; among them PATCH: neither trickle ICE
// nor ICE restarts are needed with a complete answer (RFC 9725).
func notAllowed(methods ...string) http.HandlerFunc {
	list := strings.Join(append(methods, http.MethodOptions), ", ")
	return func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Allow", list)
		refuse(http.StatusMethodNotAllowed, "%s is not supported here.", req.Method).write(w)
	}
}
