package service

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"podium/appliance"
	"podium/internal/events"
	"podium/stage"
	"podium/stage/room"
	"podium/stage/server"
)

// exported gives what a scrape has, each name once.
func exported(t *testing.T, h http.Handler) (names []string, text string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics is answered %d %s", w.Code, w.Body)
	}
	text = w.Body.String()
	if kinds := regexp.MustCompile(`(?m)^# TYPE (\S+)`).FindAllString(text, -1); len(kinds) != len(slices.Compact(slices.Sorted(slices.Values(kinds)))) {
		t.Errorf("a metric's samples do not follow on each other:\n%s", text)
	}
	for line := range strings.Lines(text) {
		if name := regexp.MustCompile(`^[a-z_]+`).FindString(line); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, text
}

func countedLog(t *testing.T) *slog.Logger {
	return slog.New(events.NewHandler(slog.NewTextHandler(t.Output(), nil), events.NewCounts()))
}

// busyPodium is a podium about which there is much to say.
func busyPodium() appliance.Status {
	hot := 81.5
	return appliance.Status{
		Status: stage.OnStage, Connected: true, OnAir: true, Gate: appliance.Gate{Open: true},
		Media:   appliance.Media{Packets: 7, Bytes: 7000, BitRate: 1_500_000, FrameRate: 30, Height: 720, Level: &appliance.Level{Peak: -12}},
		Faults:  []appliance.Fault{{Part: appliance.PartCamera, Text: "gone"}},
		Machine: &appliance.Machine{TemperatureC: &hot, Throttled: []string{"underVoltage"}},
	}
}

func ofPodium(log *slog.Logger) http.Handler {
	return newMetrics("1.2.3", log, podiumMetrics(busyPodium))
}

func ofStage(log *slog.Logger) http.Handler {
	return newMetrics("1.2.3", log, stageMetrics(
		func() server.Counts {
			return server.Counts{Meetings: 1, Connections: 3, By: map[stage.Status]int{stage.OnStage: 1, stage.Requested: 2}, OnAir: 1, StoreFails: true}
		},
		func() room.Counts {
			return room.Counts{Publications: 1, Viewers: 4, Out: room.Traffic{Packets: 9, Bytes: 900}}
		}))
}

func TestMetrics(t *testing.T) {
	log := countedLog(t)
	log.Info("gate open")
	_, podium := exported(t, ofPodium(log))
	_, hall := exported(t, ofStage(log))
	for _, row := range []struct{ in, want string }{
		{podium, `podium_stage_status{status="ON_STAGE"} 1`}, {podium, `podium_stage_status{status="OFF_STAGE"} 0`},
		{podium, `podium_on_air 1`}, {podium, `podium_faults{part="camera"} 1`}, {podium, `podium_faults{part="server"} 0`},
		{podium, `podium_sound_peak_dbfs -12`}, {podium, `podium_processor_temperature_celsius 81.5`},
		{podium, `podium_machine_throttled{by="underVoltage"} 1`}, {podium, `podium_log_events_total{event="gate_open"} 1`},
		{podium, `podium_log_events_total{event="device_hangs_opening"} 0`},
		{hall, `podium_stage_participants{status="REQUESTED_TO_JOIN_STAGE"} 2`}, {hall, `podium_stage_store_failing 1`},
		{hall, `podium_stage_viewers 4`}, {hall, `podium_stage_rtp_packets_total{direction="out"} 9`},
	} {
		if !strings.Contains(row.in, "\n"+row.want+"\n") {
			t.Errorf("no %s in\n%s", row.want, row.in)
		}
	}
}

// What the dashboards and the alerts ask for is there, and has such events.
func TestDashboardsAndAlertsAskForWhatThereIs(t *testing.T) {
	podium, _ := exported(t, ofPodium(countedLog(t)))
	hall, _ := exported(t, ofStage(countedLog(t)))
	there := append(append(podium, hall...), "up")
	var known []string
	events.NewCounts().Each(func(name string, _ uint64) { known = append(known, name) })
	for _, file := range []string{"grafana/stage.json", "grafana/podiums.json", "prometheus/alerts.yml"} {
		text, err := os.ReadFile("../../docs/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".json") && !json.Valid(text) {
			t.Errorf("%s is no JSON", file)
		}
		found := regexp.MustCompile(`\b(podium|process|go)_[a-z_]+\b|\bup\b\{`).FindAllString(string(text), -1)
		if len(found) < 9 {
			t.Errorf("%s asks for %q only", file, found)
		}
		for _, name := range found {
			if !slices.Contains(there, strings.TrimSuffix(name, "{")) {
				t.Errorf("%s asks for %s, which nobody exports", file, name)
			}
		}
		for _, m := range regexp.MustCompile(`event=~?\\?"([a-z_.*]+)`).FindAllStringSubmatch(string(text), -1) {
			is := regexp.MustCompile("^" + m[1] + "$")
			if !slices.ContainsFunc(known, is.MatchString) {
				t.Errorf("%s asks for the event %s, which there is not", file, m[1])
			}
		}
	}
}
