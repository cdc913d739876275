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
	settled := make([]bool, len(b))
	for i, p := range patterns {
		settled[i] = b[i].pattern == p
	}
	for i, p := range patterns {
		if !settled[i] {
			b[i] = shown{p, b.start(p, b[i].pattern, settled, now)}
			settled[i] = true
		}
	}
}

// start is when a pattern that is new on a lamp began: with the same rhythm on
// another lamp, else now. After a steady light a rhythm that goes on and on begins
// with its dark part: one that began lit would say for a second more that packets
// leave.
func (b board) start(p, before lamp.Pattern, settled []bool, now time.Time) time.Time {
	for i, other := range b {
		if settled[i] && p.InStep(other.pattern) {
			return other.start
		}
	}
	if before == lamp.On && p.InStep(p) && p.Lit(0) {
		lit, _ := p.Next(0)
		return now.Add(-lit)
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
