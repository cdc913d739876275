package mjpeg

import (
	"bytes"
	"image"
	"runtime"
	"testing"

	"podium/capture/internal/i420"
)

// mostMemory bounds what one frame of 64x48 may cost in bytes, whatever its
// header claims: some copies of a progressive picture's coefficients.
const mostMemory = 4 << 20

// FuzzDecode: a frame is refused or decoded, and then all of the picture is the
// frame's own: nothing of what the memory held before shows in it.
func FuzzDecode(f *testing.F) {
	whole := encoded(f, 64, 48)
	f.Add(whole)
	f.Add(withoutTables(f, whole))
	f.Add(whole[:200])
	f.Add([]byte{0xff, 0xd8, 0xff, 0xda, 0, 0})
	f.Fuzz(func(t *testing.T, frame []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		black, white := filled(0), filled(0xff)
		err := Decode(black, frame)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > mostMemory {
			t.Errorf("a frame of %d bytes costs %d bytes of memory", len(frame), used)
		}
		if again := Decode(white, frame); (again == nil) != (err == nil) {
			t.Fatalf("the same frame gives %v and then %v", err, again)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(black.Y, white.Y) || !bytes.Equal(black.Cb, white.Cb) || !bytes.Equal(black.Cr, white.Cr) {
			t.Error("the picture shows what was there before")
		}
	})
}

// filled is a picture of 64x48 that holds one value.
func filled(value byte) *image.YCbCr {
	picture := i420.New(64, 48)
	for _, plane := range [][]byte{picture.Y, picture.Cb, picture.Cr} {
		for i := range plane {
			plane[i] = value
		}
	}
	return picture
}
