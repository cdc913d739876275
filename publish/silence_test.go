package publish

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSilenceIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []time.Duration
		began := time.Now()
		w := watchSilence(func() { told = append(told, time.Since(began)) })
		defer w.stop()
		time.Sleep(silence - time.Millisecond)
		w.heard()
		time.Sleep(2 * silence)
		synctest.Wait()
		if len(told) != 1 || told[0] != 2*silence-time.Millisecond {
			t.Errorf("told at %s", told)
		}
		w.heard()
		time.Sleep(silence)
		synctest.Wait()
		if len(told) != 2 {
			t.Errorf("a second silence was not told: %s", told)
		}
		w.stop()
		w.heard()
		time.Sleep(2 * silence)
		if len(told) != 2 {
			t.Errorf("told after the end: %s", told)
		}
	})
}

// TestAStoppedProcessBlamesNoDevice: a timer that is late by hours is one look.
func TestAStoppedProcessBlamesNoDevice(t *testing.T) {
	w := watchSilence(func() { t.Error("told") })
	defer w.stop()
	for range silenceLooks - 1 {
		if w.isSilent() {
			t.Fatal("silent too early")
		}
	}
	w.heard()
	if w.isSilent() {
		t.Error("one look after a sample is a silence")
	}
}
