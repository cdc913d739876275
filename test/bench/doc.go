// Command bench measures the numbers of docs/numbers.md on real processes and
// prints them as one table: `make bench`. Each figure is taken in the same run
// as the others, so that they can be compared.
//
// It may import everything but cmd and internal. It must not be a test: nothing
// here passes or fails by a time.
package main
