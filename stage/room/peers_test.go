package room

import (
	"encoding/binary"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"

	"podium/internal/formats"
	"podium/stage"
)

// clientAPI makes Pion clients that stay on loopback. conn, if any, is their socket.
func clientAPI(t testing.TB, conn net.PacketConn) *webrtc.API {
	t.Helper()
	s := webrtc.SettingEngine{}
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetIncludeLoopbackCandidate(true)
	s.SetSRTPReplayProtectionWindow(1024) // a browser's
	s.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	if conn != nil {
		mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn})
		t.Cleanup(func() { _ = mux.Close() })
		s.SetICEUDPMux(mux)
	}
	media, chain := &webrtc.MediaEngine{}, &interceptor.Registry{}
	if err := formats.Register(media, false); err != nil {
		t.Fatal(err)
	}
	if err := formats.RegisterResent(media); err != nil {
		t.Fatal(err)
	}
	if err := webrtc.RegisterDefaultInterceptors(media, chain); err != nil {
		t.Fatal(err)
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(s), webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(chain))
}

func newPeer(t testing.TB, conn net.PacketConn) *webrtc.PeerConnection {
	t.Helper()
	pc, err := clientAPI(t, conn).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	return pc
}

// offerOf makes pc's offer and does not wait for its candidates.
func offerOf(t testing.TB, pc *webrtc.PeerConnection) string {
	t.Helper()
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := pc.SetLocalDescription(offer); err != nil {
		t.Fatal(err)
	}
	return offer.SDP
}

// publisher is a WHIP client that sends numbered packets.
type publisher struct {
	hall     *hall
	pc       *webrtc.PeerConnection
	offer    string
	token    string
	location string
	tracks   map[stage.Media]*webrtc.TrackLocalStaticRTP
	plis     atomic.Int32
	asked    asked
	sent     atomic.Uint32 // number of the newest packet, in every payload
	stop     chan struct{}
	feeding  sync.WaitGroup
}

func newPublisher(h *hall, conn net.PacketConn, kinds ...stage.Media) *publisher {
	h.Helper()
	if kinds == nil {
		kinds = []stage.Media{stage.Audio, stage.Video}
	}
	p := &publisher{hall: h, pc: newPeer(h, conn), stop: make(chan struct{}),
		tracks: map[stage.Media]*webrtc.TrackLocalStaticRTP{}}
	for _, kind := range kinds {
		codec := formats.Opus
		if kind == stage.Video {
			codec = formats.H264
		}
		track, err := webrtc.NewTrackLocalStaticRTP(codec, string(kind), "device")
		if err != nil {
			h.Fatal(err)
		}
		transceiver, err := p.pc.AddTransceiverFromTrack(track,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			h.Fatal(err)
		}
		p.tracks[kind] = track
		go p.hear(transceiver.Sender())
	}
	p.offer = offerOf(h, p.pc)
	h.Cleanup(p.silence)
	return p
}

// hear counts what the room asks for.
func (p *publisher) hear(sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			if _, ok := packet.(*rtcp.PictureLossIndication); ok {
				p.plis.Add(1)
			}
			if nack, ok := packet.(*rtcp.TransportLayerNack); ok {
				p.asked.add(nack)
			}
		}
	}
}

// start posts the offer and applies the answer.
func (p *publisher) start(token string) *publisher {
	p.hall.Helper()
	r := p.hall.post(token, p.offer)
	p.hall.want(r, http.StatusCreated)
	p.token, p.location = token, r.header.Get("Location")
	p.apply(r.body)
	return p
}

func (p *publisher) apply(answer string) {
	p.hall.Helper()
	description := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}
	if err := p.pc.SetRemoteDescription(description); err != nil {
		p.hall.Fatal(err)
	}
}

// feed sends a packet of each kind every 5 ms until silence.
func (p *publisher) feed() *publisher {
	p.feeding.Add(1)
	go func() {
		defer p.feeding.Done()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for seq := uint16(65450); ; seq++ { // the numbers soon go over their end
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.write(seq)
			}
		}
	}()
	return p
}

// write sends one packet of each kind whose payload ends with a new number.
func (p *publisher) write(seq uint16) {
	number := p.sent.Add(1)
	payload := binary.BigEndian.AppendUint32([]byte{0x65, 1, 2, 3}, number)
	for kind, track := range p.tracks {
		clock := uint32(48)
		if kind == stage.Video {
			clock = 90
		}
		_ = track.WriteRTP(&rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: number * 5 * clock, Marker: true},
			Payload: payload,
		})
	}
}

func (p *publisher) silence() {
	select {
	case <-p.stop:
	default:
		close(p.stop)
	}
	p.feeding.Wait()
}

// got is a packet that a viewer received.
type got struct {
	seq    uint16
	stamp  uint32
	number uint32
}

// watcher is a WHEP client.
type watcher struct {
	pc       *webrtc.PeerConnection
	location string

	mu   sync.Mutex
	got  map[stage.Media][]got
	ssrc map[stage.Media]uint32
}

func (h *hall) watch(user string) *watcher {
	h.Helper()
	w := &watcher{pc: newPeer(h, nil), got: map[stage.Media][]got{}, ssrc: map[stage.Media]uint32{}}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if _, err := w.pc.AddTransceiverFromKind(kind,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			h.Fatal(err)
		}
	}
	w.pc.OnTrack(w.record)
	r := h.request(http.MethodPost, "/v1/whep/hall/"+user, "", sdpType, offerOf(h, w.pc))
	h.want(r, http.StatusCreated)
	w.location = r.header.Get("Location")
	description := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: r.body}
	if err := w.pc.SetRemoteDescription(description); err != nil {
		h.Fatal(err)
	}
	eventually(h, "the viewer's connection", func() bool {
		return w.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
	})
	return w
}

func (w *watcher) record(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	kind := stage.Media(track.Kind().String())
	for {
		pkt, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		entry := got{seq: pkt.SequenceNumber, stamp: pkt.Timestamp}
		if n := len(pkt.Payload); n >= 4 {
			entry.number = binary.BigEndian.Uint32(pkt.Payload[n-4:])
		}
		w.mu.Lock()
		w.got[kind] = append(w.got[kind], entry)
		w.ssrc[kind] = uint32(track.SSRC())
		w.mu.Unlock()
	}
}

func (w *watcher) packets(kind stage.Media) []got {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]got(nil), w.got[kind]...)
}

// waitFor waits until the viewer has at least n packets of both kinds.
func (w *watcher) waitFor(t testing.TB, n int) {
	t.Helper()
	eventually(t, "packets at the viewer", func() bool {
		return len(w.packets(stage.Audio)) >= n && len(w.packets(stage.Video)) >= n
	})
}

// source is the SSRC of a kind.
func (w *watcher) source(kind stage.Media) uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ssrc[kind]
}

// highest is the highest packet number that the viewer has seen.
func (w *watcher) highest() uint32 {
	var top uint32
	for _, kind := range []stage.Media{stage.Audio, stage.Video} {
		for _, g := range w.packets(kind) {
			top = max(top, g.number)
		}
	}
	return top
}

// sendPLI asks for a keyframe as a browser does.
func (w *watcher) sendPLI(t testing.TB) {
	t.Helper()
	if err := w.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: w.source(stage.Video)}}); err != nil {
		t.Fatal(err)
	}
}
