// Package arena keeps C's malloc to one arena, in every program that has it imported.
// The GNU library gives each thread one of its own, up to eight for each core, and an
// encoder that is opened for every turn, each time on another thread, leaves some
// megabytes behind in each of them.
//
// It may import nothing but C. It must not be something to
// call, but for Count: the library takes
// the number of its arenas with the second thread, which is before Go's main.
package arena
