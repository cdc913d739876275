// Package logline writes log lines without ever making the one who logs wait.
//
// A service's standard error is a pipe to journald. When nobody drains it, a write
// blocks, and with it whoever logs: the loop that owns the gate among them. A
// Writer takes a line at once or drops it, and says later how many it dropped.
//
// It may import: the standard library.
// It must not be used for what a person waits to read: a command's own output.
package logline
