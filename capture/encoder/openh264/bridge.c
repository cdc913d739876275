#include <stdlib.h>
#include <string.h>

#include "bridge.h"

encoder *encoder_new(int width, int height, float frameRate, int bitRate, int keyframeEvery, int *failed) {
	encoder *e = calloc(1, sizeof *e);
	if (e == NULL || (*failed = WelsCreateSVCEncoder(&e->engine)) != 0 || e->engine == NULL) {
		free(e);
		return NULL;
	}
	int quiet = WELS_LOG_QUIET; // what goes wrong is returned
	(*e->engine)->SetOption(e->engine, ENCODER_OPTION_TRACE_LEVEL, &quiet);
	SEncParamExt p;
	(*e->engine)->GetDefaultParams(e->engine, &p);
	p.iUsageType = CAMERA_VIDEO_REAL_TIME;
	p.iPicWidth = width;
	p.iPicHeight = height;
	p.iTargetBitrate = p.iMaxBitrate = bitRate;
	p.iRCMode = RC_BITRATE_MODE;
	p.fMaxFrameRate = frameRate;
	p.bEnableFrameSkip = true;
	p.uiIntraPeriod = keyframeEvery;
	// At these sizes threads cost more than they save.
	p.iMultipleThreadIdc = 1;
	// A speaker before a wall: looking for the wall and for cuts costs more than it saves.
	p.bEnableBackgroundDetection = false;
	p.bEnableSceneChangeDetect = false;
	p.sSpatialLayers[0].iVideoWidth = width;
	p.sSpatialLayers[0].iVideoHeight = height;
	p.sSpatialLayers[0].fFrameRate = frameRate;
	p.sSpatialLayers[0].iSpatialBitrate = p.sSpatialLayers[0].iMaxSpatialBitrate = bitRate;
	p.sSpatialLayers[0].sSliceArgument.uiSliceNum = 1;
	p.sSpatialLayers[0].sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
	if ((*failed = (*e->engine)->InitializeExt(e->engine, &p)) != 0) {
		WelsDestroySVCEncoder(e->engine);
		free(e);
		return NULL;
	}
	return e;
}

// encoder_encode leaves the access unit in the engine's memory until the next call, and
// returns its length, or what failed as a negative number.
int encoder_encode(encoder *e, planes p, int width, int height, bool keyframe) {
	SSourcePicture picture = {0};
	picture.iPicWidth = width;
	picture.iPicHeight = height;
	picture.iColorFormat = videoFormatI420;
	picture.iStride[0] = p.stride;
	picture.iStride[1] = picture.iStride[2] = p.chromaStride;
	picture.pData[0] = (unsigned char *)p.y;
	picture.pData[1] = (unsigned char *)p.cb;
	picture.pData[2] = (unsigned char *)p.cr;
	int length = 0;
	if (keyframe)
		(*e->engine)->ForceIntraFrame(e->engine, true);
	memset(&e->unit, 0, sizeof e->unit);
	int failed = (*e->engine)->EncodeFrame(e->engine, &picture, &e->unit);
	if (failed)
		return -failed;
	for (int layer = 0; layer < e->unit.iLayerNum; layer++)
		for (int i = 0; i < e->unit.sLayerInfo[layer].iNalCount; i++)
			length += e->unit.sLayerInfo[layer].pNalLengthInByte[i];
	return length;
}

void encoder_copy(encoder *e, unsigned char *to) {
	for (int layer = 0; layer < e->unit.iLayerNum; layer++) {
		int length = 0;
		for (int i = 0; i < e->unit.sLayerInfo[layer].iNalCount; i++)
			length += e->unit.sLayerInfo[layer].pNalLengthInByte[i];
		memcpy(to, e->unit.sLayerInfo[layer].pBsBuf, length);
		to += length;
	}
}

// encoder_rate sets the highest rate too; between the two the target is never above it.
int encoder_rate(encoder *e, int bitRate, float frameRate, bool more) {
	SBitrateInfo rate = {SPATIAL_LAYER_0, bitRate}; // the only one
	int failed = (*e->engine)->SetOption(e->engine, ENCODER_OPTION_FRAME_RATE, &frameRate);
	if (!failed)
		failed = (*e->engine)->SetOption(e->engine, more ? ENCODER_OPTION_MAX_BITRATE : ENCODER_OPTION_BITRATE, &rate);
	if (!failed)
		failed = (*e->engine)->SetOption(e->engine, more ? ENCODER_OPTION_BITRATE : ENCODER_OPTION_MAX_BITRATE, &rate);
	return failed;
}

void encoder_free(encoder *e) {
	(*e->engine)->Uninitialize(e->engine);
	WelsDestroySVCEncoder(e->engine);
	free(e);
}
