package chromium

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	// testTime bounds everything that one test does in its pages.
	testTime = 4 * time.Minute
	// startTime is how long the browser may take to come up on a busy machine.
	startTime = 60 * time.Second
)

// Start gives a context of a fresh browser that ends with the test. more are
// options besides those that every test needs.
func Start(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	path := find(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		// A camera and a microphone that are always there, and a person who allows them.
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.WSURLReadTimeout(startTime))
	ctx, stop := context.WithTimeout(context.Background(), testTime)
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, append(options, more...)...)
	browser, endBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(browser); err != nil {
			t.Logf("closing the browser: %v", err)
		}
		endBrowser()
		endAllocator()
		stop()
	})
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("cannot start %s: %v", path, err)
	}
	return browser
}

func find(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("cannot find Chromium, which this test drives: install it, on Debian with `apt-get install chromium`")
	return ""
}
