// Package capture turns a camera into H.264 access units and a microphone into
// Opus packets, each with the time at which it was captured.
//
// A device is a mediadevices driver.Adapter with a VideoRecorder or an
// AudioRecorder (packages v4l2, alsa and testsource), an encoder is what a
// mediadevices codec builder makes, so parts of that ecosystem fit in. What
// mediadevices does between the two is done here instead: one encoder per
// device, the frame rate told to it before it is built, keyframe requests that
// cannot be lost, capture times, and a Close that no device can hold up.
//
// Nothing is opened, scanned or started before OpenVideo or OpenAudio is
// called, and nothing stays open after Close, so that the devices' own
// indicators tell the truth.
//
// # Time
//
// A sample's Timestamp is its capture time. Its Duration is the capture time of
// sample n less that of sample n-1 (the first has one nominal period), for sound by
// the sound card's own count. The sum of the durations is thus the capture clock itself:
// who advances RTP time by it before each sample follows that clock without drift, and
// no frame has to wait for its successor. (Pion's TrackLocalStaticSample advances it
// after each sample: there a lost frame shows as a gap one sample later.)
//
// It may import: mediadevices' interfaces and codecs (not its camera and
// microphone drivers, which open devices on import), Pion's media.Sample,
// golang.org/x/sys, golang.org/x/image, the standard library.
// It must not know who may see or hear what it captures: it must not import
// podium/stage, podium/publish, or net.
package capture
