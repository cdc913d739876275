package hostile

import (
	"encoding/binary"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

func (h *hall) peer() *webrtc.PeerConnection {
	h.Helper()
	s := webrtc.SettingEngine{}
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(func(ip net.IP) bool { return ip.IsLoopback() })
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = pc.GracefulClose() })
	return pc
}

func (h *hall) offer(pc *webrtc.PeerConnection) string {
	h.Helper()
	offer, err := pc.CreateOffer(nil)
	if err == nil {
		err = pc.SetLocalDescription(offer)
	}
	if err != nil {
		h.Fatal(err)
	}
	return offer.SDP
}

func (h *hall) accept(pc *webrtc.PeerConnection, answer string) {
	h.Helper()
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		h.Fatal(err)
	}
}

// device is a WHIP publisher that sends numbered packets, come what may.
type device struct {
	hall  *hall
	pc    *webrtc.PeerConnection
	text  string // its offer
	track *webrtc.TrackLocalStaticRTP
	first uint32        // its packets have the millions from here on
	sent  atomic.Uint32 // number of the newest packet
}

const million = 1_000_000

// device makes one that sends sound every 5 ms as soon as it is connected, and never
// stops.
func (h *hall) device() *device {
	h.Helper()
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "audio", "device")
	if err != nil {
		h.Fatal(err)
	}
	d := &device{hall: h, pc: h.peer(), track: track, first: h.devices.Add(1) * million}
	d.sent.Store(d.first)
	if _, err := d.pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
		h.Fatal(err)
	}
	d.text = h.offer(d.pc)
	stop := make(chan struct{})
	var feeding sync.WaitGroup
	feeding.Go(func() { d.feed(stop) })
	h.Cleanup(func() { close(stop); feeding.Wait() })
	return d
}

func (d *device) feed(stop <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			number := d.sent.Add(1)
			_ = d.track.WriteRTP(&rtp.Packet{
				Header:  rtp.Header{Version: 2, SequenceNumber: uint16(number), Timestamp: number * 240},
				Payload: binary.BigEndian.AppendUint32(nil, number),
			})
		}
	}
}

// post offers what the device has to a meeting.
func (d *device) post(meeting, token string) reply {
	d.hall.Helper()
	return d.hall.request(http.MethodPost, "/v1/whip/"+meeting, token, d.text)
}

// start publishes with a good token.
func (d *device) start(token string) *device {
	d.hall.Helper()
	r := d.post("hall", token)
	if r.status != http.StatusCreated {
		d.hall.Fatalf("publishing is answered %d %s", r.status, r.body)
	}
	d.hall.accept(d.pc, r.body)
	return d
}

// viewer watches one user.
type viewer struct {
	hall *hall

	mu      sync.Mutex
	numbers []uint32 // as they came
	seqs    []uint16
}

func (h *hall) watch(user string) *viewer {
	h.Helper()
	v, pc := &viewer{hall: h}, h.peer()
	if _, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
		h.Fatal(err)
	}
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			pkt, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			v.mu.Lock()
			v.numbers = append(v.numbers, binary.BigEndian.Uint32(pkt.Payload))
			v.seqs = append(v.seqs, pkt.SequenceNumber)
			v.mu.Unlock()
		}
	})
	r := h.request(http.MethodPost, "/v1/whep/hall/"+user, h.token("hall", "crowd", "viewer"), h.offer(pc))
	if r.status != http.StatusCreated {
		h.Fatalf("watching %s is answered %d %s", user, r.status, r.body)
	}
	h.accept(pc, r.body)
	h.eventually("the viewer is connected", func() bool { return pc.ConnectionState() == webrtc.PeerConnectionStateConnected })
	return v
}

func (v *viewer) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.numbers)
}

// newest is the highest number that came of a device; 0: none.
func (v *viewer) newest(d *device) (top uint32) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, n := range v.numbers {
		if n/million == d.first/million {
			top = max(top, n)
		}
	}
	return top
}

// wantWhole wants every packet from the first that came to the last, once, in one
// unbroken stream.
func (v *viewer) wantWhole() {
	v.hall.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	numbers := slices.Clone(v.numbers)
	slices.Sort(numbers)
	if n := len(numbers); n == 0 || int(numbers[n-1]-numbers[0])+1 != n {
		v.hall.Errorf("of the speaker on stage %d packets came, from %v on", n, numbers[:min(n, 1)])
		return
	}
	for i, seq := range v.seqs {
		if seq-v.seqs[0] != uint16(v.numbers[i]-v.numbers[0]) {
			v.hall.Errorf("packet %d of the speaker on stage has sequence number %d, the first was %d with %d", v.numbers[i], seq, v.numbers[0], v.seqs[0])
			return
		}
	}
}
