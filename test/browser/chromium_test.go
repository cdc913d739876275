package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	// testTime bounds everything that one test does in its pages.
	testTime = 4 * time.Minute
	// pollTime is how long a page may take to show what it must on a busy machine.
	pollTime = 45 * time.Second
)

// chromium gives a context of a fresh browser that ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("cannot find Chromium, which this test drives: install it, on Debian with `apt-get install chromium`")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		// A camera and a microphone that are always there, and a person who allows them.
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(startTime))
	ctx, stop := context.WithTimeout(context.Background(), testTime)
	allocator, endAllocator := chromedp.NewExecAllocator(ctx, options...)
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

// tab is one page that is open.
type tab struct {
	t    *testing.T
	name string
	ctx  context.Context
}

// open opens an address in a new tab.
func open(browser context.Context, t *testing.T, name, address string) tab {
	t.Helper()
	ctx, _ := chromedp.NewContext(browser) // ends with the browser
	p := tab{t, name, ctx}
	p.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address))
	return p
}

// do carries steps out; a step that fails is photographed.
func (p tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.shot("failed")
		p.t.Fatalf("%s page: %v", p.name, err)
	}
}

// until waits for a JavaScript condition.
func (p tab) until(what, condition string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](condition,
		chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(pollTime)))
	if err != nil {
		p.shot("failed")
		p.t.Fatalf("%s page: waiting until %s: %v", p.name, what, err)
	}
}

// eval gives a JavaScript expression's value; promises are waited for.
func eval[T any](p tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s page: %s: %v", p.name, expression, err)
	}
	return value
}

// click is a real mouse click, with a press and a release.
func (p tab) click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(selector))
}

// shot keeps a screenshot.
func (p tab) shot(name string) {
	p.t.Helper()
	image, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("%s page: cannot take a screenshot: %v", p.name, err)
		return
	}
	file := filepath.Join(outputDir(p.t), p.name+"-"+name+".png")
	if err := os.WriteFile(file, image, 0o644); err != nil {
		p.t.Error(err)
	}
}

// outputDir is where the screenshots stay.
func outputDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PODIUM_TEST_OUTPUT")
	if dir == "" {
		dir = filepath.Join("..", "..", "test-output", "browser")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
