// Package documents runs every command that a document tells the reader to type, in
// the order in which the reader meets them.
//
// It may import: the standard library, and of podium only test/rig. It must not know a
// command better than the document does: what it puts in place of an address or a folder
// that the reader has to choose is in one list.
package documents
