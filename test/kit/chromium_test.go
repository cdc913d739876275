package kit

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// pollTime is how long a page may take to show what it must on a busy machine.
const pollTime = 30 * time.Second

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
