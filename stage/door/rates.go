package door

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how often something may be done: Burst times at once, and PerSecond
// from then on.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Take counts once in l, and gives how long to wait if that was too often; 0: it
// was not. A call that has to wait is not counted.
func Take(l *rate.Limiter) time.Duration {
	if l.Allow() {
		return 0
	}
	missing := 1 - l.Tokens()
	wait := time.Duration(math.Ceil(missing / float64(l.Limit()) * float64(time.Second)))
	return max(time.Millisecond, wait)
}

// Limiter gives a limiter of this rate.
func (r Rate) Limiter() *rate.Limiter { return rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst) }

// Rates limits many callers, each by itself. It remembers so many at the most,
// so that who calls by ever new names fills no memory.
type Rates[K comparable] struct {
	rate Rate
	most int

	mu     sync.Mutex
	limits map[K]*rate.Limiter
}

// NewRates limits each caller to r and remembers most callers.
func NewRates[K comparable](r Rate, most int) *Rates[K] {
	return &Rates[K]{rate: r, most: most, limits: map[K]*rate.Limiter{}}
}

// Take counts once for who, and gives how long to wait if that was too often;
// 0: it was not.
func (r *Rates[K]) Take(who K) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.limits[who]
	if l == nil {
		r.makeRoom()
		l = r.rate.Limiter()
		r.limits[who] = l
	}
	return Take(l)
}

// Wait gives what Take would, and counts nothing.
func (r *Rates[K]) Wait(who K) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.limits[who]
	if l == nil {
		return 0
	}
	missing := 1 - l.Tokens()
	return max(0, time.Duration(math.Ceil(missing/float64(l.Limit())*float64(time.Second))))
}

// makeRoom forgets callers when there are too many: first those whose limit has
// refilled, which loses nothing; if all are busy, the least busy one.
func (r *Rates[K]) makeRoom() {
	if len(r.limits) < r.most {
		return
	}
	now := time.Now()
	var idlest K
	most := math.Inf(-1)
	for who, l := range r.limits {
		tokens := l.TokensAt(now)
		if tokens >= float64(r.rate.Burst) {
			delete(r.limits, who)
		} else if tokens > most {
			idlest, most = who, tokens
		}
	}
	if len(r.limits) >= r.most {
		delete(r.limits, idlest)
	}
}
