package client

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"podium/stage"
)

func (p player) tell(status stage.Status) {
	p.t.Helper()
	p.send(map[string]any{"jsonrpc": "2.0", "method": stage.EventStatus, "params": stage.StatusUpdate{Status: status}})
}

// pings answers everything, and counts the pings until the given moment.
func (p player) pings(until time.Time) (count int) {
	p.t.Helper()
	answer := p.ws.PingHandler()
	p.ws.SetPingHandler(func(data string) error { count++; return answer(data) })
	_ = p.ws.SetReadDeadline(until)
	for {
		if _, _, err := p.ws.ReadMessage(); err != nil {
			return count
		}
	}
}

func TestOnStageTheServerIsAskedOften(t *testing.T) {
	const lease = 4 * time.Second
	for _, row := range []struct {
		status      stage.Status
		least, most int
	}{
		{stage.Requested, 0, 0},
		{stage.OnStage, 4, 7}, // in a second; a busy machine is late
	} {
		t.Run(string(row.status), func(t *testing.T) {
			t.Parallel()
			f := newFakeStage(t)
			_, reports, _ := run(t, f.URL, "t")
			p := f.accept(t)
			p.join(lease)
			next[Connected](t, reports)
			p.tell(row.status)
			next[Notification](t, reports)
			if got := p.pings(time.Now().Add(1100 * time.Millisecond)); got < row.least || got > row.most {
				t.Errorf("%d pings, want %d to %d", got, row.least, row.most)
			}
		})
	}
}

// A connection that is silent costs its participant's turn only a half of the lease.
func TestOnStageASilentConnectionIsReplacedWithinTheLease(t *testing.T) {
	const lease = 2 * time.Second
	f := newFakeStage(t)
	_, reports, _ := run(t, f.URL, "t")
	p := f.accept(t)
	p.join(lease)
	next[Connected](t, reports)
	p.tell(stage.OnStage)
	next[Notification](t, reports)
	silent := time.Now() // nobody reads, so nobody answers the pings
	next[Disconnected](t, reports)
	f.accept(t).join(lease)
	next[Connected](t, reports)
	if took := time.Since(silent); took < lease/3 || took > lease {
		t.Errorf("connected anew after %s of silence, with a lease of %s", took, lease)
	}
}

func TestOffStageASilenceMayLastTheLease(t *testing.T) {
	const lease = time.Second
	f := newFakeStage(t)
	_, reports, _ := run(t, f.URL, "t")
	p := f.accept(t)
	p.join(lease)
	next[Connected](t, reports)
	p.tell(stage.OnStage)
	next[Notification](t, reports)
	p.tell(stage.OffStage)
	next[Notification](t, reports)
	silent := time.Now()
	next[Disconnected](t, reports)
	if took := time.Since(silent); took < lease*8/10 {
		t.Errorf("given up after %s of silence, with a lease of %s", took, lease)
	}
}

// fakeConn is a connection that may be closed.
type fakeConn struct {
	net.Conn
	closed *atomic.Int64
}

func (c fakeConn) Close() error { c.closed.Add(1); return nil }

// A lost SYN does not hold the connection up, and what comes too late is closed.
func TestImpatient(t *testing.T) {
	refused := errors.New("refused")
	for _, row := range []struct {
		name   string
		take   []time.Duration // the attempts' times; those after the last never end
		err    error
		want   time.Duration
		closed int64
	}{
		{"at once", []time.Duration{10 * time.Millisecond}, nil, 10 * time.Millisecond, 0},
		{"the first is lost", []time.Duration{time.Hour, 10 * time.Millisecond}, nil, 110 * time.Millisecond, 0},
		{"the first is slow", []time.Duration{150 * time.Millisecond}, nil, 150 * time.Millisecond, 0},
		{"three are lost", []time.Duration{time.Hour, time.Hour, time.Hour, 0}, nil, 300 * time.Millisecond, 0},
		{"two at once", []time.Duration{110 * time.Millisecond, 10 * time.Millisecond}, nil, 110 * time.Millisecond, 1},
		{"refused", []time.Duration{time.Hour, 10 * time.Millisecond}, refused, 110 * time.Millisecond, 0},
		{"the time is over", nil, context.DeadlineExceeded, time.Second, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var begun, closed atomic.Int64
				dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
					take := time.Hour
					if n := int(begun.Add(1)); n <= len(row.take) {
						take = row.take[n-1]
					}
					select {
					case <-time.After(take):
					case <-ctx.Done():
						return nil, ctx.Err()
					}
					if row.err != nil {
						return nil, row.err
					}
					return fakeConn{closed: &closed}, nil
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start := time.Now()
				conn, err := impatient(dial, 100*time.Millisecond)(ctx, "tcp", "stage:80")
				if !errors.Is(err, row.err) || (conn == nil) != (row.err != nil) {
					t.Errorf("%v, %v; want %v", conn, err, row.err)
				}
				if took := time.Since(start); took != row.want {
					t.Errorf("took %s, want %s", took, row.want)
				}
				if closed.Load() != row.closed {
					t.Errorf("%d were closed, want %d", closed.Load(), row.closed)
				}
			})
		})
	}
}
