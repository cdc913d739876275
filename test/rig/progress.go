package rig

import "time"

// told is how often a person who waits is told how far it is.
const told = 5 * time.Second

// Progress has tell called every few seconds; the caller ends it.
func Progress(tell func()) (stop func()) {
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(told)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				tell()
			}
		}
	}()
	return func() { close(over); <-ended }
}
