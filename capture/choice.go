package capture

import (
	"sync"
	"time"
)

// ownFirst is for how long a device that was found by "auto" is waited for before any
// other is taken in its place.
const ownFirst = time.Second

// choice is which device is opened: the one that is configured, or with "auto" first
// the one that was there before. Its methods may be called from any goroutine.
type choice struct {
	configured string

	mu  sync.Mutex
	own string // the name of the device that was opened last
}

// next names the device to open after it was gone for so long; "" is any.
func (c *choice) next(gone time.Duration) string {
	if c.configured != AutoDevice {
		return c.configured
	}
	if own := c.last(); gone < ownFirst {
		return own
	}
	return ""
}

func (c *choice) took(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.own = name
}

func (c *choice) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.own
}

// name is that of the device which was opened last, or as configured where none was
// found yet.
func (c *choice) name() string {
	if own := c.last(); own != "" {
		return own
	}
	return c.configured
}
