package mjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"sync"

	"podium/capture/internal/i420"
)

// Decode decodes one frame into dst, in JPEG's full range of levels. A frame
// that is damaged, or not of dst's size, is an error; dst is then undefined.
func Decode(dst *image.YCbCr, frame []byte) error {
	t := borrow()
	defer t.giveBack()
	if err := t.decode(dst, frame); !errors.Is(err, errForeign) {
		return err
	}
	return decodeSlowly(dst, frame)
}

// decodeSlowly is for the samplings that no camera we know of uses.
func decodeSlowly(dst *image.YCbCr, frame []byte) error {
	// The size is read first: a damaged header can claim 65535x65535 pixels,
	// and the decoder would allocate them.
	size, err := jpeg.DecodeConfig(reader(frame))
	if err != nil {
		return fmt.Errorf("cannot read JPEG header: %w", err)
	}
	if size.Width != dst.Rect.Dx() || size.Height != dst.Rect.Dy() {
		return fmt.Errorf("JPEG of %dx%d instead of %dx%d", size.Width, size.Height, dst.Rect.Dx(), dst.Rect.Dy())
	}
	img, err := jpeg.Decode(reader(frame))
	if err != nil {
		return fmt.Errorf("cannot decode JPEG: %w", err)
	}
	switch img := img.(type) {
	case *image.YCbCr:
		return i420.FromYCbCr(dst, img)
	case *image.Gray:
		return i420.FromGray(dst, img)
	default:
		return fmt.Errorf("JPEG with colours of type %T", img)
	}
}

// Markers of ITU-T T.81, table B.1.
const (
	dht = 0xc4
	sos = 0xda
)

// reader reads the frame, with the usual Huffman tables put in where it has
// none (as the AVI1 form of Motion JPEG and many cameras have it).
func reader(frame []byte) io.Reader {
	at, missing := scanStart(frame)
	if !missing {
		return bytes.NewReader(frame)
	}
	return io.MultiReader(bytes.NewReader(frame[:at]), bytes.NewReader(usualTables()), bytes.NewReader(frame[at:]))
}

// scanStart walks the segments to the start of scan and reports whether no
// Huffman table came before it.
func scanStart(frame []byte) (at int, missing bool) {
	for at = 2; at+4 <= len(frame) && frame[at] == 0xff; {
		switch marker := frame[at+1]; marker {
		case dht:
			return 0, false
		case sos:
			return at, true
		case 0xff: // padding
			at++
		default:
			at += 2 + int(frame[at+2])<<8 + int(frame[at+3])
		}
	}
	return 0, false
}

// usualTables is the segment with the tables of ITU-T T.81, annex K.3. The
// standard library's encoder writes exactly these.
var usualTables = sync.OnceValue(func() []byte {
	var out bytes.Buffer
	picture := image.NewYCbCr(image.Rect(0, 0, 16, 16), image.YCbCrSubsampleRatio420)
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		panic("mjpeg: cannot encode into memory: " + err.Error())
	}
	from, to := segment(out.Bytes(), dht)
	return bytes.Clone(out.Bytes()[from:to])
})

// segment finds the first segment with a marker in a well-formed JPEG.
func segment(b []byte, marker byte) (from, to int) {
	for at := 2; at+4 <= len(b); {
		end := at + 2 + int(b[at+2])<<8 + int(b[at+3])
		if b[at+1] == marker {
			return at, end
		}
		at = end
	}
	return 0, 0
}
