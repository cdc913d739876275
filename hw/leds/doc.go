// Package leds shows lamp patterns on GPIO lines.
//
// A changed pattern is seen at once and starts at its beginning; a pattern that is
// shown again goes on. Two lamps with the two halves of one rhythm share its
// clock, so they are lit in turn. When Run ends, for whatever reason, every lamp
// is off and its line is free.
//
// What a process cannot promise is what happens when it is killed: most chips then
// leave a line at its last level. Whoever supervises the process puts the lamps
// out (Open and Close do it), or the panel's lamps have the resistor for it.
//
// It may import: podium/hw/header, podium/hw/lamp, the standard library.
// It must not know what a stage is, nor import any package of Podium outside hw.
package leds
