#include <stdlib.h> // says whether this is the GNU library

#ifdef __GLIBC__
#include <malloc.h>

__attribute__((constructor)) static void one_arena(void) { mallopt(M_ARENA_MAX, 1); }
#endif
