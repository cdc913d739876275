package client

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage"
)

// Config describes a connection. Server and Token are needed.
type Config struct {
	Server string                 // base URL of the stage server, http:// or https://
	Token  func() (string, error) // asked before each connection, so that a renewed token is found
	Handle func(Report)           // called in order from one goroutine; nil: nobody listens
	Log    *slog.Logger           // nil: discarded
	TLS    *tls.Config            // judges a server with https; nil: the system's authorities do
	Device string                 // tells this device from others with the same token, the same for each of its processes; empty: nothing does

	MinBackoff time.Duration // before the second attempt; 0: 100 ms
	MaxBackoff time.Duration // between later ones; 0: 2 s, so that one is back within a restarted server's lease
}

// Report is what happened on the connection: Connected, Disconnected, Heard or
// Notification.
type Report interface{ report() }

type (
	// Connected tells that the meeting is joined, or joined again.
	Connected struct{ Joined stage.Joined }
	// Disconnected tells that the connection is gone or could not be made. Err
	// says why; another attempt follows.
	Disconnected struct{ Err error }
	// Heard tells that any frame of the server came in: the lease is fresh.
	Heard struct{}
	// Notification is an event of the stage; its parameters are decoded by Decode.
	Notification struct {
		Event  stage.Event
		Params []byte
	}
)

func (Connected) report()    {}
func (Disconnected) report() {}
func (Heard) report()        {}
func (Notification) report() {}

// ErrNotConnected answers a call while there is no connection.
var ErrNotConnected = errors.New("not connected to the stage server")

// RefusedError tells that the server refused the connection itself, most often
// because of the token.
type RefusedError struct {
	Status int    // HTTP status code
	Body   string // the server's sentence
}

// Error gives the server's sentence behind the status code.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("refused by the stage server (HTTP %d): %s", e.Status, e.Body)
}

const (
	handshakeTimeout = 5 * time.Second
	writeTimeout     = 5 * time.Second
	// assumedLease bounds the silence before the server has said its lease.
	assumedLease = 5 * time.Second
)

// Client is one participant's connection. Run keeps it up.
type Client struct {
	cfg Config
	log *slog.Logger
	url string

	mu      sync.Mutex
	session *session
}

// New checks the configuration.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.Server)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("cannot use %q as the stage server: give a URL like http://stage.example:8080", cfg.Server)
	}
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	u.Path = strings.TrimRight(u.Path, "/") + "/v1/stage"
	if cfg.Token == nil {
		return nil, errors.New("cannot connect to the stage: no token")
	}
	if cfg.Handle == nil {
		cfg.Handle = func(Report) {}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.MinBackoff == 0 {
		cfg.MinBackoff = 100 * time.Millisecond
	}
	if cfg.MaxBackoff == 0 {
		cfg.MaxBackoff = 2 * time.Second
	}
	return &Client{cfg: cfg, log: cfg.Log, url: u.String()}, nil
}

// Run connects, joins the meeting, and does so again whenever the connection is
// lost, until the context ends. It then leaves the meeting on purpose.
func (c *Client) Run(ctx context.Context) error {
	backoff := c.cfg.MinBackoff
	var turn hurry
	said := ""
	for {
		session, err := c.connectOnce(ctx, turn)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the connection's end is what was asked for
		}
		said = c.complain(err, said)
		c.cfg.Handle(Disconnected{Err: err})
		if session != nil {
			backoff, turn = c.cfg.MinBackoff, session.hurry()
		}
		if turn.holds() {
			backoff = min(backoff, turn.pause)
		}
		select {
		case <-time.After(jitter(backoff)):
		case <-ctx.Done():
			return nil
		}
		backoff = min(2*backoff, c.cfg.MaxBackoff)
	}
}

// complain logs why there is no connection: once, and not at every attempt of a
// night. It gives what was said last.
func (c *Client) complain(err error, said string) string {
	level := slog.LevelWarn
	if err.Error() == said {
		level = slog.LevelDebug
	}
	c.log.Log(context.Background(), level, "stage connection lost", "server", c.cfg.Server, "err", err)
	return err.Error()
}

// jitter spreads the returns of many podiums after a server's restart: half of
// the time is fixed, half is random.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// connectOnce makes one connection and serves it to its end. It gives the session
// if that has joined the meeting.
func (c *Client) connectOnce(ctx context.Context, turn hurry) (joined *session, err error) {
	ws, err := c.dial(ctx, turn)
	if err != nil {
		return nil, err
	}
	s := newSession(ws, c.cfg.Handle)
	s.ready = func() { joined = s; c.use(s) }
	defer c.use(nil)
	err = s.run(ctx)
	return joined, err
}

func (c *Client) use(s *session) {
	c.mu.Lock()
	c.session = s
	c.mu.Unlock()
}

func (c *Client) dial(ctx context.Context, turn hurry) (*websocket.Conn, error) {
	token, err := c.cfg.Token()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	dialer := websocket.Dialer{HandshakeTimeout: handshakeTimeout, Subprotocols: []string{"podium.stage.v1"}, TLSClientConfig: c.cfg.TLS}
	if turn.holds() {
		dialer.NetDialContext = impatient(new(net.Dialer).DialContext, turn.pause)
	}
	header := http.Header{"Authorization": {"Bearer " + token}}
	if c.cfg.Device != "" {
		header.Set("Podium-Device", c.cfg.Device)
	}
	ws, response, err := dialer.DialContext(ctx, c.url, header) //nolint:bodyclose // gorilla hands out a body that needs no closing
	if err == nil {
		return ws, nil
	}
	if response != nil && response.StatusCode != http.StatusSwitchingProtocols {
		return nil, refused(response)
	}
	return nil, fmt.Errorf("%w %s: %w", ErrUnreachable, c.cfg.Server, err)
}

// Call sends one method and waits for its answer. params may be nil for none;
// result may be nil when only the success counts. A refusal by the stage is a
// *stage.Error, a protocol error a *ProtocolError.
func (c *Client) Call(ctx context.Context, method stage.Method, params, result any) error {
	type reply struct {
		result json.RawMessage
		err    error
	}
	answered := make(chan reply, 1)
	c.Go(method, params, func(result json.RawMessage, err error) { answered <- reply{result, err} })
	select {
	case r := <-answered:
		if r.err != nil || result == nil {
			return r.err
		}
		return json.Unmarshal(r.result, result)
	case <-ctx.Done():
		return fmt.Errorf("no answer to %s from the stage server: %w", method, ctx.Err())
	}
}

// Go sends one method behind all earlier ones and returns at once. done is
// called once, from a goroutine of the client's, with the answer or with what
// prevented it; it must not wait for another answer.
func (c *Client) Go(method stage.Method, params any, done func(json.RawMessage, error)) {
	c.mu.Lock()
	s := c.session
	c.mu.Unlock()
	if s == nil || !s.start(method, params, done) {
		go done(nil, ErrNotConnected)
	}
}
