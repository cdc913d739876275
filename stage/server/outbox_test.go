package server

import (
	"bytes"
	"sync"
	"testing"
)

// The bound counts bytes, not frames: one step may make thousands of small ones.
func TestOutboxIsBoundedInBytes(t *testing.T) {
	o := outbox{limit: outboundBytes}
	for n := range 10_000 {
		if !o.put(frame{[]byte("a notice of the usual size, some three hundred bytes")}) {
			t.Fatalf("full after %d small frames", n)
		}
	}
	if o.put(frame{make([]byte, outboundBytes)}) {
		t.Error("took more than its limit")
	}
	if !o.claim() || len(o.take()) != 10_000 {
		t.Fatal("not everything is given at once")
	}
	if o.put(frame{make([]byte, outboundBytes)}) {
		t.Error("what is being written does not count")
	}
	if o.take() != nil || o.bytes != 0 || o.claim() {
		t.Errorf("%d bytes are left", o.bytes)
	}
}

func TestOutboxKeepsOrder(t *testing.T) {
	o := outbox{limit: 10}
	for _, text := range []string{"one", "two", "four"} {
		if !o.put(frame{[]byte(text[:1]), []byte(text[1:])}) {
			t.Fatalf("no room for %s", text)
		}
	}
	if o.put(frame{[]byte("x")}) {
		t.Error("took an eleventh byte")
	}
	if !o.claim() || o.claim() {
		t.Error("not exactly one may write")
	}
	if got := bytes.Join(o.take(), []byte("-")); string(got) != "o-ne-t-wo-f-our" {
		t.Errorf("took %q", got)
	}
	if o.take() != nil || !o.put(frame{[]byte("again")}) || !o.claim() {
		t.Error("no room after everything was taken")
	}
}

// Whoever writes, the frames leave in order, each once, and none is forgotten.
func TestOutboxWithManyWriters(t *testing.T) {
	o := outbox{limit: 1 << 20}
	var got []byte
	var group sync.WaitGroup
	flush := func() {
		for pieces := o.take(); pieces != nil; pieces = o.take() {
			got = append(got, bytes.Join(pieces, nil)...) // the race detector sees a second writer
		}
	}
	for n := range 5000 {
		o.put(frame{{byte(n % 251)}})
		if o.claim() {
			group.Go(flush)
		}
	}
	group.Wait()
	if rest := o.close(); rest != nil || len(got) != 5000 {
		t.Fatalf("%d bytes came, %d are left", len(got), len(rest))
	}
	for n, b := range got {
		if b != byte(n%251) {
			t.Fatalf("byte %d is %d", n, b)
		}
	}
}

// A closed outbox waits for the writer, and takes nothing more.
func TestOutboxCloses(t *testing.T) {
	o := outbox{limit: 10}
	o.put(frame{[]byte("one")})
	o.claim()
	o.take()
	o.put(frame{[]byte("two")})
	closed := make(chan [][]byte)
	go func() { closed <- o.close() }()
	for !o.isClosed() {
	}
	select {
	case <-closed:
		t.Fatal("did not wait for the writer")
	default:
	}
	if pieces := o.take(); len(pieces) != 1 {
		t.Errorf("the writer finishes %q", pieces)
	}
	if o.take(); len(<-closed) != 0 {
		t.Error("something is left over")
	}
	if !o.put(frame{[]byte("late")}) || o.claim() {
		t.Error("took something after the end")
	}
}
