package publish_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// mark is the second byte of a datagram that marks a moment.
const mark = 0xfe

// tap is a UDP socket that counts what arrives on it, still encrypted.
type tap struct {
	net.PacketConn
	rtp, rtcp atomic.Int64
	resent    atomic.Int64 // of the RTP, by the payload type of the offer's rtx
	lastRTP   atomic.Int64 // Unix ns
	marks     atomic.Int64
}

// ReadFrom tells media from STUN and DTLS by the first byte, and RTCP from RTP
// by the second (RFC 7983, RFC 5761).
func (t *tap) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := t.PacketConn.ReadFrom(b)
	if n == 2 && b[1] == mark {
		t.marks.Add(1)
	}
	if n > 1 && b[0]&0xc0 == 0x80 {
		if b[1] >= 192 && b[1] <= 223 {
			t.rtcp.Add(1)
		} else {
			t.rtp.Add(1)
			if b[1]&0x7f == 103 {
				t.resent.Add(1)
			}
			t.lastRTP.Store(time.Now().UnixNano())
		}
	}
	return n, from, err
}

// got is a packet as the receiver's application sees it.
type got struct {
	seq   uint16
	stamp uint32
	head  string // the first bytes of the payload
}

// receiver is a WHIP server on Pion that takes whatever the device offers.
type receiver struct {
	t    testing.TB
	tap  *tap
	web  *httptest.Server
	api  *webrtc.API
	mux  *ice.UDPMuxDefault
	gate chan struct{} // a POST waits until it is closed

	// Set before the first POST.
	busy   int                        // how many POSTs are answered with 503
	link   string                     // Link header of the answer
	tamper func(answer string) string // nil: the answer as it is

	mu      sync.Mutex
	pc      *webrtc.PeerConnection // of the newest session
	all     []*webrtc.PeerConnection
	offer   string
	packets map[webrtc.RTPCodecType][]got
	ssrc    map[webrtc.RTPCodecType]webrtc.SSRC
	reports map[webrtc.RTPCodecType][]rtcp.SenderReport
	posts   int
	deletes int
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	return newReceiverBehind(t, func(c net.PacketConn) net.PacketConn { return c })
}

// newReceiverBehind has something between the network and the receiver.
func newReceiverBehind(t testing.TB, wrap func(net.PacketConn) net.PacketConn) *receiver {
	t.Helper()
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket = wrap(socket)
	r := &receiver{t: t, tap: &tap{PacketConn: socket}, gate: make(chan struct{}),
		packets: map[webrtc.RTPCodecType][]got{}, ssrc: map[webrtc.RTPCodecType]webrtc.SSRC{}, reports: map[webrtc.RTPCodecType][]rtcp.SenderReport{}}
	close(r.gate)
	r.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: r.tap})
	s := webrtc.SettingEngine{}
	s.SetICEUDPMux(r.mux)
	s.SetLite(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetIncludeLoopbackCandidate(true)
	r.api = webrtc.NewAPI(webrtc.WithSettingEngine(s))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /whip", r.post)
	mux.HandleFunc("DELETE /session", r.end)
	r.web = httptest.NewServer(mux)
	t.Cleanup(func() {
		r.web.Close()
		r.hangUp()
		_ = r.mux.Close()
		_ = socket.Close()
	})
	return r
}

func (r *receiver) url() string { return r.web.URL + "/whip" }

func (r *receiver) post(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	<-r.gate
	r.mu.Lock()
	r.busy--
	busy := r.busy >= 0
	r.mu.Unlock()
	if busy {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	pc, err := r.api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		r.t.Error(err)
		return
	}
	pc.OnTrack(r.record)
	r.mu.Lock()
	r.posts++
	r.offer, r.pc, r.all = string(body), pc, append(r.all, pc)
	r.mu.Unlock()
	answer, err := answerTo(pc, string(body))
	if err != nil {
		r.t.Error(err)
		return
	}
	w.Header().Set("Content-Type", "application/sdp")
	w.Header().Set("Location", "session")
	if r.link != "" {
		w.Header().Set("Link", r.link)
	}
	if r.tamper != nil {
		answer = r.tamper(answer)
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, answer)
}

func answerTo(pc *webrtc.PeerConnection, offer string) (string, error) {
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", err
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		return "", err
	}
	<-gathered
	return pc.LocalDescription().SDP, nil
}

func (r *receiver) end(http.ResponseWriter, *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deletes++
}

// hangUp ends all connections from the server's side.
func (r *receiver) hangUp() {
	r.mu.Lock()
	all := r.all
	r.all = nil
	r.mu.Unlock()
	for _, pc := range all {
		_ = pc.GracefulClose()
	}
}

func (r *receiver) record(track *webrtc.TrackRemote, in *webrtc.RTPReceiver) {
	go r.readReports(track.Kind(), in)
	r.mu.Lock()
	r.ssrc[track.Kind()] = track.SSRC()
	r.mu.Unlock()
	for {
		pkt, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.packets[track.Kind()] = append(r.packets[track.Kind()],
			got{pkt.SequenceNumber, pkt.Timestamp, string(pkt.Payload[:min(16, len(pkt.Payload))])})
		r.mu.Unlock()
	}
}

func (r *receiver) readReports(kind webrtc.RTPCodecType, in *webrtc.RTPReceiver) {
	for {
		packets, _, err := in.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			if report, ok := p.(*rtcp.SenderReport); ok {
				r.mu.Lock()
				r.reports[kind] = append(r.reports[kind], *report)
				r.mu.Unlock()
			}
		}
	}
}

func (r *receiver) got(kind webrtc.RTPCodecType) []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got(nil), r.packets[kind]...)
}

func (r *receiver) counts() (posts, deletes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts, r.deletes
}

func (r *receiver) send(packets ...rtcp.Packet) {
	r.t.Helper()
	r.mu.Lock()
	pc := r.pc
	r.mu.Unlock()
	if err := pc.WriteRTCP(packets); err != nil {
		r.t.Error(err)
	}
}

// pli asks for a keyframe, as a server with a new viewer does.
func (r *receiver) pli() {
	r.mu.Lock()
	ssrc := r.ssrc[webrtc.RTPCodecTypeVideo]
	r.mu.Unlock()
	r.send(&rtcp.PictureLossIndication{MediaSSRC: uint32(ssrc)})
}

func (r *receiver) resent() int64 { return r.tap.resent.Load() }

// settledRTP is how many packets have come when those that the kernel still had
// are read: when a datagram sent now has arrived.
func (r *receiver) settledRTP() int64 {
	r.t.Helper()
	marks := r.tap.marks.Load()
	conn, err := net.Dial("udp4", r.tap.LocalAddr().String())
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte{0xff, mark}); err != nil {
		r.t.Fatal(err)
	}
	eventually(r.t, "the mark", func() bool { return r.tap.marks.Load() > marks })
	return r.tap.rtp.Load()
}

// nackNewest reports the newest video packets as lost.
func (r *receiver) nackNewest() {
	list := r.got(webrtc.RTPCodecTypeVideo)
	r.mu.Lock()
	nack := &rtcp.TransportLayerNack{MediaSSRC: uint32(r.ssrc[webrtc.RTPCodecTypeVideo])}
	r.mu.Unlock()
	for _, g := range list[max(0, len(list)-20):] {
		nack.Nacks = append(nack.Nacks, rtcp.NackPair{PacketID: g.seq})
	}
	r.send(nack)
}
