// Package publish holds the gate and the WHIP publisher (RFC 9725): the one door
// through which camera and microphone leave the device.
//
// A publication is one stay at one place: its own gate, its own connection, its
// own opening of the devices. Its gate is born closed, is opened once by Open,
// and once shut stays shut; nothing that happens later (a packet asked for again,
// a device that comes back, a late answer of the server) can open it. It is open
// for as long as the owner's latest permit says, and asks its clock for each
// packet: an owner that hangs, a process that is stopped or a machine that sleeps
// need do nothing for it to be shut. The gate is the interceptor nearest to the
// wire, so that what Pion's NACK responder sends again passes it too, and it
// counts what really left.
//
// The way of a sample: Source -> capturing (one goroutine per device) -> track ->
// reports, NACK responder -> gate -> SRTP. RTP times are those of capture, and the sender
// reports map those of sound and picture onto one clock. Close shuts the gate and then only
// starts the rest: the WHIP DELETE, the connection and the devices are closed in
// the background, each by the goroutine that owns it.
//
// Locks: Publisher.mu, gate.mu and reporter.mu are held for moments, never while
// a device, Pion, the network or the owner's Report is called.
//
// It may import: the standard library, Pion and
// podium/internal/formats, podium/internal/pionlog, podium/internal/plain and
// podium/internal/reports.
// It must not decide whether the gate may open: it is told. It must not import
// podium/stage, podium/capture, periph or mediadevices.
package publish
