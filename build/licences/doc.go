// Command licences writes the licences of everything that is linked into the podium: the
// Go modules, each with the LICENSE, COPYING, NOTICE and PATENTS files that stand beside
// the packages in use, Go itself, and the C libraries.
//
//	go run ./build/licences > third-party-licences.txt
//
// It may import the standard library only. It must not leave one out: a module without
// a licence is an error.
package main
