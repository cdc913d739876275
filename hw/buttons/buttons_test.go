package buttons_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"podium/hw/buttons"
	"podium/hw/buttons/buttonstest"
	"podium/hw/header"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var wired = buttons.Config{Request: buttons.Line{Line: "GPIO17", Pull: header.PullUp}, Cancel: buttons.Line{Line: "GPIO27", ActiveHigh: true, Pull: header.PullDown}}

// panel is a running pair of buttons and what they reported.
type panel struct {
	*buttonstest.Header
	buttons *buttons.Buttons
	start   time.Time
	stop    func() error

	mu      sync.Mutex
	presses []buttons.Press
}

func run(t *testing.T, h *buttonstest.Header, c buttons.Config) *panel {
	t.Helper()
	b, err := buttons.Open(h, c)
	if err != nil {
		t.Fatal(err)
	}
	p := &panel{Header: h, buttons: b, start: time.Now()}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, p.note) }()
	p.stop = func() error {
		cancel()
		return errors.Join(<-ended, b.Close())
	}
	time.Sleep(100 * time.Millisecond) // past the beginning, in the bubble's time
	return p
}

func (p *panel) note(press buttons.Press) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.presses = append(p.presses, press)
}

// want compares all reports so far, "request pressed" and so on, and forgets them.
func (p *panel) want(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	var got []string
	for _, press := range p.presses {
		got = append(got, fmt.Sprintf("%s %s", press.Button, press.Kind))
	}
	if !slices.Equal(got, want) {
		t.Errorf("after %v got %q, want %q", time.Since(p.start), got, want)
	}
	p.presses = nil
}

func (p *panel) end(t *testing.T) {
	t.Helper()
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if p.Held("GPIO17") || p.Held("GPIO27") {
		t.Error("lines are held at the end")
	}
}

func TestPresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, wired)
		if p.Pull("GPIO17") != header.PullUp || p.Pull("GPIO27") != header.PullDown {
			t.Errorf("pulls are %q and %q", p.Pull("GPIO17"), p.Pull("GPIO27"))
		}
		p.Bounce("GPIO17", false, 5)
		p.want(t, "request pressed") // at once
		time.Sleep(200 * time.Millisecond)
		p.Drive("GPIO27", true)
		p.want(t, "cancel pressed")
		p.Bounce("GPIO17", true, 5)
		time.Sleep(200 * time.Millisecond)
		p.want(t, "request released")
		time.Sleep(1300 * time.Millisecond)
		p.want(t, "cancel long")
		p.Drive("GPIO27", false)
		time.Sleep(40 * time.Second)
		p.want(t, "cancel released")
		p.end(t)
	})
}

func TestAPressThatIsOverCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, wired)
		p.Drive("GPIO17", false)
		p.Drive("GPIO17", true)
		time.Sleep(time.Second)
		p.want(t, "request pressed", "request released")
		p.end(t)
	})
}

func TestLostEdgesAreFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, wired)
		p.DriveUnseen("GPIO17", false)
		time.Sleep(time.Second)
		p.want(t, "request pressed")
		p.DriveUnseen("GPIO17", true)
		time.Sleep(time.Second)
		p.want(t, "request released")
		p.end(t)
	})
}

func TestMoreEdgesThanTheKernelKeeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, wired)
		p.Bounce("GPIO17", false, 100)
		time.Sleep(time.Second)
		p.want(t, "request pressed")
		p.end(t)
	})
}

func TestDownAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h buttonstest.Header
		h.Drive("GPIO17", false)
		p := run(t, &h, wired)
		time.Sleep(29 * time.Second)
		p.want(t)
		time.Sleep(time.Second)
		p.want(t, "request stuck")
		p.Drive("GPIO17", true)
		time.Sleep(time.Second)
		p.want(t, "request released")
		p.Drive("GPIO17", false)
		p.want(t, "request pressed")
		p.end(t)
	})
}

func TestPressesBeforeRunAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h buttonstest.Header
		b, err := buttons.Open(&h, wired)
		if err != nil {
			t.Fatal(err)
		}
		h.Bounce("GPIO17", false, 3)
		h.Bounce("GPIO17", true, 3)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err = b.Run(ctx, func(p buttons.Press) { t.Errorf("a press from before: %v", p) })
		if err := errors.Join(err, b.Close()); err != nil {
			t.Error(err)
		}
	})
}

func TestOneButton(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, buttons.Config{Request: buttons.Line{Line: "GPIO17", ActiveHigh: true}})
		p.Drive("GPIO17", true)
		p.want(t, "request pressed")
		if p.Pull("GPIO17") != header.PullNone {
			t.Errorf("the pull is %q", p.Pull("GPIO17"))
		}
		p.end(t)
	})
}

func TestRunEndsPromptly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, wired)
		began := time.Now()
		p.end(t)
		if took := time.Since(began); took > 300*time.Millisecond {
			t.Errorf("the end took %v", took)
		}
	})
}

func TestCloseEndsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := run(t, &buttonstest.Header{}, wired)
		for range 2 {
			if err := p.buttons.Close(); err != nil {
				t.Error(err)
			}
		}
		p.end(t)
		if err := p.buttons.Run(t.Context(), p.note); err == nil {
			t.Error("Run after Close gives no error")
		}
	})
}

func TestABrokenLineEndsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("no such device")
		p := run(t, &buttonstest.Header{}, wired)
		p.Break(gone)
		synctest.Wait()
		if err := p.stop(); !errors.Is(err, gone) {
			t.Errorf("Run says %v", err)
		}
	})
}

func TestOpenErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		config buttons.Config
		want   string
	}{
		{"no request", buttons.Config{Cancel: wired.Cancel}, "no line is given for the request button"},
		{"one line", buttons.Config{Request: wired.Request, Cancel: wired.Request}, "request and cancel are both on line GPIO17"},
		{"busy", buttons.Config{Request: wired.Request, Cancel: buttons.Line{Line: "GPIO4"}}, "cannot use line GPIO4: busy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h buttonstest.Header
			h.Refuse("GPIO4", errors.New("busy"))
			if _, err := buttons.Open(&h, c.config); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open says %v, want %q", err, c.want)
			}
			if h.Held("GPIO17") {
				t.Error("a line is held after a failed Open")
			}
		})
	}
}
