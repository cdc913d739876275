// Package restart kills `podium stage` with SIGKILL at random moments while
// participants and hosts act, starts it again with its store, and looks whether
// every step that was acknowledged is there: statuses, the queue with its order and
// ages, settings, priority, and the record.
//
// It may import: the standard library, gorilla/websocket, stage and stage/server
// (for tokens). It must not reach into the process.
package restart
