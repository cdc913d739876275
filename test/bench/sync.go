package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"podium/stage"
)

const (
	// syncFor is how long the picture and the sound of a turn are watched.
	syncFor = 20 * time.Second
	// syncTurns is how many turns are. In the first one a browser has yet to find out how
	// far the two are apart.
	syncTurns = 4
)

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
// Chromium, in the second half of each of some turns.
func soundAndPicture(ctx context.Context, b *bench) ([]figure, error) {
	s, page, end, err := watched(ctx, b)
	if err != nil {
		return nil, err
	}
	defer end()
	var turns []string
	for range syncTurns {
		picture, sound, err := s.oneTurn(ctx, page)
		if err != nil {
			return nil, err
		}
		turns = append(turns, fmt.Sprintf("%.0f (%.0f and %.0f)", sound-picture, sound, picture))
	}
	return []figure{{
		"sound after the picture, in Chromium", strings.Join(turns, ", ") + " ms, turn by turn (each after its capture)",
		"-45 to +125 ms", "test picture and test sound on /watch: the bar's length at presentationTime, the stroke in the rendered samples; the second half of " + syncFor.String(),
	}}, nil
}

// oneTurn gives how long after their capture picture and sound of a turn come, ms.
func (s *system) oneTurn(ctx, page context.Context) (picture, sound float64, err error) {
	if err := s.goOnAir(ctx); err != nil {
		return 0, 0, err
	}
	if _, err := chromedp.Run(page, chromedp.Evaluate[float64](firstFrame, chromedp.EvalAwaitPromise)); err != nil {
		return 0, 0, fmt.Errorf("the watch page: %w", err)
	}
	script := fmt.Sprintf("%s(%d)", syncScript, syncFor.Milliseconds())
	seen, err := chromedp.Run(page, chromedp.Evaluate[struct{ Picture, Sound []float64 }](script, chromedp.EvalAwaitPromise))
	if err != nil {
		return 0, 0, fmt.Errorf("the watch page: %w", err)
	}
	if len(seen.Picture) < 100 || len(seen.Sound) < 10 {
		return 0, 0, fmt.Errorf("only %d frames were seen and %d strokes heard", len(seen.Picture), len(seen.Sound))
	}
	if err := s.decide(ctx, stage.Kick); err != nil {
		return 0, 0, err
	}
	if err := s.status(ctx, stage.OffStage); err != nil {
		return 0, 0, err
	}
	if err := chromedp.Do(page, chromedp.WaitNotPresent("[data-testid=tile] video")); err != nil {
		return 0, 0, err
	}
	return middle(seen.Picture[len(seen.Picture)/2:]), middle(seen.Sound[len(seen.Sound)/2:]) - riseTime, nil
}

// middle gives the median.
func middle(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
