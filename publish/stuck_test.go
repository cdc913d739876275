package publish_test

import (
	"net"
	"sync/atomic"
	"testing"

	"github.com/pion/ice/v4"
	"github.com/pion/webrtc/v4"
)

// stuckSocket is a UDP socket whose sending of media can be made to block.
type stuckSocket struct {
	net.PacketConn
	stuck   atomic.Bool
	inside  atomic.Int64 // senders that wait
	release chan struct{}
}

func (s *stuckSocket) WriteTo(b []byte, to net.Addr) (int, error) {
	if s.stuck.Load() && len(b) > 1 && b[0]&0xc0 == 0x80 {
		s.inside.Add(1)
		<-s.release
	}
	return s.PacketConn.WriteTo(b, to)
}

func TestStuckNetworkDoesNotHoldCloseUp(t *testing.T) {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket := &stuckSocket{PacketConn: conn, release: make(chan struct{})}
	mux := ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: socket})
	t.Cleanup(func() {
		_ = mux.Close()
		_ = conn.Close()
	})
	r, o := newReceiver(t), newOwner(t)
	o.Configure(func(s *webrtc.SettingEngine) { s.SetICEUDPMux(mux) })
	o.openTo(r.url())
	eventually(t, "media", func() bool { return len(r.got(video)) > 5 })
	socket.stuck.Store(true)
	eventually(t, "a packet that is stuck", func() bool { return socket.inside.Load() > 0 })
	closeInTime(t, o)
	eventually(t, "not Flowing", func() bool { return !o.flowing() })
	waiting := socket.inside.Load()
	close(socket.release)
	eventually(t, "devices closed", o.devices.AllClosed)
	o.Shutdown()
	// At most one packet of each device and one report were past the gate when it
	// shut; they are all there were.
	if n := socket.inside.Load(); n > waiting || n > 3 {
		t.Errorf("%d packets were let to the socket, %d before Close", n, waiting)
	}
}
