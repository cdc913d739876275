package appliance

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"podium/stage"
)

// Stage sends the participant's own methods to the stage server.
type Stage interface {
	// Go sends a call behind all earlier ones and returns at once. done is
	// called once, from any goroutine, with the answer, the refusal, or
	// ErrInterrupted.
	Go(method stage.Method, done func(stage.StatusResult, error))
}

// Publisher sends camera and microphone. Nothing leaves by any other door.
type Publisher interface {
	// Open starts a publication and returns at once. Media may leave until the
	// given moment of the podium's clock, unless Renew moves it.
	Open(place stage.Place, until time.Time)
	// Renew lets what runs go on until the given moment. What has run out already
	// is not brought back.
	Renew(until time.Time)
	// Close stops every packet before it returns, within 1 s whatever the
	// devices and the network do.
	Close()
	// Media tells what is being sent. It may wait for a driver.
	Media() Media
}

// Panel shows the lamps; it returns at once.
type Panel interface {
	Show(Lamps)
}

// Config joins a podium's parts.
type Config struct {
	Options   Options
	Stage     Stage
	Publisher Publisher
	Panel     Panel
	Identity  Identity
	Machine   func() *Machine  // what the machine says of itself, or nil; nil: nobody asks
	Life      Life             // nil: nobody watches over the loop
	Now       func() time.Time // the clock of lease and permit: it goes on while the machine sleeps; nil: time.Now
	Log       *slog.Logger     // nil: discarded
}

// Identity is who the podium is, for its status.
type Identity struct{ Meeting, UserID, Server string }

// Podium is the loop around the core: the one goroutine that owns the state.
type Podium struct {
	cfg    Config
	log    *slog.Logger
	events chan Event
	over   chan struct{} // closed when Run ends

	mu       sync.Mutex // guards what others look at
	seen     State
	done     uint64 // steps
	steps    trace
	watchers map[chan struct{}]struct{}
}

const (
	// eventsQueued bounds what may wait for the loop. Whoever brings more waits.
	eventsQueued = 256
	// beat is how often the loop steps at least while a turn is on: it renews the
	// permit, and finds that the machine has slept, which no timer of Go's counts.
	beat = 250 * time.Millisecond
)

// New makes a podium that is closed, and not connected.
func New(cfg Config) *Podium {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Life == nil {
		cfg.Life = unwatched{}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Podium{
		cfg: cfg, log: cfg.Log, seen: NewState(cfg.Options),
		events: make(chan Event, eventsQueued), over: make(chan struct{}),
		watchers: map[chan struct{}]struct{}{},
	}
}

// ErrStopped answers an event brought to a podium whose loop has ended.
var ErrStopped = errors.New("the podium has stopped")

// Tell brings an event to the loop, in the order of the calls of one goroutine.
func (p *Podium) Tell(e Event) error {
	select {
	case <-p.over:
		return ErrStopped
	default:
	}
	select {
	case p.events <- e:
		return nil
	case <-p.over:
		return ErrStopped
	}
}

// Run is the loop. It ends with the context, with the gate closed and the lamps
// dark.
func (p *Podium) Run(ctx context.Context) error {
	defer close(p.over)
	state := NewState(p.cfg.Options)
	shown := p.show(state, Lamps{})
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	p.cfg.Life.Ready()
	for {
		p.setTimer(timer, state)
		var e Event
		select {
		case <-ctx.Done():
			e = Stop{}
		case e = <-p.events:
		case <-timer.C:
			e = Tick{}
		}
		next := p.step(state, e)
		shown = p.show(next, shown)
		state = next
		if _, stopping := e.(Stop); stopping {
			p.cfg.Publisher.Close() // closed already where a turn ran; closing twice costs nothing
			p.cfg.Life.Stopping()
			return nil
		}
		p.cfg.Life.Alive()
	}
}

// step does one step. Whoever asks for the status meanwhile waits for its end,
// so that state and media are never seen from two different steps.
func (p *Podium) step(state State, e Event) State {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.cfg.Now()
	next, effects := Step(state, e, now)
	until, open := next.Permit(now)
	p.carryOut(effects, until)
	if open {
		p.cfg.Publisher.Renew(until)
	}
	p.record(e, state, next, effects)
	return next
}

func (p *Podium) setTimer(timer *time.Timer, s State) {
	wait := time.Hour
	if s.turn.on {
		wait = beat
	}
	if every := p.cfg.Life.Every(); every > 0 {
		wait = min(wait, every)
	}
	if at, ok := s.Deadline(); ok {
		wait = max(0, min(wait, at.Sub(p.cfg.Now())))
	}
	timer.Reset(wait)
}

// carryOut does what a step asks for; until is its permit.
func (p *Podium) carryOut(effects []Effect, until time.Time) {
	for _, effect := range effects {
		switch e := effect.(type) {
		case CloseGate:
			p.cfg.Publisher.Close()
			p.log.Info("gate closed", "reason", e.Why.Reason, "why", e.Why.Text)
		case OpenGate:
			p.cfg.Publisher.Open(e.Place, until)
		case Call:
			p.cfg.Stage.Go(e.Method, func(result stage.StatusResult, err error) {
				_ = p.Tell(Answered{ID: e.ID, Result: result, Err: err}) // a stopped podium needs no answer
			})
		}
	}
}

// show brings the lamps in line with the state.
func (p *Podium) show(s State, shown Lamps) Lamps {
	lamps := s.lamps(p.cfg.Now())
	if lamps != shown {
		p.cfg.Panel.Show(lamps)
	}
	return lamps
}

// record makes the step visible to others, and writes one line per change. The
// caller holds the lock.
func (p *Podium) record(e Event, before, after State, effects []Effect) {
	if before.status != after.status {
		p.log.Info("stage status", "status", after.status, "previous", before.status, "reason", after.reason)
	}
	if before.connected != after.connected {
		p.log.Info("stage connection", "connected", after.connected, "server", p.cfg.Identity.Server)
	}
	if before.flowing != after.flowing {
		p.log.Info("on air", "onAir", after.flowing)
	}
	if f, ok := e.(Fault); ok && !slices.Equal(before.faults, after.faults) {
		p.log.Warn("fault", "part", f.Part, "what", f.Text)
	}
	p.seen = after
	p.done++
	p.steps.add(time.Now(), e, after, effects)
	for w := range p.watchers {
		select {
		case w <- struct{}{}:
		default: // it will look anyway
		}
	}
}
