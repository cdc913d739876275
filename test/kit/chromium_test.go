package kit

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"podium/test/chromium"
)

// tab is one page that is open. An error that nothing in it catches fails the test.
type tab struct{ chromium.Tab }

// open opens an address in a new tab.
func open(browser context.Context, t *testing.T, name, address string) tab {
	t.Helper()
	p := tab{chromium.NewTab(browser, t, name, outputDir(t))}
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
			account, err := chromedp.Run(p.Context, chromedp.Evaluate[string]("window.account?.() ?? ''", chromedp.EvalAwaitPromise))
			t.Logf("%s page: %s %v", name, account, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, text := range uncaught {
			t.Errorf("%s page: uncaught: %s", name, text)
		}
	})
	p.Do() // attaches
	if err := chromedp.Listen(p.Context, listen); err != nil {
		t.Fatal(err)
	}
	p.Open(address)
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

// eval gives a JavaScript expression's value; promises are waited for.
func eval[T any](p tab, expression string) T { return chromium.Eval[T](p.Tab, expression) }

// Click is a real mouse click on what a CSS selector finds, through shadow roots.
func (p tab) Click(selector string) {
	p.Until(selector+" is there to be clicked, and rests", fmt.Sprintf("window.rests(%q)", selector))
	at := eval[struct{ X, Y float64 }](p, "window.at")
	p.Do(chromedp.MouseClickXY(at.X, at.Y))
}
