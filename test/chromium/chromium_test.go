package chromium_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"go.uber.org/goleak"

	"podium/test/chromium"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAPageRuns(t *testing.T) {
	browser := chromium.Start(t)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	sum, err := chromedp.Run(browser, chromedp.Evaluate[int]("20 + 1"))
	if err != nil || sum != 21 {
		t.Errorf("20 + 1 is %d, %v", sum, err)
	}
}
