// Package rig starts the stage and podiums as real processes on loopback, puts
// itself on the way between them, and reads what they use: what the programs below
// test share that measure.
//
// A Valve stands in the way of a podium's TCP, a Relay in the way of its media; both
// can hold everything up, and the relay notes when the kernel took each packet in.
//
// It may import: the standard library, golang.org/x/sys/unix, and of podium what a
// script would use: control, stage, stage/client, and stage/server for tokens. It
// must not judge what it measures, nor reach into a process.
package rig
