package testsource

import (
	"image"
	"unicode"

	"golang.org/x/image/font/basicfont"
)

// fill paints a rectangle; its edges are widened to whole chroma samples.
func fill(dst *image.YCbCr, r image.Rectangle, c colour) {
	r = r.Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	paint(dst.Y, dst.YStride, r, c.y)
	half := image.Rect(r.Min.X/2, r.Min.Y/2, (r.Max.X+1)/2, (r.Max.Y+1)/2)
	paint(dst.Cb, dst.CStride, half, c.cb)
	paint(dst.Cr, dst.CStride, half, c.cr)
}

func paint(plane []byte, stride int, r image.Rectangle, v byte) {
	first := plane[r.Min.Y*stride+r.Min.X:][:r.Dx()]
	for i := range first {
		first[i] = v
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(plane[y*stride+r.Min.X:], first)
	}
}

func even(v int) int { return v &^ 1 }

// The font's cell, in its own pixels.
var (
	glyphWidth  = basicfont.Face7x13.Advance
	glyphHeight = basicfont.Face7x13.Height
)

func textWidth(n, scale int) int { return n * scale * glyphWidth }

// fitted cuts a text to n characters of the font.
func fitted(s string, n int) string {
	var out []rune
	for _, r := range s {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			r = '?'
		}
		out = append(out, r)
	}
	return string(out[:max(min(len(out), n), 0)])
}

// text is a place for a line of text, in luma alone: the panel is grey.
type text struct {
	at    image.Point
	scale int // pixels per font pixel
	level byte
}

func (t text) draw(dst *image.YCbCr, s string) {
	x := t.at.X
	for i := range len(s) {
		t.glyph(dst, x, rune(s[i]))
		x += t.scale * glyphWidth
	}
}

// glyph paints the runs of set pixels of one character.
func (t text) glyph(dst *image.YCbCr, left int, r rune) {
	mask, ok := glyphs[r]
	if !ok {
		return
	}
	for y := range mask.Rect.Dy() {
		row := mask.Pix[y*mask.Stride:][:mask.Rect.Dx()]
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] != 0 {
				x++
			}
			if x > start {
				run := image.Rect(left+start*t.scale, t.at.Y+y*t.scale, left+x*t.scale, t.at.Y+(y+1)*t.scale)
				if run = run.Intersect(dst.Rect); !run.Empty() {
					paint(dst.Y, dst.YStride, run, t.level)
				}
			}
		}
	}
}

// glyphs are the printable ASCII characters of the font, cut out once.
var glyphs = func() map[rune]*image.Alpha {
	face := basicfont.Face7x13
	all := make(map[rune]*image.Alpha)
	for r := rune('!'); r < unicode.MaxASCII; r++ {
		for _, block := range face.Ranges {
			if r < block.Low || r >= block.High {
				continue
			}
			top := (int(r-block.Low) + block.Offset) * (face.Ascent + face.Descent)
			cell := image.NewAlpha(image.Rect(0, 0, face.Width, face.Ascent+face.Descent))
			for y := range cell.Rect.Dy() {
				for x := range cell.Rect.Dx() {
					_, _, _, a := face.Mask.At(x, top+y).RGBA()
					cell.Pix[y*cell.Stride+x] = byte(a >> 8)
				}
			}
			all[r] = cell
		}
	}
	return all
}()
