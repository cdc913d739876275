package appliance

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"podium/hw/lamp"
	"podium/stage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// outside is a stage, a publisher and a panel that note what they are told.
type outside struct {
	mu      sync.Mutex
	podium  *Podium
	notes   []string
	answers map[stage.Method]stage.StatusResult
	until   time.Time     // of the latest permit
	blocked chan struct{} // Show waits for it; nil: it does not
	shut    *Reason       // what the publisher's own gate says
}

func (o *outside) note(text string) {
	o.mu.Lock()
	o.notes = append(o.notes, text)
	o.mu.Unlock()
}

func (o *outside) Go(method stage.Method, done func(stage.StatusResult, error)) {
	o.note("call " + string(method))
	if answer, ok := o.answers[method]; ok {
		go done(answer, nil)
	}
}

func (o *outside) Open(p stage.Place, until time.Time) {
	o.note("open " + p.URL)
	o.Renew(until)
}

func (o *outside) Renew(until time.Time) {
	o.mu.Lock()
	o.until = until
	o.mu.Unlock()
}

// permit gives for how long media may leave yet.
func (o *outside) permit() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.until.Sub(o.podium.cfg.Now())
}

func (o *outside) Close()       { o.note("close") }
func (o *outside) Media() Media { return Media{Encoder: "fake", Closed: o.shut} }

func (o *outside) Show(l Lamps) {
	o.note("red " + string(l.Red) + ", green " + string(l.Green))
	if o.blocked != nil {
		<-o.blocked
	}
}

// onStage brings the podium's turn about.
func (o *outside) onStage(t *testing.T) {
	t.Helper()
	o.tell(t, Connected{Joined: stage.Joined{Self: stage.Participant{PeerID: "p", Status: stage.OffStage}, LeaseMs: 5000}},
		Press{Button: ButtonRequest})
	o.tell(t, StatusChanged{stage.StatusUpdate{Status: stage.Accepted, Reason: stage.ReasonApproved}})
	o.tell(t, Flowing{On: true})
	o.take()
}

// take gives what was noted since the last take.
func (o *outside) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	notes := o.notes
	o.notes = nil
	return notes
}

func wantNotes(t *testing.T, got []string, want ...string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(got); i++ {
		ok = got[i] == want[i]
	}
	if !ok {
		t.Errorf("noted %q, want %q", got, want)
	}
}

// run starts a podium in a bubble and gives what ends it.
func (o *outside) run(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- o.podium.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

func newOutside() *outside {
	o := &outside{answers: map[stage.Method]stage.StatusResult{
		stage.RequestAccess: {Status: stage.Requested},
		stage.Join:          {Status: stage.OnStage, Publish: &stage.Place{URL: "whip"}},
		stage.Leave:         {Status: stage.OffStage},
	}}
	o.podium = New(Config{Stage: o, Publisher: o, Panel: o, Identity: Identity{"m", "podium-1", "http://hall"}})
	return o
}

func (o *outside) tell(t *testing.T, events ...Event) {
	t.Helper()
	for _, e := range events {
		if err := o.podium.Tell(e); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Wait()
}

func TestLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		stop := o.run(t)
		synctest.Wait()
		wantNotes(t, o.take(), "red off, green blip")
		o.tell(t, Connected{Joined: stage.Joined{Self: stage.Participant{PeerID: "p", Status: stage.OffStage}, LeaseMs: 5000}})
		o.tell(t, Press{Button: ButtonRequest})
		wantNotes(t, o.take(), "red off, green off", "call stage.requestAccess", "red off, green on", "red off, green slow")
		o.tell(t, StatusChanged{stage.StatusUpdate{Status: stage.Accepted, Previous: stage.Requested, Reason: stage.ReasonApproved}})
		wantNotes(t, o.take(), "call stage.join", "red off, green on", "open whip", "red slow, green off")
		o.tell(t, Flowing{On: true})
		if s := o.podium.Status(); !s.OnAir || s.Status != stage.OnStage || s.UserID != "podium-1" || s.Lamps.Red != lamp.On {
			t.Errorf("status %+v", s)
		}
		o.take()
		time.Sleep(5 * time.Second) // the lease, on the loop's own timer
		synctest.Wait()
		wantNotes(t, o.take(), "close", "call stage.leave", "red off, green refused")
		stop()
		if o.podium.Tell(Tick{}) != ErrStopped {
			t.Error("a stopped podium took an event")
		}
	})
}

func TestStopClosesTheGateAndDarkensTheLamps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		stop := o.run(t)
		o.tell(t, Connected{Joined: stage.Joined{Self: stage.Participant{PeerID: "p", Status: stage.OffStage}, LeaseMs: 5000}},
			Press{Button: ButtonRequest})
		o.tell(t, StatusChanged{stage.StatusUpdate{Status: stage.Accepted, Reason: stage.ReasonApproved}})
		o.take()
		stop()
		wantNotes(t, o.take(), "close", "red off, green off", "close")
	})
}

func TestWatchAndTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		changed, unwatch := o.podium.Watch()
		stop := o.run(t)
		o.tell(t, Press{Button: ButtonRequest})
		select {
		case <-changed:
		default:
			t.Error("a step was not signalled")
		}
		unwatch()
		trace := o.podium.Trace()
		if len(trace) != 1 || trace[0].Event != "press request" {
			t.Errorf("trace %+v", trace)
		}
		stop()
	})
}

// TestASuspendedPodiumClosesBeforeAnythingElse: silence first, then the lamps; and
// nothing is said to the server, whose turn it stays.
func TestASuspendedPodiumClosesBeforeAnythingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutside()
		o.answers[stage.Publish] = stage.StatusResult{Status: stage.OnStage, Publish: &stage.Place{URL: "whip-2"}}
		stop := o.run(t)
		o.tell(t, Connected{Joined: stage.Joined{Self: stage.Participant{PeerID: "p", Status: stage.OffStage}, LeaseMs: 5000}},
			Press{Button: ButtonRequest})
		o.tell(t, StatusChanged{stage.StatusUpdate{Status: stage.Accepted, Reason: stage.ReasonApproved}}, Flowing{On: true})
		o.take()
		o.tell(t, Suspended{stage.Suspended{Suspended: true}})
		wantNotes(t, o.take(), "close", "red slow, green slow-inverse")
		if s := o.podium.Status(); s.OnAir || !s.Suspended || s.Gate.Open {
			t.Errorf("suspended with %+v", s)
		}
		o.tell(t, Suspended{})
		wantNotes(t, o.take(), "call stage.publish", "red slow, green off", "open whip-2")
		stop()
		wantNotes(t, o.take(), "close", "red off, green off", "close")
	})
}
