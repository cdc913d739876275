//go:build x264

#include <stdlib.h>
#include <string.h>

#include "bridge.h"

// rate sets the mean, and a buffer of half a second: what a viewer waits for at most.
static void rate(x264_param_t *p, int bitRate) {
	p->rc.i_rc_method = X264_RC_ABR;
	p->rc.i_bitrate = p->rc.i_vbv_max_bitrate = bitRate / 1000;
	p->rc.i_vbv_buffer_size = bitRate / 2000;
}

session *session_new(int width, int height, double frameRate, int bitRate, int keyframeEvery) {
	session *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	x264_param_t *p = &s->settings;
	if (x264_param_default_preset(p, "superfast", "zerolatency") < 0) {
		free(s);
		return NULL;
	}
	p->i_log_level = X264_LOG_NONE; // what goes wrong is returned
	p->i_width = width;
	p->i_height = height;
	p->i_csp = X264_CSP_I420;
	p->i_fps_num = (uint32_t)(frameRate * 1000 + 0.5);
	p->i_fps_den = 1000;
	p->i_keyint_max = keyframeEvery;
	p->i_scenecut_threshold = 0;
	p->i_threads = 1;
	p->b_repeat_headers = p->b_annexb = 1;
	rate(p, bitRate);
	if (x264_param_apply_profile(p, "baseline") < 0 || (s->engine = x264_encoder_open(p)) == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

int session_encode(session *s, const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int stride, int chromaStride, bool keyframe) {
	x264_picture_t in, out;
	x264_picture_init(&in);
	in.i_type = keyframe ? X264_TYPE_IDR : X264_TYPE_AUTO;
	in.i_pts = s->frames++;
	in.img.i_csp = X264_CSP_I420;
	in.img.i_plane = 3;
	in.img.plane[0] = (uint8_t *)y;
	in.img.plane[1] = (uint8_t *)cb;
	in.img.plane[2] = (uint8_t *)cr;
	in.img.i_stride[0] = stride;
	in.img.i_stride[1] = in.img.i_stride[2] = chromaStride;
	int count;
	s->length = x264_encoder_encode(s->engine, &s->nals, &count, &in, &out);
	return s->length;
}

// session_copy copies the access unit: x264 puts its NAL units one after the other.
void session_copy(session *s, uint8_t *to) { memcpy(to, s->nals[0].p_payload, s->length); }

int session_rate(session *s, int bitRate) {
	rate(&s->settings, bitRate);
	return x264_encoder_reconfig(s->engine, &s->settings);
}

void session_free(session *s) {
	x264_encoder_close(s->engine);
	free(s);
}
