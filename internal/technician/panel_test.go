package technician

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"podium/config"
	"podium/hw/buttons"
	"podium/hw/buttons/buttonstest"
	"podium/hw/leds/ledstest"
)

func TestLampsShowEachThingAndEndDark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &ledstest.Header{}
		p := config.DefaultPodium().Panel
		p.Yellow = config.Lamp{Line: "GPIO24", ActiveLow: true}
		shows := Shows(p)
		var names []string
		began := time.Now()
		err := Lamps(t.Context(), h, p, shows, 2*time.Second, func(s Show) {
			if names = append(names, s.Name); s.See == "" || s.For == "" || strings.Contains(s.For, "*") {
				t.Errorf("%+v says too little", s)
			}
		})
		if err != nil || len(names) != len(shows) || time.Since(began) != time.Duration(len(shows))*2*time.Second {
			t.Errorf("%d of %d shown in %v: %v", len(names), len(shows), time.Since(began), err)
		}
		for line, dark := range map[string]bool{"GPIO22": false, "GPIO23": false, "GPIO24": true} {
			if h.Held(line) || h.High(line) != dark || len(h.Changes(line)) < 3 {
				t.Errorf("%s: held %t, high %t, %d changes", line, h.Held(line), h.High(line), len(h.Changes(line)))
			}
		}
	})
}

func TestLampsEndEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &ledstest.Header{}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		p := config.DefaultPodium().Panel
		n := 0
		if err := Lamps(ctx, h, p, Shows(p), 2*time.Second, func(Show) { n++ }); err != nil || n != 3 || h.Held("GPIO22") || h.High("GPIO22") {
			t.Errorf("%d shown, %v", n, err)
		}
	})
}

// A line that the service holds: it is said how to stop it.
func TestBusyLineNamesTheService(t *testing.T) {
	busy := fmt.Errorf("cannot use line GPIO17: %w", unix.EBUSY)
	h := &buttonstest.Header{}
	h.Refuse("GPIO17", busy)
	err := Buttons(t.Context(), h, config.DefaultPodium().Panel, func(buttons.Press) {})
	if err == nil || !strings.Contains(err.Error(), "systemctl stop podium") {
		t.Errorf("a busy line: %v", err)
	}
}

func TestButtonsTellWhatTheyDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &buttonstest.Header{}
		p := config.DefaultPodium().Panel
		ctx, cancel := context.WithCancel(t.Context())
		var told []string
		ended := make(chan error, 1)
		h.Drive("GPIO17", true) // at rest, by their pull-ups
		h.Drive("GPIO27", true)
		go func() {
			ended <- Buttons(ctx, h, p, func(b buttons.Press) { told = append(told, fmt.Sprint(b.Button, " ", b.Kind)) })
		}()
		time.Sleep(time.Second)
		h.Drive("GPIO27", false)
		time.Sleep(2 * time.Second)
		h.Drive("GPIO27", true)
		time.Sleep(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := strings.Join(told, ", "); got != "cancel pressed, cancel long, cancel released" || h.Held("GPIO27") {
			t.Errorf("told %q; the line is still held: %t", got, h.Held("GPIO27"))
		}
	})
}

func TestDevicesWithoutAny(t *testing.T) {
	c := config.DefaultPodium()
	d := Look(&c)
	if d.Lines == nil || d.Cameras == nil || d.Microphones == nil || d.SPI == nil || d.Problems == nil {
		t.Errorf("a list is null in JSON: %+v", d)
	}
	if got := grouped([]string{"MJPG 640x480 at up to 30", "MJPG 1280x720 at up to 30", "YUYV 640x480"}); len(got) != 2 || got[0] != "MJPG: 640x480 at up to 30, 1280x720 at up to 30" {
		t.Errorf("grouped as %q", got)
	}
}
