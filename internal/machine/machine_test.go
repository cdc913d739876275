package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func put(t *testing.T, root, file, text string) {
	t.Helper()
	path := filepath.Join(root, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		temperature, throttled string
		want                   string
	}{
		{"", "", "none [] []"},
		{"48312\n", "0\n", "48.3 [] []"},
		{"85000\n", "50005\n", "85.0 [underVoltage throttled] [underVoltage throttled]"},
		{"-2000\n", "0x80008\n", "-2.0 [softTemperatureLimit] [softTemperatureLimit]"},
		{"hot\n", "20000", "none [] [frequencyCapped]"},
		{"9999999\n", "zz", "none [] []"},
	} {
		root := t.TempDir()
		if c.temperature != "" {
			put(t, root, temperatureFile, c.temperature)
		}
		if c.throttled != "" {
			put(t, root, throttledFile, c.throttled)
		}
		h := Read(root)
		got := "none"
		if h.Temperature != nil {
			got = fmt.Sprintf("%.1f", *h.Temperature)
		}
		if got = fmt.Sprint(got, " ", h.Throttled, " ", h.Before); got != c.want {
			t.Errorf("%q and %q: %s, want %s", c.temperature, c.throttled, got, c.want)
		}
	}
}

func FuzzThrottled(f *testing.F) {
	f.Add("50005\n")
	f.Add("0x0")
	f.Add("-1")
	f.Fuzz(func(t *testing.T, text string) {
		now, before := throttled(text)
		for _, name := range append(now, before...) {
			if Words(name) == "" {
				t.Errorf("%q gives %q, which nobody can explain", text, name)
			}
		}
		if c := temperature(text); c != nil && (*c < -60 || *c > 200 || strings.TrimSpace(text) == "") {
			t.Errorf("%q is %v degrees", text, *c)
		}
	})
}
