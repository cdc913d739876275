// Package pionlog lets Pion write into slog, for the two ends of the media that
// are built on it.
//
// It may import Pion's logging interfaces and the standard library. It must not
// know what is logged.
package pionlog
