package room

import (
	"fmt"
	"log/slog"
	"net/netip"
	"time"
)

// Limits that keep one participant from using up what the others need.
const (
	// maxOffer is the largest accepted SDP offer in bytes. Browsers send about 5 KiB.
	maxOffer = 64 << 10
	// maxViewersPerUser bounds the subscriptions to one speaker.
	maxViewersPerUser = 500
	// maxTries bounds how many offers may be tried with one publish token: each
	// costs the server a connection made, and none uses the token up.
	maxTries = 32
	// maxViewers bounds the subscriptions to the whole room; a core carries about 200.
	maxViewers = 2000
)

// DefaultWatchesPerParticipant is a wall of speakers, and some pages besides.
const DefaultWatchesPerParticipant = 32

// Times that are not the caller's to choose.
const (
	// airGap is the silence after which a publisher is no longer on air. DTX
	// sends an Opus packet every 400 ms, so it must be longer than that; with
	// watchEvery it stays under 500 ms.
	airGap = 440 * time.Millisecond
	// watchEvery is how often a publication is looked at.
	watchEvery = 50 * time.Millisecond
	// keyframeGap is the shortest time between two keyframe requests to one publisher.
	keyframeGap = 300 * time.Millisecond
	// connectLimit is how long ICE and DTLS together may take.
	connectLimit = 10 * time.Second
	// overMemory is how long the token of a turn that is over is still known,
	// so that it is answered 403 and not 401.
	overMemory = 10 * time.Minute
	// maxOver bounds how many of them are known.
	maxOver = 1024
)

// Config says where the room listens and whom it tells what.
type Config struct {
	// Listen is the UDP address, host:port. Port 0 takes a free one. An
	// unspecified host offers all interface addresses of the moment.
	Listen string
	// Announce are IP addresses offered instead of the local ones, for a server
	// behind NAT. Empty: the local ones.
	Announce []string
	// Lease is the silence (no RTP, no RTCP, no ICE) after which a publisher is
	// cut. A sleep of the machine is silence. 0 = 5 s.
	Lease time.Duration
	// TokenTTL is how long an unused publish token lives. 0 = 30 s.
	TokenTTL time.Duration
	// WatchesPerParticipant bounds the views that one participant has open at
	// once. 0 = DefaultWatchesPerParticipant.
	WatchesPerParticipant int
	// OnAir is told that media of a user began to arrive or stopped: RTP
	// counted, not announced. Off comes within 500 ms of the last packet, and at
	// once on Evict. It is called in order from one goroutine of the room and
	// never from inside Admit or Evict. nil: nobody asks.
	OnAir func(meeting, userID string, onAir bool)
	// Asleep is for how long the machine has been suspended in all, which Go's
	// monotonic clock does not count. nil: steady.Asleep.
	Asleep func() time.Duration
	// Log takes one line per change of state. nil discards.
	Log *slog.Logger
}

// withDefaults returns c with every zero value replaced by its meaning.
func (c Config) withDefaults() Config {
	if c.Lease == 0 {
		c.Lease = 5 * time.Second
	}
	if c.TokenTTL == 0 {
		c.TokenTTL = 30 * time.Second
	}
	if c.WatchesPerParticipant == 0 {
		c.WatchesPerParticipant = DefaultWatchesPerParticipant
	}
	if c.OnAir == nil {
		c.OnAir = func(string, string, bool) {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// announced returns the addresses of Announce, or which of them is none.
func (c Config) announced() ([]netip.Addr, error) {
	var addrs []netip.Addr
	for _, text := range c.Announce {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("cannot announce media address %q: it is not an IP address", text)
		}
		addrs = append(addrs, addr.Unmap())
	}
	return addrs, nil
}
