package door

import (
	"net/http"
	"time"
)

// Deadlines say how long each part of a request may take. WebSockets are out of
// their reach: who takes a connection over takes its deadlines over too. A handler
// that streams sets its own (http.ResponseController).
type Deadlines struct {
	Header time.Duration // from the first byte to the end of the headers; with TLS, the handshake too
	Read   time.Duration // to the end of the body
	Write  time.Duration // from the end of the headers to the end of the answer
	Idle   time.Duration // between two requests
}

// Usual are the deadlines of a server on the open network: an offer of 64 KiB and
// the record of a long day go through a bad mobile connection, and who sends one
// byte a second does not.
var Usual = Deadlines{Header: 10 * time.Second, Read: 20 * time.Second, Write: time.Minute, Idle: 30 * time.Second}

const (
	// maxHeader bounds the headers of a request, in bytes, to which net/http adds
	// 4 KiB: two tokens of the greatest length fit.
	maxHeader = 16 << 10
	// maxStreams bounds the requests that are under way on one HTTP/2 connection:
	// a connection counts as one, so they are not to be many.
	maxStreams = 32
)

// Server gives a server for next within these deadlines and the bounds of its
// Listener.
func Server(next http.Handler, d Deadlines) *http.Server {
	return &http.Server{
		Handler: Bounded(next), ConnContext: ConnContext, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: d.Header, ReadTimeout: d.Read, WriteTimeout: d.Write, IdleTimeout: d.Idle,
		HTTP2: &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
	}
}
