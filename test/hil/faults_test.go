//go:build hil

package hil

import (
	"fmt"
	"testing"

	"podium/control"
)

// TestFaults is a speaker's podium in a machine in which things go wrong.
func TestFaults(t *testing.T) {
	t.Parallel() // a machine keeps one of the host's processors busy
	r := newRig(t, "hil-faults")
	t.Cleanup(func() { r.keepLogs(t) })
	if !t.Run("start", r.startAll) {
		return
	}
	for _, f := range deviceFaults {
		t.Run(f.part+" "+f.first, func(t *testing.T) { r.deviceRow(t, f) })
	}
	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"watchdog", r.watched},
		{"SIGSTOP", r.stopped},
		{"SIGTERM", r.terminated},
		{"SIGKILL", r.killed},
		{"short sleep", r.sleptShort},
		{"long sleep", r.sleptLong},
		{"clock on stage", r.clockOnStage},
		{"clock and lease, ahead", func(t *testing.T) { r.clockOfLease(t, "2 years ahead", 2*year) }},
		{"clock and lease, back", func(t *testing.T) { r.clockOfLease(t, "2 years back", -2*year) }},
		{"clock while waiting", r.clockWaiting},
		{"clock at the start", r.clockAtStart},
	} {
		t.Run(step.name, step.run)
	}
	r.saveRows(t)
}

// startAll starts stage, podium and a tone that comes back with its card.
func (r *rig) startAll(t *testing.T) {
	r.tokens(t, "30000h") // for a clock that is two years ahead
	r.start(t, "stage", "stage", "/etc/podium/stage.yaml")
	if _, err := r.Machine.Start("tone", "bash", "-c", "while :; do "+
		"(while cat /usr/share/podium-hil/tone.raw; do :; done) | aplay -q -t raw -f S16_LE -r 48000 -c 1 -D hw:Loopback,0,0; sleep 0.3; done"); err != nil {
		t.Fatal(err)
	}
	if err := r.Listen(notifySocket); err != nil {
		t.Fatal(err)
	}
	r.startPodium(t)
}

// startPodium starts the podium and waits until it is connected and off stage.
func (r *rig) startPodium(t *testing.T) {
	t.Helper()
	r.startWatched(t)
	r.untilStatus(t, "connected", status.isOff)
	if err := r.Follow("status", "/run/podium/podium.sock", control.EventsPath); err != nil {
		t.Fatal(err)
	}
}

// startWatched starts the podium with a watchdog, as a service manager does.
func (r *rig) startWatched(t *testing.T) {
	t.Helper()
	env := []string{"NOTIFY_SOCKET=" + notifySocket, fmt.Sprintf("WATCHDOG_USEC=%d", watchdog.Microseconds())}
	if _, err := r.StartWith("podium", env, "podium", "run", "--config", "/etc/podium/podium.yaml"); err != nil {
		t.Fatal(err)
	}
}
