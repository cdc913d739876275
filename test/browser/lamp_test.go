package browser

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"podium/hw/lamp"
	"podium/stage/web"
	"podium/test/chromium"
)

// TestDrawnLampsKeepTheDevicesRhythm compares the panel's script with the
// package that drives the real lamps.
func TestDrawnLampsKeepTheDevicesRhythm(t *testing.T) {
	server := httptest.NewServer(web.Handler(web.Options{}))
	defer server.Close()
	page := open(chromium.Start(t), t, "lamps", server.URL+"/")
	patterns := []lamp.Pattern{
		lamp.Off, lamp.On, lamp.Slow, lamp.SlowInverse, lamp.Fast, lamp.FastInverse,
		lamp.Blip, lamp.DoubleBlip, lamp.Refused, lamp.Fault, "unknown",
	}
	const step, length = 25, 6000 // ms
	for _, pattern := range patterns {
		drawn := eval[[]bool](page, fmt.Sprintf(`(async () => {
			const { level } = await import('/assets/lamp.js');
			return Array.from({ length: %d }, (_, i) => level('%s', i * %d).lit);
		})()`, length/step, pattern, step))
		for i, lit := range drawn {
			since := time.Duration(i*step) * time.Millisecond
			if want := pattern.Lit(since); lit != want {
				t.Errorf("%s after %v: drawn lit %v, on the device %v", pattern, since, lit, want)
				break
			}
		}
	}
}
