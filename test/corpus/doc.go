// Command corpus takes into the tree, for each fuzz target, the few inputs from
// Go's cache that reach code which the target's own seeds do not:
//
//	make fuzz FUZZTIME=5m && make corpus
//
// What is kept stands in testdata/fuzz/TARGET of the target's package, where go
// test runs it as an ordinary test. Inputs with a name of their own (real samples,
// and what once failed) always stay.
//
// It may import the standard library. It must not import another package of this
// module: it builds their tests and runs them.
package main
