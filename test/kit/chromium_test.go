package kit

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const (
	// testTime bounds everything that one test does in its pages.
	testTime = 4 * time.Minute
	// pollTime is how long a page may take to show what it must on a busy machine.
	pollTime = 30 * time.Second
)

// chromium gives a context of a fresh browser, with a camera and a microphone
// that are not real, which ends with the test.
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
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
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

// tab is one page that is open. An error that nothing in it catches fails the test.
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
	var mu sync.Mutex
	var uncaught []string
	listen := func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			uncaught = append(uncaught, describe(event.ExceptionDetails))
		case *runtime.EventConsoleAPICalled: // components catch what goes wrong in them, and print it
			if event.Type == runtime.ConsoleAPICalledTypeError {
				uncaught = append(uncaught, printed(event.Args))
			}
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			account, err := chromedp.Run(ctx, chromedp.Evaluate[string]("window.account?.() ?? ''", chromedp.EvalAwaitPromise))
			t.Logf("%s page: %s %v", name, account, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, text := range uncaught {
			t.Errorf("%s page: uncaught: %s", name, text)
		}
	})
	p.do() // attaches
	if err := chromedp.Listen(ctx, listen); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address))
	return p
}

func describe(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Text + " " + e.Exception.Description
	}
	return fmt.Sprintf("%s (%s:%d)", e.Text, e.URL, e.LineNumber+1)
}

func printed(args []*runtime.RemoteObject) string {
	var words []string
	for _, arg := range args {
		words = append(words, cmp.Or(arg.Description, string(arg.Value)))
	}
	return strings.Join(words, " ")
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
		p.shot("failed")
		p.t.Fatalf("%s page: %s: %v", p.name, expression, err)
	}
	return value
}

// click is a real mouse click on what a CSS selector finds, through shadow roots.
func (p tab) click(selector string) {
	p.t.Helper()
	p.until(selector+" is there to be clicked, and rests", fmt.Sprintf("window.rests(%q)", selector))
	at := eval[struct{ X, Y float64 }](p, "window.at")
	p.do(chromedp.MouseClickXY(at.X, at.Y))
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
