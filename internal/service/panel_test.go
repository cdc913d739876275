package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"podium/appliance"
	"podium/config"
	"podium/hw/header"
	"podium/hw/lamp"
)

// testLines are lines that were had.
type testLines struct {
	shown  []appliance.Lamps
	closed bool
}

func (l *testLines) Show(s appliance.Lamps) { l.shown = append(l.shown, s) }
func (l *testLines) close()                 { l.closed = true }
func (l *testLines) run(ctx context.Context, tell func(appliance.Event)) error {
	tell(appliance.Press{Button: appliance.ButtonRequest})
	<-ctx.Done()
	return nil
}

// Lines that somebody else has are a fault of the lamps until they are free; then
// the lamps show what they should meanwhile.
func TestBusyLinesAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := &testLines{}
		attempts := 0
		p, err := openPanel(func() (lines, error) {
			if attempts++; attempts < 4 {
				return nil, fmt.Errorf("cannot open the red lamp: gpioset@7 holds it: %w", unix.EBUSY)
			}
			return free, nil
		}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		var told []appliance.Event
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.run(ctx, func(e appliance.Event) { told = append(told, e) }) }()
		p.Show(appliance.Lamps{Green: lamp.Blip})
		time.Sleep(3 * lineWait)
		synctest.Wait()
		fault := appliance.Fault{Part: appliance.PartLamps, Text: "cannot open the red lamp: gpioset@7 holds it: device or resource busy"}
		want := []appliance.Event{fault, fault, fault, appliance.Fault{Part: appliance.PartLamps}, appliance.Press{Button: appliance.ButtonRequest}}
		if fmt.Sprint(told) != fmt.Sprint(want) {
			t.Errorf("told %v, want %v", told, want)
		}
		p.Show(appliance.Lamps{Green: lamp.Slow})
		if len(free.shown) != 2 || free.shown[0].Green != lamp.Blip || free.shown[1].Green != lamp.Slow {
			t.Errorf("shown %v", free.shown)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		p.close()
		if !free.closed {
			t.Error("the lines are not released")
		}
	})
}

// A line that is not there is a mistake in the configuration: it ends the podium,
// also when it is found out later.
func TestMissingLinesEndThePodium(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		missing := errors.New("no line GPIO99")
		if _, err := openPanel(func() (lines, error) { return nil, missing }, slog.New(slog.DiscardHandler)); !errors.Is(err, missing) {
			t.Errorf("opened with %v", err)
		}
		errs := []error{unix.EBUSY, missing}
		p, err := openPanel(func() (lines, error) { err := errs[0]; errs = errs[1:]; return nil, err }, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.run(t.Context(), func(appliance.Event) {}); !errors.Is(err, missing) {
			t.Errorf("ended with %v", err)
		}
		p.close()
	})
}

func TestEachResistorReachesItsLine(t *testing.T) {
	for _, c := range []struct {
		button config.Button
		want   header.Pull
	}{
		{config.Button{Line: "GPIO17"}, header.PullUp},
		{config.Button{Line: "GPIO17", Pull: config.PullAuto, ActiveHigh: true}, header.PullDown},
		{config.Button{Line: "GPIO17", Pull: config.PullNone}, header.PullNone},
		{config.Button{Line: "GPIO17", Pull: config.PullDown}, header.PullDown},
		{config.Button{Line: "GPIO17", Pull: config.PullUp, ActiveHigh: true}, header.PullUp},
	} {
		if got := buttonLine(c.button); got.Pull != c.want || got.Line != "GPIO17" || got.ActiveHigh != c.button.ActiveHigh {
			t.Errorf("%+v is requested as %+v", c.button, got)
		}
	}
}
