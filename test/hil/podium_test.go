//go:build hil

package hil

import (
	"testing"
)

func TestPodium(t *testing.T) {
	t.Parallel()
	r := newRig(t, "hil")
	t.Cleanup(func() { r.keepLogs(t) })
	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"devices", r.stepDevices},
		{"not connected", r.stepNotConnected},
		{"connected", r.stepConnected},
		{"tools", r.stepTools},
		{"viewer waits", r.stepViewer},
		{"press", r.stepPress},
		{"grant", r.stepGrant},
		{"media", r.stepMedia},
		{"kick", r.stepKick},
		{"picture and sound", r.stepDecode},
		{"cancel on stage", r.stepCancel},
		{"busy line", r.stepBusyLine},
		{"terminated on stage", r.stepTerminate},
		{"test panel", r.stepTestPanel},
		{"held line", r.stepHeldLine},
		{"missing camera", r.stepMissingCamera},
		{"stage ends", r.stepStageEnds},
	} {
		if !t.Run(step.name, step.run) {
			return
		}
	}
}
