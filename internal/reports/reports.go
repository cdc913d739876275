package reports

import (
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// every is the time between two reports of a stream.
const every = time.Second

// Clock gives the RTP time of what a stream has at now: not of what it sends then, which
// was captured before. False: it is not known.
type Clock func(now time.Time) (stamp uint32, ok bool)

// Sender makes what reports on the streams of a connection.
type Sender struct {
	// Clock finds that of a stream. It is called once for each.
	Clock func(*interceptor.StreamInfo) Clock
	// Eager reports for the first time right after the first packet; otherwise a
	// stream waits for the next report of the connection.
	Eager bool
}

// NewInterceptor implements interceptor.Factory.
func (s Sender) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &sender{Sender: s, began: time.Now(), begun: make(chan struct{}, 1), over: make(chan struct{})}, nil
}

// sender writes the reports of one connection.
type sender struct {
	interceptor.NoOp
	Sender
	began time.Time     // wall clock and steady clock: what is told follows the steady one
	begun chan struct{} // a stream has sent its first packet
	over  chan struct{}
	work  sync.WaitGroup

	mu      sync.Mutex // guards all below; never held while something is written
	closed  bool
	streams []*stream
}

// stream is what is told of one stream, and guarded by sender.mu.
type stream struct {
	clock           Clock
	ssrc            uint32
	packets, octets uint32 // that left
	reported        bool
}

// BindRTCPWriter implements interceptor.Interceptor.
func (s *sender) BindRTCPWriter(wire interceptor.RTCPWriter) interceptor.RTCPWriter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Go(func() { s.run(wire) })
	}
	return wire
}

// BindLocalStream implements interceptor.Interceptor.
func (s *sender) BindLocalStream(info *interceptor.StreamInfo, wire interceptor.RTPWriter) interceptor.RTPWriter {
	one := &stream{clock: s.Clock(info), ssrc: info.SSRC}
	s.mu.Lock()
	s.streams = append(s.streams, one)
	s.mu.Unlock()
	return interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		n, err := wire.Write(h, payload, a)
		if n > 0 { // what a gate keeps, and what is written without a connection, has not left
			s.count(one, len(payload))
		}
		return n, err
	})
}

// UnbindLocalStream implements interceptor.Interceptor.
func (s *sender) UnbindLocalStream(info *interceptor.StreamInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, one := range s.streams {
		if one.ssrc == info.SSRC {
			s.streams = append(s.streams[:i:i], s.streams[i+1:]...)
			return
		}
	}
}

func (s *sender) count(one *stream, octets int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.packets++
	one.octets += uint32(octets)
	if one.packets == 1 && s.Eager {
		select {
		case s.begun <- struct{}{}:
		default:
		}
	}
}

// run writes reports until Close.
func (s *sender) run(wire interceptor.RTCPWriter) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		var due []rtcp.Packet
		select {
		case <-s.over:
			return
		case <-s.begun:
			due = s.due(time.Now(), false)
		case <-tick.C:
			due = s.due(time.Now(), true)
		}
		for _, report := range due {
			// One that cannot be written is as good as one that the network loses.
			_, _ = wire.Write([]rtcp.Packet{report}, nil)
		}
	}
}

// due makes the reports of now: of all streams that send, or of those only that were
// never reported on.
func (s *sender) due(now time.Time, all bool) (reports []rtcp.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.streams {
		if one.packets == 0 || one.reported && !all {
			continue
		}
		stamp, ok := one.clock(now)
		if !ok {
			continue
		}
		one.reported = true
		reports = append(reports, &rtcp.SenderReport{
			SSRC: one.ssrc, NTPTime: NTP(s.began.Add(now.Sub(s.began))), RTPTime: stamp,
			PacketCount: one.packets, OctetCount: one.octets,
		})
	}
	return reports
}

// Close implements io.Closer: on return nothing more is written.
func (s *sender) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.over)
	}
	s.mu.Unlock()
	s.work.Wait()
	return nil
}
