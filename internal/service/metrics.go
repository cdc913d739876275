package service

import (
	"log/slog"
	"net/http"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"podium/internal/events"
)

// scrape is a collector that takes one look at a part for all of its metrics.
type scrape struct {
	about []*prometheus.Desc
	look  func(tell func(d *prometheus.Desc, t prometheus.ValueType, value float64, labels ...string))
}

// Describe meets prometheus.Collector.
func (s scrape) Describe(to chan<- *prometheus.Desc) {
	for _, d := range s.about {
		to <- d
	}
}

// Collect meets prometheus.Collector.
func (s scrape) Collect(to chan<- prometheus.Metric) {
	s.look(func(d *prometheus.Desc, t prometheus.ValueType, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, t, value, labels...)
	})
}

// newMetrics serves metrics in the text format of Prometheus: those of the process, of
// what it has logged, and of its parts.
func newMetrics(version string, log *slog.Logger, parts ...prometheus.Collector) http.Handler {
	registry := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "podium_build_info", Help: "1, of the version that runs.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	build.Set(1)
	registry.MustRegister(build, eventMetrics(events.CountsOf(log)),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(parts...)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)})
}

func eventMetrics(counts *events.Counts) scrape {
	lines := prometheus.NewDesc("podium_log_events_total", "Lines logged, by the name of the event.", []string{"event"}, nil)
	return scrape{about: []*prometheus.Desc{lines}, look: func(tell func(*prometheus.Desc, prometheus.ValueType, float64, ...string)) {
		counts.Each(func(name string, n uint64) { tell(lines, prometheus.CounterValue, float64(n), name) })
	}}
}

// truth is 1 or 0.
func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
