// Package secret reads and writes the files that hold keys and tokens, and says
// who else may read them.
//
// It may import: the standard library. It must not know what a secret is for,
// and must never put what it read into an error or a log.
package secret
