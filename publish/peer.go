package publish

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"podium/internal/pionlog"
)

const (
	// ICE calls a silent server disconnected and then failed. A wireless link may
	// be away for a few seconds and come back.
	disconnectedAfter = 3 * time.Second
	failedAfter       = 7 * time.Second // more
	keepAlive         = time.Second
	// dtlsResend is how soon a lost handshake message is sent again; Pion's second
	// would be a second of silence.
	dtlsResend = 200 * time.Millisecond
	// junkLimit is how many unreadable reports in a row end the reading of reports.
	junkLimit = 100
)

// errEnded tells that the server closed the connection, as it does when a host
// takes the speaker off: its word on the stage may come a moment later.
var errEnded = errors.New("the media server ended the connection")

// peer is the connection of one publication.
type peer struct {
	pc       *webrtc.PeerConnection
	kinds    []webrtc.RTPCodecType // offered, in this order
	up       chan struct{}         // closed when connected for the first time
	lost     chan error            // why the connection is gone; one reason suffices
	keyframe func()
	estimate *estimator // of what the connection takes
	reading  sync.WaitGroup
}

// newPeer makes a connection that offers tracks through g, and starts nothing.
func newPeer(g *gate, settings webrtc.SettingEngine, logs pionlog.Factory, tracks []*track, keyframe func()) (*peer, error) {
	media, err := mediaEngine()
	if err != nil {
		return nil, err
	}
	registry, estimate, err := chain(g, tracks, logs)
	if err != nil {
		return nil, err
	}
	api := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(registry))
	pc, err := api.NewPeerConnection(webrtc.Configuration{
		BundlePolicy: webrtc.BundlePolicyMaxBundle, RTCPMuxPolicy: webrtc.RTCPMuxPolicyRequire,
	})
	if err != nil {
		_ = estimate.Close() // nobody else does, without a connection
		return nil, err
	}
	p := &peer{pc: pc, up: make(chan struct{}), lost: make(chan error, 1), keyframe: keyframe, estimate: estimate}
	var once sync.Once
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(p.up) })
		}
		p.onState(state)
	})
	for _, track := range tracks {
		if err := p.add(track); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

func iceSettings(loopback bool, logs pionlog.Factory) webrtc.SettingEngine {
	s := webrtc.SettingEngine{LoggerFactory: logs}
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	// UDP only: what a TCP socket has taken would still leave after the gate is shut.
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetIncludeLoopbackCandidate(loopback)
	s.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	s.SetDTLSRetransmissionInterval(dtlsResend)
	return s
}

func (p *peer) onState(state webrtc.PeerConnectionState) {
	var err error
	switch state {
	case webrtc.PeerConnectionStateFailed:
		err = errors.New("the media connection to the server failed: nothing came back from it")
	case webrtc.PeerConnectionStateClosed:
		err = errEnded
	default:
		return
	}
	select {
	case p.lost <- err:
	default:
	}
}

func (p *peer) add(track webrtc.TrackLocal) error {
	transceiver, err := p.pc.AddTransceiverFromTrack(track,
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	p.kinds = append(p.kinds, track.Kind())
	p.reading.Go(func() { p.readReports(transceiver.Sender()) })
	return nil
}

// offer is complete without the device's own addresses: the server answers where
// the checks come from, so nobody has to wait until they are gathered.
func (p *peer) offer() (webrtc.SessionDescription, error) { return p.pc.CreateOffer(nil) }

// accept applies the answer to offer and starts to connect.
func (p *peer) accept(offer webrtc.SessionDescription, s *whipSession) error {
	if err := checkAnswer(s.answer, p.kinds); err != nil {
		return err
	}
	if len(s.servers) > 0 {
		conf := p.pc.GetConfiguration()
		conf.ICEServers = s.servers
		if err := p.pc.SetConfiguration(conf); err != nil {
			return &refusal{what: fmt.Sprintf("cannot use the ICE servers that the server names: %v", err)}
		}
	}
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return fmt.Errorf("cannot start the media connection: %w", err)
	}
	answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: s.answer}
	if err := p.pc.SetRemoteDescription(answer); err != nil {
		return &refusal{what: fmt.Sprintf("cannot publish: the server's answer does not fit the offer: %v", err)}
	}
	return nil
}

// readReports reads a track's RTCP, from whose being read the interceptors live,
// and hands on the requests for a keyframe (RFC 4585, RFC 5104).
func (p *peer) readReports(sender *webrtc.RTPSender) {
	buf := make([]byte, 1600)
	for junk := 0; junk < junkLimit; junk++ {
		n, _, err := sender.Read(buf)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
			return
		}
		if err != nil {
			continue
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		junk = 0
		if wantsKeyframe(packets) {
			p.keyframe()
		}
	}
}

func wantsKeyframe(packets []rtcp.Packet) bool {
	for _, packet := range packets {
		switch packet.(type) {
		case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
			return true
		}
	}
	return false
}

// close ends the connection and waits for all that it started.
func (p *peer) close() {
	_ = p.pc.GracefulClose() // what did not close cleanly is gone as well
	p.reading.Wait()
}
