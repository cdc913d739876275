package publish

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"podium/internal/pionlog"
)

const (
	// drainLimit is how long Close waits for packets that are on their way.
	drainLimit = 200 * time.Millisecond
	// shutdownLimit is how long Shutdown waits for what goes on in the background.
	shutdownLimit = 5 * time.Second
)

// Place is where to publish, and what: the answer to stage.join.
type Place struct {
	URL   string // of the WHIP endpoint, http or https
	Token string // sent as Bearer to that host only; used once
	Audio bool
	Video bool
}

// Config says what to send and whom to tell.
type Config struct {
	// Devices are opened after Open and closed after Close.
	Devices Devices
	// Report is told every Event, in order, from one goroutine, never from inside
	// Open or Close. nil: nobody asks.
	Report func(Event)
	// HTTP sends the WHIP requests; its CheckRedirect is not used. nil: a client
	// of its own, without keep-alives.
	HTTP *http.Client
	// IncludeLoopback also uses the loopback interface, for a server on the same
	// machine.
	IncludeLoopback bool
	// Now is the clock of the permits: it must go on while the machine sleeps, and
	// not see the wall clock being set. nil: time.Now.
	Now func() time.Time
	// Version is the podium's, for the User-Agent; may be empty.
	Version string
	// Log takes one line per change of state. nil discards.
	Log *slog.Logger
}

// Publisher sends camera and microphone to one place at a time. Its methods may
// be called from any goroutine.
type Publisher struct {
	conf               Config
	log                *slog.Logger
	reporter           *reporter
	whip               *whip
	settings           webrtc.SettingEngine
	camera, microphone *device

	mu      sync.Mutex // guards the two below
	current *publication
	stopped bool
	work    sync.WaitGroup // added to under mu while not stopped
}

// New makes a publisher that is closed: no device is touched and nothing is
// sent. The caller ends it with Shutdown.
func New(conf Config) (*Publisher, error) {
	if conf.Devices == nil {
		return nil, errors.New("cannot make a publisher without devices")
	}
	if conf.Report == nil {
		conf.Report = func(Event) {}
	}
	if conf.Now == nil {
		conf.Now = time.Now
	}
	if conf.Log == nil {
		conf.Log = slog.New(slog.DiscardHandler)
	}
	agent := "podium"
	if conf.Version != "" {
		agent += "/" + conf.Version
	}
	return &Publisher{
		conf: conf, log: conf.Log, reporter: startReporter(conf.Report),
		whip:       newWHIP(conf.HTTP, agent),
		settings:   iceSettings(conf.IncludeLoopback, pionlog.Factory{Log: conf.Log}),
		camera:     newDevice(Camera, func() (Source, error) { return conf.Devices.OpenVideo() }, conf.Log),
		microphone: newDevice(Microphone, conf.Devices.OpenAudio, conf.Log),
	}, nil
}

// Open begins a new publication and returns at once: its gate is open, the
// devices are opened and the place is asked at the same time. The gate lets
// packets through until the given moment of Config.Now, unless Renew moves it;
// then it is shut for good, and the publication lost. A publication that is still
// there is closed first. After Shutdown it does nothing.
func (p *Publisher) Open(place Place, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current != nil {
		p.current.end()
		p.current = nil
	}
	if p.stopped {
		return
	}
	b := &publication{
		place: place, gate: newGate(p.conf.Now), reporter: p.reporter, whip: p.whip, settings: p.settings,
		log: p.log, since: time.Now(), up: make(chan struct{}), keyframes: newKeyframes(),
	}
	b.ctx, b.stop = context.WithCancel(context.Background())
	if err := b.setUp(p.camera, p.microphone); err != nil {
		b.lose(err)
		return
	}
	b.gate.open(until)
	p.current = b
	p.work.Go(b.run)
	p.log.Info("gate open", "url", place.URL, "audio", place.Audio, "video", place.Video)
}

// Renew lets the running publication go on until the given moment of Config.Now.
// One whose time has run out already is not brought back.
func (p *Publisher) Renew(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current != nil {
		p.current.gate.renew(until)
	}
}

// Close stops every packet and then returns, within 1 s whatever devices, Pion
// and the network do. The WHIP DELETE, the connection and the devices are closed
// in the background. Closing what is closed does nothing.
func (p *Publisher) Close() {
	p.mu.Lock()
	b := p.current
	p.current = nil
	var idle <-chan struct{}
	if b != nil {
		idle = b.end()
	}
	p.mu.Unlock()
	if b == nil {
		return
	}
	limit := time.NewTimer(drainLimit)
	defer limit.Stop()
	select {
	case <-idle:
		p.log.Info("gate shut", "packets", b.gate.packets.Load())
	case <-limit.C:
		p.log.Error("gate shut, but the network has not given back a packet", "waited", drainLimit)
	}
}

// Shutdown closes for good and waits up to 5 s for what goes on in the
// background. A device whose driver hangs is left to it.
func (p *Publisher) Shutdown() {
	p.mu.Lock()
	p.stopped = true
	p.mu.Unlock()
	p.Close()
	done := make(chan struct{})
	go func() {
		p.work.Wait()
		p.reporter.stop()
		<-p.reporter.done
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(shutdownLimit):
		p.log.Error("publisher stopped, but not all of it has ended; a driver or the network hangs")
	}
}

// Stats is what the running publication has sent; zero but for Closed when none
// runs.
type Stats struct {
	Closed       Reason    // why nothing may leave; empty: the gate is open
	Since        time.Time // when it was opened
	Packets      uint64    // RTP packets that really left, those sent again included
	Bytes        uint64    // of them, headers and encryption included
	Video, Audio Info      // what the open devices tell about themselves
}

// Stats tells what is being sent.
func (p *Publisher) Stats() Stats {
	p.mu.Lock()
	b := p.current
	p.mu.Unlock()
	if b == nil {
		return Stats{Closed: NotOpened}
	}
	if why := b.gate.closedFor(); why != "" {
		return Stats{Closed: why}
	}
	return Stats{
		Since: b.since, Packets: b.gate.packets.Load(), Bytes: b.gate.bytes.Load(),
		Video: b.camera.info(), Audio: b.sound.info(),
	}
}
