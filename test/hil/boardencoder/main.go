package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"podium/capture/encoder"
	"podium/capture/encoder/encodertest"
	"podium/capture/encoder/m2m"
)

// frame is what came of one.
type frame struct {
	N       int     `json:"n"`
	Ordered bool    `json:"ordered"` // a keyframe
	Bytes   int     `json:"bytes"`
	Head    []byte  `json:"head"` // of the unit, at most 48 bytes
	Took    float64 `json:"took"` // ms
}

func main() {
	pixels := flag.String("pixels", "FWHT", "the `fourcc` of what comes out")
	width := flag.Int("width", 640, "of the picture, pixels")
	height := flag.Int("height", 360, "of the picture, pixels")
	count := flag.Int("frames", 40, "how many")
	order := flag.Int("order", 24, "the frame for which a keyframe is ordered")
	flag.Parse()
	if err := run(m2m.Options{Pixels: *pixels, Patience: 30 * time.Second}, *width, *height, *count, *order); err != nil {
		fmt.Fprintln(os.Stderr, "boardencoder:", err)
		os.Exit(1)
	}
}

func run(o m2m.Options, width, height, count, order int) (err error) {
	node, card, err := m2m.Find(o)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "%s is %s\n", node, card)
	s := encoder.Settings{Width: width, Height: height, FrameRate: 25, BitRate: 2_000_000, KeyframeEvery: 400 * time.Millisecond}
	e, err := m2m.Builder(o)(s)
	if err != nil {
		return err
	}
	defer func() {
		if closed := e.Close(); err == nil {
			err = closed
		}
	}()
	if err := e.SetRate(1_000_000, 20); err != nil {
		return err
	}
	p, out := encodertest.NewPicture(width, height), json.NewEncoder(os.Stdout)
	for n := range count {
		picture, began := p.Next(), time.Now()
		unit, err := e.Encode(picture, n == order)
		if err != nil {
			return err
		}
		f := frame{N: n, Ordered: n == order, Bytes: len(unit), Head: unit[:min(len(unit), 48)], Took: float64(time.Since(began).Microseconds()) / 1000}
		if err := out.Encode(f); err != nil {
			return err
		}
	}
	return nil
}
