package browser

import (
	"context"
	"testing"

	"podium/test/chromium"
)

// tab is one page that is open.
type tab struct{ chromium.Tab }

// open opens an address in a new tab.
func open(browser context.Context, t *testing.T, name, address string) tab {
	t.Helper()
	p := tab{chromium.NewTab(browser, t, name, outputDir(t))}
	p.Open(address)
	return p
}

// eval gives a JavaScript expression's value; promises are waited for.
func eval[T any](p tab, expression string) T { return chromium.Eval[T](p.Tab, expression) }

// outputDir is where the screenshots stay.
func outputDir(t *testing.T) string {
	t.Helper()
	return chromium.OutputDir(t, "browser")
}
