package chromium

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

// Tab is one page of a browser. What fails in it is photographed and ends the test.
type Tab struct {
	T       *testing.T
	Name    string
	Context context.Context
	shots   string
}

// NewTab opens an empty tab, whose screenshots go into the folder shots. It ends with the
// browser.
func NewTab(browser context.Context, t *testing.T, name, shots string) Tab {
	t.Helper()
	ctx, _ := chromedp.NewContext(browser) // ends with the browser
	return Tab{t, name, ctx, shots}
}

// Open goes to an address, in a window as a desktop has it.
func (p Tab) Open(address string) {
	p.T.Helper()
	p.Do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address))
}

// Do carries steps out.
func (p Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.T.Helper()
	if err := chromedp.Do(p.Context, steps...); err != nil {
		p.Shot("failed")
		p.T.Fatalf("%s page: %v", p.Name, err)
	}
}

// Until waits for a JavaScript condition.
func (p Tab) Until(what, condition string) {
	p.T.Helper()
	_, err := chromedp.Run(p.Context, chromedp.Poll[bool](condition,
		chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(pollTime)))
	if err != nil {
		p.Shot("failed")
		p.T.Fatalf("%s page: waiting until %s: %v", p.Name, what, err)
	}
}

// Click is a real mouse click, with a press and a release.
func (p Tab) Click(selector string) {
	p.T.Helper()
	p.Do(chromedp.Click(selector))
}

// Eval gives a JavaScript expression's value; promises are waited for.
func Eval[T any](p Tab, expression string) T {
	p.T.Helper()
	value, err := chromedp.Run(p.Context, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Shot("failed")
		p.T.Fatalf("%s page: %s: %v", p.Name, expression, err)
	}
	return value
}

// Shot keeps a screenshot.
func (p Tab) Shot(name string) {
	p.T.Helper()
	image, err := chromedp.Run(p.Context, chromedp.CaptureScreenshot())
	if err != nil {
		p.T.Logf("%s page: cannot take a screenshot: %v", p.Name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(p.shots, p.Name+"-"+name+".png"), image, 0o644); err != nil {
		p.T.Error(err)
	}
}

// OutputDir makes a package's folder for what its tests leave: below $PODIUM_TEST_OUTPUT,
// or below test-output of the checkout.
func OutputDir(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("PODIUM_TEST_OUTPUT")
	if dir == "" {
		dir = filepath.Join("..", "..", "test-output")
	}
	dir = filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
