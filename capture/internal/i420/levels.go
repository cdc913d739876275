package i420

import "image"

// Full range (0 to 255, as JPEG has it, JFIF 1.02) is mapped to the studio range
// (16 to 235, chroma 16 to 240, ITU-R BT.601) that players assume of H.264 without a
// colour description. Without this step a JPEG camera's dark greys turn black and its
// highlights white. Both are rounded to the nearest level, so that grey stays grey:
//
//	luma   = 16 + round(v*219/255)      = (v*219 + 16*255 + 127) / 255
//	chroma = 128 + round((v-128)*224/255) = (v*224 + 128*(255-224) + 127) / 255
const (
	lumaScale, lumaOffset     = 219, 16*255 + 127
	chromaScale, chromaOffset = 224, 128*(255-224) + 127
)

// ToStudioRange maps a full-range picture to studio range in place.
func ToStudioRange(p *image.YCbCr) {
	level(p.Y, lumaScale, lumaOffset)
	level(p.Cb, chromaScale, chromaOffset)
	level(p.Cr, chromaScale, chromaOffset)
}
