package events

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
)

// Key is the attribute that a line's name is logged under.
const Key = "event"

// Other is the name of what is not in the table: words of a library.
const Other = "other"

// Counts counts lines by name. Its methods may be called from any goroutine.
type Counts struct {
	lines map[string]*atomic.Uint64 // never changed
}

// NewCounts makes counts of nothing.
func NewCounts() *Counts {
	c := &Counts{lines: map[string]*atomic.Uint64{Other: {}}}
	for _, e := range Table {
		c.lines[e.Name] = &atomic.Uint64{}
	}
	return c
}

// Each calls f with every name, those that nothing was logged under included.
func (c *Counts) Each(f func(name string, lines uint64)) {
	for name, n := range c.lines {
		f(name, n.Load())
	}
}

// Handler puts the event's name on each line and counts it.
type Handler struct {
	next   slog.Handler
	counts *Counts
}

// NewHandler hands lines on to next.
func NewHandler(next slog.Handler, counts *Counts) *Handler { return &Handler{next, counts} }

// Enabled meets slog.Handler.
func (h *Handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

// Handle meets slog.Handler.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	name := NameOf(r.Message)
	h.counts.lines[name].Add(1)
	r = r.Clone()
	r.AddAttrs(slog.String(Key, name))
	return h.next.Handle(ctx, r)
}

// WithAttrs meets slog.Handler.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Handler{h.next.WithAttrs(attrs), h.counts}
}

// WithGroup meets slog.Handler.
func (h *Handler) WithGroup(name string) slog.Handler {
	return &Handler{h.next.WithGroup(name), h.counts}
}

// NameOf gives the name of a message.
func NameOf(message string) string {
	if name, ok := byMessage[message]; ok {
		return name
	}
	for _, e := range open {
		if strings.HasPrefix(message, e.Message) {
			return e.Name
		}
	}
	return Other
}

var (
	byMessage = map[string]string{}
	open      []Event // those whose message goes on
)

func init() {
	for _, e := range Table {
		byMessage[e.Message] = e.Name
		if strings.HasSuffix(e.Message, " ") {
			open = append(open, e)
		}
	}
}

// CountsOf gives the counts of a logger with a Handler; of another one, counts that stay
// empty.
func CountsOf(log *slog.Logger) *Counts {
	if h, ok := log.Handler().(*Handler); ok {
		return h.counts
	}
	return NewCounts()
}
