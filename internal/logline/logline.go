package logline

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// linesQueued bounds what may wait to be written.
const linesQueued = 4096

// Writer hands on whole lines to a slow writer. Its methods may be called from
// any goroutine.
type Writer struct {
	out   io.Writer
	lines chan []byte
	done  chan struct{} // closed when all is written after Close

	mu     sync.Mutex // guards the two below; never held while out is written to
	lost   int        // lines since the last one that was taken
	closed bool
}

// New makes a writer to out. The caller ends it with Close.
func New(out io.Writer) *Writer {
	w := &Writer{out: out, lines: make(chan []byte, linesQueued), done: make(chan struct{})}
	go w.run()
	return w
}

// Write takes one line, or drops it when too many wait. It never fails and never
// waits; log/slog's handlers call it once for each record.
func (w *Writer) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return len(line), nil
	}
	if w.lost > 0 && w.put(w.confession()) {
		w.lost = 0
	}
	if w.lost > 0 || !w.put(bytes.Clone(line)) {
		w.lost++
	}
	return len(line), nil
}

// confession is the line that stands for those that were dropped.
func (w *Writer) confession() []byte {
	return fmt.Appendf(nil, "time=%s level=WARN msg=\"log lines lost: nobody reads the log fast enough\" lines=%d\n",
		time.Now().Format(time.RFC3339Nano), w.lost)
}

func (w *Writer) put(line []byte) bool {
	select {
	case w.lines <- line:
		return true
	default:
		return false
	}
}

func (w *Writer) run() {
	defer close(w.done)
	for line := range w.lines {
		_, _ = w.out.Write(line) // a log that cannot be written has nobody to tell
	}
}

// Close takes nothing more, and waits for at most limit until what waits is
// written; it reports whether it was. What hangs is left behind.
func (w *Writer) Close(limit time.Duration) bool {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		if w.lost > 0 {
			w.put(w.confession())
		}
		close(w.lines)
	}
	w.mu.Unlock()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-w.done:
	case <-timer.C:
	}
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}
