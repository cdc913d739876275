package leds

import (
	"context"
	"errors"
	"sync"
	"time"

	"podium/hw/header"
	"podium/hw/lamp"
)

// Lamp is how one lamp is wired.
type Lamp struct {
	// Line is the line's name on the header, like "GPIO22". Empty: not fitted.
	Line string
	// ActiveLow says that a low level lights the lamp.
	ActiveLow bool
}

// Config is the podium's lamps.
type Config struct {
	Red, Green Lamp // always fitted
	Yellow     Lamp // optional
	// Mirror is told which lamps are lit, whenever that changes and at the end, from
	// Run's goroutine and Close's; it must not wait. nil: nobody is.
	Mirror func(Lit)
}

// Lamps is a pattern for each lamp; the zero value is all off. Yellow is ignored
// where it is not fitted.
type Lamps struct {
	Red, Green, Yellow lamp.Pattern
	// Count is handed to the mirror, which may have more lamps than these.
	Count int
}

// Lit is which lamps are lit now, and the count that was shown with them.
type Lit struct {
	Red, Green, Yellow bool
	Count              int
}

// Header is where the lines are: *header.Header, or a fake.
type Header interface {
	Output(line string, high bool) (header.Output, error)
}

// Leds holds the lines of the lamps from Open to Close.
type Leds struct {
	lines  []*line
	mirror func(Lit)
	told   *Lit // what mirror was told last; nil: nothing

	mu     sync.Mutex // guards board and count
	board  board
	count  int
	change chan struct{}

	use     chan struct{} // its one token belongs to who uses lines
	closing context.Context
	close   context.CancelFunc
	closed  bool // by the owner of the token
}

// Open requests the lines, with every lamp off. Its errors name lamp and line.
func Open(h Header, c Config) (*Leds, error) {
	l := &Leds{mirror: c.Mirror, change: make(chan struct{}, 1), use: make(chan struct{}, 1)}
	taken := map[string]string{}
	for _, w := range []struct {
		name string
		lamp Lamp
	}{{"red", c.Red}, {"green", c.Green}, {"yellow", c.Yellow}} {
		if w.lamp.Line == "" && w.name == "yellow" {
			continue
		}
		line, err := openLine(h, w.name, w.lamp, taken)
		if err != nil {
			return nil, errors.Join(err, l.release())
		}
		l.lines = append(l.lines, line)
	}
	l.board = make(board, len(l.lines))
	l.closing, l.close = context.WithCancel(context.Background())
	l.use <- struct{}{}
	return l, nil
}

// Show changes what the lamps show. It never waits for a line; when Run does not
// run, it takes effect once it does.
func (l *Leds) Show(show Lamps) {
	patterns := []lamp.Pattern{show.Red, show.Green, show.Yellow}
	l.mu.Lock()
	l.board.show(patterns[:len(l.board)], time.Now())
	l.count = show.Count
	l.mu.Unlock()
	select {
	case l.change <- struct{}{}:
	default: // Run looks at the board anyway
	}
}

// Run drives the lines until ctx or Close ends it and returns nil then, or until a
// line fails, with an error that names it. In either case all lamps are off and
// the lines released when it returns, and an error that this met is returned too.
func (l *Leds) Run(ctx context.Context) error {
	<-l.use
	defer func() { l.use <- struct{}{} }()
	if l.closed {
		return errors.New("cannot drive lamps: closed")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.closing, cancel)()
	return errors.Join(l.drive(ctx), l.release())
}

// Close ends Run and waits for it; it puts the lamps out and releases the lines.
// Later calls do nothing.
func (l *Leds) Close() error {
	l.close()
	<-l.use
	defer func() { l.use <- struct{}{} }()
	return l.release()
}

func (l *Leds) drive(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		l.mu.Lock()
		lit, wait, ok := l.board.at(time.Now())
		count := l.count
		l.mu.Unlock()
		for i, line := range l.lines {
			if err := line.light(lit[i]); err != nil {
				return err
			}
		}
		l.reflect(lit, count)
		timer.Stop()
		if ok {
			timer.Reset(wait)
		}
		select {
		case <-ctx.Done():
		case <-l.change:
		case <-timer.C:
		}
	}
	return nil
}

// reflect tells the mirror what has changed.
func (l *Leds) reflect(lit []bool, count int) {
	now := Lit{Red: lit[0], Green: lit[1], Yellow: len(lit) > 2 && lit[2], Count: count}
	if l.mirror == nil || l.told != nil && *l.told == now {
		return
	}
	l.told = &now
	l.mirror(now)
}

// release puts all lamps out, also when some fail, and gives the lines back.
func (l *Leds) release() error {
	if l.closed {
		return nil
	}
	l.closed = true
	var errs []error
	for _, line := range l.lines {
		errs = append(errs, line.close())
	}
	if len(l.board) > 0 { // else it was never open
		l.reflect(make([]bool, len(l.board)), 0)
	}
	return errors.Join(errs...)
}
