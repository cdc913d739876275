// Package hostile holds the server's own enforcement up to a device that ignores
// every word of the stage: nothing of it may reach a viewer but in its turn, and who
// is on stage must not notice. It is a test; there is nothing to import.
//
// It may import everything.
package hostile
