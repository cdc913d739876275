package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"podium/stage"
	"podium/stage/door"
)

// DefaultLease is how long a lost connection keeps its status.
const DefaultLease = 5 * time.Second

// minLease leaves a ping and its pong time to go and come.
const minLease = 10 * time.Millisecond

// Config describes a stage service. Key and Engine are needed.
type Config struct {
	Key       []byte        // HS256 key of the participants' tokens, at least MinKeyLength
	Engine    Engine        // the media plane
	Lease     time.Duration // 0: DefaultLease; else 10 ms at least
	PublicURL string        // base of the URLs handed out; empty: as the caller addressed us
	Origins   []string      // browser origins allowed besides our own, "https://host"
	Pages     http.Handler  // serves what is not an API path; nil: nothing
	Store     Store         // keeps what outlives the process; nil: in memory, until the process ends
	Log       *slog.Logger  // nil: discarded
	// Fingerprint is that of the key that the server is pinned by, as podiums see it; nil:
	// there is no TLS.
	Fingerprint func() string
	Metrics     http.Handler // serves /metrics; nil: nothing does

	// ConnectionsPerParticipant bounds the WebSockets that a userId has at once; 0:
	// DefaultConnectionsPerParticipant.
	ConnectionsPerParticipant int
	// Asleep is for how long the machine has been suspended in all, which Go's
	// monotonic clock does not count; nil: steady.Asleep.
	Asleep func() time.Duration
}

// Server is the stage service of many meetings.
type Server struct {
	cfg      Config
	log      *slog.Logger
	upgrader websocket.Upgrader
	turns    atomic.Uint64 // numbers turns over all meetings
	peers    atomic.Uint64 // numbers connections
	process  string        // sets this process's connections apart from all others'
	commits  *committer
	crier    crier
	outbound int // bytes that may wait for one connection
	limits   *limits
	podiums  podiums
	sleep    sleep

	mu       sync.Mutex
	meetings map[string]*meeting
	open     map[*conn]struct{}
	closed   bool
	conns    sync.WaitGroup // one for each in open
}

// New checks the configuration and makes a service with the meetings in which
// the former process left somebody; another one is made when somebody first joins it.
func New(cfg Config) (*Server, error) {
	if len(cfg.Key) < MinKeyLength {
		return nil, fmt.Errorf("cannot start the stage: the key has %d bytes, %d are the least", len(cfg.Key), MinKeyLength)
	}
	if cfg.Engine == nil {
		return nil, errors.New("cannot start the stage: no media engine")
	}
	if cfg.Lease == 0 {
		cfg.Lease = DefaultLease
	}
	if cfg.Lease < minLease {
		return nil, fmt.Errorf("cannot start the stage: a lease of %v is too short, %v is the least", cfg.Lease, minLease)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Store == nil {
		cfg.Store = &memory{}
	}
	if cfg.Metrics == nil {
		cfg.Metrics = http.NotFoundHandler()
	}
	s := &Server{
		cfg: cfg, log: cfg.Log, outbound: outboundBytes, process: rand.Text()[:8],
		meetings: map[string]*meeting{}, open: map[*conn]struct{}{},
		limits: newLimits(cfg.ConnectionsPerParticipant),
	}
	s.commits = newCommitter(cfg.Store, cfg.Log, s.sweep)
	s.upgrader = websocket.Upgrader{
		HandshakeTimeout: 5 * time.Second,
		Subprotocols:     []string{subprotocol},
		ReadBufferSize:   1 << 10, // most of what comes is a pong, or one short call
		WriteBufferPool:  &sync.Pool{},
		CheckOrigin:      func(*http.Request) bool { return true }, // checked before, with a sentence
	}
	if err := s.podiums.load(cfg.Store); err != nil {
		return nil, fmt.Errorf("cannot start the stage: %w", err)
	}
	s.sleep.begin(cfg.Asleep)
	if err := s.restore(); err != nil {
		return nil, fmt.Errorf("cannot start the stage: %w", err)
	}
	s.watchSleep()
	return s, nil
}

// restore takes up the meetings in which the former process left somebody: they
// have a lease from now to come back.
func (s *Server) restore() error {
	all, err := s.cfg.Store.Load()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, saved := range all {
		if len(saved.People) > 0 {
			s.meetings[name] = newMeeting(name, s, saved)
			s.log.Info("meeting restored", "meeting", name, "people", len(saved.People))
		}
	}
	return nil
}

// Handler serves the whole HTTP surface.
func (s *Server) Handler() http.Handler {
	mux := s.mux()
	if s.cfg.Pages != nil {
		mux.Handle("/", s.cfg.Pages)
	}
	return door.Headers(mux)
}

// SetOnAir is the engine's word that a user's media began or ceased to arrive.
func (s *Server) SetOnAir(meetingName, userID string, onAir bool) {
	if m := s.find(meetingName); m != nil {
		m.step(func(now time.Time) stage.Outcome { return m.rules.SetOnAir(userID, onAir, now) })
	}
}

// Close ends every connection and all media, and waits until everything is
// stored. The statuses stand, for a service that starts again with the store.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	for c := range s.open {
		c.hangUp()
	}
	meetings := slices.Collect(maps.Values(s.meetings))
	s.mu.Unlock()
	s.sleep.end()
	for _, m := range meetings {
		m.close()
	}
	done := make(chan error, 1)
	go func() { s.conns.Wait(); done <- s.commits.close() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("cannot end all connections: %w", ctx.Err())
	}
}

// register counts a connection in; false when the server is stopping.
func (s *Server) register(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.open[c] = struct{}{}
	s.conns.Add(1)
	return true
}

func (s *Server) unregister(c *conn) {
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
	s.conns.Done()
}

// find gives a meeting that exists, or nil.
func (s *Server) find(name string) *meeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.meetings[name]
}

// enter makes a meeting on first use and counts one user of it, so that it is
// not taken down meanwhile; leave gives it back.
func (s *Server) enter(name string) (*meeting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errors.New("the server is stopping")
	}
	m := s.meetings[name]
	if m == nil {
		saved, err := s.cfg.Store.LoadMeeting(name)
		if err != nil {
			s.log.Error("cannot open a meeting", "meeting", name, "err", err)
			return nil, errors.New("cannot read what is stored of the meeting")
		}
		m = newMeeting(name, s, saved)
		s.meetings[name] = m
		s.log.Info("meeting opened", "meeting", name)
	}
	m.users++
	return m, nil
}

func (s *Server) leave(m *meeting) {
	s.mu.Lock()
	m.users--
	s.mu.Unlock()
	s.sweep(m)
}

// sweep takes a meeting down that nobody is in and nobody is expected back to.
func (s *Server) sweep(m *meeting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.users > 0 || s.meetings[m.name] != m || !m.idle() {
		return
	}
	delete(s.meetings, m.name)
	m.close()
	s.log.Info("meeting closed", "meeting", m.name)
}
