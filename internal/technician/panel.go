package technician

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"podium/appliance"
	"podium/config"
	"podium/hw/buttons"
	"podium/hw/header"
	"podium/hw/lamp"
	"podium/hw/leds"
)

// Show is one thing that the lamps are made to show.
type Show struct {
	Name string     `json:"name"` // for --state
	See  string     `json:"see"`  // what should be seen
	For  string     `json:"for"`  // what it means to a speaker
	Lamp leds.Lamps `json:"-"`
}

// Shows are the lamps one by one, and then each line of the table of lamps.
func Shows(p config.Panel) []Show {
	all := []Show{
		{Name: "red", See: "red steady, all others dark", For: "the red lamp alone", Lamp: leds.Lamps{Red: lamp.On}},
		{Name: "green", See: "green steady, all others dark", For: "the green lamp alone", Lamp: leds.Lamps{Green: lamp.On}},
	}
	yellow := p.Yellow.Line != config.None
	if yellow {
		all = append(all, Show{Name: "yellow", See: "yellow steady, all others dark", For: "the yellow lamp alone; to a speaker: a fault of this podium", Lamp: leds.Lamps{Yellow: lamp.On}})
	}
	for _, l := range appliance.Looks() {
		shown := leds.Lamps{Red: l.Lamps.Red, Green: l.Lamps.Green}
		if yellow && l.Fault {
			shown = leds.Lamps{Yellow: lamp.On}
		}
		all = append(all, Show{Name: l.Name, See: seen(shown), For: strings.ReplaceAll(l.Says, "**", ""), Lamp: shown})
	}
	return all
}

// seen says what lamps do, for a person.
func seen(l leds.Lamps) string {
	var words []string
	for _, one := range []struct {
		name    string
		pattern lamp.Pattern
	}{{"red", l.Red}, {"green", l.Green}, {"yellow", l.Yellow}} {
		if text := one.pattern.Words(); text != "" {
			words = append(words, one.name+" "+text)
		}
	}
	if len(words) == 0 {
		return "all dark"
	}
	return strings.Join(words, ", ")
}

// Lamps shows each thing for a while, after telling it, and ends with all lamps dark
// and the lines released. h is the header; nil: this machine's.
func Lamps(ctx context.Context, h leds.Header, p config.Panel, shows []Show, each time.Duration, tell func(Show)) (err error) {
	if h == nil {
		if h, err = header.Open(header.Config{ChipLabels: p.Chips}); err != nil {
			return err
		}
	}
	wire := func(l config.Lamp) leds.Lamp {
		if l.Line == config.None {
			return leds.Lamp{}
		}
		return leds.Lamp{Line: l.Line, ActiveLow: l.ActiveLow}
	}
	l, err := leds.Open(h, leds.Config{Red: wire(p.Red), Green: wire(p.Green), Yellow: wire(p.Yellow)})
	if err != nil {
		return explain(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ran := make(chan error, 1)
	go func() { ran <- l.Run(ctx) }()
	for _, s := range shows {
		tell(s)
		l.Show(s.Lamp)
		select {
		case <-ctx.Done():
		case err := <-ran:
			return err
		case <-time.After(each):
			continue
		}
		break
	}
	cancel()
	return errors.Join(<-ran, l.Close())
}

// explain adds what to do to a line that the service holds.
func explain(err error) error {
	if errors.Is(err, unix.EBUSY) {
		return fmt.Errorf("%w; if the podium's service runs, stop it for this test: systemctl stop podium, and afterwards: systemctl start podium", err)
	}
	return err
}

// Buttons tells what the buttons do until the context ends, which is no error. h is
// the header; nil: this machine's.
func Buttons(ctx context.Context, h buttons.Header, p config.Panel, tell func(buttons.Press)) (err error) {
	if h == nil {
		if h, err = header.Open(header.Config{ChipLabels: p.Chips}); err != nil {
			return err
		}
	}
	wire := func(b config.Button) buttons.Line {
		if b.Line == config.None {
			return buttons.Line{}
		}
		return buttons.Line{Line: b.Line, ActiveHigh: b.ActiveHigh, Pull: resistors[b.Resistor()]}
	}
	b, err := buttons.Open(h, buttons.Config{Request: wire(p.Request), Cancel: wire(p.Cancel)})
	if err != nil {
		return explain(err)
	}
	return errors.Join(b.Run(ctx, tell), b.Close())
}

var resistors = map[config.Pull]header.Pull{config.PullUp: header.PullUp, config.PullDown: header.PullDown, config.PullNone: header.PullNone}
