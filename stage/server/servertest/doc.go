// Package servertest has a media engine for tests of what stands on
// stage/server: it carries no media and records what it is told.
//
// It may import package stage and the standard library. It must not import
// stage/server, whose own tests use it, and no shipped code may import it.
package servertest
