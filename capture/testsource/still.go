package testsource

import (
	"image"

	"podium/capture/internal/i420"
)

// Still draws a picture of width by height pixels, both even and at least 64, that
// says something in two lines: large, and below it smaller. Characters beyond ASCII
// are drawn as question marks; a line that is too long is cut.
func Still(width, height int, large, small string) *image.YCbCr {
	dst := i420.New(width, height)
	fill(dst, dst.Rect, panel)
	bar := max(2, height/60) &^ 1
	middle := even(height / 2)
	// A line of three quarters of the width, and one of half of it.
	below := middle + bar
	write := func(s string, share float64, level byte, top func(scale int) int) {
		scale := max(1, int(share*float64(width))/textWidth(len(s), 1))
		s = fitted(s, width/(scale*glyphWidth))
		text{at: image.Pt((width-textWidth(len(s), scale))/2, top(scale)), scale: scale, level: level}.draw(dst, s)
	}
	write(large, 0.75, ink.y, func(scale int) int { return middle - bar - scale*glyphHeight })
	fill(dst, image.Rect(even(width/8), middle-bar/2, even(width*7/8), middle+bar/2), amber)
	write(small, 0.4, faint.y, func(int) int { return below + bar })
	return dst
}
