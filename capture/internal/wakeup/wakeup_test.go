//go:build linux

package wakeup

import (
	"errors"
	"io"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func pipe(t *testing.T) (r, w int) {
	t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(p[0]) })
	return p[0], p[1]
}

func waiter(t *testing.T) *Waiter {
	t.Helper()
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func TestWait(t *testing.T) {
	tests := []struct {
		name  string
		limit time.Duration
		act   func(w *Waiter, in int)
		want  error
	}{
		{"readable", time.Minute, func(_ *Waiter, in int) { unix.Write(in, []byte{1}) }, nil},
		{"ended", time.Minute, func(w *Waiter, _ int) { w.End() }, io.EOF},
		{"ended wins over readable", time.Minute, func(w *Waiter, in int) { unix.Write(in, []byte{1}); w.End() }, io.EOF},
		{"hung up", time.Minute, func(_ *Waiter, in int) { unix.Close(in) }, unix.ENODEV},
		{"nothing", time.Millisecond, func(*Waiter, int) {}, ErrTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := waiter(t)
			out, in := pipe(t)
			test.act(w, in)
			if err := w.Wait(out, test.limit); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestEndWhileWaiting(t *testing.T) {
	w := waiter(t)
	out, _ := pipe(t)
	result := make(chan error)
	go func() { result <- w.Wait(out, time.Minute) }()
	w.End()
	if err := <-result; err != io.EOF {
		t.Errorf("got %v", err)
	}
	if err := w.Wait(out, time.Minute); err != io.EOF {
		t.Errorf("a later wait: %v", err)
	}
}

func TestEndAfterClose(t *testing.T) {
	w := waiter(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w.End()
	if err := w.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
}
