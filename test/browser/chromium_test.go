package browser

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// pollTime is how long a page may take to show what it must on a busy machine.
const pollTime = 45 * time.Second

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
