package door

import "sync"

// Counts says how much of something each holds at the moment, and lets nobody
// hold more than Most.
type Counts[K comparable] struct {
	Most int

	mu   sync.Mutex
	held map[K]int
}

// Take has who hold one more; false: who holds as many as one may.
func (c *Counts[K]) Take(who K) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[who] >= c.Most {
		return false
	}
	if c.held == nil {
		c.held = map[K]int{}
	}
	c.held[who]++
	return true
}

// Give takes one back.
func (c *Counts[K]) Give(who K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[who]--; c.held[who] <= 0 {
		delete(c.held, who)
	}
}

// Held gives how many who holds.
func (c *Counts[K]) Held(who K) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held[who]
}
