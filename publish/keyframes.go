package publish

import (
	"sync/atomic"
	"time"
)

// keyframeGap is the least time between two requests to the encoder: keyframes
// are large, and many viewers may ask at once.
const keyframeGap = 200 * time.Millisecond

// keyframes passes requests for a keyframe on to the camera. One that comes too
// soon waits; those that come meanwhile are the same request.
type keyframes struct {
	wanted chan struct{}
	camera atomic.Pointer[VideoSource]
}

func newKeyframes() *keyframes { return &keyframes{wanted: make(chan struct{}, 1)} }

func (k *keyframes) ask() {
	select {
	case k.wanted <- struct{}{}:
	default: // one is waiting
	}
}

func (k *keyframes) serve(over <-chan struct{}) {
	for {
		select {
		case <-over:
			return
		case <-k.wanted:
		}
		if camera := k.camera.Load(); camera != nil {
			(*camera).RequestKeyframe() // a camera that is not open yet begins with one
		}
		select {
		case <-over:
			return
		case <-time.After(keyframeGap):
		}
	}
}
