// Package plain makes foreign text fit to be shown: on a terminal that it could
// drive, in a log whose lines it could forge.
//
// It may import: the standard library.
// It must not translate or shorten for beauty: what can be shown stays as it came.
package plain
