package publish

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"pgregory.net/rapid"
)

// wire stands for SRTP: it counts, and answers what it is told to.
type wire struct {
	rtp, rtcp int
	n         int
	err       error
	block     chan struct{}
}

func (w *wire) write(*rtp.Header, []byte, interceptor.Attributes) (int, error) {
	w.rtp++
	if w.block != nil {
		<-w.block
	}
	return w.n, w.err
}

func (w *wire) report([]rtcp.Packet, interceptor.Attributes) (int, error) {
	w.rtcp++
	return 1, nil
}

// bind puts g before w and gives what a track and a reporter write to.
func bind(g *gate, w *wire, mime string) (packet func() (int, error), report func()) {
	media := g.BindLocalStream(&interceptor.StreamInfo{MimeType: mime}, interceptor.RTPWriterFunc(w.write))
	control := g.BindRTCPWriter(interceptor.RTCPWriterFunc(w.report))
	packet = func() (int, error) { return media.Write(&rtp.Header{}, []byte("x"), nil) }
	report = func() { _, _ = control.Write([]rtcp.Packet{&rtcp.SenderReport{}}, nil) }
	return packet, report
}

// TestGateIsOpenOnce: in any order of calls, packets pass between the first open
// and the first shut and at no other time.
func TestGateIsOpenOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, w := newGate(), &wire{n: 100}
		packet, report := bind(g, w, "video/H264")
		opened, closed, passed := false, false, 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"open", "shut", "packet", "report"}).Draw(t, "step") {
			case "open":
				g.open()
				opened = opened || !closed
			case "shut":
				<-g.shut()
				closed = true
			case "packet":
				_, _ = packet()
				if opened && !closed {
					passed++
				}
			case "report":
				before := w.rtcp
				report()
				if got := w.rtcp > before; got != (opened && !closed) {
					t.Fatalf("report passed: %t", got)
				}
			}
			if g.isOpen() != (opened && !closed) || w.rtp != passed {
				t.Fatalf("open %t, %d packets; opened %t, closed %t, want %d", g.isOpen(), w.rtp, opened, closed, passed)
			}
		}
		if got := g.packets.Load(); got != uint64(passed) || g.bytes.Load() != got*100 || g.video.Load() != got {
			t.Fatalf("counted %d packets, %d bytes; %d passed", got, g.bytes.Load(), passed)
		}
	})
}

func TestGateCountsOnlyWhatWasWritten(t *testing.T) {
	for name, w := range map[string]*wire{
		"not connected": {n: 0},
		"failed":        {n: 0, err: errors.New("network is unreachable")},
	} {
		g := newGate()
		g.open()
		packet, _ := bind(g, w, "audio/opus")
		if _, err := packet(); !errors.Is(err, w.err) {
			t.Errorf("%s: %v", name, err)
		}
		if w.rtp != 1 || g.packets.Load() != 0 || g.bytes.Load() != 0 || !g.resting.Load() {
			t.Errorf("%s: counted", name)
		}
	}
}

func TestShutWaitsForThePacketOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, w := newGate(), &wire{n: 1, block: make(chan struct{})}
		g.open()
		packet, _ := bind(g, w, "audio/opus")
		go func() { _, _ = packet() }()
		synctest.Wait()
		idle := g.shut()
		select {
		case <-idle:
			t.Error("idle with a packet on its way")
		default:
		}
		if n, err := packet(); n != 0 || err != nil || w.rtp != 1 {
			t.Error("a packet passed the shut gate")
		}
		close(w.block)
		<-idle
		<-g.shut()
	})
}

func TestFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		over := make(chan struct{})
		type change struct {
			at time.Duration
			on bool
		}
		var told []change
		began := time.Now()
		go g.watch(over, func(on bool) { told = append(told, change{time.Since(began), on}) })
		time.Sleep(time.Second) // nothing leaves, nothing is told
		for range 50 {
			g.count(100, false)
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(time.Second)
		g.count(0, false) // not written
		time.Sleep(time.Second)
		g.count(100, true)
		time.Sleep(time.Second)
		close(over)
		synctest.Wait()
		want := []change{
			{time.Second, true}, {1980*time.Millisecond + quiet, false},
			{4 * time.Second, true}, {4*time.Second + quiet, false},
		}
		if len(told) != len(want) {
			t.Fatalf("told %v, want %v", told, want)
		}
		for i := range want {
			if told[i] != want[i] {
				t.Errorf("told %v, want %v", told[i], want[i])
			}
		}
	})
}

func BenchmarkGate(b *testing.B) {
	g, w := newGate(), &wire{n: 1200}
	g.open()
	packet, _ := bind(g, w, "video/H264")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = packet()
	}
}
