// Package lipsync holds sound and picture together: from the capture of both through
// publisher and media room to a viewer, who goes by RTP times and sender reports alone.
// It is a test; there is nothing to import.
//
// It may import everything. It must not judge by when something arrives: a busy machine
// does not make it fail.
package lipsync
