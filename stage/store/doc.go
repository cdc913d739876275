// Package store keeps what of the meetings outlives the stage service, in one
// file (bbolt): settings, who waits or is on stage, the queue's order, and the
// record. What Save has returned for is on the disk.
//
// It may import package stage and bbolt. It must not know who asks: it meets
// the interface that stage/server defines.
package store
