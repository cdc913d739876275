package arena

import "C" // compiles arena.c
