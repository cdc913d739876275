package service

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"podium/appliance"
)

// lineWait is the pause between two attempts to get lines that somebody else has.
const lineWait = 2 * time.Second

// lines are the lines of a panel: *gpio, or a fake.
type lines interface {
	front
	close()
}

// panel is the panel on the pin header. Lines that are busy are waited for: the
// podium runs meanwhile, says who has them, and is not live. Any other failure ends
// it, and the service manager starts it anew.
type panel struct {
	open func() (lines, error)
	log  *slog.Logger

	mu    sync.Mutex // guards the two below
	lines lines      // nil: somebody else has them
	shown appliance.Lamps
	busy  error // run's goroutine, and before it
}

// openPanel requests the lines. A line that is missing is an error.
func openPanel(open func() (lines, error), log *slog.Logger) (*panel, error) {
	p := &panel{open: open, log: log}
	err := p.request()
	if err != nil && !errors.Is(err, unix.EBUSY) {
		return nil, err
	}
	if err != nil {
		log.Error("the panel's lines are not to be had; waiting for them, and not live until then", "err", err)
	}
	p.busy = err
	return p, nil
}

func (p *panel) request() error {
	l, err := p.open()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = l
	l.Show(p.shown)
	return nil
}

// Show meets appliance.Panel.
func (p *panel) Show(l appliance.Lamps) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = l
	if p.lines != nil {
		p.lines.Show(l)
	}
}

func (p *panel) run(ctx context.Context, tell func(appliance.Event)) error {
	for p.busy != nil {
		tell(appliance.Fault{Part: appliance.PartLamps, Text: p.busy.Error()})
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lineWait):
		}
		if p.busy = p.request(); p.busy != nil && !errors.Is(p.busy, unix.EBUSY) {
			return p.busy
		}
		if p.busy == nil {
			p.log.Info("the panel's lines are free")
			tell(appliance.Fault{Part: appliance.PartLamps})
		}
	}
	return p.lines.run(ctx, tell)
}

func (p *panel) close() {
	if p.lines != nil {
		p.lines.close()
	}
}
