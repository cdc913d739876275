package arena

// #include "count.h"
import "C" // and compiles arena.c

// Count gives how many arenas malloc has now, for a test to see that it is one; 0
// where the C library does not say.
func Count() int { return int(C.arena_count()) }
