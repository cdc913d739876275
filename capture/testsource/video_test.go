package testsource

import (
	"bytes"
	"image"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/prop"
)

func record(t testing.TB, o VideoOptions, w, h int, rate float32) (*Video, *VideoReader) {
	t.Helper()
	v := NewVideo(o)
	t.Cleanup(func() { v.Close() })
	r, err := v.VideoRecord(prop.Media{Video: prop.Video{Width: w, Height: h, FrameRate: rate}})
	if err != nil {
		t.Fatal(err)
	}
	return v, r.(*VideoReader)
}

func TestFramesFollowTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r := record(t, VideoOptions{}, 64, 64, 25)
		start := time.Now()
		for n := 1; n <= 50; n++ {
			_, release, err := r.Read()
			if err != nil {
				t.Fatal(err)
			}
			release()
			want := time.Duration(n) * 40 * time.Millisecond
			if got := time.Since(start); got != want || r.Captured().Sub(start) != want {
				t.Fatalf("frame %d at %v, captured at %v; want %v", n, got, r.Captured().Sub(start), want)
			}
		}
		time.Sleep(time.Second) // a reader that was away gets the newest, at once
		before := time.Now()
		if _, _, err := r.Read(); err != nil {
			t.Fatal(err)
		}
		if age := before.Sub(r.Captured()); time.Now() != before || age < 0 || age > 40*time.Millisecond {
			t.Errorf("after a pause: waited %v for a frame %v old", time.Since(before), age)
		}
		if _, late := r.Dropped(); late != 24 {
			t.Errorf("%d frames left out, want 24", late)
		}
	})
}

func TestCloseEndsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, r := record(t, VideoOptions{}, 64, 64, 1)
		result := make(chan error)
		go func() {
			_, _, err := r.Read()
			result <- err
		}()
		synctest.Wait()
		before := time.Now()
		v.Close()
		if err := <-result; err != io.EOF || time.Since(before) != 0 {
			t.Errorf("got %v after %v", err, time.Since(before))
		}
		if _, _, err := r.Read(); err != io.EOF {
			t.Errorf("a later read: %v", err)
		}
	})
}

func TestPictureAtEverySize(t *testing.T) {
	for _, size := range []image.Point{{64, 64}, {66, 130}, {320, 180}, {640, 480}, {1280, 720}} {
		_, r := record(t, VideoOptions{Unpaced: true, Label: "a label that is much too long for a small picture"}, size.X, size.Y, 30)
		var last []byte
		for range 12 {
			img, release, err := r.Read()
			if err != nil {
				t.Fatal(err)
			}
			frame := img.(*image.YCbCr)
			if frame.Rect.Size() != size || frame.SubsampleRatio != image.YCbCrSubsampleRatio420 {
				t.Fatalf("%v: got %v, %v", size, frame.Rect, frame.SubsampleRatio)
			}
			if bytes.Equal(frame.Y, last) {
				t.Fatalf("%v: the picture stands still", size)
			}
			last = append(last[:0], frame.Y...)
			release()
		}
	}
}

func TestRefusesImpossibleSizes(t *testing.T) {
	for _, want := range []prop.Video{{Width: 63, Height: 64, FrameRate: 30}, {Width: 66, Height: 65, FrameRate: 30}, {Width: 32, Height: 32, FrameRate: 30}, {Width: 640, Height: 480}} {
		if _, err := NewVideo(VideoOptions{}).VideoRecord(prop.Media{Video: want}); err == nil {
			t.Errorf("no error for %+v", want)
		}
	}
}

func TestReadAllocatesNothing(t *testing.T) {
	_, r := record(t, VideoOptions{Unpaced: true}, 1280, 720, 30)
	if n := testing.AllocsPerRun(20, func() {
		_, release, _ := r.Read()
		release()
	}); n > 1 {
		t.Errorf("%v allocations per frame", n)
	}
}

func BenchmarkDraw720p(b *testing.B) {
	_, r := record(b, VideoOptions{Unpaced: true}, 1280, 720, 30)
	b.ReportAllocs()
	for b.Loop() {
		_, release, err := r.Read()
		if err != nil {
			b.Fatal(err)
		}
		release()
	}
}
