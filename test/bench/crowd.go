package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"podium/test/rig"
)

// crowd is the load process: it holds thousands of connections that only listen.
type crowd struct {
	address string
	links   []*link
	frames  atomic.Int64
	readers sync.WaitGroup
}

const (
	benchMeeting = "hall"
	// dialers connect at the same time.
	dialers = 32
	// sources are the loopback addresses that connections come from.
	sources = 16
)

func benchToken(user, preset string) (string, error) { return rig.Token(benchMeeting, user, preset) }

// crowdReport is one line that the load process prints.
type crowdReport struct {
	Joined int     `json:"joined,omitempty"`
	Took   float64 `json:"took"` // seconds
	Frames int64   `json:"frames,omitempty"`
	Lost   bool    `json:"lost,omitempty"`
}

func crowdArguments(address string, podiums, viewers int) []string {
	return []string{"-crowd", address, "-podiums", strconv.Itoa(podiums), "-viewers", strconv.Itoa(viewers)}
}

// runCrowd is the load process: podiums join, then viewers; then all listen until
// standard input ends.
func runCrowd(ctx context.Context, address string, podiums, viewers int) error {
	c := &crowd{address: address}
	out := json.NewEncoder(os.Stdout)
	for _, group := range []struct {
		preset string
		count  int
	}{{"podium", podiums}, {"viewer", viewers}} {
		began := time.Now()
		if err := c.join(ctx, group.preset, group.count); err != nil {
			return err
		}
		if err := out.Encode(crowdReport{Joined: group.count, Took: time.Since(began).Seconds()}); err != nil {
			return err
		}
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	lost := c.close()
	return out.Encode(crowdReport{Frames: c.frames.Load(), Lost: lost})
}

func (c *crowd) join(ctx context.Context, preset string, count int) error {
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	work := make(chan int)
	for range dialers {
		group.Go(func() {
			for n := range work {
				l, err := c.one(preset, n)
				mu.Lock()
				if err != nil {
					failed = errors.Join(failed, err)
				} else {
					c.links = append(c.links, l)
				}
				mu.Unlock()
			}
		})
	}
	for n := 0; n < count && ctx.Err() == nil; n++ {
		work <- n
	}
	close(work)
	group.Wait()
	return errors.Join(failed, ctx.Err())
}

func (c *crowd) one(preset string, n int) (*link, error) {
	l, err := enterAs(c.address, fmt.Sprintf("%s-%d", preset, n), preset, n)
	if err != nil {
		return nil, err
	}
	c.readers.Go(func() {
		var head [8]byte
		for {
			if _, err := l.next(head[:]); err != nil {
				return
			}
			c.frames.Add(1)
		}
	})
	return l, nil
}

// enterAs connects a user and joins.
func enterAs(address, user, preset string, n int) (*link, error) {
	token, err := benchToken(user, preset)
	if err != nil {
		return nil, err
	}
	l, err := dialLink(address, fmt.Sprintf("127.0.0.%d", 2+n%sources), token)
	if err != nil {
		return nil, err
	}
	if err := l.join(); err != nil {
		_ = l.conn.Close()
		return nil, fmt.Errorf("%s cannot join: %w", user, err)
	}
	return l, nil
}

// close ends all connections, and reports whether one had ended before.
func (c *crowd) close() (lost bool) {
	for _, l := range c.links {
		if l.send(opPong, nil) != nil {
			lost = true
		}
		_ = l.conn.Close()
	}
	c.readers.Wait()
	return lost
}
