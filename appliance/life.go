package appliance

import "time"

// Life is told by the loop that it lives, and by nothing else: a loop that hangs
// keeps no watchdog fed (sd_notify(3)). Its methods return at once.
type Life interface {
	// Ready is called once, when the loop runs and the lamps show its state.
	Ready()
	// Alive is called after every step, and at least every Every.
	Alive()
	// Every is the longest time between two calls of Alive; 0: nobody watches.
	Every() time.Duration
	// Stopping is called once, when the gate is closed for good.
	Stopping()
}

// unwatched is a podium that nobody watches over.
type unwatched struct{}

func (unwatched) Ready()               {}
func (unwatched) Alive()               {}
func (unwatched) Every() time.Duration { return 0 }
func (unwatched) Stopping()            {}
