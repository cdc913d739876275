package logline

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipe is a reader that reads only while it is let.
type pipe struct {
	mu   sync.Mutex
	text bytes.Buffer
	open chan struct{} // closed: it is drained
}

func (p *pipe) Write(b []byte) (int, error) {
	<-p.open
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func TestEveryLineInOrder(t *testing.T) {
	p := &pipe{open: make(chan struct{})}
	close(p.open)
	w := New(p)
	log := slog.New(slog.NewTextHandler(w, nil))
	for i := range 100 {
		log.Info("line", "n", i)
	}
	if !w.Close(time.Minute) {
		t.Fatal("not written")
	}
	for i, line := range strings.Split(strings.TrimSpace(p.text.String()), "\n") {
		if !strings.HasSuffix(line, fmt.Sprintf("n=%d", i)) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	log.Info("after the end") // harmless
	if !w.Close(time.Minute) {
		t.Error("closed twice")
	}
}

// TestNobodyWaitsForALogThatIsNotRead: whoever logs goes on, and the loss is said
// once there is room.
func TestNobodyWaitsForALogThatIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipe{open: make(chan struct{})}
		w := New(p)
		for i := range linesQueued + 100 { // in this bubble a write that waits would never return
			fmt.Fprintf(w, "%d\n", i)
		}
		synctest.Wait()
		if w.Close(time.Second) {
			t.Error("Close says that all is written")
		}
		close(p.open)
		<-w.done
		lines := strings.Split(strings.TrimSpace(p.text.String()), "\n")
		if len(lines) < linesQueued || lines[0] != "0" {
			t.Errorf("%d lines, the first %q", len(lines), lines[0])
		}
	})
}

// TestTheLossIsSaidOnce: when there is room again.
func TestTheLossIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipe{open: make(chan struct{})}
		w := New(p)
		for range linesQueued {
			fmt.Fprintln(w, "x")
		}
		synctest.Wait() // one of them is being written
		for range 101 {
			fmt.Fprintln(w, "x")
		}
		close(p.open)
		synctest.Wait()
		fmt.Fprintln(w, "y")
		if !w.Close(time.Minute) || strings.Count(p.text.String(), "log lines lost") != 1 || !strings.Contains(p.text.String(), "lines=100\ny") {
			t.Error("the loss was not said once, in its place")
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	w := New(&bytes.Buffer{})
	defer w.Close(time.Second)
	line := []byte(strings.Repeat("x", 120) + "\n")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = w.Write(line)
	}
}
