package server

import (
	"bytes"
	"testing"
)

// The bound counts bytes, not frames: one step may make thousands of small ones.
func TestOutboxIsBoundedInBytes(t *testing.T) {
	o := newOutbox(outboundBytes)
	for n := range 10_000 {
		if !o.put([]byte("a notice of the usual size, some three hundred bytes")) {
			t.Fatalf("full after %d small frames", n)
		}
	}
	if o.put(make([]byte, outboundBytes)) {
		t.Error("took more than its limit")
	}
	for range 10_000 {
		<-o.ready
		o.take()
	}
	if o.take() != nil || o.bytes != 0 {
		t.Errorf("%d bytes are left", o.bytes)
	}
}

func TestOutboxKeepsOrder(t *testing.T) {
	o := newOutbox(10)
	for _, text := range []string{"one", "two", "four"} {
		if !o.put([]byte(text)) {
			t.Fatalf("no room for %s", text)
		}
	}
	if o.put([]byte("x")) {
		t.Error("took an eleventh byte")
	}
	var got [][]byte
	for range 3 {
		<-o.ready
		got = append(got, o.take())
	}
	if string(bytes.Join(got, []byte(" "))) != "one two four" {
		t.Errorf("took %q", got)
	}
	if len(o.ready) != 0 {
		t.Error("ready with nothing waiting")
	}
	if !o.put([]byte("again")) {
		t.Error("no room after everything was taken")
	}
}
