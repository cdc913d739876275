//go:build linux && (amd64 || arm64)

package v4l2

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"podium/capture/internal/videodev"
)

// Format is one pixel format, size and highest frame rate that a camera offers.
type Format struct {
	Pixels        string  // "YUYV", "NV12", "YU12", "MJPG"; others are listed and cannot be used
	Width, Height int     // pixels
	FrameRate     float64 // frames per second; 0 when the driver does not say
}

func (f Format) String() string {
	if f.FrameRate == 0 {
		return fmt.Sprintf("%s %dx%d", f.Pixels, f.Width, f.Height)
	}
	return fmt.Sprintf("%s %dx%d at up to %g", f.Pixels, f.Width, f.Height, f.FrameRate)
}

// manyAnswers stops enumerations that a broken driver never ends.
const manyAnswers = 256

// offers asks a camera for everything it has. A range of sizes (as some drivers
// have it) is cut down to the one asked for, if that is inside, and its ends.
func offers(n videodev.Node, width, height int) []Format {
	var all []Format
	for i := uint32(0); i < manyAnswers; i++ {
		d := videodev.FormatDescription{Index: i, BufferType: bufferTypeCapture}
		if n.Ioctl(videodev.ReqEnumFormat, unsafe.Pointer(&d)) != nil {
			break
		}
		for _, s := range sizes(n, d.PixelFormat, uint32(width), uint32(height)) {
			all = append(all, Format{Pixels: videodev.Fourcc(d.PixelFormat).String(), Width: int(s[0]), Height: int(s[1]),
				FrameRate: highestRate(n, d.PixelFormat, s)})
		}
	}
	return all
}

func sizes(n videodev.Node, pixels, width, height uint32) [][2]uint32 {
	var all [][2]uint32
	for i := uint32(0); i < manyAnswers; i++ {
		s := frameSize{index: i, pixelFormat: pixels}
		if n.Ioctl(reqEnumSizes, unsafe.Pointer(&s)) != nil {
			break
		}
		if s.kind == sizeDiscrete {
			all = append(all, [2]uint32{s.v[0], s.v[1]})
			continue
		}
		if inRange(width, s.v[0], s.v[1], s.v[2]) && inRange(height, s.v[3], s.v[4], s.v[5]) {
			all = append(all, [2]uint32{width, height})
		}
		all = append(all, [2]uint32{s.v[0], s.v[3]}, [2]uint32{s.v[1], s.v[4]})
		break // a range is the only answer for its format
	}
	return all
}

func inRange(v, low, high, step uint32) bool {
	return v >= low && v <= high && (step < 2 || (v-low)%step == 0)
}

// highestRate is 0 when the driver does not enumerate intervals.
func highestRate(n videodev.Node, pixels uint32, size [2]uint32) float64 {
	best := 0.0
	for i := uint32(0); i < manyAnswers; i++ {
		v := frameInterval{index: i, pixelFormat: pixels, width: size[0], height: size[1]}
		if n.Ioctl(reqEnumIntervals, unsafe.Pointer(&v)) != nil {
			break
		}
		// Of a range, the shortest interval comes first too.
		best = max(best, v.v[0].Rate())
		if v.kind != sizeDiscrete {
			break
		}
	}
	return best
}

// Fit chooses, of what a camera offers, what would be used for a size and a frame
// rate; false: it has not that size in any format that can be used.
func Fit(all []Format, width, height int, rate float64) (Format, bool) {
	fit := candidates(all, width, height, rate)
	if len(fit) == 0 {
		return Format{}, false
	}
	return fit[0], true
}

// Describe lists what a camera offers, for a person.
func Describe(all []Format) string { return describe(all) }

// candidates are the usable formats of the wanted size, best first: those that
// reach the frame rate before those that do not, and among equals the ones that
// cost less to turn into planar 4:2:0.
func candidates(all []Format, width, height int, rate float64) []Format {
	var fit []Format
	for _, f := range all {
		if f.Width == width && f.Height == height && slices.Contains(preference, f.Pixels) {
			fit = append(fit, f)
		}
	}
	slices.SortStableFunc(fit, func(a, b Format) int {
		if a.reaches(rate) != b.reaches(rate) {
			if a.reaches(rate) {
				return -1
			}
			return 1
		}
		if !a.reaches(rate) && a.FrameRate != b.FrameRate {
			return int(b.FrameRate*1000) - int(a.FrameRate*1000)
		}
		return slices.Index(preference, a.Pixels) - slices.Index(preference, b.Pixels)
	})
	return fit
}

// preference lists what can be used, cheapest first.
var preference = []string{"YU12", "NV12", "YUYV", "MJPG"}

func (f Format) reaches(rate float64) bool {
	// Cameras that say 29.97 mean 30, and those that say nothing may do anything.
	return f.FrameRate == 0 || f.FrameRate > rate*0.98
}

// describe lists usable formats for an error text, without repeating sizes.
func describe(all []Format) string {
	var words []string
	for _, f := range all {
		if slices.Contains(preference, f.Pixels) {
			words = append(words, f.String())
		}
	}
	if len(words) == 0 {
		return "nothing in " + strings.Join(preference, ", ")
	}
	return strings.Join(slices.Compact(words), ", ")
}
