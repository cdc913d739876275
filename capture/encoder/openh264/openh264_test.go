package openh264

import (
	"image"
	"testing"

	"github.com/pion/mediadevices/pkg/codec"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	_ "podium/capture/internal/arena"

	"podium/capture/encoder"
	"podium/capture/encoder/encodertest"
)

func TestOpenH264(t *testing.T) { encodertest.Run(t, New) }

func TestClosedEncoder(t *testing.T) {
	e, err := New(encoder.Settings{Width: 64, Height: 64, FrameRate: 30, BitRate: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := e.Encode(encodertest.NewPicture(64, 64).Next(), false); err == nil {
		t.Error("a closed encoder encodes")
	}
}

// A mediadevices program gets the same from it.
func TestAsMediadevicesHasIt(t *testing.T) {
	p := encodertest.NewPicture(320, 180)
	source := video.ReaderFunc(func() (image.Image, func(), error) { return p.Next(), func() {}, nil })
	var builder codec.VideoEncoderBuilder = encoder.Params{BaseParams: codec.BaseParams{BitRate: 300_000}, Build: New}
	enc, err := builder.BuildVideoEncoder(source, prop.Media{Video: prop.Video{Width: 320, Height: 180, FrameRate: 30}})
	if err != nil {
		t.Fatal(err)
	}
	read := func() []byte {
		unit, release, err := enc.Read()
		if err != nil {
			t.Fatal(err)
		}
		release()
		return unit
	}
	if !encodertest.IsKeyframe(read()) || encodertest.IsKeyframe(read()) {
		t.Error("not one keyframe, and then none")
	}
	if err := enc.Controller().(codec.KeyFrameController).ForceKeyFrame(); err != nil {
		t.Error(err)
	}
	if !encodertest.IsKeyframe(read()) {
		t.Error("no keyframe on order")
	}
	if err := enc.Controller().(codec.BitRateController).SetBitRate(200_000); err != nil {
		t.Error(err)
	}
	read()
	for range 2 {
		if err := enc.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := enc.Read(); err == nil {
		t.Error("read after close")
	}
}

// What is handed over for a frame is written into one buffer, again and again.
func TestEncodeLeavesNoGarbage(t *testing.T) {
	e, err := New(encoder.Settings{Width: 320, Height: 180, FrameRate: 30, BitRate: 300_000})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	p := encodertest.NewPicture(320, 180)
	for range 30 {
		_, _ = e.Encode(p.Next(), false)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = e.Encode(p.Next(), false) }); n > 0 {
		t.Errorf("%v allocations for a frame", n)
	}
}

func BenchmarkEncode720p(b *testing.B) {
	e, err := New(encoder.Settings{Width: 1280, Height: 720, FrameRate: 30, BitRate: 2_500_000})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	p := encodertest.NewPicture(1280, 720)
	b.ReportAllocs()
	for b.Loop() {
		frame := p.Next()
		if _, err := e.Encode(frame, false); err != nil {
			b.Fatal(err)
		}
	}
}
