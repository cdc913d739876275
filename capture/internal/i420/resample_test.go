package i420

import (
	"image"
	"testing"
)

func TestFromYCbCr(t *testing.T) {
	ratios := []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422,
		image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410}
	for _, ratio := range ratios {
		t.Run(ratio.String(), func(t *testing.T) {
			src := image.NewYCbCr(image.Rect(0, 0, 24, 16), ratio)
			copy(src.Y, noise(len(src.Y), 1))
			copy(src.Cb, noise(len(src.Cb), 2))
			copy(src.Cr, noise(len(src.Cr), 3))
			got := New(24, 16)
			if err := FromYCbCr(got, src); err != nil {
				t.Fatal(err)
			}
			same(t, got, blockMeans(src))
		})
	}
}

// blockMeans is what every ratio comes to: the mean of a 2x2 block's chroma.
func blockMeans(src *image.YCbCr) *image.YCbCr {
	out := New(src.Rect.Dx(), src.Rect.Dy())
	copy(out.Y, src.Y)
	for y := 0; y < src.Rect.Dy(); y += 2 {
		for x := 0; x < src.Rect.Dx(); x += 2 {
			var cb, cr int
			for i := range 4 {
				at := src.COffset(x+i%2, y+i/2)
				cb, cr = cb+int(src.Cb[at]), cr+int(src.Cr[at])
			}
			out.Cb[out.COffset(x, y)], out.Cr[out.COffset(x, y)] = byte(cb/4), byte(cr/4)
		}
	}
	return out
}

func TestOtherSizeIsRefused(t *testing.T) {
	if err := FromYCbCr(New(64, 48), image.NewYCbCr(image.Rect(0, 0, 64, 46), image.YCbCrSubsampleRatio422)); err == nil {
		t.Error("no error for a colour picture of another size")
	}
	if err := FromGray(New(64, 48), image.NewGray(image.Rect(0, 0, 32, 48))); err == nil {
		t.Error("no error for a grey picture of another size")
	}
}

func TestFromGray(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 8, 4))
	copy(src.Pix, noise(len(src.Pix), 4))
	got := New(8, 4)
	if err := FromGray(got, src); err != nil {
		t.Fatal(err)
	}
	want := New(8, 4)
	copy(want.Y, src.Pix)
	for i := range want.Cb {
		want.Cb[i], want.Cr[i] = 128, 128
	}
	same(t, got, want)
}

func TestToStudioRange(t *testing.T) {
	for _, test := range []struct{ full, luma, chroma byte }{
		{0, 16, 16}, {255, 235, 240}, {128, 126, 128}, {127, 125, 127}, {129, 127, 129}, {1, 17, 16}, {64, 71, 72},
	} {
		p := New(2, 2)
		for _, plane := range [][]byte{p.Y, p.Cb, p.Cr} {
			for i := range plane {
				plane[i] = test.full
			}
		}
		ToStudioRange(p)
		if p.Y[3] != test.luma || p.Cb[0] != test.chroma || p.Cr[0] != test.chroma {
			t.Errorf("%d became Y %d, Cb %d, Cr %d; want %d, %d", test.full, p.Y[3], p.Cb[0], p.Cr[0], test.luma, test.chroma)
		}
	}
}

func TestPool(t *testing.T) {
	pool := NewPool(64, 48, 1)
	first, second := pool.Get(), pool.Get()
	if first == second {
		t.Fatal("one picture lent twice")
	}
	first.Release()
	second.Release() // has no place any more
	if pool.Get() != first || pool.Get() == second {
		t.Error("the pool keeps one picture, and that is the first given back")
	}
	if n := testing.AllocsPerRun(100, func() { first.Release(); pool.Get() }); n != 0 {
		t.Errorf("%v allocations per frame", n)
	}
}
