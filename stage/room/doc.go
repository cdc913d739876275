// Package room is the embedded media engine: WHIP in (RFC 9725), WHEP out, on
// one UDP port, with Pion.
//
// The package is told who may publish (Admit) and who may no longer (Evict); it
// enforces that on its own side whatever the device does. Every user has a slot
// of one audio and one video lane that outlives the turns: viewers subscribe to
// the slot, often before anybody speaks, and a publication is spliced into the
// lanes with continuing sequence numbers and timestamps. What the publisher's reports
// tell of sound against picture is told to its viewers, moved with the timestamps.
//
// The way of a packet: publication.pump -> lane.forward (the publication's cut
// flag, the splice) -> Pion's fan-out -> the gate of each viewer -> the wire.
// Evict shuts the gate; it never waits for a PeerConnection.
//
// Locks, in the order in which they may be taken together: sleep.mu; Room.mu (all control
// state, held for moments, never across a call into Pion); lane.sending (one
// packet to all viewers); the reports' own; lane.gate (one packet to one viewer);
// timing.mu. foreignClock.mu is taken with none of them.
//
// It may import: the standard library, Pion, podium/stage,
// podium/internal/formats, podium/internal/pionlog, podium/internal/reports and
// podium/internal/steady.
// It must not decide who is on stage, and must not know JWTs or the WebSocket.
package room
