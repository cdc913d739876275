package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/chromedp"

	"podium/control"
	"podium/stage"
	"podium/test/rig"
)

// firstFrame waits in the page for the podium's picture and gives the Unix time
// in ms at which its first frame was presented.
const firstFrame = `new Promise((done, fail) => {
  const limit = setTimeout(() => fail(new Error("no frame in 20 s")), 20000);
  const look = () => {
    const video = document.querySelector("[data-testid=tile] video");
    if (!video) { setTimeout(look, 1); return; }
    video.requestVideoFrameCallback((now) => { clearTimeout(limit); done(performance.timeOrigin + now); });
  };
  look();
})`

// grantToFrame measures from the host's grant to the first decoded frame on the
// watch page in Chromium.
func grantToFrame(ctx context.Context, b *bench) ([]figure, error) {
	s, page, end, err := watched(ctx, b)
	if err != nil {
		return nil, err
	}
	defer end()
	var times rig.Times
	for range b.turns {
		took, err := s.oneGrant(ctx, page)
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return []figure{{
		"grant to first decoded frame", times.String(), "",
		"from the host's call to requestVideoFrameCallback on /watch in Chromium, camera and encoder started by the grant",
	}}, nil
}

func (s *system) oneGrant(ctx, page context.Context) (time.Duration, error) {
	if err := s.panel.Press(ctx, requestPress); err != nil {
		return 0, err
	}
	if err := s.status(ctx, stage.Requested); err != nil {
		return 0, err
	}
	type moment struct {
		shown float64
		err   error
	}
	result := make(chan moment, 1)
	go func() {
		shown, err := chromedp.Run(page, chromedp.Evaluate[float64](firstFrame, chromedp.EvalAwaitPromise))
		result <- moment{shown, err}
	}()
	time.Sleep(100 * time.Millisecond) // the page looks
	granted := time.Now()
	if err := s.decide(ctx, stage.GrantAccess); err != nil {
		return 0, err
	}
	first := <-result
	if first.err != nil {
		return 0, fmt.Errorf("the watch page: %w", first.err)
	}
	if err := s.decide(ctx, stage.Kick); err != nil {
		return 0, err
	}
	if err := s.status(ctx, stage.OffStage); err != nil {
		return 0, err
	}
	if err := chromedp.Do(page, chromedp.WaitNotPresent("[data-testid=tile] video")); err != nil {
		return 0, err
	}
	return time.Duration(first.shown*float64(time.Millisecond)) - time.Duration(granted.UnixNano()), nil
}

// watched starts the demo and opens its watch page.
func watched(ctx context.Context, b *bench) (s *system, page context.Context, end func(), err error) {
	if s, err = start(ctx, b.binary); err != nil {
		return nil, nil, nil, err
	}
	page, endPage, err := openPage(ctx, s.watchURL)
	if err != nil {
		s.stop()
		return nil, nil, nil, err
	}
	return s, page, func() { endPage(); s.stop() }, nil
}

// openPage opens a page in a headless Chromium of its own.
func openPage(ctx context.Context, url string) (page context.Context, end func(), err error) {
	profile, err := os.MkdirTemp("", "podium-bench-chromium-")
	if err != nil {
		return nil, nil, err
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"))
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, options...)
	page, endPage := chromedp.NewContext(allocator)
	end = func() { endPage(); endAllocator(); _ = os.RemoveAll(profile) }
	if err := chromedp.Do(page, chromedp.Navigate(url), chromedp.WaitReady("[data-testid=connection]")); err != nil {
		end()
		return nil, nil, fmt.Errorf("cannot open the watch page in Chromium: %w", err)
	}
	return page, end, nil
}

var requestPress = control.Press{Button: "request"}
