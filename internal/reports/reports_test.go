package reports

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// wire keeps the reports and when they were written, and takes packets as n says.
type wire struct {
	n     int
	began time.Time

	mu      sync.Mutex
	reports []rtcp.SenderReport
	at      []time.Duration
}

func (w *wire) packet(*rtp.Header, []byte, interceptor.Attributes) (int, error) { return w.n, nil }

func (w *wire) report(packets []rtcp.Packet, _ interceptor.Attributes) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range packets {
		w.reports = append(w.reports, *p.(*rtcp.SenderReport))
		w.at = append(w.at, time.Since(w.began))
	}
	return 1, nil
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.reports)
}

// start makes a sender with streams 1, 2, ... whose clocks are those given.
func start(t *testing.T, eager bool, clocks ...Clock) (w *wire, streams []interceptor.RTPWriter, end func()) {
	t.Helper()
	s, err := Sender{Eager: eager, Clock: func(info *interceptor.StreamInfo) Clock { return clocks[info.SSRC-1] }}.NewInterceptor("")
	if err != nil {
		t.Fatal(err)
	}
	w = &wire{n: 100, began: time.Now()}
	s.BindRTCPWriter(interceptor.RTCPWriterFunc(w.report))
	for i := range clocks {
		streams = append(streams, s.BindLocalStream(&interceptor.StreamInfo{SSRC: uint32(i + 1)}, interceptor.RTPWriterFunc(w.packet)))
	}
	return w, streams, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func send(w interceptor.RTPWriter) { _, _ = w.Write(&rtp.Header{}, []byte("12345"), nil) }

// at is a clock that shows 1000 a second ago and goes at 48 kHz.
func at(began time.Time) Clock {
	return func(now time.Time) (uint32, bool) { return 1000 + uint32(now.Sub(began).Seconds()*48000), true }
}

func TestReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		unknown := func(time.Time) (uint32, bool) { return 0, false }
		w, streams, end := start(t, true, at(began), at(began.Add(-time.Second)), unknown)
		time.Sleep(500 * time.Millisecond)
		if w.count() > 0 {
			t.Error("a report before any packet")
		}
		send(streams[0])
		synctest.Wait()
		send(streams[1])
		synctest.Wait() // the report is written beside: it may not find the second packet counted
		send(streams[1])
		send(streams[2])
		synctest.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		want := []rtcp.SenderReport{
			{SSRC: 1, RTPTime: 1000 + 24000, PacketCount: 1, OctetCount: 5}, // at once
			{SSRC: 2, RTPTime: 1000 + 72000, PacketCount: 1, OctetCount: 5},
			{SSRC: 1, RTPTime: 1000 + 48000, PacketCount: 1, OctetCount: 5}, // every second
			{SSRC: 2, RTPTime: 1000 + 96000, PacketCount: 2, OctetCount: 10},
		}
		if n := w.count(); n != len(want) {
			t.Fatalf("%d reports, want %d: %+v", n, len(want), w.reports)
		}
		for i, got := range w.reports {
			if told := Time(got.NTPTime).Sub(began.Round(0)); (told - w.at[i]).Abs() > time.Microsecond {
				t.Errorf("report %d, written after %s, says %s", i, w.at[i], told)
			}
			got.NTPTime = 0
			if g, w := got, want[i]; g.SSRC != w.SSRC || g.RTPTime != w.RTPTime || g.PacketCount != w.PacketCount || g.OctetCount != w.OctetCount {
				t.Errorf("report %d is %+v, want %+v", i, g, w)
			}
		}
		end()
		time.Sleep(5 * time.Second)
		if w.count() != len(want) {
			t.Error("a report after the end")
		}
		end()
	})
}

// TestNoReportsOnWhatDoesNotLeave: a gate that is shut, and a stream that is unbound.
func TestNoReportsOnWhatDoesNotLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, streams, end := start(t, true, at(time.Now()))
		w.n = 0
		send(streams[0])
		time.Sleep(3 * time.Second)
		if n := w.count(); n > 0 {
			t.Errorf("%d reports", n)
		}
		end()
	})
}

// TestReportsInTime: one who is not eager waits.
func TestReportsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, streams, end := start(t, false, at(time.Now()))
		send(streams[0])
		time.Sleep(time.Second - 1)
		synctest.Wait()
		if w.count() > 0 {
			t.Error("a report ahead of its time")
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if n := w.count(); n != 1 {
			t.Errorf("%d reports after a second", n)
		}
		end()
	})
}

func TestNoReportsOnAStreamThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Sender{Clock: func(*interceptor.StreamInfo) Clock { return at(time.Now()) }}.NewInterceptor("")
		if err != nil {
			t.Fatal(err)
		}
		w := &wire{n: 1}
		s.BindRTCPWriter(interceptor.RTCPWriterFunc(w.report))
		info := &interceptor.StreamInfo{SSRC: 7}
		send(s.BindLocalStream(info, interceptor.RTPWriterFunc(w.packet)))
		s.UnbindLocalStream(info)
		time.Sleep(3 * time.Second)
		if n := w.count(); n > 0 {
			t.Errorf("%d reports", n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
