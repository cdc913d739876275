// Package stage is the vocabulary of the stage (statuses, presets, errors,
// events) and the rules of one meeting as a pure state machine.
//
// The words and the two transition tables are those of Cloudflare RealtimeKit's
// stage management; where this project differs, the comment at the rule says so.
// The same package is used by the server, which is the authority, and by the
// podium, which only speaks the vocabulary.
//
// It may import the standard library only. It must not do I/O, start a
// goroutine or read a clock: time comes in as an argument.
package stage
