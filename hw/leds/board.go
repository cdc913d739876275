package leds

import (
	"time"

	"podium/hw/lamp"
)

// shown is what one lamp shows, and since when.
type shown struct {
	pattern lamp.Pattern
	start   time.Time
}

// board is what all lamps show: a pure function of what was asked and the time.
type board []shown

// show takes the patterns asked for, one for each lamp.
func (b board) show(patterns []lamp.Pattern, now time.Time) {
	changed := make([]bool, len(b))
	for i, p := range patterns {
		changed[i] = b[i].pattern != p
	}
	for i, p := range patterns {
		if changed[i] {
			b[i] = shown{p, b.start(p, changed, now)}
		}
	}
}

// start is when a pattern that is new on a lamp began: now, or with the same
// rhythm on a lamp that goes on.
func (b board) start(p lamp.Pattern, changed []bool, now time.Time) time.Time {
	for i, other := range b {
		if !changed[i] && p.InStep(other.pattern) {
			return other.start
		}
	}
	return now
}

// at tells which lamps are lit, and how long it stays so; ok is false when for
// ever.
func (b board) at(now time.Time) (lit []bool, wait time.Duration, ok bool) {
	for _, s := range b {
		since := now.Sub(s.start)
		lit = append(lit, s.pattern.Lit(since))
		if next, moves := s.pattern.Next(since); moves && (!ok || next < wait) {
			wait, ok = next, true
		}
	}
	return lit, wait, ok
}
