// Package lamp names what a lamp can do and defines the rhythm of each name as a
// pure function of time. The names are those of `podium status --json`.
//
// It may import the standard library only. It must not know a line, a stage or a
// clock.
package lamp
