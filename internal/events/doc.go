// Package events names what a service logs: a name that stays when the sentence is made
// better, and what whoever reads it should do. It counts the lines by that name.
//
// It may import the standard library only. It must not decide what is logged.
package events
