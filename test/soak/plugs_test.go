package main

import (
	"errors"
	"io"
	"testing"
	"time"

	"podium/publish"
	"podium/publish/publishtest"
)

func TestPlugs(t *testing.T) {
	own := &publishtest.Devices{}
	p := newPlugs()
	d := p.between(own)
	v, err := d.OpenVideo()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.ReadSample(); err != nil {
		t.Fatalf("a device that works: %v", err)
	}
	if i, ok := v.(interface{ Info() publish.Info }); !ok || i.Info().Width != 640 {
		t.Error("what the device tells about itself is lost")
	}
	if v.RequestKeyframe(); own.Cameras()[0].KeyframeRequests() != 1 {
		t.Error("the wish for a keyframe is lost")
	}
	if err := p.set(publish.Camera, fails); err != nil {
		t.Fatal(err)
	}
	if _, err := v.ReadSample(); !errors.Is(err, errPulled) {
		t.Errorf("a device without its plug reads: %v", err)
	}
	if _, err := d.OpenVideo(); !errors.Is(err, errPulled) {
		t.Errorf("a device without its plug opens: %v", err)
	}
	if a, err := d.OpenAudio(); err != nil || a.Close() != nil {
		t.Errorf("the other device: %v", err)
	}
	if err := p.set(publish.Camera, works); err != nil || v.Close() != nil || !own.AllClosed() {
		t.Errorf("%v, all closed: %t", err, own.AllClosed())
	}
}

func TestAPlugThatHangs(t *testing.T) {
	p := newPlugs()
	a, err := p.between(&publishtest.Devices{}).OpenAudio()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.set(publish.Microphone, hangs); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- a.Close() }()
	select {
	case <-closed:
		t.Fatal("a device that hangs was closed")
	case <-time.After(50 * time.Millisecond):
	}
	if err := p.set(publish.Microphone, works); err != nil {
		t.Fatal(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if _, err := a.ReadSample(); !errors.Is(err, io.EOF) {
		t.Errorf("after the close: %v", err)
	}
}

func TestPlugsThatAreNone(t *testing.T) {
	p := newPlugs()
	if p.set("lamp", fails) == nil || p.set(publish.Camera, "explodes") == nil {
		t.Error("a plug that is none was set")
	}
}
