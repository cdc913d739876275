package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"podium/appliance"
	"podium/config"
	"podium/hw/buttons"
	"podium/hw/header"
	"podium/hw/leds"
	"podium/hw/ring"
)

// gpio is the panel on the pin header.
type gpio struct {
	buttons *buttons.Buttons
	leds    *leds.Leds
	ring    *ring.Ring // nil: none
	log     *slog.Logger
	stuck   []buttons.Button // the readers' goroutine only
}

// openGPIO requests the lines of the panel: a line that is missing or busy is
// said here, before anything runs.
func openGPIO(c config.Panel, log *slog.Logger) (*gpio, error) {
	h, err := header.Open(header.Config{ChipLabels: c.Chips})
	if err != nil {
		return nil, err
	}
	g := &gpio{log: log}
	if g.buttons, err = buttons.Open(h, buttons.Config{Request: buttonLine(c.Request), Cancel: buttonLine(c.Cancel)}); err != nil {
		return nil, err
	}
	if c.Ring.Device != config.None {
		if g.ring, err = ring.Open(ring.Config{Device: c.Ring.Device, LEDs: c.Ring.LEDs, Brightness: c.Ring.Brightness}); err != nil {
			return nil, errors.Join(err, g.buttons.Close())
		}
	}
	if g.leds, err = leds.Open(h, leds.Config{Red: lampLine(c.Red), Green: lampLine(c.Green), Yellow: lampLine(c.Yellow), Mirror: g.mirror()}); err != nil {
		return nil, errors.Join(err, g.buttons.Close(), g.closeRing())
	}
	return g, nil
}

// mirror shows on the ring what the lamps show, and the position in the queue. A ring that fails is no lamp that
// fails: the speaker has those.
func (g *gpio) mirror() func(leds.Lit) {
	if g.ring == nil {
		return nil
	}
	failed := false
	return func(lit leds.Lit) {
		err := g.ring.Show(ring.Lit(lit))
		if (err != nil) != failed {
			failed = err != nil
			g.log.Warn("the ring of lamps", "works", !failed, "err", err)
		}
	}
}

func (g *gpio) closeRing() error {
	if g.ring == nil {
		return nil
	}
	return g.ring.Close()
}

func buttonLine(c config.Button) buttons.Line {
	if c.Line == config.None {
		return buttons.Line{}
	}
	return buttons.Line{Line: c.Line, ActiveHigh: c.ActiveHigh, Pull: pulls[c.Resistor()]}
}

var pulls = map[config.Pull]header.Pull{config.PullUp: header.PullUp, config.PullDown: header.PullDown, config.PullNone: header.PullNone}

func lampLine(c config.Lamp) leds.Lamp {
	if c.Line == config.None {
		return leds.Lamp{}
	}
	return leds.Lamp{Line: c.Line, ActiveLow: c.ActiveLow}
}

// Show meets appliance.Panel.
func (g *gpio) Show(l appliance.Lamps) {
	g.leds.Show(leds.Lamps{Red: l.Red, Green: l.Green, Yellow: l.Yellow, Count: l.Queue})
}

func (g *gpio) run(ctx context.Context, tell func(appliance.Event)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return g.leds.Run(ctx) })
	group.Go(func() error {
		return g.buttons.Run(ctx, func(p buttons.Press) { g.pressed(p, tell) })
	})
	return group.Wait()
}

// pressed brings a button's life to the podium. A button that is stuck is a
// fault until it comes up.
func (g *gpio) pressed(p buttons.Press, tell func(appliance.Event)) {
	switch p.Kind {
	case buttons.Pressed, buttons.Long:
		tell(appliance.Press{Button: appliance.Button(p.Button), Long: p.Kind == buttons.Long})
	case buttons.Stuck:
		g.setStuck(p.Button, true, tell)
	case buttons.Released:
		g.setStuck(p.Button, false, tell)
	}
}

// setStuck tells what of the panel is stuck, when that changes.
func (g *gpio) setStuck(b buttons.Button, stuck bool, tell func(appliance.Event)) {
	if slices.Contains(g.stuck, b) == stuck {
		return
	}
	if stuck {
		g.stuck = append(g.stuck, b)
	} else {
		g.stuck = slices.DeleteFunc(g.stuck, func(known buttons.Button) bool { return known == b })
	}
	var texts []string
	for _, b := range g.stuck {
		texts = append(texts, fmt.Sprintf("button %s is stuck: it has been down for 30 s", b))
	}
	tell(appliance.Fault{Part: appliance.PartPanel, Text: strings.Join(texts, "; ")})
}

func (g *gpio) close() {
	if err := errors.Join(g.buttons.Close(), g.leds.Close(), g.closeRing()); err != nil {
		g.log.Warn("cannot release the panel", "err", err)
	}
}
