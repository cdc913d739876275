package capture

import (
	"bytes"
	"image"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pion/mediadevices/pkg/codec"
	stock "github.com/pion/mediadevices/pkg/codec/openh264"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"podium/capture/encoder"
	"podium/capture/encoder/openh264"
	"podium/capture/internal/i420"
	"podium/capture/internal/mjpeg"
)

// clipsEnv names the folder with the clips that test/peers has made.
const clipsEnv = "PODIUM_PEERS_CLIPS"

// clip reads the frames of FORMAT-HEIGHTp in that folder.
func clip(b *testing.B, format string, width, height int) [][]byte {
	folder := os.Getenv(clipsEnv)
	if folder == "" {
		b.Skip("go run ./test/peers measures this")
	}
	name := filepath.Join(folder, format+map[int]string{720: "-720p", 1080: "-1080p"}[height])
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	var frames [][]byte
	if format == "yuyv" {
		for size := 2 * width * height; len(data) >= size; data = data[size:] {
			frames = append(frames, data[:size])
		}
		return frames
	}
	for start := []byte{0xff, 0xd8, 0xff}; len(data) > 3; { // SOI begins a picture, and is nowhere else
		next := bytes.Index(data[3:], start)
		if next < 0 {
			return append(frames, data)
		}
		frames, data = append(frames, data[:next+3]), data[next+3:]
	}
	return frames
}

// cpu is what this process has used of the processors.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPath is a camera's frame, from its bytes to H.264 at 2.5 Mbit/s, on the way
// that a podium takes and on the one that mediadevices has of itself.
func BenchmarkPath(b *testing.B) {
	for _, format := range []string{"mjpeg", "yuyv"} {
		for _, size := range []image.Point{{1280, 720}, {1920, 1080}} {
			for name, path := range map[string]func(*testing.B, string, image.Point, [][]byte) func(int){"ours": ourPath, "stock": stockPath} {
				b.Run(format+map[int]string{720: "-720p-", 1080: "-1080p-"}[size.Y]+name, func(b *testing.B) {
					frames := clip(b, format, size.X, size.Y)
					step := path(b, format, size, frames)
					for i := range 5 {
						step(i)
					}
					b.ReportAllocs()
					began, n := cpu(), 0
					for b.Loop() {
						step(n)
						n++
					}
					b.ReportMetric(float64((cpu()-began).Microseconds())/1000/float64(n), "cpu-ms/frame")
				})
			}
		}
	}
}

func ourPath(b *testing.B, format string, size image.Point, frames [][]byte) func(int) {
	enc, err := openh264.New(encoder.Settings{Width: size.X, Height: size.Y, FrameRate: 30, BitRate: 2_500_000, KeyframeEvery: keyframeEvery})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = enc.Close() })
	picture := i420.New(size.X, size.Y)
	return func(n int) {
		src := frames[n%len(frames)]
		var err error
		if format == "mjpeg" {
			if err = mjpeg.Decode(picture, src); err == nil {
				i420.ToStudioRange(picture)
			}
		} else {
			err = i420.FromYUYV(picture, src, 2*size.X)
		}
		if err == nil {
			_, err = enc.Encode(picture, false)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// stockPath gives mediadevices' encoder its frame rate, which its own capture does not:
// without, it takes twice as long for a bit rate that is out by twenty times.
func stockPath(b *testing.B, format string, size image.Point, frames [][]byte) func(int) {
	kind := frame.Format(frame.FormatYUYV)
	if format == "mjpeg" {
		kind = frame.FormatMJPEG
	}
	decode, err := frame.NewDecoder(kind)
	if err != nil {
		b.Fatal(err)
	}
	at := 0
	source := video.ReaderFunc(func() (image.Image, func(), error) {
		return decode.Decode(frames[at%len(frames)], size.X, size.Y)
	})
	params, err := stock.NewParams()
	if err != nil {
		b.Fatal(err)
	}
	params.BaseParams = codec.BaseParams{BitRate: 2_500_000}
	enc, err := params.BuildVideoEncoder(source, prop.Media{Video: prop.Video{Width: size.X, Height: size.Y, FrameRate: 30}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = enc.Close() })
	return func(n int) {
		at = n
		_, release, err := enc.Read()
		if err != nil && err != io.EOF {
			b.Fatal(err)
		}
		release()
	}
}
