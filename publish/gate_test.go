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

	"podium/internal/steady"
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

// clock is a gate's clock in a test.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// TestGateIsOpenOnce: in any order of calls, packets pass from the first open to
// the first shut or the first moment that no permit covers, and at no other time.
func TestGateIsOpenOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &clock{time.Unix(1_000_000, 0)}
		g, w := newGate(c.now), &wire{n: 100}
		packet, report := bind(g, w, "video/H264")
		opened, over, passed := false, false, 0
		var until time.Time
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			permit := c.at.Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "permit")) * time.Second)
			step := rapid.SampledFrom([]string{"open", "shut", "packet", "report", "renew", "wait", "wait", "set back"}).Draw(t, "step")
			// What is not looked at may lapse unseen; whoever looks ends it for good.
			looks := step == "packet" || step == "report" || step == "renew"
			if opened && looks && !c.at.Before(until) {
				over = true
			}
			open := opened && !over && c.at.Before(until)
			switch step {
			case "open":
				g.open(permit)
				if !opened && !over {
					opened, until = true, permit
				}
			case "shut":
				<-g.shut(Closed)
				over = true
			case "renew":
				g.renew(permit)
				if open {
					until = permit
				}
			case "packet":
				_, _ = packet()
				if open {
					passed++
				}
			case "report":
				before := w.rtcp
				report()
				if got := w.rtcp > before; got != open {
					t.Fatalf("report passed: %t, open: %t", got, open)
				}
			case "wait":
				c.at = c.at.Add(time.Duration(rapid.IntRange(0, 2500).Draw(t, "ms")) * time.Millisecond)
			case "set back": // no clock of ours does that; a gate that has shut itself would not care
				c.at = c.at.Add(-time.Second)
			}
			open = opened && !over && c.at.Before(until)
			if isOpen := g.closedFor() == ""; isOpen != open || w.rtp != passed {
				t.Fatalf("open %t, %d packets; want %t, %d", isOpen, w.rtp, open, passed)
			}
		}
		if got := g.packets.Load(); got != uint64(passed) || g.bytes.Load() != got*100 || g.video.Load() != got {
			t.Fatalf("counted %d packets, %d bytes; %d passed", got, g.bytes.Load(), passed)
		}
	})
}

// TestGateSaysWhyItIsClosed has a row for each reason.
func TestGateSaysWhyItIsClosed(t *testing.T) {
	c := &clock{time.Unix(1_000_000, 0)}
	for _, row := range []struct {
		name string
		do   func(*gate)
		want Reason
	}{
		{"born", func(*gate) {}, NotOpened},
		{"open", func(g *gate) { g.open(c.at.Add(1)) }, ""},
		{"opened with a permit that is over", func(g *gate) { g.open(c.at) }, PermitOver},
		{"renewed too late", func(g *gate) { g.open(c.at); g.renew(c.at.Add(time.Hour)) }, PermitOver},
		{"cut short", func(g *gate) { g.open(c.at.Add(time.Hour)); g.renew(c.at) }, PermitOver},
		{"closed", func(g *gate) { g.open(c.at.Add(time.Hour)); g.shut(Closed) }, Closed},
		{"closed before it opened", func(g *gate) { g.shut(Closed); g.open(c.at.Add(time.Hour)) }, Closed},
		{"lost, then closed", func(g *gate) { g.open(c.at.Add(time.Hour)); g.shut(PlaceLost); g.shut(Closed) }, PlaceLost},
	} {
		g := newGate(c.now)
		row.do(g)
		if got := g.closedFor(); got != row.want {
			t.Errorf("%s: closed for %q, want %q", row.name, got, row.want)
		}
		if g.enter() != (row.want == "") {
			t.Errorf("%s: a packet entered: %t", row.name, row.want != "")
		}
	}
}

// openGate is one that is open for as long as the test lasts.
func openGate() *gate {
	g := newGate(time.Now)
	g.open(time.Now().Add(time.Hour))
	return g
}

func TestGateCountsOnlyWhatWasWritten(t *testing.T) {
	for name, w := range map[string]*wire{
		"not connected": {n: 0},
		"failed":        {n: 0, err: errors.New("network is unreachable")},
	} {
		g := openGate()
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
		g, w := openGate(), &wire{n: 1, block: make(chan struct{})}
		packet, _ := bind(g, w, "audio/opus")
		go func() { _, _ = packet() }()
		synctest.Wait()
		idle := g.shut(Closed)
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
		<-g.shut(Closed)
	})
}

func TestFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Now)
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
	g, w := newGate(steady.Now), &wire{n: 1200}
	g.open(steady.Now().Add(time.Hour))
	packet, _ := bind(g, w, "video/H264")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = packet()
	}
}
