package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/internal/pionlog"
)

const (
	// connectLimit is how long a place may stay busy, and then how long the
	// connection may take to come up.
	connectLimit = 10 * time.Second
	// busyWait is how long to wait for a busy place that does not say how long.
	busyWait = 500 * time.Millisecond
	// postGrace is how long a POST may go on after Close, so that the session that
	// it makes can be deleted.
	postGrace = 1500 * time.Millisecond
)

// publication is one stay at one place. All its goroutines end with run.
type publication struct {
	place     Place
	gate      *gate
	reporter  *reporter
	whip      *whip
	settings  webrtc.SettingEngine
	log       *slog.Logger
	since     time.Time
	up        chan struct{} // closed when the connection is up
	keyframes *keyframes
	camera    *capturing // nil: not granted
	sound     *capturing // nil: not granted
	mute      bool       // guarded by reporter.mu: it tells nothing any more

	ctx  context.Context // ends with the publication
	stop context.CancelFunc
}

// setUp prepares the tracks that the place covers. Nothing is opened yet.
func (b *publication) setUp(camera, microphone *device) error {
	var err error
	if b.place.Video {
		if b.camera, err = b.capturing(camera, formats.H264, "video"); err != nil {
			return err
		}
		b.camera.opened = func(s Source) {
			if v, ok := s.(VideoSource); ok {
				b.keyframes.camera.Store(&v)
			}
		}
	}
	if b.place.Audio {
		if b.sound, err = b.capturing(microphone, formats.Opus, "audio"); err != nil {
			return err
		}
	}
	return nil
}

func (b *publication) capturing(d *device, codec webrtc.RTPCodecCapability, id string) (*capturing, error) {
	track, err := newTrack(codec, id)
	if err != nil {
		return nil, err
	}
	return &capturing{
		device: d, sink: &sink{track: track, gate: b.gate, up: b.up, ask: b.keyframes.ask},
		fault: func(err error) { b.reporter.fault(b, d.name, err) },
		works: func() { b.reporter.works(b, d.name) },
	}, nil
}

// inUse are the granted devices, in the order of the offer's sections.
func (b *publication) inUse() []*capturing {
	var list []*capturing
	for _, c := range []*capturing{b.sound, b.camera} {
		if c != nil {
			list = append(list, c)
		}
	}
	return list
}

// run publishes until end is called. Devices, encoders and the POST start at the
// same time.
func (b *publication) run() {
	var parts sync.WaitGroup
	parts.Go(func() { b.gate.watch(b.ctx.Done(), func(on bool) { b.reporter.flow(b, on) }) })
	parts.Go(func() { b.keyframes.serve(b.ctx.Done()) })
	parts.Go(func() {
		select {
		case <-b.gate.lapsed:
			b.lose(errLapsed)
		case <-b.ctx.Done():
		}
	})
	for _, c := range b.inUse() {
		parts.Go(func() { c.run(b.ctx) })
	}
	parts.Go(b.transmit)
	parts.Wait()
}

// errLapsed tells that the gate has shut itself.
var errLapsed = errors.New("the podium's loop did not say in time that media may go on")

// end shuts the gate for good and lets everything else end by itself. The channel
// is closed when no packet is on its way any more.
func (b *publication) end() <-chan struct{} {
	idle := b.gate.shut(Closed)
	b.reporter.end(b)
	b.stop()
	return idle
}

// lose ends the publication because the place or the way to it failed.
func (b *publication) lose(err error) {
	if b.ctx.Err() != nil {
		return
	}
	b.gate.shut(PlaceLost)
	l := lost(err)
	level := slog.LevelWarn
	if errors.Is(err, errEnded) {
		level = slog.LevelInfo
	}
	b.log.Log(context.Background(), level, "publication lost", "err", err, "status", l.Status, "retry", l.Retry)
	b.reporter.lose(b, l)
	b.stop()
}

// transmit has the connection and the WHIP session from their beginning to
// their end.
func (b *publication) transmit() {
	var tracks []*track
	for _, c := range b.inUse() {
		tracks = append(tracks, c.sink.track)
	}
	if tracks == nil {
		b.lose(&refusal{what: "cannot publish: the place covers neither audio nor video"})
		return
	}
	p, err := newPeer(b.gate, b.settings, pionlog.Factory{Log: b.log}, tracks, b.keyframes.ask)
	if err != nil {
		b.lose(fmt.Errorf("cannot make a media connection: %w", err))
		return
	}
	var steering sync.WaitGroup
	steering.Go(func() { b.steer(p.estimate, b.ctx.Done()) })
	defer steering.Wait()
	session, err := b.connect(p)
	if err == nil {
		err = b.stay(p)
	}
	b.lose(err)
	b.tearDown(p, session)
}

// connect gets a session. One that comes with an error has to be deleted.
func (b *publication) connect(p *peer) (*whipSession, error) {
	offer, err := p.offer()
	if err != nil {
		return nil, fmt.Errorf("cannot make an offer: %w", err)
	}
	session, err := b.post(offer.SDP)
	if err == nil && b.ctx.Err() == nil {
		if err = p.accept(offer, session); err == nil {
			p.nudge(b.ctx.Done())
		}
	}
	return session, err
}

// post posts the offer until the place is no longer busy.
func (b *publication) post(offer string) (*whipSession, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), connectLimit)
	defer cancel()
	stop := context.AfterFunc(b.ctx, func() {
		select {
		case <-ctx.Done():
		case <-time.After(postGrace):
			cancel()
		}
	})
	defer stop()
	for {
		session, err := b.whip.post(ctx, b.place.URL, b.place.Token, offer)
		var r *refusal
		if err == nil || !errors.As(err, &r) || r.status != 503 {
			return session, err
		}
		wait := r.retryAfter
		if wait == 0 {
			wait = busyWait
		}
		if deadline, _ := ctx.Deadline(); time.Until(deadline) < wait {
			return nil, err
		}
		b.log.Debug("place is busy", "wait", wait)
		select {
		case <-b.ctx.Done():
			return nil, err
		case <-time.After(wait):
		}
	}
}

// stay returns when the publication is over, with the reason if it is not that it
// was ended.
func (b *publication) stay(p *peer) error {
	limit := time.NewTimer(connectLimit)
	defer limit.Stop()
	up := p.up
	for {
		select {
		case <-b.ctx.Done():
			return nil
		case err := <-p.lost:
			return err
		case <-limit.C:
			return fmt.Errorf("cannot connect to the media server within %s: is its UDP port reachable?", connectLimit)
		case <-up:
			b.log.Info("media connection up", "took", time.Since(b.since))
			limit.Stop()
			up = nil
			close(b.up)
			b.keyframes.ask()
		}
	}
}

// tearDown ends the session and the connection, neither waiting for the other.
func (b *publication) tearDown(p *peer, session *whipSession) {
	var parts sync.WaitGroup
	parts.Go(p.close)
	if session != nil {
		parts.Go(func() {
			// The publication's context is over; the DELETE has its own limit.
			if err := b.whip.delete(context.WithoutCancel(b.ctx), session); err != nil {
				b.log.Debug("session not deleted; the server will miss it", "err", err)
			}
		})
	}
	parts.Wait()
}
