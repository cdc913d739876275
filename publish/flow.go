package publish

import "time"

// quiet is the silence after which packets no longer flow. The red lamp may be
// wrong for 250 ms; this leaves some of it for the way to the lamp. Sound brings
// a packet every 20 ms, a picture of 5 frames per second one every 200 ms.
const quiet = 230 * time.Millisecond

// watch tells the beginnings and the ends of the flow until over is closed.
func (g *gate) watch(over <-chan struct{}, tell func(flowing bool)) {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	flowing := false
	for {
		select {
		case <-over:
			return
		case <-g.stirred:
			flowing = true
			tell(true)
			timer.Reset(quiet)
		case <-timer.C:
			if !flowing {
				continue // the next stir starts the timer
			}
			if left := g.quietIn(); left > 0 {
				timer.Reset(left)
				continue
			}
			flowing = false
			tell(false)
		}
	}
}

// quietIn is how long no packet may leave from now on for the flow to have
// ended; 0 when it has ended, and then the next packet stirs.
func (g *gate) quietIn() time.Duration {
	last := g.lastAt.Load()
	if left := quiet - (time.Since(g.born) - time.Duration(last)); left > 0 {
		return left
	}
	g.resting.Store(true)
	// A packet that left in between may not have seen that it is news.
	if g.lastAt.Load() != last && g.resting.CompareAndSwap(true, false) {
		return quiet
	}
	return 0
}
