package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/chromedp/chromedp"
)

// syncFor is how long the picture and the sound are watched.
const syncFor = 30 * time.Second

// riseTime is from the beginning of the test sound's stroke to where it is noticed.
const riseTime = 3.0 // ms

// syncScript watches the test picture and listens to the test sound, and gives for each
// frame and each stroke how old it was when it was presented or rendered, ms, within a
// second. A frame's bar is as long as its second was old when it was captured; a stroke
// begins with the second.
const syncScript = `(async (length) => {
  const video = document.querySelector("[data-testid=tile] video");
  const stream = new MediaStream(video.srcObject.getTracks());
  const pull = new Audio();
  pull.muted = true; pull.srcObject = stream;
  await pull.play();
  const context = new AudioContext();
  await context.resume();
  const ear = new AnalyserNode(context, {fftSize: 4096});
  context.createMediaStreamSource(stream).connect(ear);
  const wave = new Float32Array(ear.fftSize);
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const eye = canvas.getContext("2d", {willReadFrequently: true});
  const picture = [], strokes = [];
  const amber = (d, i) => d[i] > 140 && d[i + 1] > 80 && d[i + 2] < 100;
  const second = (ms) => (performance.timeOrigin + ms) % 1000;
  const edge = Math.floor(video.videoWidth / 40);
  let row = 0, ahead = -Infinity, heard = -1, over = false;
  const see = (now, frame) => {
    if (over) return;
    eye.drawImage(video, 0, 0);
    const w = canvas.width, h = canvas.height;
    if (row === 0) {
      const column = eye.getImageData(edge + 2, h - 60, 1, 60).data;
      const rows = [...Array(60).keys()].filter((y) => amber(column, 4 * y));
      if (rows.length > 0) row = h - 60 + rows[rows.length >> 1];
    } else {
      const line = eye.getImageData(edge, row, w - 2 * edge, 1).data;
      let done = 0;
      for (let x = 0; x < w - 2 * edge; x++) if (amber(line, 4 * x)) done++;
      const part = done / (w - 2 * edge);
      if (part > 0.05 && part < 0.95) picture.push((second(frame.presentationTime) - 1000 * part + 1000) % 1000);
    }
    video.requestVideoFrameCallback(see);
  };
  video.requestVideoFrameCallback(see);
  const began = performance.now();
  while (performance.now() - began < length) {
    await new Promise((done) => setTimeout(done, 5));
    const now = performance.now(), at = context.currentTime;
    ear.getFloatTimeDomainData(wave);
    ahead = Math.max(ahead, at - now / 1000);
    const loud = wave.findIndex((v) => Math.abs(v) > 0.11);
    // The window before it is quiet, or it is the rest of an earlier stroke.
    const when = at - (wave.length - loud) / context.sampleRate;
    if (loud > 200 && when > heard + 0.5) { heard = when; strokes.push(when); }
  }
  over = true;
  const sound = strokes.slice(1).map((when) => second(1000 * (when - ahead)));
  await context.close();
  return {picture, sound};
})`

// soundAndPicture measures how much later than the picture the sound is for a viewer in
// Chromium, when the two have settled.
func soundAndPicture(ctx context.Context, b *bench) ([]figure, error) {
	s, page, end, err := watched(ctx, b)
	if err != nil {
		return nil, err
	}
	defer end()
	if err := s.goOnAir(ctx); err != nil {
		return nil, err
	}
	if _, err := chromedp.Run(page, chromedp.Evaluate[float64](firstFrame, chromedp.EvalAwaitPromise)); err != nil {
		return nil, err
	}
	script := fmt.Sprintf("%s(%d)", syncScript, syncFor.Milliseconds())
	seen, err := chromedp.Run(page, chromedp.Evaluate[struct{ Picture, Sound []float64 }](script, chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("the watch page: %w", err)
	}
	if len(seen.Picture) < 100 || len(seen.Sound) < 10 {
		return nil, fmt.Errorf("only %d frames were seen and %d strokes heard", len(seen.Picture), len(seen.Sound))
	}
	// Both settle within a while.
	picture, sound := middle(seen.Picture[len(seen.Picture)/2:]), middle(seen.Sound[len(seen.Sound)/2:])-riseTime
	return []figure{{
		"sound after the picture, in Chromium", fmt.Sprintf("%.0f ms: the picture is shown %.0f and the sound rendered %.0f ms after its capture", sound-picture, picture, sound),
		"-45 to +125 ms", "test picture and test sound on /watch: the bar's length at presentationTime, the stroke in the rendered samples; the second half of " + syncFor.String(),
	}}, nil
}

// middle gives the median.
func middle(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
