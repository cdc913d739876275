// Package faults runs `podium stage` and `podium run` as real processes in network
// namespaces of their own, joined by a link that goes bad on command, and looks what
// a speaker on stage meets: when the last packet left, when speech was back, what
// both sides say of it. It has tests only (build tag faults): `make faults` runs
// them, as root.
//
// It may import: the standard library, pion, the packages below it, and of podium
// what a script would use: stage, stage/client, control, and stage/server for tokens.
// It must not reach into the processes.
package faults
