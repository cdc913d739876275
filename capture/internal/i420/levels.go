package i420

import "image"

// lumaLevels and chromaLevels map full range (0 to 255, as JPEG has it, JFIF
// 1.02) to the studio range (16 to 235, chroma 16 to 240, ITU-R BT.601) that
// players assume of H.264 without a colour description. Without this step a
// JPEG camera's dark greys turn black and its highlights white.
var lumaLevels, chromaLevels = func() (luma, chroma [256]byte) {
	for v := range 256 {
		luma[v] = byte(16 + (v*219+127)/255)
		// Rounded on the distance from grey, so that grey stays grey.
		if d := v - 128; d >= 0 {
			chroma[v] = byte(128 + (d*224+127)/255)
		} else {
			chroma[v] = byte(128 - (-d*224+127)/255)
		}
	}
	return luma, chroma
}()

// ToStudioRange maps a full-range picture to studio range in place.
func ToStudioRange(p *image.YCbCr) {
	level(p.Y, &lumaLevels)
	level(p.Cb, &chromaLevels)
	level(p.Cr, &chromaLevels)
}

func level(plane []byte, levels *[256]byte) {
	for i, v := range plane {
		plane[i] = levels[v]
	}
}
