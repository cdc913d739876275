package rig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"podium/stage"
	"podium/stage/client"
)

// View is what a host sees of one participant.
type View struct {
	Present bool
	Status  stage.Status
	OnAir   bool         // media arrives at the server
	Reason  stage.Reason // of the latest change of the status
}

// Host is a host's connection that follows one participant.
type Host struct {
	client *client.Client
	user   string
	stop   func()

	mu      sync.Mutex
	view    View
	at      time.Time     // when it became so
	changed chan struct{} // closed at the next change
	joined  bool
	lapsed  func() // nil: nobody asks
}

// Connect connects a host of the user's own, and waits until it has joined.
func Connect(ctx context.Context, address, meeting, user string) (*Host, error) {
	token, err := Token(meeting, "host of "+user, "host")
	if err != nil {
		return nil, err
	}
	h := &Host{user: user, changed: make(chan struct{})}
	h.client, err = client.New(client.Config{
		Server: "http://" + address, Token: func() (string, error) { return token, nil }, Handle: h.handle,
	})
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() { defer close(ended); _ = h.client.Run(running) }()
	h.stop = func() { cancel(); <-ended }
	if _, err := h.wait(ctx, "the host to join", func() bool { return h.joined }); err != nil {
		h.stop()
		return nil, err
	}
	return h, nil
}

// Close leaves the meeting.
func (h *Host) Close() { h.stop() }

// Decide is a host's call about the participant.
func (h *Host) Decide(ctx context.Context, method stage.Method) error {
	var list stage.TargetResults
	err := h.Call(ctx, method, stage.Targets{UserIDs: []string{h.user}}, &list)
	if err == nil && (len(list.Results) != 1 || !list.Results[0].OK) {
		err = fmt.Errorf("%s on %s: %+v", method, h.user, list.Results)
	}
	return err
}

// Call is any call of the host. One that finds no connection is made when there is one,
// and one too many when there may be one more.
func (h *Host) Call(ctx context.Context, method stage.Method, params, result any) error {
	for late := time.Now().Add(patience); ; {
		err := h.client.Call(ctx, method, params, result)
		wait := 50 * time.Millisecond
		var refused *client.ProtocolError
		if errors.As(err, &refused) {
			wait = refused.RetryAfter
		}
		if wait == 0 || (refused == nil && !errors.Is(err, client.ErrNotConnected)) || time.Now().After(late) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Await waits until the participant is as wanted, and gives when it came to be so.
func (h *Host) Await(ctx context.Context, what string, fits func(View) bool) (time.Time, error) {
	return h.wait(ctx, what, func() bool { return fits(h.view) })
}

// OnLapse has f called, once, when the participant's lease or grant runs out or the
// host's own connection breaks. The next call takes its place; nil: nobody asks.
func (h *Host) OnLapse(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lapsed = f
}

// View gives what the host sees now.
func (h *Host) View() View {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.view
}

func (h *Host) wait(ctx context.Context, what string, fits func() bool) (time.Time, error) {
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		h.mu.Lock()
		ok, at, view, changed := fits(), h.at, h.view, h.changed
		h.mu.Unlock()
		if ok {
			return at, nil
		}
		select {
		case <-changed:
		case <-late.C:
			return at, fmt.Errorf("waited %s in vain for %s: the host sees %+v of %s", patience, what, view, h.user)
		case <-ctx.Done():
			return at, ctx.Err()
		}
	}
}

// handle follows the participant; it is called from one goroutine.
func (h *Host) handle(r client.Report) {
	h.mu.Lock()
	defer h.mu.Unlock()
	view := h.view
	switch r := r.(type) {
	case client.Connected:
		h.joined = true
		view = View{}
		if i := slices.IndexFunc(r.Joined.Participants, h.is); i >= 0 {
			view = viewOf(r.Joined.Participants[i], "")
		}
	case client.Notification:
		view = h.notified(r, view)
	case client.Disconnected:
		h.lapse()
		return
	default:
		return
	}
	if _, joined := r.(client.Connected); joined || view != h.view {
		h.view, h.at = view, time.Now()
		close(h.changed)
		h.changed = make(chan struct{})
	}
}

// lapse tells who asked. The caller holds the lock.
func (h *Host) lapse() {
	if h.lapsed != nil {
		h.lapsed()
		h.lapsed = nil
	}
}

func (h *Host) is(p stage.Participant) bool { return p.UserID == h.user }

func viewOf(p stage.Participant, why stage.Reason) View { return View{true, p.Status, p.OnAir, why} }

func (h *Host) notified(n client.Notification, former View) View {
	switch n.Event {
	case stage.EventParticipantJoined, stage.EventParticipantLeft, stage.EventParticipantOnAir, stage.EventParticipantStatus:
	default:
		return former
	}
	var u stage.ParticipantStatus // what the four have in common
	if json.Unmarshal(n.Params, &u) != nil || !h.is(u.Participant) {
		return former
	}
	if u.Reason == stage.ReasonLeaseExpired || u.Reason == stage.ReasonExpired {
		h.lapse()
	}
	if n.Event == stage.EventParticipantLeft {
		return View{}
	}
	if n.Event != stage.EventParticipantStatus {
		u.Reason = former.Reason
	}
	return viewOf(u.Participant, u.Reason)
}
