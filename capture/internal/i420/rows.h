#include <stddef.h>
#include <stdint.h>

// The loops that run over every byte of every frame, written so that the compiler makes
// vector instructions of them. Their callers have looked at all lengths.
void yuyv_rows(const uint8_t *src, ptrdiff_t stride, uint8_t *y, ptrdiff_t yStride, uint8_t *cb, uint8_t *cr,
	ptrdiff_t cStride, int width, int height);
void mean_rows(uint8_t *restrict dst, const uint8_t *restrict a, const uint8_t *restrict b, int n);
void level(uint8_t *plane, size_t n, unsigned scale, unsigned offset);
