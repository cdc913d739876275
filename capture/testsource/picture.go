package testsource

import (
	"image"
	"math"
	"strconv"
	"time"

	"podium/capture/internal/i420"
)

// colour is a point in studio-range YCbCr.
type colour struct{ y, cb, cr byte }

var (
	black = colour{16, 128, 128}
	panel = colour{28, 132, 126}
	ink   = colour{225, 128, 128}
	faint = colour{120, 130, 126}
	amber = colour{170, 60, 152}
	// bars are the usual seven at 75 %, ITU-R BT.601.
	bars = [...]colour{{180, 128, 128}, {162, 44, 142}, {131, 156, 44}, {112, 72, 58}, {84, 184, 198}, {65, 100, 212}, {35, 212, 114}}
)

// picture draws frames of one size. What does not move is drawn once.
type picture struct {
	still       *image.YCbCr
	disc        []byte // opacity, side by side
	side        int
	swing       image.Rectangle // where the disc's centre may be
	panelTop    int
	clock       text // the time of day
	frames      text
	lamp        image.Rectangle
	track       image.Rectangle // the second hand runs here
	clockBuffer []byte
}

func newPicture(w, h int, label string) *picture {
	p := &picture{still: i420.New(w, h), panelTop: even(h * 72 / 100), clockBuffer: make([]byte, 0, 64)}
	for i, c := range bars {
		fill(p.still, image.Rect(w*i/len(bars), 0, w*(i+1)/len(bars), p.panelTop), c)
	}
	rampTop := even(p.panelTop * 88 / 100)
	for x := 0; x < w; x += 2 {
		level := byte(16 + 219*x/w)
		fill(p.still, image.Rect(x, rampTop, x+2, p.panelTop), colour{level, 128, 128})
	}
	fill(p.still, image.Rect(0, p.panelTop, w, h), panel)
	p.makeDisc(w, rampTop)
	p.layOut(w, h, label)
	return p
}

func (p *picture) makeDisc(w, height int) {
	radius := float64(height) / 7
	p.side = 2 * int(math.Ceil(radius+1))
	p.disc = make([]byte, p.side*p.side)
	for y := range p.side {
		for x := range p.side {
			distance := math.Hypot(float64(x)+0.5-float64(p.side)/2, float64(y)+0.5-float64(p.side)/2)
			p.disc[y*p.side+x] = byte(255 * min(max(radius-distance, 0), 1))
		}
	}
	p.swing = image.Rect(p.side/2, p.side/2, w-p.side/2, height-p.side/2)
}

// layOut places the panel's text: label left, time and frame number right.
func (p *picture) layOut(w, h int, label string) {
	space := h - p.panelTop
	margin := max(w/40, 2)
	big, small := max(space*45/100/glyphHeight, 1), max(space*22/100/glyphHeight, 1)
	for big > 1 && textWidth(len("00:00:00.000"), big)+margin > w*55/100 {
		big--
	}
	for small > 1 && textWidth(len("frame 0000000"), small)+margin > w*45/100 {
		small--
	}
	upper := p.panelTop + space*8/100
	lower := upper + big*glyphHeight + space*6/100
	right := func(n, scale int) int { return w - margin - textWidth(n, scale) }

	p.clock = text{at: image.Pt(right(len("00:00:00.000"), big), upper), scale: big, level: ink.y}
	p.frames = text{at: image.Pt(right(len("frame 0000000"), small), lower), scale: small, level: faint.y}
	name := text{at: image.Pt(margin, upper), scale: big, level: ink.y}
	label = fitted(label, (p.clock.at.X-2*margin)/textWidth(1, big))
	name.draw(p.still, label)
	text{at: image.Pt(margin, lower), scale: small, level: faint.y}.draw(p.still, fitted("test picture", (p.frames.at.X-2*margin)/textWidth(1, small)))
	line := max(even(space*6/100), 2)
	p.track = image.Rect(margin, even(h-2*line), w-margin, even(h-2*line)+line)
	p.lamp = image.Rect(margin, even(p.panelTop-2*line), margin+4*line, even(p.panelTop-2*line)+line)
	fill(p.still, p.track, black)
}

// draw makes one frame.
func (p *picture) draw(dst *image.YCbCr, at time.Time, number int64) {
	copy(dst.Y, p.still.Y)
	copy(dst.Cb, p.still.Cb)
	copy(dst.Cr, p.still.Cr)

	second := float64(at.Nanosecond()) / 1e9
	turn := 2 * math.Pi * (float64(at.Second()%4) + second) / 4
	x := p.swing.Min.X + int(float64(p.swing.Dx())*(0.5+0.5*math.Sin(turn)))
	y := p.swing.Min.Y + int(float64(p.swing.Dy())*(0.5+0.42*math.Cos(2*turn)))
	p.stamp(dst, x-p.side/2, y-p.side/2)

	done := p.track
	done.Max.X = done.Min.X + int(float64(done.Dx())*second)
	fill(dst, done, amber)
	if second < flash.Seconds() {
		fill(dst, p.lamp.Intersect(dst.Rect), ink)
	}
	p.clockBuffer = at.AppendFormat(p.clockBuffer[:0], "15:04:05.000")
	p.clock.draw(dst, string(p.clockBuffer))
	p.clockBuffer = append(p.clockBuffer[:0], "frame "...)
	for n := int64(1_000_000); n > max(number, 1); n /= 10 {
		p.clockBuffer = append(p.clockBuffer, ' ')
	}
	p.clockBuffer = strconv.AppendInt(p.clockBuffer, number, 10)
	p.frames.draw(dst, string(p.clockBuffer))
}

// flash is how long the lamp of a new second is lit.
const flash = 100 * time.Millisecond

// stamp blends the white disc over the picture.
func (p *picture) stamp(dst *image.YCbCr, left, top int) {
	left, top = even(left), even(top)
	for y := range p.side {
		row := dst.Y[dst.YOffset(left, top+y):][:p.side]
		for x, opacity := range p.disc[y*p.side:][:p.side] {
			row[x] = blend(row[x], 235, opacity)
		}
	}
	for y := 0; y < p.side; y += 2 {
		at := dst.COffset(left, top+y)
		for x := 0; x < p.side; x += 2 {
			opacity := p.disc[y*p.side+x]
			dst.Cb[at], dst.Cr[at] = blend(dst.Cb[at], 128, opacity), blend(dst.Cr[at], 128, opacity)
			at++
		}
	}
}

func blend(under, over, opacity byte) byte {
	return byte((int(under)*(255-int(opacity)) + int(over)*int(opacity)) / 255)
}
