package publish_test

import (
	"sync"
	"testing"
	"time"

	"podium/publish"
	"podium/publish/publishtest"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// owner is who owns a publisher in a test.
type owner struct {
	*publish.Publisher
	t       testing.TB
	devices *publishtest.Devices

	mu     sync.Mutex
	events []publish.Event
}

func newOwner(t testing.TB) *owner {
	t.Helper()
	o := &owner{t: t, devices: &publishtest.Devices{}}
	p, err := publish.New(publish.Config{
		Devices: o.devices, Report: o.note, IncludeLoopback: true, Version: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Publisher = p
	t.Cleanup(p.Shutdown)
	return o
}

func (o *owner) note(e publish.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, e)
}

func (o *owner) told() []publish.Event {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]publish.Event(nil), o.events...)
}

// open publishes with a permit that outlasts every test.
func (o *owner) open(p publish.Place) { o.Open(p, time.Now().Add(time.Hour)) }

// openTo publishes picture and sound to url.
func (o *owner) openTo(url string) {
	o.open(publish.Place{URL: url, Token: "secret", Audio: true, Video: true})
}

// flowing is what Flowing said last.
func (o *owner) flowing() bool {
	on := false
	for _, e := range o.told() {
		if f, ok := e.(publish.Flowing); ok {
			on = f.On
		}
	}
	return on
}

// lost gives all Lost events.
func (o *owner) lost() []publish.Lost {
	var list []publish.Lost
	for _, e := range o.told() {
		if l, ok := e.(publish.Lost); ok {
			list = append(list, l)
		}
	}
	return list
}

// fault gives the standing fault of a device, or nil.
func (o *owner) fault(device string) error {
	var standing error
	for _, e := range o.told() {
		switch e := e.(type) {
		case publish.Fault:
			if e.Device == device {
				standing = e.Err
			}
		case publish.FaultCleared:
			if e.Device == device {
				standing = nil
			}
		}
	}
	return standing
}

// eventually waits for a state.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never came: %s", what)
		}
	}
}
