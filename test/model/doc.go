// Package model joins the real rules of a meeting and real podium cores by a
// simulated network, engine, publisher, clocks and disk, lets random things
// happen to them, and holds the properties of a safe microphone after each.
//
// It is tests only. What is real is podium/stage and podium/appliance; everything
// between them, which in production is stage/server, stage/client, stage/room,
// publish and the kernel, is a small model here that may behave worse than those:
// late, twice, out of order, not at all. Nothing runs by itself: there is one time,
// which the test moves, and every choice is drawn, so that a failure shrinks.
//
// Its tests may import podium/stage, podium/appliance, podium/hw/lamp and
// podium/test/random. They must not open a socket, start a goroutine or ask a clock.
package model
