// Package sound is what is done to the samples between microphone and encoder: the
// choice of channels, a high-pass filter, gain, and the level meter. It allocates
// nothing for a block.
//
// It is pure and may import the standard library only. It must not know a device.
package sound
