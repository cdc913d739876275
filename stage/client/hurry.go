package client

import (
	"context"
	"encoding/json"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"podium/stage"
)

// While the participant is on stage a silence must not last a lease, or the turn is
// over. TCP alone does not see to that: it waits longer each time before it sends
// again what was lost, and may sit there for seconds after the network is back. So
// the server is asked often, and a connection that stays silent is given up while
// there is time left for another one.
const (
	// probes is how often in a lease the server is asked.
	probes = 20
	// patience is how much of a lease a connection may be silent: 1 / patience.
	patience = 2
)

// turn takes from a notice of the status whether the participant is on stage.
func (s *session) turn(notice json.RawMessage) {
	var u struct {
		Status stage.Status `json:"status"`
	}
	if json.Unmarshal(notice, &u) != nil {
		return // whoever handles the notice says so
	}
	if on := u.Status == stage.OnStage; s.onStage.Swap(on) == on {
		return
	}
	s.wait() // it was just heard
	select {
	case s.turned <- struct{}{}:
	default: // the writer is about to look
	}
}

// probing gives how often the server has to be asked now.
func (s *session) probing() time.Duration {
	if s.onStage.Load() {
		return time.Duration(s.lease.Load()) / probes
	}
	return never
}

const never = 1 << 62 * time.Nanosecond

// allowed is how long the connection may be silent.
func (s *session) allowed() time.Duration {
	if s.onStage.Load() {
		return time.Duration(s.lease.Load()) / patience
	}
	return time.Duration(s.lease.Load())
}

// hurry is what is left of a turn whose connection is lost.
type hurry struct {
	until time.Time
	pause time.Duration // between two attempts
}

func (s *session) hurry() hurry {
	if !s.onStage.Load() {
		return hurry{}
	}
	lease := time.Duration(s.lease.Load())
	return hurry{until: time.Now().Add(lease), pause: lease / probes}
}

func (h hurry) holds() bool { return time.Now().Before(h.until) }

// dialFunc is net.Dialer's.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// impatient connects as dial does, and begins anew after each pause without giving
// up what it has begun: the kernel waits 1 s, then 2 s and 4 s, before it sends a
// lost SYN again. The first outcome counts.
func impatient(dial dialFunc, pause time.Duration) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		type outcome struct {
			conn net.Conn
			err  error
		}
		ctx, cancel := context.WithCancel(ctx)
		var attempts sync.WaitGroup
		defer attempts.Wait()
		defer cancel()
		first := make(chan outcome, 1)
		var over atomic.Bool
		again := time.NewTicker(pause)
		defer again.Stop()
		for {
			attempts.Go(func() {
				conn, err := dial(ctx, network, address)
				switch {
				case over.CompareAndSwap(false, true):
					first <- outcome{conn, err}
				case err == nil:
					_ = conn.Close()
				}
			})
			select {
			case o := <-first:
				return o.conn, o.err
			case <-again.C:
			}
		}
	}
}
