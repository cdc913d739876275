#include <stdbool.h>

#include "wels/codec_api.h"

typedef struct {
	ISVCEncoder *engine;
	SFrameBSInfo unit; // of the last frame, in the engine's memory
} encoder;

typedef struct {
	const unsigned char *y, *cb, *cr;
	int stride, chromaStride;
} planes;

encoder *encoder_new(int width, int height, float frameRate, int bitRate, int keyframeEvery, int *failed);
int encoder_encode(encoder *e, planes p, int width, int height, bool keyframe);
void encoder_copy(encoder *e, unsigned char *to);
int encoder_rate(encoder *e, int bitRate, float frameRate, bool more);
void encoder_free(encoder *e);
