// Package house holds the house rules as tests: which package may import what,
// that each package says so in its doc.go, how long files and functions may be,
// and that the documents link to files that exist. It has no code of its own.
//
// It may import the standard library only, in tests. It must not be imported.
package house
