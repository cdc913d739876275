package room

import (
	"crypto/rand"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"podium/internal/pionlog"
	"podium/internal/steady"
)

// seat names a user of a meeting.
type seat struct{ meeting, user string }

// Room is a running media engine. Its methods may be called from any goroutine.
type Room struct {
	conf  Config
	began time.Time     // moments of the packet path are counted from here
	sleep *steady.Sleep // ICE's time-outs stand still in it
	log   *slog.Logger
	logs  logging.LoggerFactory
	port  *port
	air   *announcer

	in, out meter

	publishers *webrtc.API
	viewing    webrtc.SettingEngine // of every viewer's connection

	mu      sync.Mutex // guards all below, and what slot, pass and publication say it guards
	closed  bool
	slots   map[seat]*slot
	passes  map[tokenKey]*pass
	over    []*pass        // those whose turn is over, oldest first
	viewers int            // subscriptions, under way and established
	watches map[seat]int   // the same, by who watches
	work    sync.WaitGroup // requests and teardowns; added to under mu while not closed
}

// New binds the UDP port and returns a room that nobody is admitted to. The
// caller ends it with Close.
func New(conf Config) (*Room, error) {
	announce, err := conf.announced()
	if err != nil {
		return nil, err
	}
	conf = conf.withDefaults()
	logs := pionlog.Factory{Log: conf.Log}
	udp, err := openPort(conf.Listen, announce, logs)
	if err != nil {
		return nil, err
	}
	// A lite agent only looks at its clock once per keep-alive interval.
	publishing := settings(udp, logs, silence{conf.Lease, conf.Lease, min(conf.Lease/4, 250*time.Millisecond)})
	publishers, err := publisherAPI(publishing, logs)
	if err != nil {
		_ = udp.Close()
		return nil, err
	}
	r := &Room{
		conf: conf, sleep: steady.NewSleep(conf.Asleep), began: time.Now(), log: conf.Log, logs: logs, port: udp, air: startAnnouncer(conf.OnAir),
		publishers: publishers,
		viewing:    settings(udp, logs, silence{5 * time.Second, 10 * time.Second, time.Second}),
		slots:      map[seat]*slot{}, passes: map[tokenKey]*pass{}, watches: map[seat]int{},
	}
	return r, nil
}

// Addr returns the UDP address really bound.
func (r *Room) Addr() net.Addr { return r.port.local }

// Close ends every session and waits for all that the room started. OnAir may
// still be called until it returns, so the caller holds no lock that OnAir takes.
func (r *Room) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		r.work.Wait()
		return nil
	}
	for _, s := range r.slots {
		r.detach(s.pub)
		for _, v := range s.viewers {
			r.unseat(v)
		}
	}
	r.closed = true
	r.mu.Unlock()

	r.work.Wait()
	err := r.port.Close()
	r.air.close()
	return err
}

// enter registers a request; it reports false when the room is closed. The
// caller calls r.work.Done when it is finished.
func (r *Room) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.work.Add(1)
	return true
}

// newID returns 128 random bits or more as text that fits into a URL.
func newID() string { return rand.Text() }
