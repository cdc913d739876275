package service

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"

	"github.com/VictoriaMetrics/metrics"

	"podium/internal/events"
)

// metric describes one to whoever scrapes.
type metric struct {
	name, help string
	label      string // its one label; empty: it has none
	counter    bool   // it only grows, while the process lives; else it is a gauge
}

// scrape is one look at a part for all of its metrics, in the text format of Prometheus,
// version 0.0.4.
type scrape struct {
	bytes.Buffer
	begun string // the metric whose samples are being written
}

// tell writes a sample. Those of one metric follow on each other; value is that of the
// metric's label.
func (s *scrape) tell(m metric, sample float64, value ...string) {
	if s.begun != m.name {
		kind := "gauge"
		if m.counter {
			kind = "counter"
		}
		fmt.Fprintf(s, "# HELP %s %s\n# TYPE %[1]s %[3]s\n", m.name, m.help, kind)
		s.begun = m.name
	}
	labels := ""
	if m.label != "" {
		labels = fmt.Sprintf("{%s=%q}", m.label, strings.Join(value, ""))
	}
	fmt.Fprintf(s, "%s%s %s\n", m.name, labels, strconv.FormatFloat(sample, 'g', -1, 64))
}

// newMetrics serves metrics: those of the process, of what it has logged, and of its
// parts. Prometheus' own library would do it as well, and takes 3.6 MB of memory where
// 25 MB are all that a podium may have.
func newMetrics(version string, log *slog.Logger, parts ...func(*scrape)) http.Handler {
	counts := events.CountsOf(log)
	build := metric{name: "podium_build_info", help: "1, of the version that runs (and Go's).", label: "version"}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s := &scrape{}
		s.tell(build, 1, version+" "+runtime.Version())
		for _, part := range parts {
			part(s)
		}
		counts.Each(func(name string, lines uint64) { s.tell(logEvents, float64(lines), name) })
		metrics.WriteProcessMetrics(s)
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = s.WriteTo(w)
	})
}

var logEvents = metric{"podium_log_events_total", "Lines logged, by the name of the event.", "event", true}

// truth is 1 or 0.
func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
