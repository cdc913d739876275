// Command mutants breaks the safety of the podium on purpose, in one place after
// another, and looks whether the tests notice:
//
//	make mutants
//	go run ./test/mutants -only 6 -json
//
// Its table has, for each safety property, the places that enforce it and for each
// place a small change of the source that breaks it, with the tests that have to
// fail then. The module is copied to a temporary folder; one change is made there,
// just those tests are run, and the change is taken back. A change that no test
// notices fails the run.
//
// The package's own tests hold that the table fits the sources, and write
// docs/safety.md from it (go test ./test/mutants -update).
//
// It may import the standard library. It must not import another package of this
// module: it changes their sources and runs their tests.
package main
