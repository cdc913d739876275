// Package openh264 is Cisco's encoder (https://github.com/cisco/openh264), linked from
// the static library that mediadevices brings: H.264 constrained baseline, one slice a
// picture, one thread. mediadevices' own binding has no frame rate to change, leaves
// memory behind, and copies each access unit twice; that is why this one is.
//
// The headers in wels are those of the library, under its own licence (wels/LICENSE).
//
// It may import capture/encoder, C and mediadevices' openh264 for its library. It must
// not know where frames come from.
package openh264
