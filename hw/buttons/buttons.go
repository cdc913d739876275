package buttons

import (
	"context"
	"errors"
	"fmt"
	"time"

	"podium/hw/header"
)

// Line is how one button is wired.
type Line struct {
	// Line is the line's name on the header, like "GPIO17". Empty: not fitted.
	Line string
	// ActiveHigh says that pressing makes the line high. The zero value is the usual
	// wiring, a button to ground; it wants PullUp.
	ActiveHigh bool
	// Pull is the chip's resistor. PullNone, the zero value, leaves it alone: for
	// wiring with one of its own.
	Pull header.Pull
}

// Config is the podium's buttons.
type Config struct {
	Request Line // always fitted
	Cancel  Line // not fitted on one-button panels
	Timing  Timing
}

// Header is where the lines are: *header.Header, or a fake.
type Header interface {
	Inputs(want ...header.Input) (header.Inputs, error)
}

// Buttons holds the lines of the buttons from Open to Close.
type Buttons struct {
	inputs header.Inputs
	fitted []fitted
	timing Timing

	use     chan struct{} // its one token belongs to who uses inputs
	closing context.Context
	close   context.CancelFunc
	closed  bool // by the owner of the token
}

type fitted struct {
	button     Button
	activeHigh bool
}

// Open requests the lines. Its errors name the button's line.
func Open(h Header, c Config) (*Buttons, error) {
	if c.Request.Line == "" {
		return nil, errors.New("cannot open buttons: no line is given for the request button")
	}
	if c.Request.Line == c.Cancel.Line {
		return nil, fmt.Errorf("cannot open buttons: request and cancel are both on line %s", c.Cancel.Line)
	}
	b := &Buttons{timing: c.Timing.withDefaults(), use: make(chan struct{}, 1)}
	var want []header.Input
	for _, w := range []struct {
		button Button
		line   Line
	}{{Request, c.Request}, {Cancel, c.Cancel}} {
		if w.line.Line != "" {
			want = append(want, header.Input{Line: w.line.Line, Pull: w.line.Pull})
			b.fitted = append(b.fitted, fitted{w.button, w.line.ActiveHigh})
		}
	}
	var err error
	if b.inputs, err = h.Inputs(want...); err != nil {
		return nil, fmt.Errorf("cannot open buttons: %w", err)
	}
	b.closing, b.close = context.WithCancel(context.Background())
	b.use <- struct{}{}
	return b, nil
}

// Run reports presses until ctx or Close ends it, within 300 ms, and returns nil
// then; or until the lines fail, with an error that names them. What was pressed
// and let go before Run is forgotten. emit is called from Run's goroutine, in
// order; it must not wait, nor call Close. Run does not release the lines.
func (b *Buttons) Run(ctx context.Context, emit func(Press)) error {
	select {
	case <-b.use:
		defer func() { b.use <- struct{}{} }()
	case <-ctx.Done():
		return nil
	}
	if b.closed {
		return errors.New("cannot watch buttons: closed")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.closing, cancel)()
	r := reader{inputs: b.inputs, fitted: b.fitted, emit: emit}
	if err := r.begin(b.timing, time.Now); err != nil {
		return fmt.Errorf("cannot watch buttons: %w", err)
	}
	for ctx.Err() == nil {
		if err := r.step(time.Now); err != nil {
			return fmt.Errorf("cannot watch buttons: %w", err)
		}
	}
	return nil
}

// Close ends Run, waits for it, and releases the lines. Later calls do nothing.
func (b *Buttons) Close() error {
	b.close()
	<-b.use
	defer func() { b.use <- struct{}{} }()
	if b.closed {
		return nil
	}
	b.closed = true
	return b.inputs.Close()
}
