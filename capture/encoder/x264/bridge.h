#include <stdbool.h>
#include <stdint.h>

#include <x264.h>

typedef struct {
	x264_t *engine;
	x264_param_t settings;
	x264_nal_t *nals; // of the last frame, in the engine's memory
	int length;
	int64_t frames;
} session;

session *session_new(int width, int height, double frameRate, int bitRate, int keyframeEvery);
int session_encode(session *s, const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int stride, int chromaStride, bool keyframe);
void session_copy(session *s, uint8_t *to);
int session_rate(session *s, int bitRate);
void session_free(session *s);
