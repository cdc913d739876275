package server

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The floods' limit of the contract: at least 100 calls at once and 20 a second.
const (
	callBurst      = 120
	callsPerSecond = 25
)

func newLimit() *rate.Limiter { return rate.NewLimiter(callsPerSecond, callBurst) }

// takeCall gives how long a flooding caller has to wait, in ms; 0: not at all.
func takeCall(l *rate.Limiter) int64 {
	if l.Allow() {
		return 0
	}
	missing := 1 - l.Tokens()
	return max(1, int64(math.Ceil(missing/callsPerSecond*1000)))
}

// maxCallers bounds how many callers of REST are remembered.
const maxCallers = 4096

// caller is who calls over REST, where there is no connection to count at.
type caller struct{ meeting, userID string }

// callers limits each caller of REST. The zero value is ready to use.
type callers struct {
	mu     sync.Mutex
	limits map[caller]*rate.Limiter
}

// take counts one call, and gives how long the caller has to wait, in ms.
func (c *callers) take(who caller) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.limits[who]
	if l == nil {
		c.makeRoom()
		l = newLimit()
		if c.limits == nil {
			c.limits = map[caller]*rate.Limiter{}
		}
		c.limits[who] = l
	}
	return takeCall(l)
}

// makeRoom forgets callers when there are too many: first those whose limit has
// refilled, which loses nothing; if all are busy, the least busy one.
func (c *callers) makeRoom() {
	if len(c.limits) < maxCallers {
		return
	}
	now := time.Now()
	var idlest caller
	most := math.Inf(-1)
	for who, l := range c.limits {
		tokens := l.TokensAt(now)
		if tokens >= callBurst {
			delete(c.limits, who)
		} else if tokens > most {
			idlest, most = who, tokens
		}
	}
	if len(c.limits) >= maxCallers {
		delete(c.limits, idlest)
	}
}
