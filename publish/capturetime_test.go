package publish_test

import (
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"podium/internal/reports"
	"podium/publish/publishtest"
)

var number = regexp.MustCompile(`\d{8}`)

// TestReportsTellTheTimeOfCapture: sound that leaves 300 ms after its capture and a
// picture that leaves after 20 ms are, for who goes by the reports, where they were.
func TestReportsTellTheTimeOfCapture(t *testing.T) {
	r, o := newReceiver(t), newOwner(t)
	o.devices.Lag(20*time.Millisecond, 300*time.Millisecond)
	o.openTo(r.url())
	for _, kind := range []webrtc.RTPCodecType{audio, video} {
		eventually(t, "reports on "+kind.String(), func() bool { return len(r.reported(kind)) > 1 && len(r.got(kind)) > 50 })
		source := o.devices.Microphones()[0]
		if kind == video {
			source = o.devices.Cameras()[0]
		}
		for _, report := range r.reported(kind) {
			r.checkCaptured(kind, report, source)
		}
	}
}

func (r *receiver) reported(kind webrtc.RTPCodecType) []rtcp.SenderReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]rtcp.SenderReport(nil), r.reports[kind]...)
}

// checkCaptured compares when packets were captured by a report with when they were.
func (r *receiver) checkCaptured(kind webrtc.RTPCodecType, report rtcp.SenderReport, source *publishtest.Source) {
	r.t.Helper()
	rate := time.Duration(48000)
	if kind == video {
		rate = 90000
	}
	for _, g := range r.got(kind) {
		text := number.FindString(g.head)
		if text == "" {
			continue // not the first packet of a picture
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			r.t.Fatal(err)
		}
		told := reports.Time(report.NTPTime).Add(time.Duration(int32(g.stamp-report.RTPTime)) * time.Second / rate)
		if off := told.Sub(source.Captured(n).Round(0)); off.Abs() > time.Millisecond {
			r.t.Fatalf("%s %d was captured %s later by the report than it was", kind, n, off)
		}
	}
}
