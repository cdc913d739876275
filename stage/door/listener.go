package door

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// Bounds say how many connections may be open at once.
type Bounds struct {
	Total      int
	PerAddress int
}

// turnedAway is how many connections beyond the bounds may be open at once, to be
// told why in an answer; further ones are closed without a word.
const turnedAway = 256

// Listener accepts TCP connections within bounds. One that is too many is accepted
// too, and marked, so that Bounded can answer it.
type Listener struct {
	net.Listener
	bounds Bounds
	from   Counts[Address]

	mu      sync.Mutex
	open    int // within the bounds
	refused int // beyond them
}

// Listen puts bounds to l.
func Listen(l net.Listener, b Bounds) *Listener {
	return &Listener{Listener: l, bounds: b, from: Counts[Address]{Most: b.PerAddress}}
}

// verdict is what the listener thinks of a connection.
type verdict int

const (
	welcome verdict = iota
	serverFull
	addressFull
)

// conn gives its place back when it is closed. It embeds the TCP connection, so
// that several buffers still leave it in one system call.
type conn struct {
	*net.TCPConn
	listener *Listener
	address  Address
	verdict  verdict
	once     sync.Once
}

// Accept gives the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := raw.(*net.TCPConn)
		if !ok {
			return raw, nil
		}
		c := &conn{TCPConn: tcp, listener: l, address: AddressOf(tcp.RemoteAddr())}
		if l.admit(c) {
			return c, nil
		}
		_ = tcp.Close()
	}
}

// admit counts a connection in; false: not even for an answer.
func (l *Listener) admit(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.open >= l.bounds.Total:
		c.verdict = serverFull
	case !l.from.Take(c.address):
		c.verdict = addressFull
	default:
		l.open++
		return true
	}
	if l.refused >= turnedAway {
		return false
	}
	l.refused++
	return true
}

func (l *Listener) release(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.verdict != welcome {
		l.refused--
		return
	}
	l.open--
	l.from.Give(c.address)
}

// Crowded reports whether so many connections are open, in all or from this
// address, that nobody should keep one that does nothing.
func (l *Listener) crowded(a Address) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open > l.bounds.Total/2 || l.from.Held(a) > l.bounds.PerAddress/2
}

// Open counts the connections within the bounds.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// Close closes the connection and gives its place to the next.
func (c *conn) Close() error {
	c.once.Do(func() { c.listener.release(c) })
	return c.TCPConn.Close()
}

// connKey is where ConnContext leaves the connection.
type connKey struct{}

// ConnContext is for http.Server: it lets Bounded know a request's connection.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	if outer, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = outer.NetConn()
	}
	return context.WithValue(ctx, connKey{}, c)
}

// Bounded answers a connection that is too many, 429 for its address and 503 for
// the server, and serves all others. In a crowd it keeps none open that has been
// answered: those that wait for nothing make room for those that come.
func Bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := r.Context().Value(connKey{}).(*conn)
		switch {
		case !ok:
		case c.verdict == addressFull:
			w.Header().Set("Connection", "close")
			Refuse(w, http.StatusTooManyRequests, "there are too many connections from your address; close some, or have limits.connectionsPerAddress raised", fullWait)
			return
		case c.verdict == serverFull:
			w.Header().Set("Connection", "close")
			Refuse(w, http.StatusServiceUnavailable, "the server has as many connections as it may have (limits.connections); come back later", fullWait)
			return
		case c.listener.crowded(c.address):
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
