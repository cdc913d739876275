#include <turbojpeg.h>

typedef struct {
	int width, height, subsampling, colorspace;
} jpegSize;

static int jpegHeader(tjhandle h, const unsigned char *data, unsigned long length, jpegSize *size) {
	return tjDecompressHeader3(h, data, length, &size->width, &size->height, &size->subsampling, &size->colorspace);
}

static int jpegPlanes(tjhandle h, const unsigned char *data, unsigned long length, unsigned char *y, unsigned char *cb,
	unsigned char *cr, int stride, int chromaStride, int width, int height) {
	unsigned char *planes[3] = {y, cb, cr};
	int strides[3] = {stride, chromaStride, chromaStride};
	return tjDecompressToYUVPlanes(h, data, length, planes, width, strides, height, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS);
}
