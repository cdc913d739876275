package room

import (
	"bytes"
	"encoding/binary"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/internal/reports"
	"podium/stage"
)

func newTestSlot(t testing.TB) *slot {
	t.Helper()
	s := &slot{lanes: map[stage.Media]*lane{}}
	for kind, codec := range map[stage.Media]webrtc.RTPCodecCapability{stage.Audio: formats.Opus, stage.Video: formats.H264} {
		l, err := newLane(kind, codec)
		if err != nil {
			t.Fatal(err)
		}
		s.lanes[kind] = l
	}
	return s
}

// listener is a viewer that gets the packets of a slot and the reports on them.
type listener struct {
	streams map[stage.Media]interceptor.RTPWriter
	close   func() error
	stamps  map[stage.Media]uint32 // of the latest packets

	mu      sync.Mutex
	reports map[uint32]*rtcp.SenderReport // the latest, by SSRC
	count   int
}

// ssrcs of the listener's streams.
var ssrcs = map[stage.Media]uint32{stage.Audio: 1, stage.Video: 2}

func listen(t *testing.T, s *slot) *listener {
	t.Helper()
	chain, err := reporting(s).NewInterceptor("")
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{streams: map[stage.Media]interceptor.RTPWriter{}, close: chain.Close,
		stamps: map[stage.Media]uint32{}, reports: map[uint32]*rtcp.SenderReport{}}
	chain.BindRTCPWriter(interceptor.RTCPWriterFunc(l.take))
	for kind, ssrc := range ssrcs {
		info := &interceptor.StreamInfo{SSRC: ssrc, MimeType: s.lanes[kind].track.Codec().MimeType}
		l.streams[kind] = chain.BindLocalStream(info, interceptor.RTPWriterFunc(
			func(*rtp.Header, []byte, interceptor.Attributes) (int, error) { return 1, nil }))
	}
	return l
}

func (l *listener) take(packets []rtcp.Packet, _ interceptor.Attributes) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, packet := range packets {
		report := packet.(*rtcp.SenderReport)
		l.reports[report.SSRC] = report
		l.count++
	}
	return 1, nil
}

func (l *listener) counted() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

// captured is when the latest packet of a kind was captured, by the latest report.
func (l *listener) captured(kind stage.Media, rate time.Duration) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	report := l.reports[ssrcs[kind]]
	return reports.Time(report.NTPTime).Add(time.Duration(int32(l.stamps[kind]-report.RTPTime)) * time.Second / rate)
}

// rates of the RTP clocks.
var rates = map[stage.Media]time.Duration{stage.Audio: 48000, stage.Video: 90000}

// speak runs a publication for a while whose sound arrives 300 ms after its capture and
// whose picture 20 ms after it, and has l listen. The publisher's clock is 7 hours slow.
func speak(s *slot, p *publication, l *listener, reporting bool) {
	lags := map[stage.Media]time.Duration{stage.Audio: 300 * ms, stage.Video: 20 * ms}
	for kind := range lags {
		s.lanes[kind].open(p)
	}
	began := time.Now()
	for n := range 500 {
		time.Sleep(5 * ms)
		for kind, lag := range lags {
			stamp := func(captured time.Time) uint32 { return 77 + uint32(captured.Sub(began)*rates[kind]/time.Second) }
			packet := &rtp.Packet{
				Header:  rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: stamp(time.Now().Add(-lag))},
				Payload: []byte{0x65, 1},
			}
			if reporting && n%200 == 7 {
				p.learn(senderReport(9, stamp(time.Now()), time.Now().Add(-7*time.Hour)), 9, s.lanes[kind], time.Now())
				p.learn(senderReport(8, 1, time.Now()), 9, s.lanes[kind], time.Now()) // of another stream
			}
			if s.lanes[kind].forward(p, packet, time.Now()) {
				l.stamps[kind] = packet.Timestamp
				_, _ = l.streams[kind].Write(&packet.Header, packet.Payload, nil)
			}
		}
	}
	synctest.Wait()
}

func senderReport(ssrc, stamp uint32, at time.Time) []byte {
	data := binary.BigEndian.AppendUint32([]byte{0x80, 200, 0, 6}, ssrc)
	data = binary.BigEndian.AppendUint64(data, reports.NTP(at))
	return append(binary.BigEndian.AppendUint32(data, stamp), make([]byte, 8)...)
}

// TestViewersAreToldWhatThePublisherTells: a viewer's reports put sound and picture
// where the publisher's do, in every turn; without any, where they arrive.
func TestViewersAreToldWhatThePublisherTells(t *testing.T) {
	for name, row := range map[string]struct {
		reporting bool
		want      time.Duration // from the latest picture back to the latest sound
	}{
		"a publisher that reports":           {true, 280 * ms},
		"one that does not, or not as it is": {false, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newTestSlot(t)
			l := listen(t, s)
			for turn := range 3 {
				speak(s, &publication{slot: s}, l, row.reporting)
				picture, sound := l.captured(stage.Video, 90000), l.captured(stage.Audio, 48000)
				if off := picture.Sub(sound) - row.want; off.Abs() > ms {
					t.Errorf("%s, turn %d: sound is %s off", name, turn, off)
				}
				if off := time.Since(picture) - 20*ms; row.reporting && off.Abs() > ms {
					t.Errorf("%s, turn %d: the reports are %s from the room's clock", name, turn, off)
				}
				time.Sleep(10 * time.Second)
			}
			if err := l.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNoReportsOnATurnThatIsOver: viewers who wait for the next one are told nothing.
func TestNoReportsOnATurnThatIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestSlot(t)
		p, l := &publication{slot: s}, listen(t, s)
		speak(s, p, l, true)
		p.cut.Store(true)
		before := l.counted()
		time.Sleep(10 * time.Second)
		s.shut(p)
		time.Sleep(10 * time.Second)
		p.learn(senderReport(9, 1, time.Now()), 9, s.lanes[stage.Audio], time.Now())
		time.Sleep(10 * time.Second)
		if more := l.counted() - before; before == 0 || more > 0 {
			t.Errorf("%d reports, and %d after the end", before, more)
		}
		if err := l.close(); err != nil {
			t.Error(err)
		}
	})
}

// FuzzReports sends any RTCP as a publisher's: what viewers are told stays near to what
// arrives.
func FuzzReports(f *testing.F) {
	f.Add(senderReport(9, 500, time.Unix(1000, 0)))
	f.Add(bytes.Join([][]byte{senderReport(9, 500, time.Unix(1000, 0)), senderReport(9, 1<<31, time.Unix(5000, 0)), senderReport(9, 7, time.Unix(ntpZero, 0))}, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newTestSlot(t)
		p, l := &publication{slot: s}, s.lanes[stage.Video]
		l.open(p)
		now := time.Unix(1000, 0)
		packet := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: 1, Timestamp: 500}, Payload: []byte{1}}
		l.forward(p, packet, now)
		p.learn(data, 9, l, now)
		stamp, ok := l.clock(now)
		if off := int32(stamp - packet.Timestamp); !ok || off > 90000*10 || off < -90000*10 {
			t.Errorf("viewers are told %d, %t; what arrives has %d", stamp, ok, packet.Timestamp)
		}
	})
}

// ntpZero is the Unix time of NTP's zero, which tells that there is no clock.
const ntpZero = -2208988800
