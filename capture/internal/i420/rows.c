#include "rows.h"

static void luma(const uint8_t *restrict src, uint8_t *restrict y, int width) {
	for (int x = 0; x < width; x++)
		y[x] = src[2 * x];
}

static void chroma(const uint8_t *restrict a, const uint8_t *restrict b, uint8_t *restrict cb, uint8_t *restrict cr, int pairs) {
	for (int x = 0; x < pairs; x++) {
		cb[x] = (uint8_t)((a[4 * x + 1] + b[4 * x + 1]) >> 1);
		cr[x] = (uint8_t)((a[4 * x + 3] + b[4 * x + 3]) >> 1);
	}
}

void yuyv_rows(const uint8_t *src, ptrdiff_t stride, uint8_t *y, ptrdiff_t yStride, uint8_t *cb, uint8_t *cr,
	ptrdiff_t cStride, int width, int height) {
	for (int row = 0; row < height; row += 2, src += 2 * stride, y += 2 * yStride, cb += cStride, cr += cStride) {
		luma(src, y, width);
		luma(src + stride, y + yStride, width);
		chroma(src, src + stride, cb, cr, width / 2);
	}
}

void mean_rows(uint8_t *restrict dst, const uint8_t *restrict a, const uint8_t *restrict b, int n) {
	for (int i = 0; i < n; i++)
		dst[i] = (uint8_t)((a[i] + b[i]) >> 1);
}

// x / 255 is (x + 1 + (x >> 8)) >> 8 for all x below 65,535.
void level(uint8_t *plane, size_t n, unsigned scale, unsigned offset) {
	const uint16_t s = (uint16_t)scale, o = (uint16_t)offset;
	for (size_t i = 0; i < n; i++) {
		uint16_t x = (uint16_t)(plane[i] * s + o);
		plane[i] = (uint8_t)((uint16_t)(x + 1 + (x >> 8)) >> 8);
	}
}
